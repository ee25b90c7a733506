"""Descriptive statistics as SAS defines them."""

from __future__ import annotations

from math import exp, log, nan, sqrt

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bencao.trial.errors import EstimationError
from bencao.trial.statistics import describe, describe_by, quantile


def test_quantiles_are_those_that_sas_prints_by_default() -> None:
    # CAMIS, "Deriving Quantiles or Percentiles in R vs SAS": PROC UNIVARIATE gives 30 and 95.
    values = [10, 20, 30, 40, 150, 160, 170, 180, 190, 200]
    assert quantile(values, 0.25) == 30
    assert quantile(values, 0.4) == 95


@settings(deadline=None)
@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=60), st.integers(0, 20))
def test_a_quantile_leaves_its_share_below_and_the_rest_above(values: list[float], twentieth: int) -> None:
    found = quantile(values, twentieth / 20)
    assert found is not None
    below = sum(value < found for value in values)
    above = sum(value > found for value in values)
    assert below * 20 <= twentieth * len(values)
    assert above * 20 <= (20 - twentieth) * len(values)


def test_missing_values_are_counted_and_left_out() -> None:
    found = describe(pl.Series([1.0, None, nan, 3.0]))
    assert (found.n, found.missing, found.mean) == (2, 2, 2.0)


def test_one_value_has_a_mean_but_no_spread() -> None:
    found = describe([5])
    assert (found.mean, found.standard_deviation, found.lower) == (5, None, None)


def test_no_values_give_no_statistics() -> None:
    found = describe(pl.Series("CHG", [None, None], dtype=pl.Float64))
    assert (found.n, found.missing, found.mean, found.median, found.geometric_mean) == (0, 2, None, None, None)


def test_geometric_statistics_are_those_of_the_logs() -> None:
    found = describe([1.0, 2.0, 4.0])
    assert found.geometric_mean == pytest.approx(2.0)
    assert found.geometric_cv == pytest.approx(100 * sqrt(exp(log(2) ** 2) - 1))


def test_groups_are_summarised_in_order() -> None:
    frame = pl.DataFrame({"arm": ["B", "A", "B"], "value": [1.0, 2.0, None]})
    found = describe_by(frame, "value", ["arm"])
    assert found.select("arm", "n", "missing", "mean").rows() == [("A", 1, 0, 2.0), ("B", 1, 1, 1.0)]


def test_text_and_infinity_are_refused() -> None:
    with pytest.raises(EstimationError, match="numbers were expected"):
        describe(pl.Series("AVALC", ["1"]))
    with pytest.raises(EstimationError, match="infinite"):
        describe(np.array([1.0, np.inf]))
