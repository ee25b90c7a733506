"""Probabilistic bias analysis: corrections drawn from what is known of the bias, with chance error beside it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from bencao.evidence.errors import StudyDataError
from bencao.evidence.finite import Figures, reckoned

_FEWEST = 0.5  # share of drawings that the data must allow


@dataclass(frozen=True)
class Corrected(Figures):
    """A ratio with its 95 % simulation interval.

    Attributes
    ----------
    ratio, low, high : float
        Median, and the limits with chance error.
    systematic_low, systematic_high : float
        Limits of the bias alone.
    impossible : float
        Share of drawings that the data ruled out.
    """

    ratio: float
    low: float
    high: float
    systematic_low: float
    systematic_high: float
    impossible: float


@reckoned()
def draw_corrections(
    corrected: Callable[[Mapping[str, Any]], Any],
    ranges: Mapping[str, Sequence[float]],
    se: float,
    *,
    draws: int = 10_000,
    seed: int = 1,
) -> Corrected:
    """Draw the parameters of a bias, correct a ratio by each, and add chance.

    Parameters
    ----------
    corrected : callable
        From parameters, each an array of shape (draws,), to ratios.
    ranges : mapping of str to (low, likely, high) or (low, likely from, likely to, high)
        Triangular or trapezoidal distributions; low = high fixes a parameter.
    se : float
        Standard error of the log ratio.
    draws, seed : int

    Returns
    -------
    Corrected

    Raises
    ------
    StudyDataError
        A range that does not rise; drawings more than half of which the data rule out.
    """
    if not (math.isfinite(se) and se >= 0 and draws >= 100):
        raise StudyDataError(f"error {se}, {draws} drawings", where="se, draws", mend="give an error and 100 or more")
    draw = np.random.default_rng(seed)
    parameters = {name: _trapezoidal(draw, name, told, draws) for name, told in sorted(ranges.items())}
    logs = np.log(np.asarray(corrected(parameters), float))
    chance = draw.normal(0, se, draws)
    kept = np.isfinite(logs)
    if kept.mean() < _FEWEST:
        raise StudyDataError(
            f"the data rule out {1 - kept.mean():.0%} of what was drawn", where="ranges", mend="give likelier ranges"
        )
    logs, whole = logs[kept], logs[kept] + chance[kept]
    low, middle, high = (float(one) for one in np.exp(np.quantile(whole, [0.025, 0.5, 0.975])))
    of_bias = [float(one) for one in np.exp(np.quantile(logs, [0.025, 0.975]))]
    return Corrected(middle, low, high, of_bias[0], of_bias[1], float(1 - kept.mean()))


def _trapezoidal(draw: np.random.Generator, name: str, told: Sequence[float], draws: int) -> Any:
    """By the inverse of the distribution function."""
    if len(told) not in (3, 4) or list(told) != sorted(told):
        raise StudyDataError("is not three or four rising numbers", where=name, mend="give e.g. 0.7,0.8,0.9")
    low, start, end, high = (told[0], told[1], told[-2], told[-1])
    chance = draw.random(draws)
    if low == high:
        return np.full(draws, float(low))
    peak = 2 / (high + end - start - low)
    rise, fall = peak * (start - low) / 2, 1 - peak * (high - end) / 2
    return np.select(
        [chance < rise, chance <= fall],
        [low + np.sqrt(2 * chance * (start - low) / peak), start + (chance - rise) / peak],
        high - np.sqrt(np.maximum(2 * (1 - chance) * (high - end) / peak, 0)),
    )
