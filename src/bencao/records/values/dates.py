"""Dates and times as hospitals write them: year first, day first, two-digit years, Chinese characters and numerals."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

Order = Literal["dmy", "mdy", ""]

_WIDE = str.maketrans("０１２３４５６７８９／－．：　", "0123456789/-.: ")
_NUMERALS = {
    "〇": 0,
    "零": 0,
    "○": 0,
    "一": 1,
    "二": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
    "元": 1,
}
_CHINESE = re.compile(
    r"([〇零○一二三四五六七八九]{2,4})年(?:([元一二三四五六七八九十]{1,3})月)?(?:([元一二三四五六七八九十]{1,3})[日号])?"
)
_TIME = (
    r"(?:[T\s]*(\d{1,2})\s*[:时點点]\s*(\d{1,2})?\s*分?(?:[:\s]*(\d{1,2})(?:\.\d+)?\s*秒?)?)?\s*(Z|[+-]\d{2}:?\d{2})?"
)
_YEAR_FIRST = re.compile(rf"(\d{{4}})\s*[-/.年]\s*(\d{{1,2}})\s*[-/.月]\s*(\d{{1,2}})\s*[日号]?{_TIME}")
_COMPACT = re.compile(rf"(\d{{4}})(\d{{2}})(\d{{2}}){_TIME}")
_STAMP = re.compile(r"(\d{4})(\d{2})(\d{2})(\d{2})(\d{2})(\d{2})?")
_SHORT_CHINESE = re.compile(rf"(\d{{2}})年(\d{{1,2}})月(\d{{1,2}})[日号]{_TIME}")
_YEAR_LAST = re.compile(rf"(\d{{1,2}})\s*([-/.])\s*(\d{{1,2}})\s*\2\s*(\d{{4}}|\d{{2}}){_TIME}")
_PARTIAL = re.compile(r"\d{4}(?:[-/.年]\s*\d{1,2}\s*月?)?年?")


@dataclass(frozen=True)
class Moment:
    """A date, with its time where one was written.

    Attributes
    ----------
    day : date or None
    hour, minute, second : int
    reason : str
        Why there is none: ``not_a_date``, ``no_such_day``, ``partial_date``, ``ambiguous_date``.
    note : str
        ``two_digit_year`` where the century was inferred.
    """

    day: date | None
    hour: int = 0
    minute: int = 0
    second: int = 0
    reason: str = ""
    note: str = ""

    @property
    def at(self) -> datetime | None:
        """Date and time; midnight where no time was written."""
        if self.day is None:
            return None
        return datetime(self.day.year, self.day.month, self.day.day, self.hour, self.minute, self.second)


def read_moment(text: str, order: Order = "", latest: int = 2030) -> Moment:
    """Read a date, with or without a time.

    Parameters
    ----------
    text : str
    order : {"dmy", "mdy", ""}
        Where day or month comes first; without it ``3/4/2020`` is ambiguous and refused, ``13/4/2020`` is not. With
        points between them the day comes first.
    latest : int
        Last year that a year of two digits may mean: beyond it the century before is meant.

    Returns
    -------
    Moment

    Examples
    --------
    >>> read_moment("二〇二三年十二月五日").day, read_moment("3/4/2020").reason
    (datetime.date(2023, 12, 5), 'ambiguous_date')
    """
    told = text.strip().translate(_WIDE)
    if not told:
        return Moment(None, reason="not_a_date")
    if (chinese := _CHINESE.fullmatch(told)) is not None:
        return _chinese(chinese, latest)
    for pattern in (_YEAR_FIRST, _COMPACT, _SHORT_CHINESE):
        if found := pattern.fullmatch(told):
            year, month, day, *time = found.groups()
            return _made(year, month, day, time, latest)
    if found := _STAMP.fullmatch(told):
        year, month, day, *time = found.groups()
        return _made(year, month, day, [*time, None], latest)
    if found := _YEAR_LAST.fullmatch(told):
        one, mark, other, year, *time = found.groups()
        return _year_last(one, other, year, time, order or ("dmy" if mark == "." else ""), latest)
    return Moment(None, reason="partial_date" if _PARTIAL.fullmatch(told) else "not_a_date")


def _year_last(one: str, other: str, year: str, time: list[str | None], order: Order, latest: int) -> Moment:
    first, second = int(one), int(other)
    if not order:
        if first > 12 and second <= 12:
            order = "dmy"
        elif second > 12 and first <= 12:
            order = "mdy"
        elif first == second:
            order = "dmy"
        else:
            return Moment(None, reason="ambiguous_date")
    day, month = (one, other) if order == "dmy" else (other, one)
    return _made(year, month, day, time, latest)


def _made(year: str, month: str, day: str, time: list[str | None], latest: int) -> Moment:
    century = len(year) == 2
    told = _full_year(int(year), latest) if century else int(year)
    hour, minute, second = (int(part or 0) for part in (*time[:3], None, None, None)[:3])
    try:
        found = date(told, int(month), int(day))
        datetime(1, 1, 1, hour, minute, second)
    except ValueError:
        return Moment(None, reason="no_such_day")
    return Moment(found, hour, minute, second, note="two_digit_year" if century else "")


def _full_year(year: int, latest: int) -> int:
    found = latest - latest % 100 + year
    return found if found <= latest else found - 100


def _chinese(found: re.Match[str], latest: int) -> Moment:
    year, month, day = found.groups()
    if month is None or day is None:
        return Moment(None, reason="partial_date")
    digits = "".join(str(_NUMERALS[letter]) for letter in year)
    return _made(digits, str(_tens(month)), str(_tens(day)), [], latest)


def _tens(text: str) -> int:
    """A Chinese numeral from 1 to 99: 十二, 二十, 三十一."""
    before, ten, after = text.partition("十")
    if not ten:
        return _NUMERALS.get(text, 0)
    return (_NUMERALS[before] if before else 1) * 10 + (_NUMERALS[after] if after else 0)
