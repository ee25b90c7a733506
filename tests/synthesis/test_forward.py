"""The forward check passes true steps and names what is wrong with the others."""

from __future__ import annotations

from pathlib import Path

import pytest
from known_reactions import KNOWN, NAMES
from rdkit import Chem
from reported_sample import sampled_reactions

from bencao.synthesis.chemistry.forward import forward_check
from bencao.synthesis.chemistry.template import PreparedMolecule, RetroTemplate, canonical, canonical_set
from bencao.synthesis.route import ForwardVerdict
from bencao.synthesis.train.templates import extract

REDUCTION = "[C:3]-[CH;D3;+0:1]-[OH;D1;+0:2]>>[C:3]-[C;H0;D3;+0:1]=[O;H0;D1;+0:2]"


def verdict_of(smarts: str, smiles: str, reactants: str = "") -> ForwardVerdict:
    """The verdict on the outcome with those reactants, or on the only outcome."""
    template, product = RetroTemplate(smarts), PreparedMolecule(canonical(smiles))
    outcomes = [one for one in template.apply(product) if reactants in ("", one.reactants)]
    assert len(outcomes) == 1
    return forward_check(template, outcomes[0], product)


def known_verdict(name: str, general: bool = False) -> ForwardVerdict:
    reaction = KNOWN[name]
    return verdict_of(extract(reaction.mapped, general), reaction.product, reaction.reactants)


# --- true steps


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("general", [False, True])
def test_a_true_step_passes(name: str, general: bool) -> None:
    verdict = known_verdict(name, general)
    assert verdict.ok
    assert verdict.reason == ""
    assert verdict.outcomes >= 1


@pytest.mark.parametrize("name", NAMES)
def test_what_leaves_is_listed_by_formula(name: str) -> None:
    assert known_verdict(name).leaving == KNOWN[name].leaving


def test_a_step_that_loses_nothing_lists_nothing() -> None:
    addition = "[C:1]-[NH:2]-[C:3](=[O:4])-[NH:5]-[c:6]>>[C:1]-[NH2:2].[C:3](=[O:4])=[N:5]-[c:6]"
    verdict = verdict_of(addition, "CCNC(=O)Nc1ccccc1")
    assert verdict.ok
    assert verdict.leaving == ()


@pytest.mark.parametrize("name", NAMES)
def test_the_mapped_reaction_names_every_product_atom_once_on_each_side(name: str) -> None:
    left, _, right = known_verdict(name).mapped.partition(">>")
    sides = []
    for side in (left, right):
        atoms = Chem.MolFromSmiles(side).GetAtoms()
        sides.append(sorted(atom.GetAtomMapNum() for atom in atoms if atom.GetAtomMapNum()))
    assert sides[0] == sides[1] == list(range(1, len(sides[1]) + 1))


def test_nearly_every_reported_reaction_passes(shared_data: Path) -> None:
    passed = tried = 0
    for reaction in sampled_reactions(shared_data, 40, seed=4):
        smarts = extract(reaction.mapped)
        if smarts.startswith("!"):
            continue
        template, product = RetroTemplate(smarts), PreparedMolecule(canonical(reaction.product))
        for outcome in template.apply(product):
            if outcome.reactants == canonical_set(reaction.reactants):
                tried += 1
                passed += forward_check(template, outcome, product).ok
    assert tried >= 30
    assert passed >= 0.9 * tried  # 99 % on a larger sample; a broken check loses far more than a tenth


# --- stereo


def test_stereo_that_the_step_sets_is_kept() -> None:
    assert known_verdict("substitution with inversion").stereo == "kept"


def test_stereo_that_is_carried_through_is_kept() -> None:
    smarts = extract(KNOWN["amide"].mapped)
    assert verdict_of(smarts, "CC(=O)Nc1ccc([C@H](C)F)cc1").stereo == "kept"
    assert verdict_of(smarts, "CC(=O)Nc1ccc(/C=C/C)cc1").stereo == "kept"


def test_a_product_without_stereo_leaves_it_unspecified() -> None:
    assert known_verdict("amide").stereo == "unspecified"


def test_a_step_that_cannot_set_the_products_stereo_fails_and_says_so() -> None:
    verdict = verdict_of(REDUCTION, "C[C@H](O)c1ccccc1", "CC(=O)c1ccccc1")
    assert not verdict.ok
    assert verdict.stereo == "lost"
    assert "stereo" in verdict.reason


def test_the_same_step_to_the_racemate_passes() -> None:
    verdict = verdict_of(REDUCTION, "CC(O)c1ccccc1", "CC(=O)c1ccccc1")
    assert verdict.ok
    assert verdict.stereo == "unspecified"


# --- selectivity


def test_a_step_that_one_place_alone_can_take_has_one_outcome() -> None:
    assert known_verdict("amide").outcomes == 1


def test_two_free_amines_make_two_products() -> None:
    amide = "[C:1](=[O:2])-[NH;D2:3]-[C:4]>>[C:1](=[O:2])-O.[NH2;D1:3]-[C:4]"
    verdict = verdict_of(amide, "CC(=O)NCC(C)CCN")
    assert verdict.ok
    assert verdict.outcomes == 2


def test_two_like_amines_make_one_product() -> None:
    amide = "[C:1](=[O:2])-[NH;D2:3]-[C:4]>>[C:1](=[O:2])-O.[NH2;D1:3]-[C:4]"
    assert verdict_of(amide, "CC(=O)NCCCN").outcomes == 1


# --- steps that are none


def test_a_template_whose_reactants_it_would_not_take_itself_fails() -> None:
    verdict = verdict_of("[c:1]-[NH:2]-[CH2:3]>>[c:1]-[NH2;D3:2].Br-[CH2:3]", "CCNc1ccccc1")
    assert not verdict.ok
    assert verdict.reason == "the forward run does not give the product"
    assert verdict.stereo == "unspecified"


def test_a_product_atom_from_nowhere_fails() -> None:
    verdict = verdict_of("[c:1]-Br>>[cH:1]", "Brc1ccccc1")
    assert not verdict.ok
    assert "(Br) of the product has 0 origins" in verdict.reason
    assert verdict.mapped == ""


def test_an_atom_that_changes_its_element_fails() -> None:
    verdict = verdict_of("[c:1]-[Cl:2]>>[c:1]-[OH:2]", "Clc1ccccc1")
    assert not verdict.ok
    assert verdict.reason == "atom changes its element"
