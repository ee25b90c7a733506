"""Dates and durations as SDTM writes them."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bencao.trial.conformance.operators.dates import Precision, is_duration, parse_iso_date


@pytest.mark.parametrize(
    ("text", "precision"),
    [
        ("2003", Precision.YEAR),
        ("2003-12", Precision.MONTH),
        ("2003-12-15", Precision.DAY),
        ("2003-12-15T13", Precision.HOUR),
        ("2003-12-15T13:14", Precision.MINUTE),
        ("2003-12-15T13:14:17", Precision.SECOND),
        ("2003---15", Precision.YEAR),
        ("2003-12-15T-:15", Precision.DAY),
        ("--12-15", None),
        ("2003-12-01/2003-12-10", Precision.DAY),
    ],
)
def test_a_partial_date_is_a_date_of_its_precision(text: str, precision: Precision | None) -> None:
    # The forms of SDTMIG 3.4, section 4.4.2.
    date = parse_iso_date(text)
    assert date is not None
    assert date.precision == precision


@pytest.mark.parametrize("text", ["", "31-Feb-2014", "2014-02-31", "2014-13", "20031215T", "12/15/2003", "2003-1-5"])
def test_what_is_no_date_is_none(text: str) -> None:
    assert parse_iso_date(text) is None


@given(st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1)))
def test_a_complete_date_time_is_read_as_written(moment: datetime) -> None:
    moment = moment.replace(microsecond=0)
    date = parse_iso_date(moment.isoformat())
    assert date is not None
    assert date.start == moment.replace(tzinfo=UTC)


def test_a_time_zone_moves_the_date_to_utc() -> None:
    date = parse_iso_date("2003-12-15T01:00+02:00")
    assert date is not None
    assert date.start == datetime(2003, 12, 14, 23, tzinfo=UTC)


@given(st.text(alphabet="0123456789-:T/.Z+", max_size=20))
def test_no_text_breaks_the_reader(text: str) -> None:
    parse_iso_date(text)


@pytest.mark.parametrize("text", ["P1Y", "P3M14D", "P6W", "PT42M18S", "P1DT12H", "PT0.5H"])
def test_a_duration_is_one(text: str) -> None:
    assert is_duration(text, negative=False)


@pytest.mark.parametrize("text", ["P", "PT", "1D", "P1D12H", "P0.5Y3M", "-P1D", ""])
def test_what_is_no_duration_is_none(text: str) -> None:
    assert not is_duration(text, negative=False)


def test_a_duration_may_be_negative_where_that_is_allowed() -> None:
    assert is_duration("-P1D", negative=True)
