"""Intervals and sets that hold the truth as often as they say, from errors on molecules that a model had not seen.

A model fitted without one part of the scaffolds is wrong on that part by as much as on new molecules. Each part gives
its errors to the model that was fitted without it (cross-conformal prediction; Vovk, Ann. Math. Artif. Intell. 2015,
74, 9; CV+; Barber et al., Ann. Stat. 2021, 49, 486).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def interval(centres: Floats, scales: Floats, errors: Sequence[Floats], level: float) -> tuple[float, float]:
    """The interval of a value.

    Parameters
    ----------
    centres, scales : ndarray, shape (parts,)
        What each part's model predicts, and how wide it expects to be wrong.
    errors : sequence of ndarray
        Of each part the absolute errors of its model on it, divided by the scales.
    level : float
        Share of truths to hold, as 0.9.

    Returns
    -------
    low, high : float
        Infinite where there are too few errors for the level.
    """
    reach = [scale * part for scale, part in zip(scales, errors, strict=True)]
    lows = np.sort(np.concatenate([centre - part for centre, part in zip(centres, reach, strict=True)]))
    highs = np.sort(np.concatenate([centre + part for centre, part in zip(centres, reach, strict=True)]))
    below = int(np.floor((1 - level) * (len(lows) + 1) + 1e-9)) - 1
    if below < 0:
        return -np.inf, np.inf
    return float(lows[below]), float(highs[len(highs) - 1 - below])


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
