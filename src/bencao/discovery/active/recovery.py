"""How much of the best of a library has been found: the share where all scores are known, else a surrogate's guess."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr


def best_shares(scores: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """What each molecule counts for in the recovery of the best `count`; lower scores are better.

    Molecules that tie at the last place share what is left of the places, so the recovery does not depend on which of
    them a sort happens to put first.

    Parameters
    ----------
    scores : ndarray of float, shape (molecules,)
    count : int

    Returns
    -------
    ndarray of float, shape (molecules,)
        They add up to 1.
    """
    last = np.partition(scores, count - 1)[count - 1]
    better, tied = scores < last, scores == last
    return np.asarray((better + tied * ((count - better.sum()) / tied.sum())) / count)


def last_of_best(
    scored: NDArray[np.float64], mean: NDArray[np.float64], deviation: NDArray[np.float64], count: int
) -> float:
    """Score that the scored molecules and the expected number of the others stay below for `count` together.

    Parameters
    ----------
    scored : ndarray of float, shape (scored molecules,)
    mean, deviation : ndarray of float, shape (molecules not scored,)
        Of the predicted scores.
    count : int
    """
    low, high = min(scored.min(), (mean - 8 * deviation).min()), max(scored.max(), (mean + 8 * deviation).max())
    for _ in range(50):
        threshold = (low + high) / 2
        expected = (scored <= threshold).sum() + ndtr((threshold - mean) / deviation).sum()
        low, high = (threshold, high) if expected < count else (low, threshold)
    return float(high)


def estimated_recovery(
    scored: NDArray[np.float64],
    mean: NDArray[np.float64],
    deviation: NDArray[np.float64],
    count: int,
) -> float:
    """Share of the best `count` that is among the scored molecules, as far as the surrogate alone can tell.

    Parameters
    ----------
    scored, mean, deviation, count
        As of `last_of_best`.

    Returns
    -------
    float
        In [0, 1].
    """
    if not len(mean):
        return 1.0
    threshold = last_of_best(scored, mean, deviation, count)
    missed = float(ndtr((threshold - mean) / deviation).sum())
    return float(np.clip(1 - missed / count, 0, 1))
