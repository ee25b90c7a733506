"""What the calibration benchmark says of probabilities that mean something, and of those that do not."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import numpy as np
import pytest

from bencao.kernel.errors import InputError

BENCHMARKS = str(Path(__file__).resolve().parents[2] / "benchmarks" / "synthesis")
sys.path.insert(0, BENCHMARKS)

from calibration import events, figures, once_a_product, reported_sets, sharpened  # noqa: E402
from predictions import Predicted, read_predictions  # noqa: E402
from single_step_parts import flat, parts_of, rings_changed, scaffold  # noqa: E402

AMIDE = Predicted("2", "CC(=O)Nc1ccccc1", "CC(=O)Cl.Nc1ccccc1", 1, (("CC(=O)Cl.Nc1ccccc1", 0.9),))
CLOSURE = Predicted("4", "c1ccc2[nH]cnc2c1", "Nc1ccccc1N.O=CO", 0, ())


def drawn(told: bool) -> list[Predicted]:
    """Reactions of two sets each, the first of which is right as often as its probability says, or as a half where
    that is not told."""
    chance = np.random.default_rng(7)
    found = []
    for number in range(3_000):
        first = float(chance.uniform(0.5, 1.0))
        truth = "A" if chance.uniform() < first else "B"
        said = first if told else 0.75
        found.append(Predicted("1", f"product {number}", truth, 1 + (truth == "B"), (("A", said), ("B", 1 - said))))
    return found


def test_probabilities_that_hold_have_no_error_and_beat_the_rank() -> None:
    result = figures(drawn(told=True), seed=7)
    assert result["n"] == 3_000
    assert result["ece"] < 0.02
    assert result["brier_skill"] > 0.1
    assert result["ece_low"] <= result["ece_high"]


def test_probabilities_that_only_know_the_rank_have_no_skill() -> None:
    assert figures(drawn(told=False), seed=7)["brier_skill"] == pytest.approx(0, abs=0.01)


def test_probabilities_that_hold_have_the_skill_that_they_promise() -> None:
    result = figures(drawn(told=True), seed=7)
    # The standard error of a Brier score over 3,000 draws is some 0.003, of a reference of 0.19.
    assert result["brier_skill"] == pytest.approx(result["brier_skill_promised"], abs=0.03)


def test_the_accuracy_needed_is_above_that_of_a_model_below_the_bar() -> None:
    result = figures(drawn(told=True), seed=7)
    assert result["brier_skill_promised"] < 0.25
    assert result["top1_needed"] > 80  # 75 % of the first sets are right
    assert figures(drawn(told=False), seed=7)["top1_needed"] is None


@pytest.mark.parametrize("power", [0.5, 1.0, 3.0])
def test_sharpened_probabilities_keep_their_order_and_leave_room_for_none(power: float) -> None:
    chances, owners = np.array([0.5, 0.2, 0.1, 0.6, 0.3]), np.array([0, 0, 0, 1, 1])
    found = sharpened(chances, owners, power)
    assert (np.bincount(owners, weights=found) < 1).all()
    assert all(list(found[owners == one]) == sorted(found[owners == one], reverse=True) for one in (0, 1))
    if power == 1:
        assert found == pytest.approx(chances)


def test_any_set_that_the_table_reports_for_a_product_counts_once_a_product(tmp_path: Path) -> None:
    table = tmp_path / "reactions.tsv"
    rows = ["CC(=O)Cl.Nc1ccccc1>>CC(=O)Nc1ccccc1\t1", "Nc1ccccc1.CC(=O)O>>CC(=O)Nc1ccccc1\t1", "CO.CI>>COCC\t0"]
    table.write_text("reaction\tproduct_in_valid\n" + "\n".join(rows) + "\n", encoding="utf-8")
    reported = reported_sets(table)
    assert reported == {"CC(=O)Nc1ccccc1": frozenset({"CC(=O)Cl.Nc1ccccc1", "CC(=O)O.Nc1ccccc1"})}
    sets = (("CC(=O)O.Nc1ccccc1", 0.5), ("CC(=O)Cl.Nc1ccccc1", 0.4), ("CC(=O)OC.Nc1ccccc1", 0.05))
    rows_of_it = [Predicted("2", AMIDE.product, truth, 1, sets) for truth, _ in sets[:2]]
    assert events(rows_of_it)[1].sum() == 2
    (once,) = once_a_product(rows_of_it)
    assert list(events([once], reported)[1]) == [1, 1, 0]


def test_a_probability_that_promises_too_much_has_its_excess_as_error() -> None:
    boasting = [
        Predicted(one.reaction_class, one.product, one.truth, one.rank, ((one.proposals[0][0], 1.0),))
        for one in drawn(told=True)
    ]
    assert figures(boasting, seed=7)["ece"] == pytest.approx(0.25, abs=0.02)


def test_a_line_that_is_no_prediction_is_named(tmp_path: Path) -> None:
    path = tmp_path / "wrong.jsonl"
    good = {"class": "1", "product": "C", "truth": "C", "rank": 1, "proposals": []}
    path.write_text(json.dumps(good) + "\n{}\n", encoding="utf-8")
    with pytest.raises(InputError) as told:
        read_predictions(path)
    assert "line 2" in told.value.where


def test_a_reaction_belongs_to_the_parts_its_chemistry_says() -> None:
    assert rings_changed(AMIDE) == 0
    assert rings_changed(CLOSURE) == 1
    known = {scaffold(AMIDE.product)}
    assert set(parts_of(AMIDE, known)) == {
        "all",
        "class 2",
        "rings +0",
        "product without stereo",
        "scaffold in training",
    }
    assert "scaffold not in training" in set(parts_of(CLOSURE, known))


def test_a_set_without_stereo_is_the_same_for_both_hands() -> None:
    assert flat("C[C@H](N)C(=O)O.CO") == flat("CO.C[C@@H](N)C(=O)O")
