"""The least effect that a study finds is the one that its own test finds four times in five."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import norm

from bencao.evidence.diagnostics.power import detectable
from bencao.evidence.estimators.data.study_data import StudyData


def _data(outcome: object, kind: str, time: object = None) -> StudyData:
    values = np.asarray(outcome, float)
    arm = np.arange(len(values)) % 2
    return StudyData(arm.astype(float), values, values[:, None], ("x",), kind, time=time)  # type: ignore[arg-type]


def test_of_risks_it_is_what_a_test_of_proportions_of_that_size_finds() -> None:
    found = detectable(_data([0, 0, 0, 1] * 500, "binary"), (1000, 1000))
    assert (found.events, found.persons) == (500, 2000)
    draw = np.random.default_rng(2)
    one, none = (draw.binomial(1000, 0.25 + sign * found.value / 2, 20_000) / 1000 for sign in (1, -1))
    error = np.sqrt((one * (1 - one) + none * (1 - none)) / 1000)
    # The error of simulation is 0.003; the risks of both arms vary a little less than their mean's.
    assert (np.abs(one - none) / error > norm.ppf(0.975)).mean() == pytest.approx(0.8, abs=0.015)


def test_of_hazards_it_is_schoenfeld_s() -> None:
    found = detectable(_data([0, 1] * 200, "time_to_event", np.ones(400)), (200, 200))
    # 4 (1.96 + 0.84)^2 / log(HR)^2 events in arms of equal size
    assert 4 * (norm.ppf(0.975) + norm.ppf(0.8)) ** 2 / math.log(found.value) ** 2 == pytest.approx(found.events)


def test_weights_that_cost_persons_make_it_larger() -> None:
    measured = _data(np.arange(400.0), "continuous")
    even, uneven = (detectable(measured, sizes).value for sizes in ((200, 200), (50, 200)))
    assert uneven == pytest.approx(even * math.sqrt((1 / 50 + 1 / 200) / (2 / 200)))
    assert detectable(measured, (200, 200)).events is None
