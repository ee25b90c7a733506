"""Intervals and sets that hold the truth as often as they say, from errors on molecules that a model had not seen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# A model fitted without one part of the scaffolds is wrong on that part by as much as on new molecules, which all of
# them predict together (cross-conformal prediction; Vovk, Ann. Math. Artif. Intell. 2015, 74, 9). Of classes the mean
# of p-values, one of each model, would hold the truth too often; so the mean of scores is held against means.
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


def class_p(score: float, held: Floats, *, active: bool) -> float:
    """How usual a molecule's score is among those of a class (Mondrian: each class by itself).

    Parameters
    ----------
    score : float
        Higher for actives.
    held : ndarray, sorted
        Scores of molecules of the class, by models that had not seen them.
    active : bool
        Whether the class is that of the actives.

    Returns
    -------
    float
        In (0, 1]; a class belongs to the set at 90 % where this is above 0.1.
    """
    below = int(np.searchsorted(held, score, "right" if active else "left"))
    return ((below if active else len(held) - below) + 1) / (len(held) + 1)
