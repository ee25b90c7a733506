"""Sentences and sections of a note, by offsets into it."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from functools import lru_cache

_CJK = re.compile(r"[\u3400-\u9fff]")
# An English full stop ends a sentence before a space and a capital; one within a number or an abbreviation
# does not, nor does a question that is answered in a word.
_END = re.compile(
    r"[。；;！!\n\r]|(?<=[a-z0-9)\]])(?:\.|\?(?!\s+(?:Yes|No|None|Never|Denie[sd])\s*(?:[.,;]|$)))(?=\s+[A-Z\"(]|\s*$)|"
    r"(?<=[\u3400-\u9fff])[？](?=\s*[\u3400-\u9fff]{3})"
)
_SECTIONS = {
    "past": r"既往史|过去史|既往病史|past medical history|past history|past surgical history|pmh",
    "family": r"家族史|家族病史|family history|fh",
    "present": (
        r"主诉|现病史|个人史|婚育史|月经史|过敏史|体格检查|查体|专科检查|辅助检查|入院诊断|出院诊断|初步诊断|诊疗经过|出院医嘱|"
        r"chief complaint|history of present illness|hpi|social history|allergies|medications|"
        r"physical exam(?:ination)?|review of systems|assessment|plan|impression|labs|laboratory|"
        r"discharge diagnosis|hospital course"
    ),
}
_HEADER = re.compile(
    "|".join(
        f"(?P<{status}>(?:^|(?<=[\\n。；;]))[\\s【\\[]*(?:{names})[】\\]\\s]*[:：])"
        for status, names in _SECTIONS.items()
    ),
    re.IGNORECASE,
)


def is_chinese(text: str) -> bool:
    """Whether a text has any Chinese character."""
    return _CJK.search(text) is not None


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Offsets of the sentence that holds the span; a full stop within the span does not end it."""
    starts, ends = _marks(text)
    before, after = bisect_right(ends, start), bisect_left(starts, end)
    return ends[before - 1] if before else 0, ends[after] if after < len(ends) else len(text)


@lru_cache(maxsize=8)
def _marks(text: str) -> tuple[list[int], list[int]]:
    """Starts and ends of the marks that end sentences; kept, for a note has many findings."""
    found = [mark.span() for mark in _END.finditer(text)]
    return [start for start, _ in found], [end for _, end in found]


def sentences(text: str) -> Iterator[tuple[int, int]]:
    """Offsets of each sentence in order; together they cover the text."""
    left = 0
    for mark in _END.finditer(text):
        if mark.end() > left:
            yield left, mark.end()
            left = mark.end()
    if left < len(text):
        yield left, len(text)


def section_statuses(text: str) -> list[tuple[int, str]]:
    """Where each section with a header begins, and the status (past, family or present) of what it tells."""
    return [(match.start(), str(match.lastgroup)) for match in _HEADER.finditer(text)]
