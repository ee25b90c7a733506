"""How numbers are printed in a cell."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bencao.trial.display.declaration import CellFormat
from bencao.trial.display.formats import cell_text, printed, statistics_of


@pytest.mark.parametrize(
    ("value", "width", "decimals", "text"),
    [(42.65, 5, 1, " 42.7"), (-0.04, 4, 1, " 0.0"), (-0.05, 0, 1, "-0.1"), (2.5, 0, 0, "3"), (12.5, 3, 0, " 13")],
)
def test_halves_go_away_from_zero_and_no_zero_has_a_sign(value: float, width: int, decimals: int, text: str) -> None:
    assert printed(value, width, decimals) == text


@given(st.floats(-1e6, 1e6), st.integers(0, 4))
def test_what_is_printed_is_within_half_a_unit(value: float, decimals: int) -> None:
    # SAS takes for a half what is within 1e-12 of it, relatively; the last bits of a double come on top.
    assert abs(float(printed(value, 0, decimals)) - value) <= 0.5 * 10**-decimals + 2e-12 * abs(value)


def test_a_count_of_zero_and_a_small_percentage_are_printed_as_declared() -> None:
    form = CellFormat(text="{subjects:3} ({percent:3}%)", zero="{subjects:3}", small="<1")
    assert statistics_of(form) == ("subjects", "percent")
    assert cell_text(form, {"subjects": 0, "percent": 0.0})[0] == "  0"
    assert cell_text(form, {"subjects": 1, "percent": 0.4})[0] == "  1 ( <1%)"
    text, results = cell_text(form, {"subjects": 3, "percent": 12.5})
    assert text == "  3 ( 13%)"
    assert [(result.statistic, result.value, result.text) for result in results] == [
        ("subjects", 3, "3"),
        ("percent", 12.5, "13"),
    ]


@pytest.mark.parametrize(
    ("p", "text"), [(None, "-"), (0.00004, "<.0001"), (0.995, ">.99"), (0.1, "0.100*"), (0.15, "0.150 ")]
)
def test_p_values_have_limits_and_a_mark(p: float | None, text: str) -> None:
    form = CellFormat(text="{p:.3}", missing="-", below=(0.0001, "<.0001"), above=(0.99, ">.99"), mark=(0.15, "*", " "))
    assert cell_text(form, {"p": p})[0] == text
