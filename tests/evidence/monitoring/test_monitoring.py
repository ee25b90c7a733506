"""Looks again and again keep the level that was planned, and find what is there."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.stats import multivariate_normal

from bencao.evidence.errors import StudyDataError
from bencao.evidence.monitoring.spending import boundaries
from bencao.evidence.monitoring.watching import watch_counts, watch_estimates
from bencao.kernel.errors import InputError

FIFTHS = [0.2, 0.4, 0.6, 0.8, 1.0]


@pytest.mark.parametrize("sides", [1, 2])
@pytest.mark.parametrize("spending", ["obrien_fleming", "pocock"])
def test_the_level_that_boundaries_spend_is_what_a_normal_integral_says(spending: Any, sides: int) -> None:
    found = boundaries(FIFTHS, spending=spending, sides=sides)
    scores = np.sqrt(FIFTHS)
    together = np.minimum.outer(scores, scores) / np.maximum.outer(scores, scores)  # correlation of the looks
    for looks in (3, 5):  # scipy's integral over the region in which no look signals, of another make (Genz)
        high = np.array([one.z for one in found[:looks]])
        low = -high if sides == 2 else np.full(looks, -np.inf)
        inside = multivariate_normal.cdf(
            high, cov=together[:looks, :looks], lower_limit=low, abseps=1e-6, releps=1e-6, maxpts=200_000, rng=1
        )
        assert 1 - inside == pytest.approx(found[looks - 1].spent, abs=1e-5)


def test_boundaries_are_those_of_another_program() -> None:
    # One-sided 0.05 at quarters: the example in the README of SeqBounds.jl, whose own grid is good to 5e-5.
    found = [one.z for one in boundaries([0.25, 0.5, 0.75, 1.0], sides=1)]
    assert found == pytest.approx([3.74955, 2.53993, 2.01604, 1.72014], abs=1e-4)


@pytest.mark.parametrize("sides", [1, 2])
@pytest.mark.parametrize("spending", ["obrien_fleming", "pocock"])
def test_over_all_looks_the_level_is_kept(spending: Any, sides: int) -> None:
    bounds = np.array([one.z for one in boundaries(FIFTHS, spending=spending, sides=sides)])
    steps = np.random.default_rng(5).normal(size=(200_000, 5))
    z = np.cumsum(steps, axis=1) / np.sqrt(np.arange(1, 6))
    crossed = ((np.abs(z) if sides == 2 else z) >= bounds).any(axis=1).mean()
    assert crossed == pytest.approx(0.05, abs=0.0015)  # three errors of 200,000 drawings


def test_one_look_is_the_ordinary_test() -> None:
    (only,) = boundaries([1.0])
    assert only.z == pytest.approx(1.959964, abs=1e-6)
    assert only.spent == pytest.approx(0.05)


@pytest.mark.parametrize("fractions", [[], [0.5, 0.5], [0.0, 1.0], [0.5, 1.2]])
def test_looks_that_are_no_plan_are_refused(fractions: list[float]) -> None:
    with pytest.raises(InputError):
        boundaries(fractions)


def test_counts_signal_seldom_without_a_risk_and_often_with_one() -> None:
    draw = np.random.default_rng(3)

    def share(ratio: float) -> float:
        found = []
        for _ in range(300):
            table = pd.DataFrame({"events": draw.poisson(0.5 * ratio, 40), "expected": 0.5})
            found.append(watch_counts(table, upper_limit=20)[-1].signal)
        return float(np.mean(found))

    assert share(1.0) <= 0.05 + 3 * np.sqrt(0.05 * 0.95 / 300)
    assert share(2.0) > 0.85


def test_a_signal_stays_and_none_is_given_after_the_end() -> None:
    table = pd.DataFrame({"events": [9, 0, 0], "expected": [1.0, 5.0, 5.0]})
    assert [one.signal for one in watch_counts(table, upper_limit=20)] == [True, True, True]
    late = pd.DataFrame({"events": [1, 60], "expected": [1.0, 5.0]})
    assert [one.signal for one in watch_counts(late, upper_limit=2)] == [False, False]


@pytest.mark.parametrize(
    ("changed", "where"),
    [({"events": [-1]}, "events"), ({"events": [0.5]}, "events"), ({"expected": [0.0]}, "expected")],
)
def test_what_is_no_count_is_named(changed: dict[str, Any], where: str) -> None:
    with pytest.raises(StudyDataError, match=where):
        watch_counts(pd.DataFrame({"events": [1], "expected": [1.0]}).assign(**changed), upper_limit=5)
    with pytest.raises(StudyDataError, match="se"):
        watch_estimates(pd.DataFrame({"fraction": [1.0], "estimate": [1.0], "se": [0.0]}))


def test_the_command_says_a_signal_by_its_code(bencao: Callable[..., Any], tmp_path: Path) -> None:
    (tmp_path / "months.csv").write_text("events,expected\n1,1\n7,1\n", encoding="utf-8")
    assert bencao("evidence", "watch", "months.csv", "--upper-limit", "20", "--json").code == 1
    assert bencao("evidence", "watch", "months.csv").code == 2
    (tmp_path / "looks.csv").write_text("fraction,estimate,se\n0.5,0.4,0.2\n1,0.2,0.15\n", encoding="utf-8")
    told = bencao("evidence", "watch", "looks.csv", "--lang", "zh", "-o", "out.json")
    assert told.code == 0 and "界值" in told.out
    assert [one["signal"] for one in json.loads((tmp_path / "out.json").read_text())] == [False, False]
    bounds = json.loads(bencao("evidence", "boundaries", "0.01,1", "--json").out)
    assert bounds[0]["z"] is None and bounds[1]["z"] == pytest.approx(1.96, abs=1e-3)
