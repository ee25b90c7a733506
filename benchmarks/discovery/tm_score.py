"""TM-score of two structures of the same residues (Zhang & Skolnick, Proteins 2004, 57, 702)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Places = NDArray[np.float64]
_SHORTEST = 4
_ROUNDS = 20


def tm_score(predicted: Places, native: Places) -> float:
    """Greatest TM-score over superpositions that start from fragments of the chain.

    Parameters
    ----------
    predicted, native : ndarray of float, shape (length, 3)
        Cα of the same residues in ångström.

    Returns
    -------
    float
        From 0 to 1, by the length of the native chain.
    """
    length = len(native)
    scale = max(1.24 * (length - 15) ** (1 / 3) - 1.8, 0.5) if length > 15 else 0.5
    best, size = 0.0, length
    while size >= _SHORTEST:
        for start in range(0, length - size + 1, max(1, size // 4)):
            chosen = np.arange(start, start + size)
            best = max(best, _refined(predicted, native, chosen, scale))
        size //= 2
    return best


def _refined(predicted: Places, native: Places, chosen: NDArray[np.intp], scale: float) -> float:
    best, reach = 0.0, min(max(scale, 4.5), 8.0)
    for _ in range(_ROUNDS):
        gaps = np.linalg.norm(_superposed(predicted, native, chosen) - native, axis=1)
        best = max(best, float((1 / (1 + (gaps / scale) ** 2)).mean()))
        near = np.flatnonzero(gaps < reach)
        if len(near) < 3:
            near = np.argsort(gaps)[:3]
        if np.array_equal(near, chosen):
            break
        chosen = near
    return best


def _superposed(moved: Places, fixed: Places, chosen: NDArray[np.intp]) -> Places:
    """`moved`, turned so that the chosen residues fit (Kabsch, Acta Cryst. A 1976, 32, 922)."""
    from_centre, to_centre = moved[chosen].mean(axis=0), fixed[chosen].mean(axis=0)
    u, _, vt = np.linalg.svd((moved[chosen] - from_centre).T @ (fixed[chosen] - to_centre))
    mirror = np.diag([1.0, 1.0, np.sign(np.linalg.det(u @ vt))])
    turned: Places = (moved - from_centre) @ (u @ mirror @ vt) + to_centre
    return turned
