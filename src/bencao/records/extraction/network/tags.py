"""Entities as one tag a character (begin, inside, end, single, outside), and what may follow what."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bencao.records.extraction.entity import Span

OUTSIDE = "O"
_FORBIDDEN = np.float32(-1e4)

Array = NDArray[np.float32]


def tags_of(labels: Sequence[str]) -> tuple[str, ...]:
    """The tags for some labels: ``O``, then ``B-``, ``I-``, ``E-`` and ``S-`` of each."""
    return (OUTSIDE, *(f"{place}-{label}" for label in labels for place in "BIES"))


def to_tags(length: int, spans: Sequence[Span]) -> list[str]:
    """One tag for each of `length` characters; of spans that overlap the first counts."""
    tags = [OUTSIDE] * length
    for span in spans:
        if any(tag != OUTSIDE for tag in tags[span.start : span.end]):
            continue
        if span.end - span.start == 1:
            tags[span.start] = f"S-{span.kind}"
        else:
            inside = span.end - span.start - 2
            tags[span.start : span.end] = [f"B-{span.kind}", *[f"I-{span.kind}"] * inside, f"E-{span.kind}"]
    return tags


def to_spans(tags: Sequence[str]) -> list[Span]:
    """Entities of a sequence of tags; what does not begin and end as it should is none."""
    spans, begin = [], -1
    for place, tag in enumerate(tags):
        if tag[0] == "S":
            spans.append(Span(place, place + 1, tag[2:]))
        elif tag[0] == "B":
            begin = place
        elif (
            tag[0] == "E"
            and begin >= 0
            and all(inner == f"I-{tag[2:]}" for inner in tags[begin + 1 : place])
            and tags[begin][2:] == tag[2:]
        ):
            spans.append(Span(begin, place + 1, tag[2:]))
        if tag[0] in "OSE":
            begin = -1
    return spans


def forbidden(tags: Sequence[str]) -> tuple[Array, Array, Array]:
    """Penalties for what no entity does.

    Returns
    -------
    transitions : ndarray of float32, shape (tags, tags)
    first, last : ndarray of float32, shape (tags,)
        Zero for what may be, a large negative number for what may not.
    """
    count = len(tags)
    transitions = np.full((count, count), _FORBIDDEN, dtype=np.float32)
    for row, before in enumerate(tags):
        for column, after in enumerate(tags):
            closed = before[0] in "OES" and after[0] in "OBS"
            open_ = before[0] in "BI" and after[0] in "IE" and before[2:] == after[2:]
            if closed or open_:
                transitions[row, column] = 0
    first = np.array([_FORBIDDEN if tag[0] in "IE" else 0 for tag in tags], dtype=np.float32)
    last = np.array([_FORBIDDEN if tag[0] in "BI" else 0 for tag in tags], dtype=np.float32)
    return transitions, first, last
