"""Values that cannot be: dates that are none or lie ahead, ages and measures beyond any person's."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from datetime import UTC, datetime

from bencao.safety.e2b.elements import elements
from bencao.safety.e2b.occurrence import Occurrence
from bencao.safety.errors import ImplausibleValue

# E2B(R3) implementation guide, appendix II: CCYY[MM[DD[hh[mm[ss[.SSSS]]]]]] and an offset from UTC.
_DATE = re.compile(r"(\d{4})(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:(\d\d)(?:\.\d{1,4})?)?)?)?)?)?(?:[+-]\d{2,4})?")
# Years in one of a unit (UCUM), and more years, kg or cm than any person has had.
_YEARS = {"a": 1.0, "mo": 1 / 12, "wk": 1 / 52.18, "d": 1 / 365.25, "h": 1 / 8766, "10.a": 10.0}
_OLDEST, _HEAVIEST, _TALLEST = 130.0, 700.0, 280.0
_AGES = {"D.2.2a": "D.2.2b", "D.10.2.2a": "D.10.2.2b"}
_MEASURES = {"D.3": (_HEAVIEST, "kg"), "D.10.4": (_HEAVIEST, "kg"), "D.4": (_TALLEST, "cm"), "D.10.5": (_TALLEST, "cm")}


def implausible(given: Iterable[Occurrence], now: datetime | None = None) -> list[ImplausibleValue]:
    """Find values of a report that cannot be true.

    Parameters
    ----------
    given : iterable of Occurrence
    now : datetime, optional
        Dates after it, by more than the day that time zones may differ, lie in the future.

    Returns
    -------
    list of ImplausibleValue
        `where` names the data element and its repeats.
    """
    values = list(given)
    told = {(each.element, each.repeats): each.value for each in values}
    today = now or datetime.now(UTC)
    found = []
    for each in values:
        element = elements().get(each.element)
        if not each.value or element is None:
            continue
        at = f"{each.element}{list(each.repeats) if each.repeats else ''}"
        cause, mend = "", ""
        if element.kind == "date":
            cause, mend = _date_fault(each.value, today), "correct the date"
        elif each.element in _AGES:
            unit = told.get((_AGES[each.element], each.repeats), "a")
            cause, mend = _age_fault(each.value, unit), "correct the age or its unit"
        elif each.element in _MEASURES:
            cause, mend = _measure_fault(each.value, *_MEASURES[each.element]), "correct the number; the unit is fixed"
        if cause:
            found.append(ImplausibleValue(cause, where=at, mend=mend))
    return found


def _date_fault(text: str, now: datetime) -> str:
    match = _DATE.fullmatch(text)
    if match is None:
        return f"{text!r} is no date of the form CCYYMMDDhhmmss"
    year, month, day, hour, minute, second = (int(part) if part else None for part in match.groups()[:6])
    assert year is not None
    if month is not None and not 1 <= month <= 12:
        return f"{text!r} has no such month"
    if day is not None and not 1 <= day <= calendar.monthrange(max(year, 1), month or 1)[1]:
        return f"{text!r} has no such day"
    if (hour or 0) > 23 or (minute or 0) > 59 or (second or 0) > 59:
        return f"{text!r} has no such time"
    limit = f"{now:%Y%m%d}"
    written = re.match(r"\d+", text[:8])
    digits = written[0] if written else ""
    if digits > limit[: len(digits)] and (len(digits) < 8 or _days_ahead(digits, now) > 1):
        return f"{text!r} lies in the future"
    if year < 1880:
        return f"{text!r} lies before any living memory"
    return ""


def _days_ahead(digits: str, now: datetime) -> int:
    return (datetime.strptime(digits, "%Y%m%d").date() - now.date()).days


def _age_fault(text: str, unit: str) -> str:
    number = _number(text)
    if number is None or number < 0:
        return f"an age of {text!r} is no number"
    if unit not in _YEARS:
        return ""  # that the unit is not allowed is for the validation to say
    return f"an age of {text} {unit} is beyond any person's" if number * _YEARS[unit] > _OLDEST else ""


def _measure_fault(text: str, most: float, unit: str) -> str:
    number = _number(text)
    if number is None or number <= 0:
        return f"{text!r} {unit} is no measure"
    return f"{text} {unit} is beyond any person's" if number > most else ""


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if value == value and abs(value) < 1e12 else None
