"""Numbers and accounts that identify: identity cards, records, phones, cards, plates, mail and web addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bencao.records.deidentify.finding.checks import is_card, is_nhs
from bencao.records.deidentify.finding.number_forms import (
    ACCOUNT,
    ACCOUNT_CUE,
    ACCOUNT_HINT,
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
    SOCIAL_HINTS,
    SPELLED,
    SPELLED_HINT,
    STANDARD,
    THINGS,
    TRACE,
    UNIT,
    URL,
    URL_HINT,
    VALUE,
    VEHICLE,
    VEHICLE_CUE,
    VEHICLE_HINT,
    ZONE,
    ZONED,
)
from bencao.records.deidentify.span import Span
from bencao.records.values.id_cards import is_identity


def find(text: str) -> Iterator[Span]:
    """Numbers and accounts in a text in `plain` form.

    Parameters
    ----------
    text : str

    Yields
    ------
    Span
        Of the categories id, number, phone, email, url, account and plate.
    """
    if "@" in text or "at)" in text or "at]" in text:
        yield from _all(EMAIL, text, "email", "email", 1.0)
        yield from _all(HANDLE, text, "account", "account.handle", 0.8)
    lower = text.lower()
    if URL_HINT.search(text):
        yield from _all(URL, text, "url", "url", 0.95)
    if ACCOUNT_HINT.search(text):
        yield from _all(ACCOUNT, text, "account", "account.form", 0.75)
        yield from _all(ACCOUNT_CUE, text, "account", "account.cue", 0.8, 1)
    if any(hint in lower for hint in SOCIAL_HINTS):
        yield from _all(SOCIAL, text, "account", "account.label", 0.95, 1)
    yield from _all(PLATE, text, "plate", "plate", 0.95)
    yield from _all(CERTIFICATE, text, "id", "id.certificate", 0.8)
    yield from _digits(text)
    yield from _labelled(text)
    if SPELLED_HINT.search(text):
        yield from _all(SPELLED, text, "number", "number.spelled", 0.8)


def _all(pattern: re.Pattern[str], text: str, category: str, rule: str, score: float, group: int = 0) -> Iterator[Span]:
    for found in pattern.finditer(text):
        part = group if not group or found[group] else found.lastindex or group  # of patterns in several parts
        start, end = found.span(part)
        yield Span(start, end - len(found[part]) + len(found[part].rstrip(".,;")), category, rule, score)


def _digits(text: str) -> Iterator[Span]:
    for zone in ZONE.finditer(text):
        if sum(sign.isdigit() for sign in zone[0]) >= 5:
            yield from _in_zone(text, max(0, zone.start() - 8), min(len(text), zone.end() + 14))
    for found in SERIES.finditer(text):
        digits = sum(sign.isdigit() for sign in found[0])
        if (
            digits >= 5
            and not THINGS.match(found[0])
            and not MEASURED.match(found[0])
            and text[max(0, found.start() - 2) : found.start()] != "准字"
        ):
            yield Span(*found.span(), "number", "number.series", 0.7)
    if VEHICLE_HINT.search(text):
        yield from _all(VEHICLE, text, "id", "id.vehicle", 0.8)


def _in_zone(text: str, start: int, end: int) -> Iterator[Span]:
    for found in IDENTITY.finditer(text, start, end):
        bare = re.sub("[ -]", "", found[0])
        yield Span(*found.span(), "id", "id.identity", 1.0 if is_identity(bare) else 0.9)
    for found in CARD.finditer(text, start, end):
        bare = re.sub("[ -]", "", found[0])
        if is_card(bare) or found[1]:
            yield Span(*found.span(), "id", "id.card", 1.0 if is_card(bare) else 0.8)
    for pattern, category, rule, score in ZONED:
        for found in pattern.finditer(text, start, end):
            yield Span(*found.span(), category, rule, score)
    for found in GROUPS.finditer(text, start, end):
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
    for found in EXTENSION.finditer(text, start, end):
        yield Span(*found.span(1 if found[1] else 2), "phone", "phone.extension", 0.8)
    for found in DIGITS.finditer(text, start, end):
        digits = sum(sign.isdigit() for sign in found[0])
        if digits >= 6 and not UNIT.match(text, found.end()):
            yield Span(*found.span(), "number", "number.digits", 0.7 if not is_nhs(found[0].replace("-", "")) else 0.8)


def _is_period(words: str) -> bool:
    """Whether groups of digits are years or a day: 2019-2020, 2020 2021."""
    return all(re.fullmatch(r"(?:19|20)\d\d", part) for part in re.findall(r"\d+", words)) or bool(
        re.fullmatch(r"(?:19|20)\d\d([-/. ])\d{1,2}\1\d{1,2}", words)
    )


def _labelled(text: str) -> Iterator[Span]:
    if "*" in text:
        yield from _all(MASKED, text, "number", "number.masked", 0.85)
    yield from _all(IBAN, text, "number", "number.iban", 0.95)
    yield from _all(MIXED, text, "number", "number.mixed", 0.74)
    yield from _all(TRACE, text, "number", "number.trace", 0.85)
    yield from _all(ENDING, text, "number", "number.ending", 0.85, 1)
    yield from _all(VEHICLE_CUE, text, "plate", "plate.cue", 0.88, 1)
    yield from _all(NATIONAL, text, "id", "id.national", 0.85)
    yield from _all(NUMBERED, text, "number", "number.numbered", 0.8, 1)
    yield from _all(PLACE, text, "address", "address.coordinates", 0.8)
    yield from _all(PHONE_CUE, text, "phone", "phone.label", 0.85, 1)
    yield from _all(BLEEP, text, "phone", "phone.bleep", 0.8, 1)
    yield from _all(LABEL, text, "number", "number.label", 0.92, 1)
    for found in VALUE.finditer(text):
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
