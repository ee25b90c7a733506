"""E-values: how strong an unmeasured confounder would have to be to explain an estimate away."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, get_args

from bencao.evidence.errors import StudyDataError
from bencao.evidence.finite import Figures, reckoned

Scale = Literal["risk_ratio", "odds_ratio", "hazard_ratio", "standardised_difference"]


@dataclass(frozen=True)
class EValue(Figures):
    """Risk ratios that a confounder needs with both treatment and outcome.

    Attributes
    ----------
    ratio, low, high : float
        The estimate and its interval as (approximate) risk ratios.
    point : float
        To explain the estimate away.
    limit : float
        To move the interval to 1; 1 where it holds 1 already.
    """

    ratio: float
    low: float
    high: float
    point: float
    limit: float


@reckoned()
def e_value(value: float, low: float, high: float, scale: Scale = "risk_ratio", *, rare: bool = False) -> EValue:
    """E-value of an estimate, and of the end of its interval nearer to no effect.

    Parameters
    ----------
    value, low, high : float
        A ratio, or a difference of means in standard deviations of the outcome.
    scale : {"risk_ratio", "odds_ratio", "hazard_ratio", "standardised_difference"}
        A rate ratio is taken as a risk ratio.
    rare : bool
        Whether less than 15 % have the outcome by the end, so that odds and hazard ratios are near risk ratios.

    Returns
    -------
    EValue

    Raises
    ------
    StudyDataError
        No estimate within its interval, or a ratio not above 0.

    References
    ----------
    VanderWeele TJ, Ding P (2017). Sensitivity analysis in observational research: introducing the E-value. Annals of
    Internal Medicine 167, 268-274, with its conversions in table 2.

    Examples
    --------
    >>> found = e_value(3.9, 1.8, 8.7)
    >>> round(found.point, 2), round(found.limit, 2)
    (7.26, 3.0)
    """
    if scale not in get_args(Scale):
        raise StudyDataError(f"no scale {scale}", where="scale", mend=f"give one of {', '.join(get_args(Scale))}")
    ratio_scale = scale != "standardised_difference"
    if not (math.isfinite(value) and low <= value <= high) or (ratio_scale and low <= 0) or not math.isfinite(high):
        raise StudyDataError(f"{value} ({low} to {high}) is no estimate", where=scale, mend="give low < value < high")
    middle, lower, upper = (_risk_ratio(one, scale, rare) for one in (value, low, high))
    if scale == "standardised_difference":
        # The interval of d is turned into one of the ratio by its standard error (their table 2).
        se = (high - low) / (2 * 1.959963984540054)
        lower, upper = (math.exp(0.91 * value + sign * 1.78 * se) for sign in (-1, 1))
    limit = 1.0 if lower <= 1 <= upper else _needed(lower if middle > 1 else upper)
    return EValue(middle, lower, upper, _needed(middle), limit)


def _risk_ratio(value: float, scale: Scale, rare: bool) -> float:
    if scale == "standardised_difference":
        return math.exp(0.91 * value)
    if rare or scale == "risk_ratio":
        return value
    if scale == "odds_ratio":
        return math.sqrt(value)
    return float((1 - 0.5 ** math.sqrt(value)) / (1 - 0.5 ** math.sqrt(1 / value)))


def _needed(ratio: float) -> float:
    ratio = max(ratio, 1 / ratio)
    return ratio + math.sqrt(ratio * (ratio - 1))
