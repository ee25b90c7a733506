"""Power is what simulated studies find, and what was published."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from scipy.stats import ttest_ind

from bencao.evidence.diagnostics.planning import Plan, least_effect, power_of
from bencao.kernel.errors import InputError


def test_published_sizes_have_the_power_they_were_published_with() -> None:
    # Collett, Modelling survival data in medical research, 2nd ed., example 10.1: 133 deaths, hazard ratio 0.57, 90 %.
    assert power_of(Plan("time_to_event", 100, 100, events=133), 0.57).power == pytest.approx(0.90, abs=0.003)
    # Cohen, Statistical power analysis, 2nd ed., table 2.4.1: 64 of each arm for half a standard deviation, 80 %.
    assert power_of(Plan("continuous", 64, 64, spread=2.0), -1.0).power == pytest.approx(0.80, abs=0.005)


def test_simulated_studies_are_significant_as_often_as_told() -> None:
    draw = np.random.default_rng(1)
    sets, one, none = 3000, 80, 120
    treated, untreated = draw.normal(0.4, 1, (one, sets)), draw.normal(0, 1, (none, sets))
    means = np.mean(ttest_ind(treated, untreated).pvalue < 0.05)
    chance = 3 * np.sqrt(0.25 / sets)
    assert power_of(Plan("continuous", one, none), 0.4).power == pytest.approx(means, abs=chance)
    a, b = draw.binomial(300, 0.3, sets) / 300, draw.binomial(200, 0.2, sets) / 200
    risks = np.mean(np.abs(a - b) > 1.96 * np.sqrt(a * (1 - a) / 300 + b * (1 - b) / 200))
    assert power_of(Plan("binary", 300, 200, risk=0.2), 0.1).power == pytest.approx(risks, abs=chance + 0.01)
    hazards = np.mean([_log_rank(draw, 1.6) for _ in range(sets // 3)])
    told = power_of(Plan("time_to_event", 100, 100, events=200), 1.6).power
    assert told == pytest.approx(hazards, abs=np.sqrt(3) * chance)


def _log_rank(draw: np.random.Generator, ratio: float) -> bool:
    """Whether the log-rank test finds a hazard ratio in 100 against 100 persons, all of whom have the event."""
    arm = np.repeat([1, 0], 100)[np.argsort(draw.exponential(np.repeat([1 / ratio, 1.0], 100)))]
    treated = arm[::-1].cumsum()[::-1] / np.arange(200, 0, -1)
    return bool(abs((arm - treated).sum()) > 1.96 * np.sqrt((treated * (1 - treated)).sum()))


@pytest.mark.parametrize(
    "plan",
    [Plan("continuous", 50, 80, spread=12), Plan("binary", 50, 80, risk=0.3), Plan("time_to_event", 50, 80, events=60)],
)
def test_the_least_effect_is_found_with_the_power_asked_for(plan: Plan) -> None:
    assert least_effect(plan, 0.9).power == pytest.approx(0.9, abs=1e-6)


def test_a_plan_that_cannot_be_is_refused(bencao: Callable[..., Any]) -> None:
    for wrong in ({"kind": "odd"}, {"treated": np.nan}, {"untreated": 0}, {"risk": 0}, {"risk": np.inf}, {"level": 2}):
        with pytest.raises(InputError):
            Plan(**{"kind": "binary", "treated": 9, "untreated": 9, "risk": 0.3, **wrong})
    for effect in (0, 0.8, np.nan):
        with pytest.raises(InputError):
            power_of(Plan("binary", 9, 9, risk=0.3), effect)
    with pytest.raises(InputError, match="no effect is found"):
        least_effect(Plan("time_to_event", 2, 1e9, events=1))
    told = ("evidence", "power", "--treated", "100", "--untreated", "100", "--kind", "time_to_event")
    assert bencao(*told, "--events", "0").err.startswith("InputError: events: ")
    assert json.loads(bencao(*told, "--events", "133", "--json").out)["effect"] == pytest.approx(1.6256, abs=0.001)
    assert "检验效能" in bencao(*told, "--events", "133", "--effect", "0.57", "--lang", "zh").out
