"""The interval that the benchmarks of this room give for a share."""

from __future__ import annotations

from math import sqrt


def wilson(hits: int, n: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson, J. Am. Stat. Assoc. 1927, 22, 209)."""
    if not n:
        return 0.0, 1.0
    z, share = 1.959964, hits / n
    middle, half = share + z * z / (2 * n), z * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)
