"""The accuracy benchmark counts as the protocol says: nothing dropped, no class, any number of workers."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from hand_model import write_model

BENCHMARKS = str(Path(__file__).resolve().parents[2] / "benchmarks" / "synthesis")
sys.path.insert(0, BENCHMARKS)

from intervals import percent, wilson  # noqa: E402
from reported_reactions import product_and_reactants, read_reported, seeded_sample  # noqa: E402
from single_step import Scored, figures, score_all  # noqa: E402

HEADER = "class,id,rxn_smiles\n"
AMIDE = (
    "[CH3:1][C:2](=[O:3])Cl.[NH2:4][c:5]1[cH:6][cH:7][cH:8][cH:9][cH:10]1"
    ">>[CH3:1][C:2](=[O:3])[NH:4][c:5]1[cH:6][cH:7][cH:8][cH:9][cH:10]1"
)
ACID = "CC(=O)O.Nc1ccccc1>>CC(=O)Nc1ccccc1"
ESTER = "COC(=O)c1ccc(Cl)cc1>>OC(=O)c1ccc(Cl)cc1"
UNSEEN = "C=CC=C.C=CC#N>>N#CC1CC=CCC1"
ROWS = f"2,amide,{AMIDE}\n2,acid,{ACID}\n6,ester,{ESTER}\n3,unseen,{UNSEEN}\n1,broken,CCO.CCN\n1,unreadable,c1cc>>CCO\n"


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_model(tmp_path_factory.mktemp("model"))


def score_text(folder: Path, text: str, model: Path, workers: int = 1) -> list[Scored]:
    path = folder / "reactions.csv"
    path.write_text(HEADER + text, encoding="utf-8")
    return score_all(read_reported(path), model, workers=workers)


@pytest.fixture(scope="module")
def scored(tmp_path_factory: pytest.TempPathFactory, model: Path) -> list[Scored]:
    return score_text(tmp_path_factory.mktemp("scored"), ROWS, model)


def test_a_file_of_reactions_is_scored_by_rank(scored: list[Scored]) -> None:
    # The hand-made model puts the acid chloride before the acid; it knows no cycloaddition.
    assert [one.rank for one in scored] == [1, 2, 1, 0, 0, 0]


def test_rows_that_cannot_be_read_count_as_misses(scored: list[Scored]) -> None:
    result = figures(scored)
    assert result["n"] == 6
    assert result["failed"] == 2
    assert result["top1"] == pytest.approx(100 * 2 / 6, abs=0.001)
    assert result["top3"] == result["top50"] == pytest.approx(50)
    assert result["top1_low"] < result["top1"] < result["top1_high"]


def test_the_class_is_no_input(tmp_path: Path, model: Path, scored: list[Scored]) -> None:
    changed = score_text(tmp_path, ROWS.replace("2,amide", "heterocycle formation,amide"), model)
    assert changed[0].reaction.reaction_class == "heterocycle formation"
    assert [one.proposals for one in changed] == [one.proposals for one in scored]


def test_predictions_are_the_same_at_any_number_of_workers(tmp_path: Path, model: Path, scored: list[Scored]) -> None:
    by_two = score_text(tmp_path, ROWS, model, workers=2)
    assert [json.dumps(one.as_json()) for one in by_two] == [json.dumps(one.as_json()) for one in scored]


def test_maps_are_taken_off_and_stereo_stays() -> None:
    mapped = "[CH3:1][C@@H:2]([NH2:3])[C:4](=[O:5])O.[CH3:6][OH:7]>>[CH3:1][C@@H:2]([NH2:3])[C:4](=[O:5])[O:7][CH3:6]"
    assert product_and_reactants(mapped) == ("COC(=O)[C@@H](C)N", "CO.C[C@@H](N)C(=O)O")  # D-alanine in both


def test_a_molecule_without_a_mapped_atom_is_no_reactant() -> None:
    left, _, right = AMIDE.partition(">>")
    expected = ("CC(=O)Nc1ccccc1", "CC(=O)Cl.Nc1ccccc1")
    assert product_and_reactants(f"{left}.CCN(CC)CC>ClCCl>{right}") == expected
    assert product_and_reactants(AMIDE) == expected


def test_without_maps_all_molecules_on_the_left_are_reactants() -> None:
    assert product_and_reactants("Nc1ccccc1.CC(O)=O>O>CC(=O)Nc1ccccc1")[1] == "CC(=O)O.Nc1ccccc1"


@pytest.mark.parametrize("text", ["", "CCO", "CCO>>", ">>CCO", "c1cc>>CCO", "CCO>>c1cc"])
def test_what_is_no_reaction_is_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        product_and_reactants(text)


def test_a_sample_is_seeded_and_keeps_the_order_of_the_file() -> None:
    items = list(range(1_000))
    drawn = seeded_sample(items, 50, seed=1)
    assert drawn == sorted(drawn) == seeded_sample(items, 50, seed=1)
    assert drawn != seeded_sample(items, 50, seed=2)
    assert seeded_sample(items, None, seed=1) == seeded_sample(items, 5_000, seed=1) == items


# Newcombe, Stat. Med. 1998, 17, 857, table I, method 3 (Wilson's score): the first four examples.
@pytest.mark.parametrize(
    ("hits", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_intervals_are_the_published_ones(hits: int, n: int, low: float, high: float) -> None:
    assert wilson(hits, n) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_a_share_of_nothing_claims_nothing() -> None:
    assert percent("top1", 0, 0) == {"top1": 0.0, "top1_low": 0.0, "top1_high": 100.0}
