"""Molecules scored by chance rather than for their promise, so that what was missed can be counted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

# Share of an audit that is drawn from all alike, however poor their prediction: the more, the less a wrong surrogate
# harms the count. Chosen on a surrogate that is sure of itself and knows nothing.
_BLIND = 0.25


@dataclass(frozen=True)
class Drawn:
    """Molecules drawn for an audit.

    Attributes
    ----------
    places : ndarray of int, shape (drawn,)
    probabilities : ndarray of float, shape (drawn,)
        With which each was drawn.
    burden : float
        Variance of an estimated number of hits for each hit there is, if the predictions hold.
    """

    places: NDArray[np.int64]
    probabilities: NDArray[np.float64]
    burden: float


@dataclass(frozen=True)
class Audit:
    """An audit whose molecules have been scored.

    Attributes
    ----------
    scores : ndarray of float, shape (drawn,)
        Not finite where the scoring failed: such a molecule is none of the best.
    drawn : Drawn
    before : int
        Molecules scored before it; it was drawn from all the others.
    """

    scores: NDArray[np.float64]
    drawn: Drawn
    before: int


def draw_audit(
    mean: NDArray[np.float64],
    deviation: NDArray[np.float64],
    threshold: float,
    count: int,
    random: np.random.Generator,
) -> Drawn:
    """Draw molecules with known probabilities, the likelier to be among the best the oftener.

    An estimated number of hits varies least where each molecule is drawn in proportion to the deviation of its being
    one, sqrt(p (1 - p)) (Särndal, Swensson and Wretman, Model Assisted Survey Sampling, 1992, 12.2). The draw is
    systematic along the predicted rank (Madow, Ann. Math. Stat. 1949, 20, 333), so that each part of it has its share.

    Parameters
    ----------
    mean, deviation : ndarray of float, shape (molecules,)
        Of predicted scores, the lower the better.
    threshold : float
        Score of the last of the best, as it is held to be now.
    count : int
        Molecules to draw; all are where there are no more.
    random : Generator

    Returns
    -------
    Drawn
    """
    if count >= len(mean):
        return Drawn(np.arange(len(mean)), np.ones(len(mean)), 0.0)
    promise = (threshold - mean) / deviation
    chance = np.maximum(ndtr(promise), 1e-12)
    worth = np.sqrt(chance * (1 - chance)) + 1e-12
    worth = (1 - _BLIND) * worth / worth.sum() + _BLIND / len(worth)
    order = np.argsort(np.round(-promise, 4), kind="stable")
    probabilities = inclusion_probabilities(worth[order], count)
    steps = np.cumsum(probabilities)
    ticks = (random.random() + np.arange(count)) * (steps[-1] / count)
    drawn = np.searchsorted(steps, ticks).clip(0, len(order) - 1)
    chance = chance[order]
    burden = float((chance * (1 - chance) * (1 / probabilities - 1)).sum() / chance.sum())
    return Drawn(order[drawn], probabilities[drawn], burden)


def inclusion_probabilities(size: NDArray[np.float64], count: int) -> NDArray[np.float64]:
    """Probabilities that add up to `count` and go with a size, where none may pass 1 (Särndal et al., 3.6.2).

    Parameters
    ----------
    size : ndarray of float, shape (molecules,)
        Positive.
    count : int
        Less than the molecules.

    Returns
    -------
    ndarray of float, shape (molecules,)
    """
    sure = np.zeros(len(size), dtype=bool)
    while True:
        found = np.where(sure, 1.0, (count - sure.sum()) * size / size[~sure].sum())
        more = (found >= 1) & ~sure
        if not more.any():
            return np.asarray(found, dtype=np.float64)
        sure |= more
