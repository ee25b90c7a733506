"""Rounding as SAS prints it."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from math import inf, isnan, nan

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bencao.trial import round_half_away


@pytest.mark.parametrize(
    ("value", "digits", "rounded"),
    [
        (0.5, 0, 1.0),
        (1.5, 0, 2.0),
        (2.5, 0, 3.0),
        (-2.5, 0, -3.0),
        (1.005, 2, 1.01),
        (2.675, 2, 2.68),
        (1250, -2, 1300.0),
    ],
)
def test_a_half_goes_away_from_zero(value: float, digits: int, rounded: float) -> None:
    assert round_half_away(value, digits) == rounded


@given(st.decimals(min_value=-100_000, max_value=100_000, places=4), st.integers(0, 3))
def test_a_number_is_rounded_as_it_is_written(written: Decimal, digits: int) -> None:
    expected = written.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
    assert round_half_away(float(written), digits) == float(expected)


def test_what_is_not_finite_stays() -> None:
    assert isnan(round_half_away(nan))
    assert round_half_away(inf, 2) == inf
