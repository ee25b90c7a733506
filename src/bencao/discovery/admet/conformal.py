"""Intervals and sets that hold the truth as often as they say, from errors on molecules that a model had not seen."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

# A model fitted without one part of the scaffolds is wrong on that part by as much as on new molecules. Each part gives
# its errors to the model that was fitted without it, and a new molecule is predicted by all of them (cross-conformal
# prediction; Vovk, Ann. Math. Artif. Intell. 2015, 74, 9).
Floats = NDArray[np.float64]


def reach(errors: Floats, level: float) -> float:
    """How many expected errors an interval reaches to either side.

    Parameters
    ----------
    errors : ndarray
        Absolute errors on molecules that the model had not seen, each divided by what was expected of it.
    level : float
        Share of truths to hold, as 0.9.

    Returns
    -------
    float
        Infinite where there are too few errors for the level.
    """
    place = int(np.ceil(level * (len(errors) + 1) - 1e-9))
    return float(np.sort(errors)[place - 1]) if place <= len(errors) else float("inf")


def class_p(scores: Floats, held: Sequence[Floats], *, active: bool) -> float:
    """How usual a molecule's scores are among those of a class (Mondrian: each class by itself).

    Parameters
    ----------
    scores : ndarray, shape (parts,)
        What each part's model gives: higher for actives.
    held : sequence of ndarray, sorted
        Of each part the scores of its model for the molecules of the class in it.
    active : bool
        Whether the class is that of the actives.

    Returns
    -------
    float
        In (0, 1]; a class belongs to the set at 90 % where this is above 0.1.
    """
    count = sum(map(len, held))
    if active:
        stranger = sum(int(np.searchsorted(part, one, "right")) for one, part in zip(scores, held, strict=True))
    else:
        stranger = count - sum(int(np.searchsorted(part, one, "left")) for one, part in zip(scores, held, strict=True))
    return (stranger + 1) / (count + 1)
