"""Dates moved by a patient's days, written in the form they had."""

from __future__ import annotations

import re
from datetime import date, timedelta

from bencao.records.deidentify.finding.dates import Written


def _listed(line: str) -> tuple[str, ...]:
    return tuple(line.split())


_MONTHS = _listed("January February March April May June July August September October November December")
_HAN = "〇一二三四五六七八九"
_VALUES = {
    **{sign: value for value, sign in enumerate(_HAN)},
    "零": 0,
    "○": 0,
    "两": 2,
    "正": 1,
    "元": 1,
    "冬": 11,
    "腊": 12,
}


def reference_year(written: list[tuple[str, Written]]) -> int:
    """The year that dates without one are taken for: the first whole year among a note's dates, else 2023.

    Parameters
    ----------
    written : list of (str, Written)
        Texts with their dates.
    """
    for text, one in written:
        for name, start, end in one.parts:
            if name == "y" and (value := _number(text[start:end])) is not None:
                return _full_year(value, text[start:end])
    return 2023


def moved(text: str, written: Written, days: int, year: int) -> str | None:
    """A date moved by days, in the form it has in the text.

    Parameters
    ----------
    text : str
        In `plain` form.
    written : Written
    days : int
    year : int
        What a date without year is taken for.

    Returns
    -------
    str or None
        None where no such day exists or it cannot be read.
    """
    values = {name: _value(name, text[start:end]) for name, start, end in written.parts}
    if not values or None in values.values():
        return None
    old = _as_date(values, written, text, year)
    if old is None:
        return None
    try:
        new = old + timedelta(days=days)
    except OverflowError:
        return None
    order = _order(values)
    place, pieces = written.span.start, []
    for name, start, end in sorted(written.parts, key=lambda part: part[1]):
        pieces += [text[place:start], _in_form(order.get(name, name), text[start:end], new)]
        place = end
    tail = text[place : written.span.end]
    return "".join([*pieces, _ordinal(tail, new)])


def _value(name: str, words: str) -> int | None:
    if name == "n":
        return next(
            (place for place, month in enumerate(_MONTHS, 1) if month.lower().startswith(words[:3].lower())), None
        )
    return _number(words)


def _number(words: str) -> int | None:
    words = words.lstrip("'")
    if words.isascii():
        return int(words) if words.isdigit() else None
    words = words.removeprefix("初")
    if words.startswith("廿"):
        words = "二十" + words[1:]
    if "十" in words:
        tens, ones = words.split("十", 1)
        return (_VALUES.get(tens, 1) if tens else 1) * 10 + (_VALUES.get(ones, 0) if ones else 0)
    digits = [_VALUES.get(sign) for sign in words]
    if None in digits:
        return None
    return digits[0] if len(digits) == 1 else int("".join(str(digit) for digit in digits))


def _full_year(value: int, words: str) -> int:
    return value if len(words.lstrip("'")) > 2 else value + (2000 if value < 50 else 1900)


def _order(values: dict[str, int | None]) -> dict[str, str]:
    """Which of a and b is the month: the first, unless it cannot be one."""
    if "a" not in values:
        return {}
    return {"a": "d", "b": "m"} if (values["a"] or 0) > 12 else {"a": "m", "b": "d"}


def _as_date(values: dict[str, int | None], written: Written, text: str, year: int) -> date | None:
    named = {_order(values).get(name, name): value for name, value in values.items()}
    raw = next((text[start:end] for name, start, end in written.parts if name == "y"), "")
    known = named.get("y")
    month = named.get("m", named.get("n", 7))
    day = named.get("d", 15 if len(named) > 1 else 1)
    try:
        return date(_full_year(known, raw) if known is not None else year, month or 0, day or 0)
    except ValueError:
        return None


def _in_form(name: str, words: str, new: date) -> str:
    if name == "n":
        return _month_in_form(words, new)
    value = {"y": new.year, "m": new.month, "d": new.day}[name]
    mark = "'" if words.startswith("'") else ""
    words = words.lstrip("'")
    if words.isascii():
        if name == "y":
            return mark + str(value)[-len(words) :]
        return f"{value:02d}" if len(words) == 2 and (words[0] == "0" or value < 10) else str(value)
    if name == "y":
        zero = "零" if "零" in words else "〇"
        return "".join(_HAN[int(digit)] for digit in str(value)[-len(words) :]).replace("〇", zero)
    return _han_number(value, lunar=words.startswith("初"))


def _han_number(value: int, *, lunar: bool) -> str:
    tens, ones = divmod(value, 10)
    if lunar and value <= 10:
        return "初" + ("十" if value == 10 else _HAN[ones])
    return ("" if tens == 0 else "十" if tens == 1 else _HAN[tens] + "十") + (_HAN[ones] if ones else "")


def _month_in_form(words: str, new: date) -> str:
    full = _MONTHS[new.month - 1]
    month = full if len(words) > 4 or (len(words) == 4 and words.lower() in ("june", "july")) else full[:3]
    return month.upper() if words.isupper() else month.lower() if words.islower() else month


def _ordinal(tail: str, new: date) -> str:
    if not re.fullmatch(r"(?:st|nd|rd|th)", tail, re.IGNORECASE):
        return tail
    return "th" if 10 < new.day < 20 else {1: "st", 2: "nd", 3: "rd"}.get(new.day % 10, "th")
