"""Counts of persons that may be told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def withheld(counts: Mapping[Any, int], least: int) -> dict[Any, int | None]:
    """Counts of persons, None where below the minimum; where together they stay below it, the next smallest as well.

    With the sum known, what is withheld could be worked out.

    Parameters
    ----------
    counts : mapping of object to int
    least : int
        Smallest count that is told.

    Returns
    -------
    dict of object to int or None

    Examples
    --------
    >>> withheld({"a": 3, "b": 50, "c": 12, "d": 0}, 10)
    {'a': None, 'b': 50, 'c': None, 'd': 0}
    """
    small = {name for name, count in counts.items() if 0 < count < least}
    rest = [name for name, count in counts.items() if count >= least]
    if small and sum(counts[name] for name in small) < least and rest:
        small.add(min(rest, key=lambda name: (counts[name], str(name))))
    return {name: None if name in small else count for name, count in counts.items()}
