"""Agglomerative clustering with average linkage: the nearest two groups become one, until none are near."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def clustered(distances: NDArray[np.float64], within: float) -> tuple[int, ...]:
    """Cluster things by their distances.

    The mean distance between the members of two groups decides (Sokal and Michener, Univ. Kansas Sci. Bull. 1958, 38,
    1409). Of groups equally near, the first join first, so the same distances give the same groups.

    Parameters
    ----------
    distances : numpy.ndarray, shape (n, n)
        Symmetric.
    within : float
        Groups further apart than this stay apart.

    Returns
    -------
    tuple of int
        Group of each thing, counted from 0 in the order of their first members.
    """
    apart = np.array(distances, dtype=np.float64)
    np.fill_diagonal(apart, np.inf)
    groups = [[place] for place in range(len(apart))]
    while len(groups) > 1:
        first, second = sorted(divmod(int(apart.argmin()), len(apart)))
        if apart[first, second] > within:
            break
        sizes = len(groups[first]), len(groups[second])
        merged = (sizes[0] * apart[first] + sizes[1] * apart[second]) / sum(sizes)
        apart[first], apart[:, first] = merged, merged
        apart[first, first] = np.inf
        apart = np.delete(np.delete(apart, second, axis=0), second, axis=1)
        groups[first] += groups.pop(second)
    groups.sort(key=min)
    label = {member: number for number, group in enumerate(groups) for member in group}
    return tuple(label[place] for place in range(len(distances)))
