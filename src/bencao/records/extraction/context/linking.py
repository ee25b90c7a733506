"""Which attribute belongs to which entity: a dose to its drug, a value to its test, a body part to its finding."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Sequence

from bencao.records.extraction.entity import Attribute, Span
from bencao.records.extraction.rules.attributes import find_attributes

_DRUG = frozenset(("dose", "route", "frequency", "duration"))
_MEASURED = frozenset(("value", "flag"))
# Between a test and its value stands nothing else, in either language.
_JOINT = re.compile(
    r"[\s:：=为是约达示至到,，(（]*(?:值|水平|计数|结果|检查)?[\s:：=为是约达示至到]*(?:of|was|is|were|at|level|count|to)?[\s:：=]*$",
    re.IGNORECASE,
)
_PLACED = re.compile(
    r"(?:\s|部|处|侧|区|可见|的|有|见|出现|持续性?|阵发性?|间断性?|反复|明显|轻度|中度|重度|无|未见)*$"
)
_PLACED_EN = re.compile(r"\s+(?:in|of|at|on|over|to)\s+(?:the\s+|his\s+|her\s+)?$", re.IGNORECASE)
_REACH = 40
_ENDS = re.compile(r"[。；;\n]")


def link(text: str, spans: Sequence[Span]) -> list[tuple[Attribute, ...]]:
    """Attributes of each entity.

    A drug takes what follows it until the next drug or the end of the sentence, and a dose that stands before it
    where no other drug is nearer; a test, imaging or vital sign takes the value and the flag next to it; a symptom or a
    disease takes the body part that stands directly before it, or in English after "in", "of" or "on".

    Parameters
    ----------
    text : str
    spans : sequence of Span
        Entities in order, without overlaps.

    Returns
    -------
    list of tuple of Attribute
        One for each span.
    """
    found = find_attributes(text)
    starts = [attribute.start for attribute in found]
    links: list[tuple[Attribute, ...]] = []
    for place, span in enumerate(spans):
        limit = _limit(text, spans, place)
        near = found[bisect_left(starts, span.end) : bisect_left(starts, limit)]
        if span.kind == "drug":
            kept = _of_drug(near) or _before(text, found, starts, spans, place)
        elif span.kind in ("test", "vital_sign"):
            kept = _of_test(text, span, near)
        elif span.kind in ("symptom", "disease"):
            kept = _of_finding(text, spans, place)
        else:
            kept = []
        links.append(tuple(Attribute(one.kind, one.start, one.end, text[one.start : one.end]) for one in kept))
    return links


def _limit(text: str, spans: Sequence[Span], place: int) -> int:
    """Where the reach of an entity ends: at the next of its like, with the sentence, or after `_REACH` characters."""
    span = spans[place]
    like = ("drug",) if span.kind == "drug" else ("test", "vital_sign", "drug", "imaging")
    limit = min(span.end + _REACH, len(text))
    limit = next((later.start for later in spans[place + 1 :] if later.kind in like and later.start < limit), limit)
    stop = _ENDS.search(text, span.end, limit)
    return stop.start() if stop else limit


def _of_drug(near: Sequence[Span]) -> list[Span]:
    kept: dict[str, Span] = {}
    for one in near:
        if one.kind in _DRUG:
            kept.setdefault(one.kind, one)
    return sorted(kept.values())


def _before(text: str, found: Sequence[Span], starts: Sequence[int], spans: Sequence[Span], place: int) -> list[Span]:
    span = spans[place]
    first = max((other.end for other in spans[:place]), default=0)
    near = found[bisect_left(starts, max(first, span.start - 15)) : bisect_left(starts, span.start)]
    doses = [one for one in near if one.kind == "dose" and one.end <= span.start]
    if doses and re.fullmatch(r"\s*(?:of\s+|的)?", text[doses[-1].end : span.start]):
        return [doses[-1]]
    return []


def _of_test(text: str, span: Span, near: Sequence[Span]) -> list[Span]:
    value = next((one for one in near if one.kind == "value" and _JOINT.fullmatch(text[span.end : one.start])), None)
    place = value.end if value else span.end
    flag = next(
        (
            one
            for one in near
            if one.kind == "flag"
            and one.start >= place
            and re.fullmatch(r"[\s,，(（]*(?:明显|稍|略|轻度|was|is)?\s*", text[place : one.start])
        ),
        None,
    )
    return [one for one in (value, flag) if one is not None]


def _of_finding(text: str, spans: Sequence[Span], place: int) -> list[Span]:
    span = spans[place]
    before = spans[place - 1] if place else None
    after = spans[place + 1] if place + 1 < len(spans) else None
    if before is not None and before.kind == "body_part" and _PLACED.fullmatch(text[before.end : span.start]):
        return [before]
    if after is not None and after.kind == "body_part" and _PLACED_EN.fullmatch(text[span.end : after.start]):
        return [after]
    return []
