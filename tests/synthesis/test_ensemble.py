"""The ensemble: which reactant sets it finds, in which order, and what its probabilities are."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from rdkit import Chem

from bencao.kernel import models
from bencao.kernel.errors import ModelError
from bencao.synthesis.chemistry.forward import forward_check
from bencao.synthesis.chemistry.graph import molecular_graph
from bencao.synthesis.chemistry.template import PreparedMolecule, canonical
from bencao.synthesis.ensemble import EnsembleProposer, load_model
from bencao.synthesis.ensemble.candidates import candidates
from bencao.synthesis.ensemble.ranker import FEATURES, MODEL_NAME, Ranker, UseTable, features
from bencao.synthesis.ensemble.sites import SiteModel
from bencao.synthesis.proposer import load_proposer

LIDOCAINE = "CCN(CC)CC(=O)Nc1c(C)cccc1C"
BOC_PIPERAZINE = "CC(C)(C)OC(=O)N1CCN(c2ccc(F)cc2)CC1"
BIARYL = "COc1ccc(-c2cccnc2)cc1"
CHIRAL = "C[C@H](NC(=O)c1ccccc1)C(=O)OC"


@pytest.fixture(scope="module")
def full() -> EnsembleProposer:
    model = load_model("full")
    assert isinstance(model, EnsembleProposer)
    return model


@pytest.fixture(scope="module")
def sites() -> SiteModel:
    return SiteModel()


@pytest.mark.parametrize(
    ("product", "reactants"),
    [
        (LIDOCAINE, "CCNCC.Cc1cccc(C)c1NC(=O)CCl"),
        (BOC_PIPERAZINE, "CC(C)(C)OC(=O)OC(=O)OC(C)(C)C.Fc1ccc(N2CCNCC2)cc1"),
        (BIARYL, "COc1ccc(B(O)O)cc1.Brc1cccnc1"),
    ],
)
def test_the_usual_way_is_among_the_first_three(full: EnsembleProposer, product: str, reactants: str) -> None:
    wanted = ".".join(sorted(map(canonical, reactants.split("."))))
    assert wanted in [one.reactants for one in full.propose(product, 3)]


@pytest.mark.parametrize("product", [LIDOCAINE, BOC_PIPERAZINE, CHIRAL])
def test_proposals_fall_in_probability_pass_the_forward_check_and_leave_room_for_none(
    full: EnsembleProposer, product: str
) -> None:
    found = full.propose(product)
    chances = [one.probability for one in found]
    assert chances == sorted(chances, reverse=True)
    assert 0 < sum(chances) < 1
    assert all(one.forward.ok for one in found)
    assert len({one.reactants for one in found}) == len(found) <= 50


def test_another_spelling_gives_the_same_proposals(full: EnsembleProposer) -> None:
    molecule = Chem.MolFromSmiles(LIDOCAINE)
    order = list(reversed(range(molecule.GetNumAtoms())))
    spelt = Chem.MolToSmiles(Chem.RenumberAtoms(molecule, order), canonical=False)
    assert spelt != LIDOCAINE
    assert full.propose(spelt, 20) == full.propose(LIDOCAINE, 20)


def test_the_whole_answer_is_one_batch(full: EnsembleProposer) -> None:
    (batch,) = full.batches(BIARYL, 10)
    assert batch.bound == 0
    assert batch.proposals == full.propose(BIARYL, 10)


def test_the_identity_names_every_model_and_each_file_once(full: EnsembleProposer) -> None:
    names = [name for name, _ in full.identity]
    assert {"template-relevance", "site-templates", "reactant-ranker"} <= set(names)
    assert len(set(names)) == len(names)


def test_a_name_that_is_no_model_is_told_of() -> None:
    with pytest.raises(ModelError) as told:
        load_model("quick")
    assert "quick" in told.value.where


def test_the_site_of_an_amide_is_its_carbonyl_or_nitrogen(sites: SiteModel) -> None:
    molecule = Chem.MolFromSmiles("O=C(Nc1ccccc1)C1CCCCC1")
    atom, _, chance = sites.likely(molecular_graph(molecule))[0]
    assert molecule.GetAtomWithIdx(atom).GetIdx() in (1, 2)
    assert 0 < chance <= 1


def test_pairs_of_atom_and_template_share_one_probability(sites: SiteModel) -> None:
    likely = sites.likely(molecular_graph(Chem.MolFromSmiles(BOC_PIPERAZINE)))
    chances = [chance for _, _, chance in likely]
    assert chances == sorted(chances, reverse=True)
    assert sum(chances) <= 1 + 1e-9


def test_a_molecule_too_large_for_the_graph_gets_no_sites(sites: SiteModel) -> None:
    assert list(sites.outcomes(PreparedMolecule("C" * 256))) == []


@pytest.mark.parametrize("product", [LIDOCAINE, BIARYL, CHIRAL])
def test_a_local_template_run_in_its_place_passes_where_it_passes_anywhere(sites: SiteModel, product: str) -> None:
    prepared = PreparedMolecule(product)
    checked = 0
    for index, _, _, outcome in sites.outcomes(prepared):
        template = sites.compiled(index)
        anywhere = forward_check(template, outcome, prepared)
        in_place = forward_check(template, outcome, prepared, anywhere=False)
        assert in_place.ok or not anywhere.ok
        assert in_place.outcomes == 0
        checked += 1
    assert checked > 10


def test_candidates_come_from_the_site_network_too(sites: SiteModel) -> None:
    found = candidates(PreparedMolecule(BOC_PIPERAZINE), load_proposer(), sites)
    assert any(one.local and not one.specific and not one.general for one in found)
    assert [one.chance for one in found] == sorted((one.chance for one in found), reverse=True)


def test_features_have_a_row_a_candidate_and_know_what_was_used(sites: SiteModel) -> None:
    found = candidates(PreparedMolecule(BIARYL), load_proposer(), sites)
    empty = UseTable(np.array([], dtype=np.uint32), np.array([], dtype=np.uint16))
    unknown = features(BIARYL, found, empty)
    assert unknown.shape == (len(found), len(FEATURES))
    assert not unknown[:, FEATURES.index("share of reactants ever used")].any()
    assert np.isfinite(unknown).all()
    assert features(BIARYL, [], empty).shape == (0, len(FEATURES))


def test_a_ranker_for_other_features_is_told_of(tmp_path: Path) -> None:
    arrays = {name: np.zeros(3, dtype=np.float32) for name in ("mean", "scale", "bias", "out")}
    steps, uses = np.zeros(1, dtype=np.uint32), np.zeros(1, dtype=np.uint16)
    arrays |= {"hidden": np.zeros((3, 3)), "none": np.float32(0), "feasible": np.zeros(3), "offset": np.float32(0)}
    np.savez(tmp_path / "ranker.npz", **arrays, steps=steps, uses=uses)
    models.write_card(
        tmp_path,
        MODEL_NAME,
        version="1",
        task="rank",
        files=["ranker.npz"],
        trained_on=[],
        split="",
        figures={},
        script="none",
        made=date(2026, 1, 1),
        limits="",
    )
    with pytest.raises(ModelError) as told:
        Ranker(tmp_path)
    assert "features" in told.value.cause


def test_an_outcome_of_impossible_valence_fails_its_check_and_the_rest_is_given(full: EnsembleProposer) -> None:
    found = full.propose("CCC(C)C(=O)OCC(=O)O[C@H]1[C@@H](CC)C[C@H]2[C@@H]3CCC4=CC(=O)CC[C@@H]4[C@H]3CC[C@@]21C", 50)
    assert len(found) > 10


def test_the_cards_of_the_shipped_models_hold_their_figures() -> None:
    folder = Path(models.__file__).parents[1] / "synthesis" / "models" / "ranker"
    card = json.loads((folder / f"{MODEL_NAME}.card.json").read_text(encoding="utf-8"))
    assert card["figures"]["uspto50k_valid_top1"]["n"] > 4_000
