"""Finds entities by rules: every list and pattern proposes spans, and the longest of those that overlap stays."""

from __future__ import annotations

from collections.abc import Iterable

from bencao.records.extraction.context.sentences import is_chinese
from bencao.records.extraction.entity import Span
from bencao.records.extraction.rules import chinese, english

# Of two spans of one length the first of these stays.
_ORDER = ("vital_sign", "operation", "imaging", "drug", "test", "disease", "symptom", "body_part")


def find_by_rules(text: str) -> list[Span]:
    """Entities of a text in Chinese, English or both, in order and without overlaps.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of Span
        Their kinds are those of `bencao.records.extraction.entity.KINDS`.

    Examples
    --------
    >>> find_by_rules("右肺腺癌")
    [Span(start=0, end=4, kind='disease')]
    """
    proposed = list(chinese.propose(text)) if is_chinese(text) else []
    proposed += english.propose(text)
    return longest(proposed)


def longest(proposed: Iterable[Span]) -> list[Span]:
    """Of spans that overlap the longest, then the first in the order of kinds, then the first in the text."""
    kept: list[Span] = []
    taken: set[int] = set()
    for span in sorted(proposed, key=lambda span: (span.start - span.end, _rank(span.kind), span.start)):
        places = range(span.start, span.end)
        if not taken.intersection(places):
            taken.update(places)
            kept.append(span)
    return sorted(kept)


def _rank(kind: str) -> int:
    return _ORDER.index(kind) if kind in _ORDER else len(_ORDER)
