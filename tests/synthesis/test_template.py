"""Retro templates give the reactants a chemist expects, however the molecule is drawn and whichever engine works."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from known_reactions import KNOWN, NAMES
from rdchiral import rdchiralRun
from rdkit import Chem
from reported_sample import sampled_reactions, templates_of

from bencao.synthesis.chemistry.template import Outcome, PreparedMolecule, RetroTemplate, canonical, canonical_set
from bencao.synthesis.train.templates import extract


def reactant_sets(template: RetroTemplate, smiles: str) -> set[str]:
    return {outcome.reactants for outcome in template.apply(PreparedMolecule(smiles))}


def by_rdchiral(template: RetroTemplate, smiles: str) -> set[str]:
    """What RDChiral alone gives, without the sets that hold the product or do not parse."""
    product = PreparedMolecule(smiles)
    found = {canonical_set(text) for text in rdchiralRun(template.backward_rdchiral, product.for_rdchiral)}
    return {text for text in found if text and product.smiles not in text.split(".")}


def spelt(smiles: str, seed: int) -> str:
    """The molecule with its atoms in another order."""
    return str(Chem.MolToRandomSmilesVect(Chem.MolFromSmiles(smiles), 1, randomSeed=seed)[0])


# --- real chemistry


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("general", [False, True])
def test_a_reactions_own_template_gives_its_reactants_back(name: str, general: bool) -> None:
    reaction = KNOWN[name]
    assert reaction.reactants in reactant_sets(RetroTemplate(extract(reaction.mapped, general)), reaction.product)


def test_a_template_serves_other_molecules_of_its_kind() -> None:
    amide = RetroTemplate(extract(KNOWN["amide"].mapped))
    assert reactant_sets(amide, "CC(=O)Nc1ccc(O)cc1") == {"CC(=O)O.Nc1ccc(O)cc1"}


def test_a_substitution_is_undone_with_inversion_and_never_with_retention() -> None:
    inversion = RetroTemplate(extract(KNOWN["substitution with inversion"].mapped))
    assert reactant_sets(inversion, "COC(=O)[C@H](C)NCc1ccccc1") == {"COC(=O)[C@@H](C)OS(C)(=O)=O.NCc1ccccc1"}
    assert reactant_sets(inversion, "COC(=O)[C@@H](C)NCc1ccccc1") == {"COC(=O)[C@H](C)OS(C)(=O)=O.NCc1ccccc1"}


def test_a_centre_that_the_step_does_not_touch_stays_as_it_is() -> None:
    amide = RetroTemplate(extract(KNOWN["amide"].mapped))
    assert reactant_sets(amide, "CC(=O)Nc1ccc([C@H](C)F)cc1") == {"CC(=O)O.C[C@H](F)c1ccc(N)cc1"}


def test_a_template_says_nothing_where_it_does_not_fit() -> None:
    assert reactant_sets(RetroTemplate(extract(KNOWN["Suzuki coupling"].mapped)), "CC(=O)Nc1ccccc1") == set()


def test_each_site_of_a_molecule_gives_its_own_reactants() -> None:
    ester = RetroTemplate("[C:1](=[O:2])-[OH;D1:3]>>[C:1](=[O:2])-[O:3]-C")
    assert reactant_sets(ester, "O=C(O)CCC(=C)C(=O)O") == {"C=C(CCC(=O)O)C(=O)OC", "C=C(CCC(=O)OC)C(=O)O"}


def test_like_sites_give_one_set() -> None:
    ester = RetroTemplate("[C:1](=[O:2])-[OH;D1:3]>>[C:1](=[O:2])-[O:3]-C")
    assert [outcome.reactants for outcome in ester.apply(PreparedMolecule("O=C(O)CCC(=O)O"))] == ["COC(=O)CCC(=O)O"]


def test_a_ring_that_opens_gives_one_molecule() -> None:
    amide = RetroTemplate("[C:1](=[O:2])-[NH;D2:3]-[c:4]>>[C:1](=[O:2])-O.[NH2;D1:3]-[c:4]")
    assert reactant_sets(amide, "O=C1CCc2ccccc2N1") == {"Nc1ccccc1CCC(=O)O"}


def test_a_small_ring_that_opens_keeps_the_bond_that_the_template_does_not_name() -> None:
    alkylation = RetroTemplate(
        "[C:2]-[CH2;D2;+0:1]-[N;H0;D3;+0:4](-[C:3])-[C:5]>>Br-[CH2;D2;+0:1]-[C:2].[C:3]-[NH;D2;+0:4]-[C:5]"
    )
    assert reactant_sets(alkylation, "CC(=O)N1CC(F)C1") == {"CC(=O)NCC(F)CBr"}


def test_reactants_that_hold_the_product_itself_are_left_out() -> None:
    swap = RetroTemplate("[C:1]-[OH:2]>>[C:1]-[OH:2].O")
    assert reactant_sets(swap, "CCO") == set()


def test_reactants_that_no_drawing_allows_are_left_out() -> None:
    assert reactant_sets(RetroTemplate("[C:1]-[F:2]>>[C:1]=[F:2]"), "CCF") == set()


# --- what an outcome carries


@pytest.mark.parametrize("name", NAMES)
def test_every_mapped_atom_of_the_reactants_is_the_products_atom_of_that_number(name: str) -> None:
    reaction = KNOWN[name]
    product = PreparedMolecule(reaction.product)
    for outcome in RetroTemplate(extract(reaction.mapped)).apply(product):
        numbers = [atom.GetAtomMapNum() for atom in outcome.molecule.GetAtoms() if atom.GetAtomMapNum()]
        assert sorted(numbers) == list(range(1, product.molecule.GetNumAtoms() + 1))
        for atom in outcome.molecule.GetAtoms():
            if number := atom.GetAtomMapNum():
                assert product.molecule.GetAtomWithIdx(number - 1).GetSymbol() == atom.GetSymbol()
        assert _without_maps(outcome) == outcome.reactants


def _without_maps(outcome: Outcome) -> str:
    bare = Chem.Mol(outcome.molecule)
    for atom in bare.GetAtoms():
        atom.SetAtomMapNum(0)
    return canonical_set(Chem.MolToSmiles(bare))


# --- independence of the drawing and of the engine


@settings(max_examples=40, deadline=None)
@given(st.sampled_from(NAMES), st.integers(1, 2**30))
def test_the_order_of_the_atoms_changes_nothing(name: str, seed: int) -> None:
    reaction = KNOWN[name]
    template = RetroTemplate(extract(reaction.mapped))
    assert reactant_sets(template, spelt(reaction.product, seed)) == reactant_sets(template, reaction.product)


# Rings of several sizes, which templates open from one side or the other.
RINGS = (
    "CC(=O)N1CC(F)C1",
    "O=C1Nc2ccccc2C1(C)C",
    "O=C1CCCN1c1ccccc1",
    "c1ccc2c(c1)OCCN2Cc1ccncc1",
    "CC(C)(C)OC(=O)N1CC(N2CC(F)(F)C2)C1",
    "CC(C)c1nc2ccccc2n1Cc1ccc(NC(=O)CC2NC(=O)NC2=O)cc1",
)


@pytest.mark.parametrize("smiles", [*RINGS, *(KNOWN[name].product for name in NAMES)])
def test_the_quick_engine_agrees_with_rdchiral(smiles: str) -> None:
    texts = [extract(KNOWN[name].mapped, general=True) for name in NAMES]
    texts += [
        "[C:2]-[CH2;D2;+0:1]-[N;H0;D3;+0:4](-[C:3])-[C:5]>>Br-[CH2;D2;+0:1]-[C:2].[C:3]-[NH;D2;+0:4]-[C:5]",
        "[#7:4]-[C:3]-[C;H0;D3;+0:1](=[O;D1;H0:2])-[NH;D2;+0:6]-[C:5]"
        ">>O-[C;H0;D3;+0:1](=[O;D1;H0:2])-[C:3]-[#7:4].[C:5]-[NH2;D1;+0:6]",
        "[C:2]-[CH2;D2;+0:1]-[O;H0;D2;+0:3]-[c:4]>>O-[CH2;D2;+0:1]-[C:2].[OH;D1;+0:3]-[c:4]",
    ]
    for template in map(RetroTemplate, texts):
        assert reactant_sets(template, canonical(smiles)) == by_rdchiral(template, canonical(smiles))


def test_the_quick_engine_agrees_with_rdchiral_on_reported_reactions(shared_data: Path) -> None:
    reactions = sampled_reactions(shared_data, 30, seed=12)
    templates = [RetroTemplate(text) for text in templates_of(reactions) + templates_of(reactions, general=True)]
    fitted = 0
    for reaction in reactions:
        for smiles in {reaction.product_flat, reaction.product}:
            molecule = PreparedMolecule(smiles).molecule
            for template in templates:
                if not template.has_stereo and template.backward.RunReactant(molecule, 0):
                    fitted += 1
                    assert reactant_sets(template, smiles) == by_rdchiral(template, smiles), template.smarts
    assert fitted > 40


# --- canonical texts


def test_a_molecule_that_does_not_parse_cannot_be_prepared() -> None:
    with pytest.raises(ValueError, match="c1ccccc"):
        PreparedMolecule("c1ccccc")


def test_a_set_is_written_in_one_way() -> None:
    assert canonical_set("c1ccccc1N.OC(C)=O") == canonical_set("CC(=O)O.Nc1ccccc1") == "CC(=O)O.Nc1ccccc1"


def test_a_set_with_an_invalid_molecule_is_empty() -> None:
    assert canonical_set("CCO.c1ccccc") == ""
