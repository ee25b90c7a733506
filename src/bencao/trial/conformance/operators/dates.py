"""Operators over dates, times and durations in ISO 8601 as SDTM writes them, partial ones among them."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import lru_cache
from typing import Any

import polars as pl

from bencao.trial.conformance.operators.columns import Columns, Compiler, by_pair, by_value
from bencao.trial.conformance.rule import Comparison


class Precision(IntEnum):
    """Last component that a date gives."""

    YEAR, MONTH, DAY, HOUR, MINUTE, SECOND, FRACTION = range(7)


# A missing component is a hyphen (SDTMIG 3.4, section 4.4.2); an interval is two dates with a slash.
_TIME = (
    r"(T(?P<hour>2[0-3]|[01]\d|-)(:(?P<minute>[0-5]\d|-)(:(?P<second>[0-5]\d|-)?(\.(?P<fraction>\d+))?)?)?"
    r"(?P<zone>Z|[+-](2[0-3]|[01]\d):[0-5]\d)?)?"
)
_DATE = r"(?P<year>-?\d{4}|-)(-{1,2}(?P<month>1[0-2]|0[1-9]|-))?(-{1,2}(?P<day>3[01]|0[1-9]|[12]\d|-))?" + _TIME
_TIME_ONLY = "-{4,8}" + _TIME.removeprefix("(").removesuffix(")?")


def _unnamed(pattern: str) -> str:
    return re.sub(r"\?P<\w+>", "?:", pattern)


_ISO = re.compile(f"{_DATE}(/{_unnamed(_DATE)})?", re.ASCII)
_ISO_TIME = re.compile(_TIME_ONLY, re.ASCII)
_UNCERTAIN = ("/", "--", "-:")
_COMPONENTS = ("year", "month", "day", "hour", "minute", "second", "fraction")
_LEAST = (1970, 1, 1, 0, 0, 0)


@dataclass(frozen=True)
class IsoDate:
    """A date with its precision.

    Attributes
    ----------
    start : datetime
        In UTC, what is missing set to the least.
    precision : Precision or None
        None where even the year is missing.
    """

    start: datetime
    precision: Precision | None

    def cut(self, precision: Precision) -> datetime:
        """The date with what is finer than the precision set to the least."""
        kept = self.start.timetuple()[: min(precision, Precision.SECOND) + 1]
        fraction = self.start.microsecond if precision == Precision.FRACTION else 0
        year, month, day, hour, minute, second = (*kept, *_LEAST[len(kept) :])
        return datetime(year, month, day, hour, minute, second, fraction, tzinfo=UTC)


@lru_cache(maxsize=200_000)
def parse_iso_date(text: str) -> IsoDate | None:
    """Read a date, time or interval (its start) as SDTM writes it; None where it is none.

    Parameters
    ----------
    text : str
        Such as ``2003-12-15T13:14``, ``2003-12``, ``2003---15`` or ``--12-15``.

    Returns
    -------
    IsoDate or None

    Examples
    --------
    >>> parse_iso_date("2003-12").precision.name
    'MONTH'
    >>> parse_iso_date("31-Feb-2014") is None, parse_iso_date("2014-02-31") is None
    (True, True)
    """
    found = _ISO.fullmatch(text) or _ISO_TIME.fullmatch(text)
    if found is None:
        return None
    groups = found.groupdict()
    given = [None if groups.get(name) in (None, "", "-") else groups[name] for name in _COMPONENTS]
    numbers = [int(part) if part is not None else least for part, least in zip(given[:6], _LEAST, strict=True)]
    fraction = round(float(f"0.{given[6]}") * 1e6) if given[6] else 0
    try:
        start = datetime(*numbers, min(fraction, 999_999), tzinfo=UTC)  # type: ignore[arg-type, misc]
    except ValueError:  # no such day in the calendar
        return None
    missing = next((place for place, part in enumerate(given) if part is None), 7)
    if not any(part in text for part in _UNCERTAIN) and any(given[missing:]):
        return None  # a component left out without a hyphen in its place
    return IsoDate(start - _offset(groups.get("zone")), Precision(missing - 1) if missing else None)


def _offset(zone: str | None) -> timedelta:
    if not zone or zone == "Z":
        return timedelta()
    hours, minutes = zone[1:].split(":")
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    return -offset if zone[0] == "-" else offset


def parse_complete_date(text: str) -> datetime | None:
    """Date and, if given, time of a text in ISO 8601 that has year, month and day; None where it has not."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


