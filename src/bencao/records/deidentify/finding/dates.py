"""Dates in every form that notes have, with the parts needed to move them; what is relative stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bencao.records.deidentify.finding.date_forms import (
    ANYWHERE,
    BEGUN,
    BORN,
    BY_NAME,
    COMPACT,
    DAY_AFTER,
    DAYS_RANGE,
    FROM_DAY,
    FROM_YEAR,
    GLUED,
    GLUED_SHORT,
    IN_HAN,
    MONTH_DAY_CUE,
    MONTH_DAY_GOES_ON,
    MONTH_END,
    MONTH_HINT,
    NO_DAY,
    OF_A_DAY,
    PATTERN,
    RANGE,
    RUN,
    SCORED,
    SINCE,
    SURE,
)
from bencao.records.deidentify.finding.search.starts import Searched
from bencao.records.deidentify.span import Span


@dataclass(frozen=True)
class Written:
    """The parts of a date as written: their places in the text, as far as they are there.

    Attributes
    ----------
    parts : tuple of (str, int, int)
        ``y``, ``m``, ``d``, ``n`` (a month's name), ``a`` and ``b`` (month and day in an order to be found out),
        each with start and end.
    """

    span: Span
    parts: tuple[tuple[str, int, int], ...]


def find(seen: Searched) -> Iterator[Written]:
    """Dates in a text; they may overlap, the surest first.

    Parameters
    ----------
    seen : Searched

    Yields
    ------
    Written
    """
    text = seen.text
    named = seen.has(MONTH_HINT)
    for digits in seen.each(RUN):
        yield from _at_digits(text, digits.start(), digits.end(), named)
    others = [
        *(BY_NAME if named else ()),
        *(IN_HAN if "月" in text or "年" in text else ()),
        *(("date.month_alone",) if named else ()),
        *ANYWHERE,
    ]
    for rule in others:
        for found in seen.each(PATTERN[rule]):
            if rule == "date.numerals" and not found["m"] and len(found["y"]) < 4:
                continue  # 十二年 is a time, not a year
            yield _written(found, rule, 0.9)
    for pattern in (MONTH_DAY_CUE, MONTH_DAY_GOES_ON):
        for found in seen.each(pattern):
            written = _written(found, "date.dotted_day", 0.8)
            start = min(place for _, place, _ in written.parts)
            yield Written(Span(start, found.end(), "date", "date.dotted_day", 0.8), written.parts)


def _at_digits(text: str, start: int, end: int, named: bool) -> Iterator[Written]:
    """Dates that begin with a run of digits: which there can be is told by its length and by what follows."""
    after = text[end : end + 2]
    rules: tuple[str, ...]
    if end - start == 4 and text.startswith(("19", "20"), start):
        rules = FROM_YEAR
    elif (
        end - start > 4
        and after[:1] in ("年", "-", "/", ".")
        and (glued := GLUED.match(text, end - 4) or GLUED_SHORT.match(text, end - 2))
    ):
        yield _written(glued, "date.glued", 0.9)  # after a number without a space: 4137122012年3月21日
        return
    elif end - start >= 8:
        rules = COMPACT
    elif end - start > 2 or not after or (after[0] not in "年月/-. " and not named):
        return
    else:
        rules = (*FROM_DAY, "date.named_day_first") if named else FROM_DAY
    for rule in rules:
        pattern = PATTERN[rule]
        found = pattern.match(text, start)
        if found is None or (rule == "date.western_day" and not _may_be_day(found, text)):
            continue
        dotted = rule in ("date.two_digit", "date.western") and found["s"] == "."
        if dotted and not _dotted(found, text) and not BORN.search(text, max(0, start - 10), start):
            continue
        if rule in ("date.two_digit", "date.western") and SCORED.search(text, max(0, start - 14), start):
            continue
        if (
            rule == "date.year_alone"
            and text[end : end + 1] != "s"
            and not SINCE.search(text, max(0, start - 16), start)
        ):
            continue
        written = _written(found, rule, 0.96 if rule in SURE else 0.9)
        if rule == "date.named_day_first" and text[max(0, start - 4) : start].lower() == "the ":
            written = Written(Span(start - 4, written.span.end, "date", rule, 0.9), written.parts)
        yield written
        if rule in SURE or rule == "date.western_day":
            yield from _second_of_range(text, found.end())


def _second_of_range(text: str, end: int) -> Iterator[Written]:
    month = MONTH_END.match(text, end)
    if month is not None:
        written = _written(month, "date.range_end", 0.9)
        yield Written(Span(month.start("m"), month.end(), "date", "date.range_end", 0.9), written.parts)
        return
    found = RANGE.match(text, end)
    if found is None or (found["m"] is None and found["e"] == ""):
        return
    written = _written(found, "date.range_end", 0.9)
    start = min(place for _, place, _ in written.parts)
    yield Written(Span(start, found.end(), "date", "date.range_end", 0.9), written.parts)


def _written(found: re.Match[str], rule: str, score: float) -> Written:
    parts = tuple(
        (name[0], *found.span(name))
        for name in found.re.groupindex
        if name[0] in "ymdnab" and name != "s" and found.start(name) >= 0
    )
    start, end = found.span()
    text = found[0]
    end -= len(text) - len(text.rstrip(" ,-"))
    if rule == "date.named_month_only":
        start = found.start("n")
    return Written(Span(start, end, "date", rule, score), parts)


def _may_be_day(found: re.Match[str], text: str) -> bool:
    """Whether 3/5 is a day: not a blood pressure, a grade or a share; one part fits a month, and a cue is near."""
    first, second = int(found["a"]), int(found["b"])
    if (first > 12 and second > 12) or max(first, second) > 31:
        return False
    if DAYS_RANGE.match(text, found.end()):
        return True
    if (
        second == 10
        and first <= 10
        and not DAY_AFTER.match(text, found.end())
        and not OF_A_DAY.search(text, max(0, found.start() - 12), found.start())
    ):
        return False  # 4/10 is rather a score
    before = text[max(0, found.start() - 18) : found.start()].lower()
    if NO_DAY.search(before):
        return False
    if max(first, second) > 12 or DAY_AFTER.match(text, found.end()):
        return True
    cue = re.search(
        r"(?:on|date|return|rtc|appt|appointment|visit|scheduled|reviewed|seen|since|until|by|from|due|to|of|"
        r"was|last|seen|next|dob|adm\w*|disch\w*|d/c|f/u|started|and|"
        r"\n|^|(?<![大小多少高低])于|[在自从至]|日期|复查|入院|手术)[\s:：(]*(?:the )?$",
        before,
    )
    if re.search(r"[。；，;,]\s?$", before) and BEGUN.match(text, found.end()):
        return True
    return cue is not None and not re.search(
        r"(?:肌力|视力|bp|血压|strength|pain|score|gcs|grade|apgar|评分|level|rated|pulses|reflexes)[^。.;\n]{0,8}$",
        before,
    )


def _dotted(found: re.Match[str], text: str) -> bool:
    """Whether 23.3.5 or 5.3.23 is a date: a section's number has no two-digit year."""
    year = found["y"]
    return len(year) == 4 or (10 <= int(year) <= 40 or 50 <= int(year) <= 99)
