"""Rounding as SAS prints it: half away from zero, with the fuzz that hides binary representation."""

from __future__ import annotations

from math import copysign, floor, isfinite

# SAS's ROUND takes a value for a half if it is within some 1e-12 of it, relatively (SAS 9.4 Functions, ROUND).
_FUZZ = 1e-12


def round_half_away(value: float, digits: int = 0) -> float:
    """Round half away from zero.

    Python and IEEE 754 round half to even, and take 2.675 for less than it is written; a table that must equal SAS's
    does neither.

    Parameters
    ----------
    value : float
        NaN and infinities are returned as they are.
    digits : int
        Decimal places; negative ones round before the point.

    Returns
    -------
    float

    Examples
    --------
    >>> round_half_away(2.5), round_half_away(-0.125, 2), round_half_away(2.675, 2)
    (3.0, -0.13, 2.68)
    """
    if not isfinite(value):
        return value
    scale = 10.0 ** abs(digits)
    scaled = abs(value) * scale if digits >= 0 else abs(value) / scale
    whole = floor(scaled + 0.5 + scaled * _FUZZ)
    return copysign(whole / scale if digits >= 0 else whole * scale, value)
