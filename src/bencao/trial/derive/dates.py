"""Building blocks for dates: ISO 8601 from what was collected, imputed dates, study days."""

from __future__ import annotations

import re
from typing import Literal

import narwhals as nw

from bencao.trial.derive.expression import Frame, day_number, expression
from bencao.trial.errors import SpecificationError

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
# Parts of a layout and what they match; a day or month not known is UN, UNK or --.
_PARTS = {"YYYY": r"\d{4}", "MON": "[A-Za-z]{3}", "MM": r"(\d{2}|UN|un|--)", "DD": r"(\d{2}|UN|un|--)"}
_TIME = r"^([01]\d|2[0-3])(:[0-5]\d){1,2}$"


def iso_date(data: Frame, *, of: str, into: str, layouts: list[str], time: str = "") -> Frame:
    """Write collected dates in ISO 8601, as exactly as they are known: ``2002-10`` stays a month.

    Parameters
    ----------
    of
        Variable with the collected date, a text.
    layouts
        How it may be written, of YYYY, MM or MON (JAN …) and DD: ``DD-MON-YYYY``. An ISO date cut short is always
        understood. A day or month written UN, UNK or -- is not known. What fits no layout, or is no day of the
        calendar, is a `DateParseError`.
    time
        Variable with the collected time, ``hh:mm`` or ``hh:mm:ss``; it is added to a date that is complete.

    Examples
    --------
    YAML: ``- iso_date: {of: AESTDAT, into: AESTDTC, layouts: [MM/DD/YYYY]}``

    >>> import polars as pl
    >>> raw = nw.from_native(pl.LazyFrame({"D": ["05-Mar-2014", "UN-Mar-2014", "2002-10"]}))
    >>> iso_date(raw, of="D", into="DTC", layouts=["DD-MON-YYYY"]).collect()["DTC"].to_list()
    ['2014-03-05', '2014-03', '2002-10']
    """
    written: nw.Expr = nw.lit(None, nw.String)
    for layout in ("YYYY", "YYYY-MM", "YYYY-MM-DD", *layouts):
        written = nw.when(nw.col("__written").str.contains(_pattern(layout))).then(_in_order(layout)).otherwise(written)
    data = data.with_columns(__written=nw.col(of).cast(nw.String).str.strip_chars()).with_columns(__date=written)
    # Parts not known at the end are left off; between year and day a month not known stays --, as SDTMIG has it.
    real = nw.when(_on_the_calendar(nw.col("__date"))).then(nw.col("__date"))
    date: nw.Expr = real.str.replace_all(r"(-(--)?)+$", "")
    if time:
        clock = nw.col(time).cast(nw.String).str.strip_chars()
        known = (date.str.len_chars() == 10) & clock.str.contains(_TIME)
        date = nw.when(known).then(nw.concat_str(date, nw.lit("T"), clock)).otherwise(date)
    return data.with_columns(**{into: date}).drop("__written", "__date")


def iso_date_failures(data: Frame, *, of: str, into: str, layouts: list[str], time: str = "") -> Frame:
    """Find the records whose collected date or time could not be read."""
    read = iso_date(data, of=of, into="__read", layouts=layouts)
    given = nw.col(of).cast(nw.String)
    bad = ~given.is_null() & (given.str.strip_chars() != "") & nw.col("__read").is_null()
    if time:
        clock = nw.col(time).cast(nw.String).str.strip_chars()
        bad = bad | (~clock.is_null() & (clock != "") & ~clock.str.contains(_TIME))
    return read.filter(bad).drop("__read")


def to_date(
    data: Frame,
    *,
    of: str,
    into: str,
    impute: Literal["none", "first", "last"] = "none",
    not_before: str = "",
    flag: str = "",
) -> Frame:
    """Make a numeric date of an ISO 8601 text.

    Parameters
    ----------
    of
        Variable with the text; its time is left off.
    impute
        What a missing month or day becomes: nothing, the first one or the last one possible. A missing year is never
        imputed.
    not_before
        Variable with a date: an imputed one before it, though the known parts allow it, becomes it (ADaMIG's usual
        rule for the start of adverse events).
    flag
        Variable for what was imputed: M for month and day, D for the day.

    Examples
    --------
    YAML: ``- to_date: {of: AESTDTC, into: ASTDT, impute: first, not_before: TRTSDT, flag: ASTDTF}``

    >>> import polars as pl
    >>> ae = nw.from_native(pl.LazyFrame({"DTC": ["2014-03-05T10:30", "2014-02", None]}))
    >>> to_date(ae, of="DTC", into="DT", impute="last").collect()["DT"].to_list()
    [datetime.date(2014, 3, 5), datetime.date(2014, 2, 28), None]
    """
    text = nw.col(of).str.slice(0, 10)
    month = text.str.contains(r"^\d{4}-\d{2}$")
    year = text.str.contains(r"^\d{4}$")
    whole = nw.when(text.str.contains(r"^\d{4}-\d{2}-\d{2}$")).then(text)
    completed = whole.otherwise(nw.lit(None, nw.String))
    if impute == "first":
        completed = _by_what_is_known(whole, month, year, text, nw.lit("-01"), nw.lit("-01-01"))
    elif impute == "last":
        days = _days_in_month(text.str.slice(0, 4), text.str.slice(5, 2))
        last = nw.concat_str(nw.lit("-"), days.cast(nw.String))
        completed = _by_what_is_known(whole, month, year, text, last, nw.lit("-12-31"))
    data = data.with_columns(**{into: completed.str.to_date("%Y-%m-%d")})
    if not_before and impute != "none":
        earliest, date = nw.col(not_before), nw.col(into)
        same_year = earliest.dt.year() == date.dt.year()
        possible = (month & same_year & (earliest.dt.month() == date.dt.month())) | (year & same_year)
        moved = nw.when(possible & (date < earliest)).then(earliest).otherwise(date)
        data = data.with_columns(**{into: moved})
    if flag:
        missing = nw.when(month).then(nw.lit("D")).otherwise(nw.when(year).then(nw.lit("M")))
        data = data.with_columns(**{flag: missing if impute != "none" else nw.lit(None, nw.String)})
    return data


