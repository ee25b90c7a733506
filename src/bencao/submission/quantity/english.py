"""Numbers in English text: digits, number words, scales, fractions, ordinals, decades, months."""

from __future__ import annotations

import re
from dataclasses import replace

from bencao.submission.quantity.digits import (
    BARE_POWER,
    NUMBER,
    PLAIN,
    POWER,
    VULGAR,
    readings_of_code,
    simple,
    value_of,
)
from bencao.submission.quantity.quantity import Quantity, Value
from bencao.submission.quantity.spelled import Reading
from bencao.submission.quantity.units import names, pattern
from bencao.submission.quantity.words import CARDINALS, LOOSE, MAGNITUDES, MONTHS, ORDINALS, PARTS, ROMAN, SCALES

_WORDS = "|".join(sorted({*CARDINALS, *SCALES, "hundred", "dozen", *ORDINALS, *PARTS, *LOOSE}, key=len, reverse=True))
_TOKEN = re.compile(
    rf"(?P<power>{BARE_POWER})"
    rf"|(?P<number>{NUMBER}{POWER}?)(?P<ordinal>(?:st|nd|rd|th)\b)?"
    rf"|\b(?P<word>(?i:{_WORDS}))\b"
    r"|\b(?P<month>(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)(?![a-z]))\.?"
    rf"|(?P<vulgar>[{''.join(VULGAR)}])"
    r"|\b(?P<roman>II|III|IV|VI|VII|VIII|IX)\b"
)
_UNIT = re.compile(rf"(?:\s?-?\s?)(?:an?\s)?(?P<unit>{pattern('en')})")
_JOIN = re.compile(r"[\s-]+(?:and[\s-]+)?(?:an?[\s-]+)?|(?:\s+and)?\s*", re.IGNORECASE)
_CURRENCY = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY"}
# What stands around the name of a month where it is one: May, March and June are other words too.
_DATED = re.compile(r"[\s,-]*\d")
_PREPOSED = re.compile(
    r"(?:\d|\b(?:in|of|by|since|until|till|from|to|and|early|late|mid|last|next|this|through|during|between|before|after"
    r"|on|around))[\s-]*$"
)
# Letters behind digits that make no code of them: 5x, 50k, 2nd, 8pm.
_AFTER_DIGITS = frozenset({"s", "x", "k", "K", "M", "B", "b", "st", "nd", "rd", "th", "am", "pm", "bn", "mn"})
_DECADE = re.compile(r"'?s\b")
_LETTERS = re.compile(r"[A-Za-z\u0370-\u03ff]+$")
_LETTERS_HYPHEN = re.compile(r"([A-Za-z\u0370-\u03ff]+)-$")
_CENTURY = re.compile(r"[\s-]+centur(?:y|ies)\b", re.IGNORECASE)


def read_english(text: str) -> list[Quantity]:
    """Find the numbers of an English text.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of Quantity
        In the order of the text.

    Examples
    --------
    >>> [(str(found.values[0]), found.unit) for found in read_english("Half a million took 12.5 mg within two weeks.")]
    [('500000', ''), ('25/2', 'mg'), ('2', 'wk')]
    """
    plain = text.translate(PLAIN)
    tokens = list(_TOKEN.finditer(plain))
    found: list[Quantity] = []
    index = 0
    while index < len(tokens):
        quantity, used = _read(plain, tokens, index)
        index += used
        if quantity is not None:
            found.append(quantity)
    return _carry_on(plain, found)


def _read(plain: str, tokens: list[re.Match[str]], index: int) -> tuple[Quantity | None, int]:
    token = tokens[index]
    kind = token.lastgroup
    start, end = token.span()
    if kind == "month":
        return _month(plain, token), 1
    if kind == "roman":
        return Quantity(start, end, token.group(), (ROMAN[token.group()],), required=False), 1
    if token["number"] and not token["ordinal"]:
        code = _code(plain, start, end)
        if code:
            return Quantity(start, end, token.group(), readings_of_code(code, value_of(token["number"])), code=code), 1
        if (decade := _DECADE.match(plain, end)) and "," not in token.group():
            return _decade(token, decade.end()), 1
    if kind == "word" and token.group().lower() in LOOSE:
        word = token.group().lower()
        if word in MAGNITUDES:
            return _magnitude(plain, tokens, index)
        return Quantity(start, end, token.group(), (LOOSE[word],), required=False), 1
    return _number(plain, tokens, index)


