"""Data squashing: pairs of the same count with alike expected counts become one weighted point."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

# Points with the largest expected counts that stay as they are, for the lowest count, the next, and so on.
KEPT = (100, 75, 50, 25)
# Points to squash below which, and into how many bins, as openEBGM's autoSquash has them by default.
BINS = ((500, 50), (1_000, 75), (10_000, 150), (100_000, 500), (500_000, 750), (1_000_000, 1_000), (5_000_000, 2_000))
MOST_BINS = 5_000


def squash(n: npt.ArrayLike, expected: npt.ArrayLike) -> tuple[Floats, Floats, Floats]:
    """Squash a table of counts for the fit of the prior.

    Of each count that more than 101 pairs have, the pairs with the largest expected counts stay; the others, sorted
    by expected count, go into bins of one size, a last smaller one among them, and each bin becomes a point
    with the mean of its expected counts.

    Parameters
    ----------
    n, expected : array-like, shape (pairs,)

    Returns
    -------
    n, expected, weights : ndarray, shape (points,)
        By count, then by expected count; the weights sum to the number of pairs.

    References
    ----------
    DuMouchel W, Pregibon D (2001). Empirical Bayes screening for multi-item associations. KDD '01, 67-76.
    Canida T, Ihrie J (2017). openEBGM: an R implementation of the gamma-Poisson shrinker data mining model. The R
    Journal 9(2), 499-519: the defaults.

    Examples
    --------
    >>> n, e, w = squash([1.0] * 300, [float(value) for value in range(300)])
    >>> len(n), float(w.sum()), e[:2].tolist(), w[:2].tolist()
    (150, 300.0, [1.5, 5.5], [4.0, 4.0])
    """
    counts, means = np.asarray(n, float), np.asarray(expected, float)
    order = np.lexsort((means, counts))
    counts, means = counts[order], means[order]
    values, starts, sizes = np.unique(counts, return_index=True, return_counts=True)
    parts: list[tuple[Floats, Floats, Floats]] = []
    place = 0
    for value, start, size in zip(values, starts, sizes, strict=True):
        group = means[start : start + size]
        if size > max(KEPT) + 1:
            group, weights = _binned(group, KEPT[min(place, len(KEPT) - 1)])
            place += 1
        else:
            weights = np.ones(len(group))
        parts.append((np.full(len(group), value), group, weights))
    squashed = [np.concatenate(column) for column in zip(*parts, strict=True)]
    return squashed[0], squashed[1], squashed[2]


def _binned(means: Floats, kept: int) -> tuple[Floats, Floats]:
    """Sorted expected counts, all but the last `kept` in bins, and how many are in each."""
    many = len(means) - kept
    bins = next((number for below, number in BINS if many < below), MOST_BINS)
    size = max(many // bins, 2)
    edges = np.arange(0, many, size)
    weights = np.diff(np.append(edges, many)).astype(float)
    return (
        np.concatenate([np.add.reduceat(means[:many], edges) / weights, means[many:]]),
        np.concatenate([weights, np.ones(kept)]),
    )