def study_day(data: Frame, *, of: str, reference: str, into: str) -> Frame:
    """Count the days from a reference date, which is day 1; the day before it is day -1, and there is no day 0.

    Both may be dates or ISO 8601 texts; of a date that is not complete there is no study day (SDTMIG 3.4, 4.4.4).

    Examples
    --------
    YAML: ``- study_day: {of: AESTDTC, reference: RFSTDTC, into: AESTDY}``

    >>> import polars as pl
    >>> ae = nw.from_native(pl.LazyFrame({"DTC": ["2014-03-04", "2014-03-05", "2014-03"], "RF": ["2014-03-05"] * 3}))
    >>> study_day(ae, of="DTC", reference="RF", into="DY").collect()["DY"].to_list()
    [-1, 1, None]
    """
    schema = data.collect_schema()
    day, first = (
        nw.col(name) if schema[name] != nw.String else expression(f"date({name})", data) for name in (of, reference)
    )
    since = day_number(day, data) - day_number(first, data)
    return data.with_columns(**{into: nw.when(since >= 0).then(since + 1).otherwise(since)})


def _pattern(layout: str) -> str:
    pattern = re.escape(layout)
    for part, matched in _PARTS.items():
        pattern = pattern.replace(part, matched)
    return f"^{pattern}$"


def _in_order(layout: str) -> nw.Expr:
    """Put a date's parts into ISO order, with -- for a part that is not known."""
    if not set(re.findall("[A-Z]+", layout)) <= set(_PARTS) or "YYYY" not in layout:
        raise SpecificationError(f"{layout!r} is no layout of a date", mend="make it of YYYY, MM or MON, and DD")
    found = {part: nw.col("__written").str.slice(layout.index(part), len(part)) for part in _PARTS if part in layout}
    pieces: list[nw.Expr] = [found["YYYY"]]
    month = _month_number(found["MON"]) if "MON" in found else found.get("MM")
    for piece in (month, found.get("DD")):
        if piece is not None:
            unknown = piece.str.to_uppercase() == "UN"
            pieces.append(nw.when(unknown).then(nw.lit("--")).otherwise(piece))
    return nw.concat_str(pieces, separator="-", ignore_nulls=False)


def _month_number(name: nw.Expr) -> nw.Expr:
    numbers = {month: f"{index:02}" for index, month in enumerate(_MONTHS, start=1)}
    return name.str.to_uppercase().replace_strict({**numbers, "UNK": "--"}, default="??", return_dtype=nw.String)


def _on_the_calendar(date: nw.Expr) -> nw.Expr:
    year, month, day = date.str.slice(0, 4), date.str.slice(5, 2), date.str.slice(8, 2)
    real_month = month.is_in([f"{number:02}" for number in range(1, 13)])
    real_day = (_as_number(day) >= 1) & (_as_number(day) <= _days_in_month(year, month))
    no_month, no_day = month.is_in(["", "--"]), day.is_in(["", "--"])
    any_day = (_as_number(day) >= 1) & (_as_number(day) <= 31)
    return (real_month & (no_day | real_day)) | (no_month & (no_day | any_day))


def _as_number(text: nw.Expr) -> nw.Expr:
    return nw.when(text.str.contains(r"^\d+$")).then(text).otherwise(nw.lit("0")).cast(nw.Int64)


def _days_in_month(year: nw.Expr, month: nw.Expr) -> nw.Expr:
    number = _as_number(year)
    leap = ((number % 4 == 0) & (number % 100 != 0)) | (number % 400 == 0)
    february = nw.when(leap).then(nw.lit(29)).otherwise(nw.lit(28))
    short = nw.when(month.is_in(["04", "06", "09", "11"])).then(nw.lit(30)).otherwise(nw.lit(31))
    return nw.when(month == "02").then(february).otherwise(short)


def _by_what_is_known(
    whole: nw.functions.Then, month: nw.Expr, year: nw.Expr, text: nw.Expr, day: nw.Expr, month_and_day: nw.Expr
) -> nw.Expr:
    by_year = nw.when(year).then(nw.concat_str(text, month_and_day))
    return whole.otherwise(nw.when(month).then(nw.concat_str(text, day)).otherwise(by_year))