def _magnitude(plain: str, tokens: list[re.Match[str]], index: int) -> tuple[Quantity, int]:
    """``thousands``, ``tens of thousands``: the order of magnitude alone is told."""
    token, used = tokens[index], 1
    value, end = LOOSE[token.group().lower()], token.end()
    if index + 1 < len(tokens) and (plain[end : tokens[index + 1].start()]) == " of ":
        following = tokens[index + 1].group().lower()
        if following in MAGNITUDES:
            value, end, used = value * LOOSE[following], tokens[index + 1].end(), 2
    return Quantity(token.start(), end, plain[token.start() : end], (value,), required=False, vague=True), used


def _number(plain: str, tokens: list[re.Match[str]], index: int) -> tuple[Quantity | None, int]:
    """A number of one or several tokens: ``2.5 million``, ``one hundred and five``, ``half a million``."""
    first = tokens[index]
    reading = Reading(first)
    used = 1
    while index + used < len(tokens):
        previous, token = tokens[index + used - 1], tokens[index + used]
        between = plain[previous.end() : token.start()]
        if not _JOIN.fullmatch(between) or not reading.take(token, between):
            break
        used += 1
    start, end = first.start(), tokens[index + used - 1].end()
    quantity = Quantity(start, end, plain[start:end], reading.values(), required=reading.required)
    if first["number"] and used == 1:
        quantity = _abbreviated(plain, quantity)
    return _with_unit(plain, quantity), used


def _abbreviated(plain: str, quantity: Quantity) -> Quantity:
    """Other readings of digits: 50k, $5m, 8 p.m.; 24/7 need not be told."""
    value = quantity.values[0]
    scale = _LETTER_SCALE.match(plain, quantity.end)
    if scale and (scale[1] in "kK" or plain[max(0, quantity.start - 1) : quantity.start] in _CURRENCY):
        times = {"k": 10**3, "m": 10**6, "b": 10**9}[scale[1].lower()]
        return replace(quantity, end=scale.end(), values=(simple(value * times), value))
    if value < 12 and _AFTERNOON.match(plain, quantity.end):
        return replace(quantity, values=(value, value + 12))
    if quantity.text == "00" and plain[max(0, quantity.start - 1) : quantity.start] == ":":  # 8:00
        return replace(quantity, required=False)
    if plain[max(0, quantity.start - 2) : quantity.start] == "&#":  # a character of HTML
        return replace(quantity, required=False)
    if _ALWAYS.search(plain, max(0, quantity.start - 3), min(len(plain), quantity.end + 2)):
        return replace(quantity, required=False)
    return quantity


_LETTER_SCALE = re.compile(r"([kKmMbB])(?![A-Za-z])")
_AFTERNOON = re.compile(r"(?::\d\d)?\s?p\.?m\b", re.IGNORECASE)
_ALWAYS = re.compile(r"\b24/7\b")


def _code(plain: str, start: int, end: int) -> str:
    """Letters that the digits belong to: H of H1N1, COVID of COVID-19; "" where they count or measure."""
    before = _LETTERS.search(plain, max(0, start - 24), start)
    if before:
        return before.group()
    hyphened = _LETTERS_HYPHEN.search(plain, max(0, start - 24), start)
    if hyphened and any(letter.isupper() for letter in hyphened[1]) and hyphened[1] not in MONTHS:
        return hyphened[1]
    if end < len(plain) and plain[end].isalpha() and plain[end].isascii():
        letters = re.compile(r"[A-Za-z]+").match(plain, end)
        name = letters.group() if letters else ""
        if name in ("s", "x", "k", "K", "M", "B", "b", "st", "nd", "rd", "th", "am", "pm", "bn", "mn") or name in names(
            "en"
        ):
            return ""
        return name
    return ""


