"""Texts that repeat others: by the runs of eight letters that they share, figures and marks left out."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

_RUN = 8
_JACCARD, _CONTAINED = 0.3, 0.5
_MARKS = re.compile(r"[^\u3400-\u9fffA-Za-z]")


def runs_of(text: str) -> frozenset[str]:
    """The runs of eight Chinese characters of a text (or of letters, where it has few Chinese ones)."""
    letters = re.sub(r"[^\u3400-\u9fff]", "", text)
    if len(letters) < _RUN:
        letters = _MARKS.sub("", text.lower())
    return frozenset(letters[place : place + _RUN] for place in range(max(1, len(letters) - _RUN + 1)))


def repeats(texts: Sequence[str], others: Sequence[str]) -> list[bool]:
    """Whether each text repeats one of the others.

    Two texts repeat each other where they share three tenths of all their runs of eight letters, or half of the runs of
    the shorter one.

    Parameters
    ----------
    texts, others : sequence of str

    Returns
    -------
    list of bool
        One for each of `texts`.
    """
    known = [runs_of(other) for other in others]
    places: dict[str, list[int]] = defaultdict(list)
    for place, runs in enumerate(known):
        for run in runs:
            places[run].append(place)
    found = []
    for text in texts:
        runs = runs_of(text)
        shared: dict[int, int] = defaultdict(int)
        for run in runs:
            for place in places.get(run, ()):
                shared[place] += 1
        found.append(
            any(
                count >= _JACCARD * (len(runs) + len(known[place]) - count)
                or count >= _CONTAINED * min(len(runs), len(known[place]))
                for place, count in shared.items()
            )
        )
    return found
