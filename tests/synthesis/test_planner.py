"""What a chemist gets who asks how to make a molecule."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rdkit import Chem

from bencao.kernel.errors import InputError
from bencao.synthesis import Limits, Proposal, Proposer, Stock, expand, load_proposer, load_tools, plan
from bencao.synthesis.chemistry.molecule import (
    EmptyTarget,
    MetalError,
    MixtureError,
    TooLarge,
    UnparsableSmiles,
    unusual_charge,
)
from bencao.synthesis.planner import CleanProposer
from bencao.synthesis.route import ForwardVerdict
from bencao.synthesis.seams import Batch

LIDOCAINE = "CCN(CC)CC(=O)Nc1c(C)cccc1C"
PARACETAMOL = "CC(=O)Nc1ccc(O)cc1"
IMATINIB = "Cc1ccc(NC(=O)c2ccc(CN3CCN(C)CC3)cc2)cc1Nc1nccc(-c2cccnc2)n1"
ESOMEPRAZOLE = "COc1ccc2[nH]c([S@@](=O)Cc3ncc(C)c(OC)c3C)nc2c1"
SEARCHED = Limits(expansions=25)


@pytest.fixture(scope="module")
def proposer(hand_model: Path) -> Proposer:
    return load_proposer(hand_model)


def test_expand_proposes_the_steps_a_chemist_would_by_falling_probability(proposer: Proposer) -> None:
    found = expand(PARACETAMOL, proposer=proposer)
    assert [proposal.reactants for proposal in found] == [
        "CC(=O)Cl.Nc1ccc(O)cc1",
        "CC(=O)O.Nc1ccc(O)cc1",
        "CC(=O)OC(C)=O.Nc1ccc(O)cc1",
    ]
    chances = [proposal.probability for proposal in found]
    assert chances == sorted(chances, reverse=True)
    assert all(proposal.forward.ok for proposal in found)


def test_expand_gives_no_more_than_asked_for(proposer: Proposer) -> None:
    assert len(expand(PARACETAMOL, proposer=proposer, top=2)) == 2
    with pytest.raises(InputError, match="0 proposals"):
        expand(PARACETAMOL, proposer=proposer, top=0)


def test_a_plan_of_a_salt_is_that_of_its_parent_and_says_so(proposer: Proposer) -> None:
    found = plan(f"{LIDOCAINE}.Cl", proposer=proposer, limits=SEARCHED)
    assert (found.target, found.given) == (LIDOCAINE, f"{LIDOCAINE}.Cl")
    assert found.warnings == ("left out as counter-ion or solvate: hydrochloric acid",)
    assert found.solved
    assert all(leaf.stock and leaf.stock.tier != "perhaps" for leaf in found.routes[0].leaves)


def test_a_plan_names_model_stock_and_settings_but_no_path_and_no_time(proposer: Proposer, hand_model: Path) -> None:
    found = plan(LIDOCAINE, proposer=proposer, limits=SEARCHED)
    provenance = dict(found.provenance)
    assert provenance["template-relevance"] == "by-hand"
    assert provenance["network.onnx"].startswith("sha256:")
    assert "stock building-block" in provenance
    assert provenance["search.expansions"] == "25"
    assert str(hand_model.parent) not in json.dumps(found.as_json())


def test_a_target_in_stock_is_planned_all_the_same(proposer: Proposer) -> None:
    found = plan(PARACETAMOL, proposer=proposer, limits=SEARCHED)
    assert any("itself in stock" in warning for warning in found.warnings)
    assert found.routes[0].steps == 1


def test_a_plan_without_a_route_from_stock_shows_what_is_missing(proposer: Proposer) -> None:
    found = plan(IMATINIB, proposer=proposer, limits=Limits(expansions=8, depth=2))
    assert not found.solved
    assert found.routes
    assert any(leaf.stock is None for leaf in found.routes[0].leaves)


def test_only_the_clock_makes_a_plan_irreproducible(proposer: Proposer) -> None:
    assert plan(IMATINIB, proposer=proposer, limits=Limits(expansions=3)).reproducible
    ended = plan(IMATINIB, proposer=proposer, limits=Limits(seconds=1e-9))
    assert (ended.stopped, ended.reproducible) == ("time", False)


def test_the_users_own_list_solves_a_route_with_its_price(proposer: Proposer, tmp_path: Path, hand_model: Path) -> None:
    listed = tmp_path / "supplier.csv"
    listed.write_text("smiles,price,supplier,id\nCCNCC,12.5,Acme,A1\nCc1cccc(C)c1NC(=O)CCl,40,Acme,A2\n")
    _, stock = load_tools(hand_model, (), listed)
    found = plan(LIDOCAINE, proposer=proposer, stock=stock, limits=SEARCHED)
    assert found.solved
    assert [leaf.stock.price for leaf in found.routes[0].leaves if leaf.stock] == [12.5, 40.0]


def test_a_stock_without_a_tier_is_refused(hand_model: Path) -> None:
    with pytest.raises(InputError, match="without a tier"):
        load_tools(hand_model, ())


@pytest.mark.parametrize(
    ("smiles", "error"),
    [
        ("", EmptyTarget),
        ("CC(", UnparsableSmiles),
        ("Brc1ccccc1.Clc1ccccc1", MixtureError),
        ("C[Hg]c1ccccc1", MetalError),
        ("C" * 101, TooLarge),
    ],
)
def test_what_cannot_be_planned_is_a_typed_error_with_a_mend(
    proposer: Proposer, smiles: str, error: type[InputError]
) -> None:
    with pytest.raises(error) as raised:
        plan(smiles, proposer=proposer, limits=SEARCHED)
    assert raised.value.mend


@dataclass
class Fixed:
    """Proposes the same reactant sets for every molecule."""

    sets: tuple[str, ...]
    identity: tuple[tuple[str, str], ...] = (("model", "fixed"),)

    def propose(self, smiles: str, top: int = 50) -> tuple[Proposal, ...]:
        return tuple(Proposal(reactants, 0.5, "", 0, ForwardVerdict(ok=True)) for reactants in self.sets)

    def batches(self, smiles: str, top: int = 50) -> Iterator[Batch]:
        yield Batch(self.propose(smiles, top), 0.0)


def test_no_step_of_a_plan_needs_a_radical_a_bad_valence_or_an_odd_charge() -> None:
    dropped = ("[CH2]C.CBr", "C[O-].CI", "CC(C)(C)(C)C", "[Na]c1ccccc1.[CH3+]")
    kept = ("CC[N+](=O)[O-]", "C[N+](C)(C)C.CBr", "[O-][n+]1ccccc1", "CN=[N+]=[N-]")
    clean = CleanProposer(Fixed(dropped + kept))
    assert tuple(proposal.reactants for proposal in clean.propose("CCC")) == kept
    assert [proposal.reactants for part in clean.batches("CCC") for proposal in part.proposals] == list(kept)


def respelt(smiles: str, seed: int) -> str:
    """The same molecule in another atom order, Kekulé or aromatic."""
    molecule = Chem.MolFromSmiles(smiles)
    kekule = seed % 2 == 1
    if kekule:
        Chem.Kekulize(molecule)
    (spelling,) = Chem.MolToRandomSmilesVect(molecule, 1, randomSeed=seed, kekuleSmiles=kekule)
    return str(spelling)


def answer(smiles: str, proposer: Proposer, limits: Limits) -> str:
    proposals = [proposal.as_json() for proposal in expand(smiles, proposer=proposer)]
    found = plan(smiles, proposer=proposer, stock=Stock.default(), limits=limits).as_json()
    return json.dumps([proposals, {**found, "given": ""}])


@settings(max_examples=12, deadline=None)
@given(seed=st.integers(1, 10_000), drug=st.sampled_from([LIDOCAINE, IMATINIB, ESOMEPRAZOLE]))
def test_another_spelling_of_a_molecule_gives_the_same_proposals_and_routes(
    proposer: Proposer, seed: int, drug: str
) -> None:
    limits = Limits(expansions=4)
    assert answer(respelt(drug, seed), proposer, limits) == answer(drug, proposer, limits)


@settings(max_examples=8, deadline=None)
@given(seed=st.integers(1, 10_000), drug=st.sampled_from([LIDOCAINE, IMATINIB, ESOMEPRAZOLE, PARACETAMOL]))
def test_another_spelling_gives_the_same_with_the_shipped_model(shipped_model: Path, seed: int, drug: str) -> None:
    proposer, limits = load_proposer(shipped_model), Limits(expansions=2)
    assert answer(respelt(drug, seed), proposer, limits) == answer(drug, proposer, limits)


def test_the_shipped_model_makes_a_drug_from_stock_through_clean_intermediates(shipped_model: Path) -> None:
    found = plan(LIDOCAINE, proposer=load_proposer(shipped_model), limits=Limits(expansions=20))
    assert found.solved
    for route in found.routes:
        for node in route.root.walk():
            assert not unusual_charge(Chem.MolFromSmiles(node.smiles)), node.smiles
            assert node.step is None or node.step.forward.ok
