"""Make persons alike: the least generalisation and suppression with which each is one of k."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

Step = int | str
Ladder = Sequence[Step]
Coarser = Callable[[str, Any, Step | None], Any]
ALIKE = "*"


@dataclass(frozen=True)
class Anonymity:
    """How persons were made alike.

    Attributes
    ----------
    k : int
        Persons of the smallest group that is released; 0 where nobody is.
    groups : int
    steps : dict of str to int or str
        The step of each column's ladder, ``*`` where all are alike, ``1`` where the column is as it was.
    suppressed : int
        Persons left out because their group is smaller than asked for.
    precision : float
        Sweeney's Prec: 1 where nothing was generalised, 0 where everything.
    """

    k: int
    groups: int
    steps: Mapping[str, Step]
    suppressed: int
    precision: float


def anonymise(
    persons: Sequence[tuple[Any, ...]],
    ladders: Mapping[str, Ladder],
    *,
    coarser: Coarser,
    k: int,
    most_suppressed: float,
) -> tuple[Anonymity, list[tuple[Any, ...] | None]] | None:
    """Find the generalisation of whole columns that loses least, and leave out who is still in a group below k.

    All combinations of steps are tried (full-domain generalisation, Samarati 2001); the loss is Sweeney's (2002): the
    mean share of its ladder that a cell went up, where a cell of a person left out went up all of it.

    Parameters
    ----------
    persons : sequence of tuple
        Their values, in the order of `ladders`.
    ladders : mapping of str to sequence
        Steps of each column, from fine to coarse.
    coarser : callable
        Of column, value and step to the coarser value; the step is None where the column is left.
    k : int
    most_suppressed : float
        Share of persons that may be left out.

    Returns
    -------
    Anonymity and list, or None
        The new values of each person, None where left out; None for all where k cannot be reached.
    """
    if not persons:
        return None
    counts = Counter(persons)
    heights = [len(steps) for steps in ladders.values()]
    best: tuple[float, tuple[int, ...], Counter[tuple[Any, ...]]] | None = None
    for levels in product(*(range(height + 1) for height in heights)):
        groups: Counter[tuple[Any, ...]] = Counter()
        for values, count in counts.items():
            groups[generalised(values, ladders, levels, coarser)] += count
        left_out = sum(count for count in groups.values() if count < k)
        if left_out > most_suppressed * len(persons):
            continue
        climbed = _climbed(levels, heights)
        loss = (climbed * (len(persons) - left_out) + left_out) / len(persons)
        if best is None or (loss, levels) < best[:2]:
            best = loss, levels, groups
    if best is None:
        return None
    _, levels, groups = best
    kept = {values: count for values, count in groups.items() if count >= k}
    steps: dict[str, Step] = {
        name: 1 if not level else ladder[level - 1]
        for (name, ladder), level in zip(ladders.items(), levels, strict=True)
    }
    precision = round(1 - _climbed(levels, heights), 4)
    left_out = len(persons) - sum(kept.values())
    found = Anonymity(min(kept.values(), default=0), len(kept), steps, left_out, precision)
    new = (generalised(values, ladders, levels, coarser) for values in persons)
    return found, [values if values in kept else None for values in new]


def _climbed(levels: Sequence[int], heights: Sequence[int]) -> float:
    return sum(level / height for level, height in zip(levels, heights, strict=True)) / max(1, len(heights))


def generalised(
    values: Sequence[Any], ladders: Mapping[str, Ladder], levels: Sequence[int], coarser: Coarser
) -> tuple[Any, ...]:
    """Values made coarser by the levels of their columns."""
    return tuple(
        coarser(name, value, ladder[level - 1] if level else None)
        for value, (name, ladder), level in zip(values, ladders.items(), levels, strict=True)
    )
