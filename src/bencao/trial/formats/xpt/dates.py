"""Dates, date-times and times as SAS counts them, and the display formats that tell one from another."""

from __future__ import annotations

import re
from datetime import date, datetime
from typing import Literal

import polars as pl

Kind = Literal["date", "datetime", "time"]

EPOCH = date(1960, 1, 1)
DEFAULT_FORMATS: dict[Kind, str] = {"date": "DATE9.", "datetime": "DATETIME20.", "time": "TIME8."}

# Formats of SAS 9.4 (Formats and Informats: Reference, date and time category), without width and decimals.
_DATES = (
    "DATE", "DAY", "DDMMYY", "DDMMYYB", "DDMMYYC", "DDMMYYD", "DDMMYYN", "DDMMYYP", "DDMMYYS",
    "DOWNAME", "E8601DA", "B8601DA", "IS8601DA", "JULDAY", "JULIAN", "MMDDYY", "MMDDYYB", "MMDDYYC",
    "MMDDYYD", "MMDDYYN", "MMDDYYP", "MMDDYYS", "MMYY", "MMYYC", "MMYYD", "MMYYN", "MMYYP", "MMYYS",
    "MONNAME", "MONTH", "MONYY", "QTR", "WEEKDATE", "WEEKDATX", "WEEKDAY", "WORDDATE", "WORDDATX",
    "YEAR", "YYMM", "YYMMC", "YYMMD", "YYMMN", "YYMMP", "YYMMS", "YYMMDD", "YYMMDDB", "YYMMDDC",
    "YYMMDDD", "YYMMDDN", "YYMMDDP", "YYMMDDS", "YYMON", "YYQ",
)  # fmt: skip
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(_DATES, "date"),
    **dict.fromkeys(("DATETIME", "DATEAMPM", "E8601DT", "B8601DT", "IS8601DT", "MDYAMPM"), "datetime"),
    **dict.fromkeys(("TIME", "TIMEAMPM", "TOD", "HHMM", "E8601TM", "B8601TM", "IS8601TM"), "time"),
}
# A name does not end in a digit: what follows it is the width, and after the point the decimals.
_FORMAT = re.compile(r"(\$?(?:[A-Za-z_](?:[A-Za-z0-9_]*[A-Za-z_])?)?)(\d{0,5})(?:\.(\d{0,2}))?")

_SECONDS_OF_DAY = 86_400
# SAS's calendar: from the first day of 1582 to the last of 19999.
_DAYS = (-138_061, 6_589_335)


def parse_format(text: str) -> tuple[str, int, int] | None:
    """Name, width and decimals of a display format; None where it is none of SAS's form.

    Examples
    --------
    >>> parse_format("DATE9."), parse_format("8.2"), parse_format("$char20."), parse_format("one two")
    (('DATE', 9, 0), ('', 8, 2), ('$CHAR', 20, 0), None)
    """
    found = _FORMAT.fullmatch(text.strip())
    if found is None:
        return None
    name, width, decimals = found.groups()
    return name.upper(), int(width or 0), int(decimals or 0)


def format_text(name: str, width: int, decimals: int) -> str:
    """Write a display format out, the reverse of `parse_format`; empty where there is none."""
    if not (name or width):
        return ""
    return f"{name}{width or ''}.{decimals or ''}"


def kind_of(format_name: str) -> Kind | None:
    """What a number with this display format counts; None where it is a plain number."""
    return _KINDS.get(format_name)


def to_sas(column: pl.Series) -> pl.Series:
    """Count days since 1960-01-01 of dates, seconds since then of date-times, seconds since midnight of times.

    Parameters
    ----------
    column : polars Series
        Of dates, date-times without a zone or in UTC, or times.

    Returns
    -------
    polars Series of Float64
    """
    if column.dtype == pl.Date:
        return (column.cast(pl.Int32) - (EPOCH - date(1970, 1, 1)).days).cast(pl.Float64)
    if column.dtype == pl.Time:
        return _in_units(column.cast(pl.Int64), 1_000_000_000)
    microseconds = column.dt.cast_time_unit("us").cast(pl.Int64)
    offset = int((datetime(1960, 1, 1) - datetime(1970, 1, 1)).total_seconds()) * 1_000_000
    return _in_units(microseconds - offset, 1_000_000)


def _in_units(count: pl.Series, unit: int) -> pl.Series:
    """Divide whole numbers, the whole part apart: polars divides by a number's reciprocal, which costs a bit."""
    return (count // unit).cast(pl.Float64) + (count % unit).cast(pl.Float64) / unit


def _microseconds(seconds: pl.Series) -> pl.Series:
    whole = seconds.floor()
    return whole.cast(pl.Int64) * 1_000_000 + ((seconds - whole) * 1e6).round().cast(pl.Int64)


def from_sas(column: pl.Series, kind: Kind) -> pl.Series:
    """Turn counts into dates, date-times or times, the reverse of `to_sas`.

    Parameters
    ----------
    column : polars Series of Float64
    kind : Kind

    Returns
    -------
    polars Series
        As given where a value is none of the kind: half a day or a day outside SAS's calendar as a date, 24 hours or
        a negative number as a time.
    """
    days_before_unix = (EPOCH - date(1970, 1, 1)).days
    first, last = _DAYS
    if kind == "date":
        if ((column % 1 != 0) | (column < first) | (column > last)).any():
            return column
        return (column.cast(pl.Int32) + days_before_unix).cast(pl.Date)
    if kind == "time":
        if ((column < 0) | (column >= _SECONDS_OF_DAY)).any():
            return column
        return (_microseconds(column) * 1000).cast(pl.Time)
    if ((column < first * _SECONDS_OF_DAY) | (column >= (last + 1) * _SECONDS_OF_DAY)).any():
        return column
    return (_microseconds(column) + days_before_unix * _SECONDS_OF_DAY * 1_000_000).cast(pl.Datetime("us"))