# ISO 8601 durations: years to seconds, or weeks; a decimal only in the smallest unit given.
_DURATION = re.compile(
    r"-?P(?!$)(?:(?P<Y>\d+(?:[.,]\d*)?Y)?,?(?P<M>\d+(?:[.,]\d*)?M)?,?(?P<D>\d+(?:[.,]\d*)?D)?,?"
    r"(?P<T>T(?=\d)(?P<h>\d+(?:[.,]\d*)?H)?,?(?P<m>\d+(?:[.,]\d*)?M)?,?(?P<s>\d+(?:[.,]\d*)?S)?)?|"
    r"(?P<W>\d+(?:[.,]\d*)?W))",
    re.ASCII,
)


def is_duration(text: str, negative: bool) -> bool:
    """Whether a text is a duration in ISO 8601; one with a leading minus only where it may be negative."""
    found = _DURATION.fullmatch(text)
    if found is None or (text.startswith("-") and not negative):
        return False
    units = [found[name] for name in ("Y", "M", "W", "D", "h", "m", "s") if found[name]]
    if found["T"] and not any(found[name] for name in ("h", "m", "s")):
        return False
    return not any("." in unit or "," in unit for unit in units[:-1])


def invalid_date(test: Comparison, columns: Columns) -> pl.Expr:
    """No date in ISO 8601; something missing is none either."""
    target = columns.require(test.target)
    return by_value(
        target, columns.dtype(target), lambda value: not isinstance(value, str) or parse_iso_date(value) is None
    )


def invalid_duration(test: Comparison, columns: Columns) -> pl.Expr:
    """No duration in ISO 8601; something missing is none either."""
    negative = test.options.get("negative") is not False
    target = columns.require(test.target)
    return by_value(target, columns.dtype(target), lambda value: not is_duration(str(value), negative))


def is_complete_date(test: Comparison, columns: Columns) -> pl.Expr:
    """Year, month and day are given."""
    target = columns.require(test.target)
    return by_value(
        target,
        columns.dtype(target),
        lambda value: isinstance(value, str) and parse_complete_date(value) is not None,
    )


def _compared(compare: Callable[[Any, Any], bool], component: str | None) -> Callable[[Any, Any], bool]:
    def holds(left: Any, right: Any) -> bool:
        if not isinstance(left, str) or not isinstance(right, str):
            return False
        first, second = parse_iso_date(left), parse_iso_date(right)
        if first is None or second is None:
            return False
        if component not in (None, "auto"):
            return compare(getattr(first.start, str(component)), getattr(second.start, str(component)))
        if first.precision is None or second.precision is None:
            return False
        if component is None and first.precision != second.precision and compare in (operator.eq, operator.ne):
            return compare is operator.ne
        common = min(first.precision, second.precision)
        return compare(first.cut(common), second.cut(common))

    return holds


def _date(compare: Callable[[Any, Any], bool]) -> Compiler:
    def compiled(test: Comparison, columns: Columns) -> pl.Expr:
        target = columns.require(test.target)
        value, is_column = columns.other(test)
        right = pl.col(value) if is_column else pl.lit(value)
        return by_pair(pl.col(target), right, _compared(compare, test.options.get("date_component")))

    return compiled


OPERATORS: dict[str, Compiler] = {
    "invalid_date": invalid_date,
    "invalid_duration": invalid_duration,
    "is_complete_date": is_complete_date,
    "date_equal_to": _date(operator.eq),
    "date_not_equal_to": _date(operator.ne),
    "date_less_than": _date(operator.lt),
    "date_less_than_or_equal_to": _date(operator.le),
    "date_greater_than": _date(operator.gt),
    "date_greater_than_or_equal_to": _date(operator.ge),
}
NEGATED = {"is_incomplete_date": "is_complete_date"}
