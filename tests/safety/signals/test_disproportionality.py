"""Measures of a fourfold table are those worked out by hand."""

from __future__ import annotations

from math import exp, log, log2, sqrt

import pytest

pl = pytest.importorskip("polars", reason="the extra safety is not installed")

import numpy as np  # noqa: E402
from scipy.stats import chi2_contingency, gamma  # noqa: E402

from bencao.safety.signals.disproportionality import (  # noqa: E402
    Fourfold,
    chi_squared,
    information_component,
    mantel_haenszel,
    prr,
    ror,
)

Z = 1.959963984540054  # the 0.975 quantile of the normal distribution
CLOSE = 1e-9


def table(a: float, b: float, c: float, d: float) -> Fourfold:
    return Fourfold(*(np.array([cell], float) for cell in (a, b, c, d)))


def test_prr_and_ror_of_a_table_worked_out_by_hand() -> None:
    # 20 of 100 reports with the drug have the event, 100 of 1900 without it.
    ours = prr(table(20, 80, 100, 1800))
    error = sqrt(1 / 20 - 1 / 100 + 1 / 100 - 1 / 1900)
    assert ours.estimate[0] == pytest.approx((20 / 100) / (100 / 1900), abs=CLOSE)
    assert ours.low[0] == pytest.approx(3.8 * exp(-Z * error), abs=CLOSE)
    assert ours.high[0] == pytest.approx(3.8 * exp(Z * error), abs=CLOSE)
    odds = ror(table(20, 80, 100, 1800))
    error = sqrt(1 / 20 + 1 / 80 + 1 / 100 + 1 / 1800)
    assert odds.estimate[0] == pytest.approx(4.5, abs=CLOSE)
    assert odds.low[0] == pytest.approx(4.5 * exp(-Z * error), abs=CLOSE)
    assert odds.standard_error[0] == pytest.approx(error, abs=CLOSE)


def test_chi_squared_is_yates_and_never_turns_a_difference_round() -> None:
    a, b, c, d = 20.0, 80.0, 100.0, 1800.0
    by_hand = 2000 * (abs(a * d - b * c) - 1000) ** 2 / (100 * 1900 * 120 * 1880)
    assert chi_squared(table(a, b, c, d))[0] == pytest.approx(by_hand, abs=CLOSE)
    assert by_hand == pytest.approx(chi2_contingency([[a, b], [c, d]], correction=True).statistic, abs=CLOSE)
    assert chi_squared(table(5, 5, 5, 5))[0] == 0.0


def test_an_event_of_no_other_drug_has_an_infinite_ratio_and_no_interval() -> None:
    found = prr(table(3, 7, 0, 90))
    assert np.isinf(found.estimate[0])
    assert np.isnan(found.low[0])
    assert np.isnan(ror(table(0, 10, 0, 90)).estimate[0])


def test_the_information_component_and_both_of_its_intervals() -> None:
    ours = information_component([12], [3.25])
    assert ours.ic[0] == pytest.approx(log2(12.5 / 3.75), abs=CLOSE)
    assert ours.low[0] == pytest.approx(log2(gamma.ppf(0.025, 12.5, scale=1 / 3.75)), abs=CLOSE)
    assert ours.high[0] == pytest.approx(log2(gamma.ppf(0.975, 12.5, scale=1 / 3.75)), abs=CLOSE)
    closed = information_component([12], [3.25], interval="approximate")
    assert closed.low[0] == pytest.approx(log2(12.5 / 3.75) - 3.3 / sqrt(12.5) - 2 / 12.5**1.5, abs=CLOSE)
    assert closed.high[0] == pytest.approx(log2(12.5 / 3.75) + 2.4 / sqrt(12.5) - 0.5 / 12.5**1.5, abs=CLOSE)
    # The closed form was made to follow the exact quantiles.
    assert closed.low[0] == pytest.approx(ours.low[0], abs=0.05)


def strata(*tables: tuple[int, int, int, int]) -> pl.DataFrame:
    rows = [("A", "x", a, a + b, a + c, a + b + c + d) for a, b, c, d in tables]
    return pl.DataFrame(rows, schema=["drug", "event", "n", "n_drug", "n_event", "total"], orient="row")


def test_mantel_haenszel_of_one_stratum_is_the_plain_odds_ratio_and_its_woolf_interval() -> None:
    ours = mantel_haenszel(strata((20, 80, 100, 1800)))
    assert ours["mh_ror"][0] == pytest.approx(4.5, abs=CLOSE)
    error = sqrt(1 / 20 + 1 / 80 + 1 / 100 + 1 / 1800)
    assert ours["mh_ror_low"][0] == pytest.approx(4.5 * exp(-Z * error), abs=CLOSE)


def test_mantel_haenszel_of_two_strata_by_hand() -> None:
    tables = [(10, 20, 30, 140), (4, 16, 10, 70)]
    ours = mantel_haenszel(strata(*tables))
    over = [a * d / (a + b + c + d) for a, b, c, d in tables]
    under = [b * c / (a + b + c + d) for a, b, c, d in tables]
    ratio = sum(over) / sum(under)
    agree = [(a + d) / (a + b + c + d) for a, b, c, d in tables]
    r, s = sum(over), sum(under)
    first = sum(p * x for p, x in zip(agree, over, strict=True)) / (2 * r * r)
    third = sum((1 - p) * y for p, y in zip(agree, under, strict=True)) / (2 * s * s)
    second = sum(p * y + (1 - p) * x for p, x, y in zip(agree, over, under, strict=True)) / (2 * r * s)
    assert ours["mh_ror"][0] == pytest.approx(ratio, abs=CLOSE)
    assert ours["mh_ror_high"][0] == pytest.approx(exp(log(ratio) + Z * sqrt(first + second + third)), abs=CLOSE)


def test_a_confounder_that_makes_the_crude_ratio_is_taken_out() -> None:
    # Within each stratum the odds ratio is 1; strata differ in both drug and event.
    tables = [(90, 10, 90, 10), (10, 90, 90, 810)]
    ours = mantel_haenszel(strata(*tables))
    assert ours["mh_ror"][0] == pytest.approx(1.0, abs=CLOSE)
    a, b, c, d = (float(sum(cell)) for cell in zip(*tables, strict=True))
    assert ror(table(a, b, c, d)).estimate[0] > 4


def test_a_stratum_that_tells_nothing_leaves_the_ratio_empty() -> None:
    assert mantel_haenszel(strata((0, 5, 0, 5)))["mh_ror"][0] is None
