"""Make persons alike: the least generalisation and suppression with which each is one of k."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Any

from bencao.records.release.columns import AGE, OLDEST

Ladder = Sequence[int | str]
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
        Width of ages in years, ``*`` where all are alike, ``1`` where the column is as it was.
    suppressed : int
        Persons left out because their group is smaller than asked for.
    precision : float
        Sweeney's Prec: 1 where nothing was generalised, 0 where everything.
    """

    k: int
    groups: int
    steps: Mapping[str, int | str]
    suppressed: int
    precision: float


def anonymise(
    persons: Sequence[tuple[Any, ...]], ladders: Mapping[str, Ladder], *, k: int, most_suppressed: float
) -> tuple[Anonymity, list[tuple[str | int | None, ...] | None]] | None:
    """Find the generalisation of whole columns that loses least, and leave out who is still in a group below k.

    All combinations of steps are tried (full-domain generalisation, Samarati 2001); the loss is Sweeney's (2002): the
    mean share of its ladder that a cell went up, where a cell of a person left out went up all of it.

    Parameters
    ----------
    persons : sequence of tuple
        Their values, in the order of `ladders`.
    ladders : mapping of str to sequence
        Steps of each column, from fine to coarse.
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
            groups[generalised(values, ladders, levels)] += count
        left_out = sum(count for count in groups.values() if count < k)
        if left_out > most_suppressed * len(persons):
            continue
        climbed = sum(level / height for level, height in zip(levels, heights, strict=True)) / max(1, len(heights))
        loss = (climbed * (len(persons) - left_out) + left_out) / len(persons)
        if best is None or (loss, levels) < best[:2]:
            best = loss, levels, groups
    if best is None:
        return None
    _, levels, groups = best
    kept = {values: count for values, count in groups.items() if count >= k}
    steps: dict[str, int | str] = {
        name: 1 if not level else ladder[level - 1]
        for (name, ladder), level in zip(ladders.items(), levels, strict=True)
    }
    climbed = sum(level / height for level, height in zip(levels, heights, strict=True)) / max(1, len(heights))
    found = Anonymity(
        min(kept.values(), default=0), len(kept), steps, len(persons) - sum(kept.values()), round(1 - climbed, 4)
    )
    new = (generalised(values, ladders, levels) for values in persons)
    return found, [values if values in kept else None for values in new]


def generalised(values: Sequence[Any], ladders: Mapping[str, Ladder], levels: Sequence[int]) -> tuple[Any, ...]:
    """Values made coarser by the levels of their columns."""
    return tuple(
        _coarser(name, value, ladder[level - 1] if level else 1)
        for value, (name, ladder), level in zip(values, ladders.items(), levels, strict=True)
    )


def _coarser(name: str, value: Any, step: int | str) -> Any:
    if step == ALIKE:
        return ALIKE if name == AGE else None
    return age_group(value, int(step)) if name == AGE else value


def age_group(age: int | None, width: int) -> str | None:
    """A group of ages of a width in years, such as ``45-49``; over 89 is one group, or part of the last.

    >>> age_group(93, 1), age_group(93, 20), age_group(47, 5), age_group(47, 1)
    ('90+', '80+', '45-49', '47')
    """
    if age is None:
        return None
    start = age // width * width
    if start + width > OLDEST + 1 or start > OLDEST:
        return f"{min(start, (OLDEST + 1) // width * width)}+"
    return str(start) if width == 1 else f"{start}-{start + width - 1}"
