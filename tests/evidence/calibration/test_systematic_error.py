"""The distribution of systematic error, and the interval that holds it."""

from __future__ import annotations

import numpy as np
import pytest

from bencao.evidence.calibration.systematic_error import SystematicError, fit_error, left_out
from bencao.evidence.errors import StudyDataError


def test_without_systematic_error_only_chance_is_left() -> None:
    se = np.full(400, 0.2)
    found = fit_error(np.random.default_rng(1).normal(0, se), se)
    assert abs(found.mean) < 0.03 and found.spread < 0.05


def test_mean_and_spread_are_found_again() -> None:
    drawn = np.random.default_rng(2)
    se = drawn.uniform(0.05, 0.5, 2_000)
    found = fit_error(drawn.normal(0.3, np.hypot(se, 0.25)), se)
    assert found.mean == pytest.approx(0.3, abs=4 * found.mean_se)
    assert found.spread == pytest.approx(0.25, abs=0.03)


def test_a_calibrated_interval_covers_at_its_level() -> None:
    drawn, covered = np.random.default_rng(3), 0
    for _ in range(250):
        se = drawn.uniform(0.1, 0.4, 21)
        estimates = drawn.normal(0.2, np.hypot(se, 0.3))
        _, low, high = fit_error(estimates[1:], se[1:]).interval(estimates[0], se[0])
        covered += low <= 0 <= high
    assert 0.91 <= covered / 250 <= 0.99  # 95 %, within three binomial standard errors


def test_the_p_value_and_the_interval_agree() -> None:
    found = fit_error([0.1, 0.4, -0.2, 0.3, 0.5, 0.1], [0.1] * 6)
    middle, low, _ = found.interval(1.0, 0.2)
    assert found.p_value(1.0 - low, 0.2) == pytest.approx(0.05)
    assert middle == pytest.approx(1.0 - found.mean)


def test_what_is_left_out_does_not_move_its_own_error() -> None:
    errors, se = np.array([0.1, 0.2, 0.0, 0.3, 0.1, 9.0]), np.full(6, 0.1)
    found = left_out(errors, se)
    assert found[5].mean == pytest.approx(0.14) and found[0].spread > 1


@pytest.mark.parametrize(
    ("errors", "se"), [([0.1] * 4, [0.1] * 4), ([0.1] * 5, [0.1] * 4 + [0.0]), ([float("nan")] * 5, [0.1] * 5)]
)
def test_too_few_or_senseless_controls_are_refused(errors: list[float], se: list[float]) -> None:
    with pytest.raises(StudyDataError):
        fit_error(errors, se)


@pytest.mark.parametrize(("mean", "spread"), [(0.0, 0.3), (0.2, 0.1), (-0.2, 0.1), (-0.15, 0.0)])
def test_the_expected_error_is_the_mean_of_what_is_drawn(mean: float, spread: float) -> None:
    drawn = np.abs(np.random.default_rng(1).normal(mean, spread, 400_000)).mean()
    assert SystematicError(mean, spread, 0.1, 9).expected == pytest.approx(drawn, abs=2e-3)
