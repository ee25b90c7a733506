"""Dates, whole or in part, English and Chinese; what no calendar has, or has two readings, is said and not guessed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from bencao.safety.intake.finding import Finding
from bencao.safety.intake.rules.numbers import CHINESE, number_of

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_PATTERNS = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("iso", rf"(?<![\d.-]){_YEAR}-(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})(?![\d-])"),
        ("zh.day", r"(?P<year>(?:19|20)\d\d)\s*年\s*(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号]"),
        ("zh.words", rf"(?P<year>[一二][〇○零一二三四五六七八九]{{3}})年(?P<month>{CHINESE})月"
                     rf"(?:(?P<day>{CHINESE})[日号])?"),
        ("zh.month", r"(?P<year>(?:19|20)\d\d)\s*年\s*(?P<month>\d{1,2})\s*月(?!\s*\d)"),
        ("zh.year", r"(?P<year>(?:19|20)\d\d)\s*年(?!\s*\d|[后前间内])"),
        ("zh.no_year", r"(?<!\d)(?P<month>\d{1,2})\s*月\s*(?P<day>\d{1,2})\s*[日号]"),
        ("year_first", rf"(?<![\d./]){_YEAR}(?P<sign>[./])(?P<month>\d{{1,2}})(?P=sign)(?P<day>\d{{1,2}})(?![\d/])"),
        ("en.day", rf"(?<![\d.])(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[ -](?:of )?{_MONTH}\.?,?[ -]{_YEAR}\b"),
        ("en.month_day", rf"\b{_MONTH}\.?[ -](?P<day>\d{{1,2}})(?:st|nd|rd|th)?,? {_YEAR}\b"),
        ("en.month", rf"\b{_MONTH}\.?,? {_YEAR}\b"),
        ("en.no_year", rf"\b(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th)? (?:of )?{_MONTH}|{_MONTH.replace('name', 'name2')}"
                       r" (?P<day2>\d{1,2})(?:st|nd|rd|th)?)\b(?!\s*(?:mg|ml|%))"),
        ("numbers", rf"(?<![\d./-])(?P<one>\d{{1,2}})(?P<sign>[./-])(?P<two>\d{{1,2}})(?P=sign){_YEAR}(?![\d/])"),
        ("en.year", rf"\b(?:in|since|during|of|from) {_YEAR}\b(?![-/])"),
    )
)  # fmt: skip


def find_dates(text: str) -> Iterator[Finding]:
    """Dates of a text, none within another.

    A day or month that the calendar lacks has the detail ``problem``, and so has ``03/04/2024``, which is of March
    or of April: both have no value. A date without its year has its month and day in `value` as ``--03-12``.
    """
    taken: list[tuple[int, int]] = []
    for name, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span()
            if name == "en.year":
                start = match.start("year")
            if any(start < other_end and end > other for other, other_end in taken):
                continue
            taken.append((start, end))
            value, problem = _numbers(match) if name == "numbers" else _value(match.groupdict())
            finding = Finding("date", ((start, end),), text[start:end], value, by=f"rule:date.{name}")
            yield finding.with_detail(problem=problem) if problem else finding


def _value(parts: dict[str, str | None]) -> tuple[str, str]:
    """ISO 8601 of a date's parts, and what is wrong with it."""
    year = _whole(parts.get("year"))
    named = parts.get("name") or parts.get("name2")
    month = _MONTHS.index(named[:3].lower()) + 1 if named else _whole(parts.get("month"))
    day = _whole(parts.get("day") or parts.get("day2"))
    if month is None:
        return (f"{year:04}", "") if year is not None else ("", "no date")
    try:
        # A leap year stands in for one that is not told.
        date(2000 if year is None else year, month, 1 if day is None else day)
    except ValueError:
        return "", "the calendar has no such day"
    if year is None:
        return f"--{month:02}-{day:02}", ""
    return (f"{year:04}-{month:02}" if day is None else f"{year:04}-{month:02}-{day:02}"), ""


def _numbers(match: re.Match[str]) -> tuple[str, str]:
    one, two = int(match["one"]), int(match["two"])
    readings = {
        value
        for day, month in ((one, two), (two, one))
        for value, wrong in (_value({"year": match["year"], "month": str(month), "day": str(day)}),)
        if not wrong
    }
    if len(readings) == 1:
        return readings.pop(), ""
    return "", "day and month can be read two ways" if readings else "the calendar has no such day"


def _whole(text: str | None) -> int | None:
    value = number_of(text) if text else None
    return None if value is None else int(value)
