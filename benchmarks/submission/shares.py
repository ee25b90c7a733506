"""Wilson's interval of a share."""

from __future__ import annotations

import math


def wilson(hits: int, n: int, z: float = 1.959964) -> tuple[float, float, float]:
    """A share in percent with its 95 % interval (Wilson 1927); 0 and the whole range where `n` is 0."""
    if not n:
        return 0.0, 0.0, 100.0
    share, room = hits / n, z * z / n
    middle = (share + room / 2) / (1 + room)
    half = z * math.sqrt(share * (1 - share) / n + room / (4 * n)) / (1 + room)
    return tuple(round(100 * value, 2) for value in (share, max(0.0, middle - half), min(1.0, middle + half)))
