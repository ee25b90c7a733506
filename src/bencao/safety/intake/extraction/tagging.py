"""Spans as tags on words: a layer for each role, so that roles may overlap; a span may be of several pieces.

O is outside, B begins a span, I goes on, J begins another piece of the last span (Ramshaw and Marcus 1995, and J)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bencao.safety.intake.extraction.corpus import Offsets

TAGS = ("O", "B", "I", "J")
OUTSIDE, BEGIN, INSIDE, AGAIN = range(4)
# A layer cannot open with I or J, and I follows only what it continues.
MAY_START = (True, True, False, False)
MAY_FOLLOW = (
    (True, True, False, True),
    (True, True, True, True),
    (True, True, True, True),
    (True, True, True, True),
)

Words = Sequence[tuple[int, int]]


def tags_of(words: Words, spans: Iterable[Offsets]) -> list[int]:
    """Tag words with the spans of one role.

    A piece that ends within a word takes the whole word. Of spans that overlap only the longest is tagged, and a
    piece of a span is joined to the last piece before it: what interleaves with another span is lost.
    """
    tags = [OUTSIDE] * len(words)
    for span in sorted(spans, key=lambda one: (-sum(end - start for start, end in one), one)):
        pieces = [_words_within(words, piece) for piece in span]
        if any(tags[place] != OUTSIDE for piece in pieces for place in piece):
            continue
        for number, piece in enumerate(piece for piece in pieces if piece):
            for place in piece:
                tags[place] = INSIDE
            tags[piece[0]] = AGAIN if number else BEGIN
    return tags


def spans_of(words: Words, tags: Sequence[int]) -> list[Offsets]:
    """Read spans from the tags of one layer: the inverse of `tags_of`. What stands before any B is no span.

    Examples
    --------
    >>> spans_of([(0, 4), (5, 9), (10, 14)], [BEGIN, OUTSIDE, AGAIN])
    [((0, 4), (10, 14))]
    """
    spans: list[list[tuple[int, int]]] = []
    before = OUTSIDE
    for (start, end), tag in zip(words, tags, strict=True):
        if tag == BEGIN:
            spans.append([(start, end)])
        elif not spans:
            continue
        elif tag == AGAIN or (tag == INSIDE and before == OUTSIDE):
            spans[-1].append((start, end))
        elif tag == INSIDE:
            spans[-1][-1] = (spans[-1][-1][0], end)
        before = tag
    return [tuple(span) for span in spans]


def _words_within(words: Words, piece: tuple[int, int]) -> list[int]:
    return [place for place, (start, end) in enumerate(words) if start < piece[1] and end > piece[0]]
