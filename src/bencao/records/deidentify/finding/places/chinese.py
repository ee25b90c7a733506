"""Chinese addresses and place names, hospitals, schools and employers; what begins them is found by walking left."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bencao.records.deidentify.finding.lexicon import PlaceBook, places
from bencao.records.deidentify.finding.places.chinese_forms import (
    ANCHOR,
    BETWEEN_COMMAS,
    CODE,
    CROSSING,
    DEPARTMENT,
    EMPLOYER,
    ESTATE,
    FACTORY,
    FROM,
    GENERIC,
    HAN,
    HAPPENED_AT,
    HOME,
    HOSPITAL,
    HOSPITAL_OF_NUMBER,
    IN_THE_HOUSE,
    KNOWN_HOSPITAL,
    LABELLED,
    NAMED_EMPLOYER,
    NAMED_UNITS,
    NO_ESTATE,
    NO_PLACE_OF_WORK,
    NO_ROAD,
    NUMBERED_FACTORY,
    OF_PROVINCE,
    PIECE,
    PRODUCT,
    RETIRED_FROM,
    ROAD_ALONE,
    SCHOOL,
    SHORT_HOSPITAL,
    STOP,
    UNITS_ALONE,
    UNITS_OF_NAMED,
    WHERE,
    WHERE_AFTER,
    WHERE_BEFORE,
    WORKS_AT,
)
from bencao.records.deidentify.finding.search.starts import Searched
from bencao.records.deidentify.span import Span


def find(seen: Searched, categories: frozenset[str]) -> Iterator[Span]:
    """Chinese addresses and organisations.

    Parameters
    ----------
    seen : Searched
    categories : frozenset of str
        Those asked for; departments are sought only where they are.

    Yields
    ------
    Span
    """
    text = seen.text
    yield from _addresses(seen, places())
    yield from _organisations(seen, HOSPITAL, "hospital", 24)
    for found in seen.each(SHORT_HOSPITAL):
        start = left_edge(text, found.start(), 4)
        if start < found.start():
            yield Span(start, found.end(), "hospital", "place.hospital_short", 0.8)
    yield from _organisations(seen, SCHOOL, "organisation", 16)
    yield from _organisations(seen, EMPLOYER, "organisation", 18)
    for found in seen.each(FACTORY):
        start = left_edge(text, found.start(), 10)
        named = PRODUCT.sub("", text[start : found.start()])
        if (
            len(named) >= 2
            or (len(found[0]) == 2 and start < found.start())
            or NUMBERED_FACTORY.search(text[start : found.start()])
        ):
            yield Span(start, found.end(), "organisation", "place.factory", 0.8)
    for found in seen.each(KNOWN_HOSPITAL):
        yield Span(*found.span(1), "hospital", "place.hospital_short", 0.76)
    for found in seen.each(HOSPITAL_OF_NUMBER):
        yield Span(left_edge(text, found.start(), 8), found.end(), "hospital", "place.hospital_short", 0.8)
    for found in seen.each(RETIRED_FROM):
        employer = NAMED_EMPLOYER.search(text, max(0, found.start() - 9), found.start())
        if employer and not NO_PLACE_OF_WORK.match(employer[1]) and not GENERIC.fullmatch(employer[1]):
            start = max(employer.start(1), left_edge(text, found.start(), 9))
            end = found.start() - (text[found.start() - 1] in "当任做")
            if end - start >= 3:
                yield Span(start, end, "organisation", "place.works_at", 0.76)
    for found in seen.each(WORKS_AT):
        group = 1 if found[1] else 2
        words = found[group]
        if not NO_PLACE_OF_WORK.match(words):
            yield Span(*found.span(group), "organisation", "place.works_at", 0.78)
    if "department" in categories:
        for found in seen.each(DEPARTMENT):
            yield Span(*found.span(), "department", "place.department", 0.7)


def _addresses(seen: Searched, book: PlaceBook) -> Iterator[Span]:
    text = seen.text
    reached = 0
    for start, end in book.hits(text, seen.codes):
        if (
            start < reached
            or text.startswith("白药", end)
            or (text[start:end] == "长春" and text[end : end + 2] in ("新碱", "西汀", "瑞滨", "地辛", "花碱"))
        ):
            continue
        reached = _continued(text, end)
        # A name of two characters alone may be part of a word: it needs its suffix, a cue or more of an address.
        yield Span(start, reached, "address", "address.place", 0.85 if reached - start > 3 else 0.75)
    for found in seen.each(ANCHOR):
        start = left_edge(text, found.start(), 14)
        if found.start() - start >= 1:
            yield Span(start, _continued(text, found.end()), "address", "address.road", 0.8)
    for found in seen.each(LABELLED):
        words = found[1].rstrip(" |")
        if re.search(r"[省市区县镇乡村路街号楼室州盟旗京海津庆]|\d", words):
            yield Span(found.start(1), found.start(1) + len(words), "address", "address.label", 0.84)
        elif len(words) <= 8 and re.fullmatch(rf"{HAN}+", words):
            yield Span(found.start(1), found.start(1) + len(words), "address", "address.label", 0.7)
    for found in seen.each(UNITS_ALONE):
        start = left_edge(text, found.start(), 10)
        end = _continued(text, found.end())
        if start < found.start() or not IN_THE_HOUSE.fullmatch(text, found.start(), end):
            yield Span(start, end, "address", "address.units", 0.8)
    for found in seen.each(FROM):
        yield Span(found.start(1), _continued(text, found.end()), "address", "address.from", 0.8)
    for found in seen.each(ROAD_ALONE):
        if not GENERIC.fullmatch(found[1][:-1]) and found[1][:-1] not in NO_ROAD:
            yield Span(found.start(1), _continued(text, found.end(1)), "address", "address.road_alone", 0.76)
    for found in seen.each(ESTATE):
        start = left_edge(text, found.start(), 8)
        named = text[start : found.start()]
        if len(named) >= 2 and not NO_ESTATE.search(named) and not GENERIC.fullmatch(named):
            yield Span(start, _continued(text, found.end()), "address", "address.estate", 0.76)
    for found in seen.each(OF_PROVINCE):
        yield Span(*found.span(1), "address", "address.of_province", 0.76)
    for found in seen.each(UNITS_OF_NAMED):
        yield Span(left_edge(text, found.start(), 10), found.end(), "address", "address.named_units", 0.76)
    for found in seen.each(BETWEEN_COMMAS):
        if not GENERIC.fullmatch(found[1]):
            yield Span(*found.span(1), "address", "address.field", 0.76)
    for found in seen.each(HAPPENED_AT):
        if not GENERIC.fullmatch(found[1]) and not GENERIC.fullmatch(found[1][:-1]):
            yield Span(found.start(1), _continued(text, found.end(1)), "address", "address.happened", 0.76)
    for found in seen.each(CODE):
        yield Span(*found.span(1), "address", "address.postcode", 0.93)
    for found in seen.each(WHERE):
        before = text[found.start() - 1 : found.start()]
        alone = not ("\u4e00" <= before <= "\u9fff") and WHERE_BEFORE.match(text, found.end())
        if before in WHERE_AFTER or alone:
            yield Span(found.start(), _continued(text, found.end()), "address", "address.where", 0.74)
    for found in seen.each(HOME):
        yield Span(found.start(1), _continued(text, found.end(1)), "address", "address.home", 0.74)


def _continued(text: str, end: int) -> int:
    while (
        piece := PIECE.match(text, end) or CROSSING.match(text, end) or NAMED_UNITS.match(text, end)
    ) and piece.end() > end:
        end = piece.end()
        if (
            text[end : end + 1] in ("县", "区", "市", "镇", "乡", "村", "组", "社", "队")
            and text[end - 1] in "苑园城山湾庄堡沟坝寨"
        ):
            end += 1  # the piece was the name of what follows: 清苑县
    return end


def left_edge(text: str, end: int, most: int) -> int:
    """Where a name that ends at `end` begins: after a mark, a word that no name holds, or `most` characters.

    Parameters
    ----------
    text : str
    end, most : int

    Returns
    -------
    int
    """
    begin = end
    while begin > 0 and end - begin < most and ("\u4e00" <= text[begin - 1] <= "\u9fff" or text[begin - 1].isalnum()):
        begin -= 1
    for stop in STOP.finditer(text, max(0, begin - 3), end):
        begin = max(begin, stop.end())
    return begin


def _organisations(seen: Searched, pattern: re.Pattern[str], category: str, most: int) -> Iterator[Span]:
    text = seen.text
    for found in seen.each(pattern):
        start = left_edge(text, found.start(), most)
        named = text[start : found.start()]
        generic = GENERIC.match(named)
        bureau = named[-1:] in "市县区省镇乡" and named and found[0].endswith(("局", "政府"))
        if bureau:
            yield Span(start, found.end(), category, f"place.{category}", 0.8)
            continue
        if sum("\u4e00" <= sign <= "\u9fff" for sign in named) < 2 or (
            generic is not None and generic.end() == len(named)
        ):
            continue
        yield Span(start, found.end(), category, f"place.{category}", 0.86)
