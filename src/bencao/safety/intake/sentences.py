"""A text cut into sentences, English and Chinese, each with its place."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

# Full stops that end no sentence: titles, Latin, units of a dose and signs of time.
_ABBREVIATIONS = frozenset((
    "dr", "mr", "mrs", "ms", "prof", "st", "vs", "e.g", "i.e", "etc", "ca", "approx", "no", "fig", "jr", "sr", "dept",
    "tab", "tabs", "cap", "inj", "b.i.d", "t.i.d", "q.i.d", "q.d", "p.o", "i.v", "p.r.n", "al", "a.m", "p.m", "wt",
    "ht", "temp", "max", "min", "yr", "yrs", "hr", "hrs", "wk", "wks", "mo",
))  # fmt: skip
_STOP = re.compile(
    r"[。！？!?；;]+[”’\"')）]*|\.+[”’\"')]*(?=\s|$)|\n\s*\n|\n(?=\s*(?:[-*•·]|\d+[.)、]|[^\n:：]{1,40}[:：]))"
)
_LAST_WORD = re.compile(r"[A-Za-z.]+$")


@dataclass(frozen=True, slots=True)
class Piece:
    """A sentence: its place and its words."""

    start: int
    end: int
    text: str


def sentences_of(text: str) -> list[Piece]:
    """Cut a text into sentences.

    A line of a form, ``Name: value``, and an item of a list are sentences of their own. White space at either end
    is no part of a sentence.

    Examples
    --------
    >>> [one.text for one in sentences_of("Dr. Li saw a rash. It faded.患者否认发热。")]
    ['Dr. Li saw a rash.', 'It faded.', '患者否认发热。']
    """
    pieces = []
    start = 0
    for stop in _STOP.finditer(text):
        if stop.group().startswith(".") and _shortened(text, start, stop.start()):
            continue
        pieces.append((start, stop.end()))
        start = stop.end()
    pieces.append((start, len(text)))
    return [piece for place in pieces for piece in _glued(text, *place)]


def _glued(text: str, start: int, end: int) -> list[Piece]:
    """Sentences of one stretch; Chinese may follow an English stop without a space."""
    cuts = [start, *(match.start() + 1 for match in re.finditer(r"[a-z]\.(?=[\u3400-\u9fff])", text[start:end])), end]
    cuts = [start, *(start + one for one in cuts[1:-1]), end]
    found = []
    for begin, stop in pairwise(cuts):
        words = text[begin:stop]
        left, right = len(words) - len(words.lstrip()), len(words.rstrip())
        if left < right:
            found.append(Piece(begin + left, begin + right, words[left:right]))
    return found


def _shortened(text: str, start: int, stop: int) -> bool:
    word = _LAST_WORD.search(text, start, stop)
    return word is not None and (
        word.group().lower() in _ABBREVIATIONS or re.fullmatch("[A-Z]", word.group()) is not None
    )
