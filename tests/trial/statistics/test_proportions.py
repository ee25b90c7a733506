"""Tests and intervals of proportions."""

from __future__ import annotations

from itertools import product
from math import exp, lgamma

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom
from scipy.stats import fisher_exact as fisher_of_four

from bencao.trial.errors import EstimationError
from bencao.trial.statistics import chi_square, clopper_pearson, fisher_exact, miettinen_nurminen, wilson


def test_the_chi_square_of_coughs_and_bronchitis_is_sass() -> None:
    found = chi_square(np.array([[26, 44], [247, 1002]]))  # CAMIS, "R/SAS Chi-Squared and Fisher's Exact Comparision"
    assert found.statistic == pytest.approx(12.1804, abs=5e-5)
    assert found.p_value == pytest.approx(0.0005, abs=5e-5)


def test_a_table_of_sixteen_cells_has_the_published_exact_p_value() -> None:
    # Agresti, Categorical Data Analysis (2002), p. 57, job satisfaction by income; 0.7827 in R's fisher.test example.
    table = np.array([[1, 2, 1, 0], [3, 3, 6, 1], [10, 10, 14, 9], [6, 7, 12, 11]])
    assert fisher_exact(table) == pytest.approx(0.7827, abs=5e-5)


@settings(deadline=None)
@given(st.lists(st.integers(0, 30), min_size=4, max_size=4))
def test_four_cells_have_the_p_value_that_scipy_gives(cells: list[int]) -> None:
    table = np.array(cells).reshape(2, 2)
    assert fisher_exact(table) == pytest.approx(fisher_of_four(table).pvalue, abs=1e-6)


def _by_enumeration(table: np.ndarray) -> float:
    rows, columns = table.sum(axis=1), table.sum(axis=0)
    constant = sum(lgamma(n + 1) for n in (*rows, *columns)) - lgamma(table.sum() + 1)
    observed = -sum(lgamma(n + 1) for n in table.ravel())
    total = 0.0
    for free in product(*(range(min(row, column) + 1) for row in rows[:-1] for column in columns[:-1])):
        cells = np.array(free).reshape(len(rows) - 1, -1)
        cells = np.column_stack([cells, rows[:-1] - cells.sum(axis=1)])
        cells = np.vstack([cells, columns - cells.sum(axis=0)])
        length = -sum(lgamma(n + 1) for n in cells.ravel()) if (cells >= 0).all() else 1.0
        if length <= observed + 1e-7:
            total += exp(constant + length)
    return total


@settings(max_examples=25, deadline=None)
@given(st.lists(st.integers(0, 3), min_size=9, max_size=9))
def test_nine_cells_have_the_p_value_of_plain_enumeration(cells: list[int]) -> None:
    table = np.array(cells).reshape(3, 3) + np.eye(3, dtype=int)
    assert fisher_exact(table) == pytest.approx(_by_enumeration(table), abs=1e-9)


def test_a_table_of_one_row_says_nothing_and_one_too_large_says_so() -> None:
    assert fisher_exact(np.array([[3, 4], [0, 0]])) == 1.0
    with pytest.raises(EstimationError, match="too large"):
        fisher_exact(np.full((6, 6), 40))


@settings(deadline=None)
@given(st.integers(1, 60), st.data())
def test_exact_limits_leave_at_most_half_the_error_on_each_side(n: int, data: st.DataObject) -> None:
    events = data.draw(st.integers(0, n))
    found = clopper_pearson(events, n)
    assert found.lower is not None and found.upper is not None
    if events:
        assert binom.sf(events - 1, n, found.lower) == pytest.approx(0.025, abs=1e-9)
    if events < n:
        assert binom.cdf(events, n, found.upper) == pytest.approx(0.025, abs=1e-9)


def test_no_observations_give_no_interval() -> None:
    assert clopper_pearson(0, 0).estimate is None
    assert miettinen_nurminen([0, 1], [0, 2]).lower is None
    with pytest.raises(EstimationError, match="5 events of 3"):
        wilson(5, 3)


def test_newcombes_examples_have_his_limits() -> None:
    # Newcombe, Stat. Med. 1998, 17, 873, table II, method 6 (Miettinen and Nurminen): 56/70 - 48/80, 9/10 - 3/10.
    first, second = miettinen_nurminen([56, 48], [70, 80]), miettinen_nurminen([9, 3], [10, 10])
    assert (first.lower, first.upper) == pytest.approx((0.0528, 0.3382), abs=5e-5)
    assert (second.lower, second.upper) == pytest.approx((0.1700, 0.8406), abs=5e-5)


@settings(deadline=None)
@given(st.integers(1, 40), st.integers(1, 40), st.data())
def test_exchanging_groups_mirrors_the_interval(n1: int, n2: int, data: st.DataObject) -> None:
    x1, x2 = data.draw(st.integers(0, n1)), data.draw(st.integers(0, n2))
    one, other = miettinen_nurminen([x1, x2], [n1, n2]), miettinen_nurminen([x2, x1], [n2, n1])
    assert one.lower is not None and one.upper is not None
    assert other.upper is not None and other.lower is not None
    assert -1 <= one.lower <= x1 / n1 - x2 / n2 + 1e-9
    assert one.lower == pytest.approx(-other.upper, abs=1e-6)
    assert one.upper == pytest.approx(-other.lower, abs=1e-6)


def test_two_strata_have_the_limits_that_cicalc_gives() -> None:
    # R's cicalc: 0.15 (-0.1606, 0.4338) in its README, 10/10 - 0/20 (0.7156, 1) in its tests.
    found = miettinen_nurminen([[7, 5], [5, 4]], [[10, 10], [10, 10]])
    assert (found.estimate, found.lower, found.upper) == pytest.approx((0.15, -0.1606, 0.4338), abs=5e-5)
    extreme = miettinen_nurminen([10, 0], [10, 20])
    assert (extreme.lower, extreme.upper) == pytest.approx((0.7156, 1), abs=5e-5)


def test_strata_alike_narrow_the_interval_about_the_same_difference(cibic: pl.DataFrame) -> None:
    # CAMIS: a score above 4 in 36 of 154 on treatment and in 12 of 77 on placebo.
    yes = (cibic["AVAL"] > 4).to_numpy()
    placebo = (cibic["TRTP"] == "Placebo").to_numpy()
    events = [int((yes & ~placebo).sum()), int((yes & placebo).sum())]
    sizes = [int((~placebo).sum()), int(placebo.sum())]
    assert (events, sizes) == ([36, 12], [154, 77])
    single = miettinen_nurminen(events, sizes)
    double = miettinen_nurminen([events, events], [sizes, sizes])
    assert single.estimate == pytest.approx(double.estimate)
    assert single.lower is not None and double.lower is not None
    assert single.lower < double.lower
