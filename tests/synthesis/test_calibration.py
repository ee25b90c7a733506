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

from calibration import figures  # noqa: E402
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
