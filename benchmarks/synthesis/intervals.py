"""95 % intervals of the figures that the benchmarks print."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

_Z = 1.959964  # 97.5th percentile of the standard normal distribution
_DRAWS = 10_000


def wilson(hits: int, n: int) -> tuple[float, float]:
    """Interval of a share (Wilson, J. Am. Stat. Assoc. 1927, 22, 209), both ends in [0, 1]."""
    if not n:
        return 0.0, 1.0
    share = hits / n
    middle = share + _Z**2 / (2 * n)
    half = _Z * (share * (1 - share) / n + _Z**2 / (4 * n**2)) ** 0.5
    whole = 1 + _Z**2 / n
    return max(0.0, (middle - half) / whole), min(1.0, (middle + half) / whole)


def percent(name: str, hits: int, n: int) -> dict[str, float]:
    """A share in percent with its interval, as three keys of the flat JSON."""
    low, high = wilson(hits, n)
    return {
        name: round(100 * hits / n, 3) if n else 0.0,
        f"{name}_low": round(100 * low, 3),
        f"{name}_high": round(100 * high, 3),
    }


def bootstrap(
    values: Sequence[float], figure: Callable[..., NDArray[np.float64]], seed: int, draws: int = _DRAWS
) -> tuple[float, float]:
    """Percentile interval of a figure of some values; `figure` takes an array and an ``axis``."""
    array = np.asarray(values, dtype=np.float64)
    picks = np.random.default_rng(seed).integers(len(array), size=(draws, len(array)))
    low, high = np.percentile(figure(array[picks], axis=1), [2.5, 97.5])
    return float(low), float(high)