def _decade(token: re.Match[str], end: int) -> Quantity:
    value = int(value_of(token["number"]))
    values: tuple[Value, ...] = (value, value % 100) if value > 1000 else (value, 1900 + value, 2000 + value)
    if value > 1000 and value % 100 == 0:
        values = (value, value // 100 + 1)
    return Quantity(token.start(), end, token.group(), values)


def _month(plain: str, token: re.Match[str]) -> Quantity:
    name = token["month"]
    start, end = token.span()
    told = bool(_DATED.match(plain, end) or _PREPOSED.search(plain, max(0, start - 12), start))
    return Quantity(start, end, token.group(), (MONTHS[name],), unit="month of the year", required=told)


def _with_unit(plain: str, quantity: Quantity) -> Quantity:
    if _CENTURY.match(plain, quantity.end):
        return replace(quantity, unit="century")
    unit = _UNIT.match(plain, quantity.end)
    if unit:
        return replace(quantity, unit=names("en")[unit["unit"]])
    before = plain[max(0, quantity.start - 1) : quantity.start]
    if before in _CURRENCY:
        return replace(quantity, unit=_CURRENCY[before])
    if (counted := _COUNTED.search(plain, max(0, quantity.start - 12), quantity.start)) is not None:
        return replace(quantity, unit=_TIMES[counted[1][0].lower()])  # week 12, day 1
    if _is_year(plain, quantity) or _AGED.search(plain, max(0, quantity.start - 10), quantity.start):
        return replace(quantity, unit="yr")
    if _DAY_BEFORE.match(plain, quantity.end) or _DAY_AFTER.search(plain, max(0, quantity.start - 16), quantity.start):
        return replace(quantity, unit=DAY) if quantity.text[0].isdigit() and quantity.values[0] <= 31 else quantity
    return quantity


def _is_year(plain: str, quantity: Quantity) -> bool:
    value = quantity.values[0]
    if not isinstance(value, int) or len(quantity.text) != 4 or not quantity.text.isdigit():
        return False
    if _ERA.match(plain, quantity.end):
        return True
    return 1500 <= value <= 2100 and bool(_IN_YEAR.search(plain, max(0, quantity.start - 16), quantity.start))


DAY = "day of the month"
_MONTH_NAMES = "|".join(sorted(MONTHS, key=len, reverse=True))
_COUNTED = re.compile(r"\b([Ww]eek|[Dd]ay|[Mm]onth|[Yy]ear|[Hh]our)s?\s$")
_TIMES = {"w": "wk", "d": "d", "m": "mo", "y": "yr", "h": "h"}
_AGED = re.compile(r"\bage[ds]?\s(?:of\s|[<>≤≥]\s?)?$", re.IGNORECASE)
_DAY_BEFORE = re.compile(rf"\s(?:of\s)?(?:{_MONTH_NAMES})\b")
_DAY_AFTER = re.compile(rf"\b(?:{_MONTH_NAMES})\.?\s$")
_ERA = re.compile(r"\s(?:BCE?|CE|AD)\b")
_IN_YEAR = re.compile(
    rf"(?:\b(?:[Ii]n|of|since|by|from|until|till|before|after|around|late|early|mid|(?:{_MONTH_NAMES})\.?,?)[\s-]|\d,\s)$"
)


_RANGE = re.compile(r"\s*(?:-|~|to|and|or|,|/|±)\s*(?:[<>≤≥]\s*)?", re.IGNORECASE)
_SCALE_END = re.compile(rf"({'|'.join(SCALES)})$", re.IGNORECASE)


def _carry_on(plain: str, found: list[Quantity]) -> list[Quantity]:
    """Give the numbers of a range or a list what they share: unit and scale of the last, century of the first."""
    for index in range(len(found) - 2, -1, -1):
        one, two = found[index], found[index + 1]
        if one.code or two.code or not _RANGE.fullmatch(plain, one.end, two.start):
            continue
        first, second = one.values[0], two.values[0]
        scale = _SCALE_END.search(two.text)
        if scale and not _SCALE_END.search(one.text):  # 2 to 3 million
            one = replace(one, values=(*one.values, simple(first * SCALES[scale[1].lower()])))
        if len(one.text) == 4 and len(two.text) == 2 and 1800 < first < 2100 and first % 100 < second:  # 2010-11
            two = found[index + 1] = replace(two, values=(*two.values, first // 100 * 100 + second), unit=one.unit)
        if one.unit == DAY and not two.unit and second <= 31:  # March 4 and 5
            found[index + 1] = replace(two, unit=DAY)
        if not one.unit and two.unit != "month of the year":
            one = replace(one, unit=two.unit)
        found[index] = one
    return found
