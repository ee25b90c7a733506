"""Numbers and accounts that identify: identity cards, records, phones, cards, plates, mail and web addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from bencao.records.deidentify.finding.checks import is_card, is_nhs
from bencao.records.deidentify.finding.number_forms import (
    ACCOUNT,
    ACCOUNT_CUE,
    ACCOUNT_IN_BRACKETS,
    ALONE,
    BLEEP,
    CAPITAL,
    CARD,
    CERTIFICATE,
    DIGITS,
    EMAIL,
    ENDING,
    EXTENSION,
    GROUPS,
    HANDLE,
    IBAN,
    IDENTITY,
    LABEL,
    LATIN_LABELS,
    LETTERS_BEFORE,
    MASKED,
    MEASURED,
    MIXED,
    NATIONAL,
    NOT_NUMBER,
    NUMBER_WORDS,
    NUMBERED,
    PHONE_CUE,
    PLACE,
    PLATE,
    SERIES,
    SERIES_OF_VALUES,
    SOCIAL,
    SPELLED,
    SPELLED_IN_ENGLISH,
    STANDARD,
    THINGS,
    TRACE,
    UNIT,
    URL,
    URL_HINT,
    VALUE,
    VEHICLE,
    VEHICLE_CUE,
    ZONED,
)
from bencao.records.deidentify.finding.search.starts import Searched
from bencao.records.deidentify.span import Span
from bencao.records.values.id_cards import is_identity


def find(seen: Searched) -> Iterator[Span]:
    """Numbers and accounts of a text.

    Parameters
    ----------
    seen : Searched

    Yields
    ------
    Span
        Of the categories id, number, phone, email, url, account and plate.
    """
    text = seen.text
    if "@" in text or "at)" in text or "at]" in text:
        yield from _all(EMAIL.finditer(text), "email", "email", 1.0)
        yield from _all(seen.each(HANDLE), "account", "account.handle", 0.8)
    if seen.has(URL_HINT):
        yield from _all(URL.finditer(text), "url", "url", 0.95)
    if "_" in text:
        yield from _all(ACCOUNT.finditer(text), "account", "account.form", 0.75)
    yield from _all(seen.each(ACCOUNT_IN_BRACKETS), "account", "account.form", 0.75)
    yield from _all(seen.each(ACCOUNT_CUE), "account", "account.cue", 0.8, 1)
    yield from _all(seen.each(SOCIAL), "account", "account.label", 0.95, 1)
    yield from _all(seen.each(PLATE), "plate", "plate", 0.95)
    yield from _all(seen.each(CERTIFICATE), "id", "id.certificate", 0.8)
    yield from _digits(seen)
    yield from _labelled(seen)
    yield from _all(seen.each(SPELLED), "number", "number.spelled", 0.8)
    yield from _all(seen.each(SPELLED_IN_ENGLISH), "number", "number.spelled", 0.8)


def _all(finds: Iterable[re.Match[str]], category: str, rule: str, score: float, group: int = 0) -> Iterator[Span]:
    for found in finds:
        part = group if not group or found[group] else found.lastindex or group  # of patterns in several parts
        start, end = found.span(part)
        yield Span(start, end - len(found[part]) + len(found[part].rstrip(".,;")), category, rule, score)


def _digits(seen: Searched) -> Iterator[Span]:
    text = seen.text
    yield from _in_zone(seen)
    for found in seen.each(SERIES):
        digits = sum(sign.isdigit() for sign in found[0])
        letters = LETTERS_BEFORE.search(text, max(0, found.start() - 7), found.start()) if digits >= 5 else None
        if letters is None:
            continue
        start, words = letters.start(), text[letters.start() : found.end()]
        if not THINGS.match(words) and not MEASURED.match(words) and text[max(0, start - 2) : start] != "准字":
            yield Span(start, found.end(), "number", "number.series", 0.7)
    yield from _all(seen.each(VEHICLE), "id", "id.vehicle", 0.8)


def _in_zone(seen: Searched) -> Iterator[Span]:
    text = seen.text
    for found in seen.each(IDENTITY):
        bare = re.sub("[ -]", "", found[0])
        yield Span(*found.span(), "id", "id.identity", 1.0 if is_identity(bare) else 0.9)
    for found in seen.each(CARD):
        bare = re.sub("[ -]", "", found[0])
        if is_card(bare) or found[1]:
            yield Span(*found.span(), "id", "id.card", 1.0 if is_card(bare) else 0.8)
    for pattern, category, rule, score in ZONED:
        for found in seen.each(pattern):
            yield Span(*found.span(), category, rule, score)
    for found in seen.each(GROUPS):
        digits = sum(sign.isdigit() for sign in found[0])
        if SERIES_OF_VALUES.fullmatch(found[0].strip()) or STANDARD.search(
            text, max(0, found.start() - 6), found.start()
        ):
            continue
        if found[0][-2:].isalpha() and found[0][-2:] in ("MG", "ML", "KG", "MM", "CM", "AM", "PM", "IU"):
            continue
        if (
            digits >= (5 if CAPITAL.search(found[0]) or found[0][0].isalpha() else 7)
            and not _is_period(found[0])
            and not UNIT.match(text, found.end())
        ):
            begin = found.start() + len(found[0]) - len(found[0].lstrip())
            yield Span(begin, found.end(), "number", "number.groups", 0.72)
    for found in seen.each(EXTENSION):
        yield Span(*found.span(1 if found[1] else 2), "phone", "phone.extension", 0.8)
    for found in seen.each(DIGITS):
        digits = sum(sign.isdigit() for sign in found[0])
        standard = STANDARD.search(text, max(0, found.start() - 6), found.start())
        if digits >= 6 and not standard and not UNIT.match(text, found.end()):
            yield Span(*found.span(), "number", "number.digits", 0.7 if not is_nhs(found[0].replace("-", "")) else 0.8)


def _is_period(words: str) -> bool:
    """Whether groups of digits are years or a day: 2019-2020, 2020 2021."""
    return all(re.fullmatch(r"(?:19|20)\d\d", part) for part in re.findall(r"\d+", words)) or bool(
        re.fullmatch(r"(?:19|20)\d\d([-/. ])\d{1,2}\1\d{1,2}", words)
    )


def _labelled(seen: Searched) -> Iterator[Span]:
    text = seen.text
    if "*" in text:
        yield from _all(seen.each(MASKED), "number", "number.masked", 0.85)
    yield from _all(seen.each(IBAN), "number", "number.iban", 0.95)
    yield from _all(seen.each(MIXED), "number", "number.mixed", 0.74)
    yield from _all(seen.each(TRACE), "number", "number.trace", 0.85)
    yield from _all(seen.each(ENDING), "number", "number.ending", 0.85, 1)
    yield from _all(seen.each(VEHICLE_CUE), "plate", "plate.cue", 0.88, 1)
    yield from _all(seen.each(NATIONAL), "id", "id.national", 0.85)
    yield from _all(seen.each(NUMBERED), "number", "number.numbered", 0.8, 1)
    yield from _all(seen.each(PLACE), "address", "address.coordinates", 0.8)
    yield from _all(seen.each(PHONE_CUE), "phone", "phone.label", 0.85, 1)
    yield from _all(seen.each(BLEEP), "phone", "phone.bleep", 0.8, 1)
    yield from _all(seen.each(LABEL), "number", "number.label", 0.92, 1)
    for found in seen.each(VALUE):
        digits = sum(sign.isdigit() for sign in found[0])
        if (
            digits >= 3
            and not NOT_NUMBER.fullmatch(found[0])
            and _has_label(text[max(0, found.start() - 40) : found.start()])
        ):
            yield Span(*found.span(), "number", "number.label", 0.88)


def _has_label(left: str) -> bool:
    """Whether the words before a number say that it identifies."""
    line = left.rpartition("\n")[2]
    words = line.lower().replace("#", " # ").replace(":", " : ").split()
    marked = bool(words) and words[-1] in (":", "#")
    while words and words[-1].strip(".,:()=") in NUMBER_WORDS | {"", "#"}:
        marked = True
        words.pop()
    if not words:
        return False
    word = words[-1].strip(".,:()=")
    return word in LATIN_LABELS and (marked or word in ALONE)
