"""Kaplan-Meier estimates with the standard errors, limits and quantiles of PROC LIFETEST."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.stats import norm

from bencao.trial.errors import EstimationError
from bencao.trial.statistics.samples import Floats, Integers, Sample
from bencao.trial.statistics.survival.times import read_times, risk_table

Transform = Literal["loglog", "linear", "log"]

# SAS takes a survival for equal to a quantile's level within rounding of the product.
_SAME = 1e-10


@dataclass(frozen=True)
class KaplanMeier:
    """A product-limit estimate.

    Attributes
    ----------
    times : array of float, shape (distinct event times,)
    at_risk, deaths : array of int, same shape
    survival, standard_error : array of float, same shape
        After the events of that time; Greenwood's standard error.
    lower, upper : array of float, same shape
        Pointwise limits; NaN where the estimate is 0.
    n, events : int
    last : float
        Longest time seen, of an event or censored.
    confidence : float
    """

    times: Floats
    at_risk: Integers
    deaths: Integers
    survival: Floats
    standard_error: Floats
    lower: Floats
    upper: Floats
    n: int
    events: int
    last: float
    confidence: float

    def at(self, time: float) -> float | None:
        """Survival at a time; None beyond the longest seen, unless all had died by then."""
        if time > self.last and not (len(self.survival) and self.survival[-1] == 0):
            return None
        place = int(np.searchsorted(self.times, time, side="right"))
        return float(self.survival[place - 1]) if place else 1.0


@dataclass(frozen=True)
class SurvivalQuantile:
    """Time by which a share has had the event, with limits; None where the estimate does not go so low."""

    share: float
    time: float | None
    lower: float | None
    upper: float | None


def kaplan_meier(
    times: Sample, events: Sample, confidence: float = 0.95, transform: Transform = "loglog"
) -> KaplanMeier:
    """Estimate a survival function.

    Parameters
    ----------
    times : numbers
    events : 0 or 1
        1 where the time is that of an event; ADTTE's ``CNSR`` is the other way round.
    confidence : float
    transform : {"loglog", "linear", "log"}
        Scale on which limits are symmetric; log(-log) is SAS's default.

    Returns
    -------
    KaplanMeier

    Examples
    --------
    >>> found = kaplan_meier([1, 2, 2, 4], [1, 1, 0, 0])
    >>> found.survival.tolist(), found.at_risk.tolist()
    ([0.75, 0.5], [4, 3])
    """
    seen = read_times(times, events)
    distinct, at_risk, deaths = risk_table(seen.times, seen.events)
    survival = np.cumprod(1 - deaths / at_risk)
    with np.errstate(divide="ignore", invalid="ignore"):
        greenwood = np.cumsum(deaths / (at_risk * (at_risk - deaths).astype(float)))
        error = np.where(survival > 0, survival * np.sqrt(greenwood), np.nan)
        lower, upper = _limits(survival, error, confidence, transform)
    return KaplanMeier(
        distinct,
        at_risk,
        deaths,
        survival,
        error,
        lower,
        upper,
        n=len(seen.times),
        events=int(seen.events.sum()),
        last=float(seen.times.max()),
        confidence=confidence,
    )


def _scale(transform: Transform) -> tuple[Callable[[Floats], Floats], Callable[[Floats], Floats]]:
    """A transform of survival and the size of its derivative."""
    if transform == "loglog":
        return (lambda s: np.log(-np.log(s))), (lambda s: 1 / np.abs(s * np.log(s)))
    if transform == "log":
        return np.log, (lambda s: 1 / s)
    if transform == "linear":
        return (lambda s: s), np.ones_like
    raise EstimationError(f"no transform {transform!r}", mend="take loglog, log or linear")


def _limits(survival: Floats, error: Floats, confidence: float, transform: Transform) -> tuple[Floats, Floats]:
    function, slope = _scale(transform)
    half = norm.ppf((1 + confidence) / 2) * error * slope(survival)
    middle = function(survival)
    if transform == "loglog":
        return np.exp(-np.exp(middle + half)), np.exp(-np.exp(middle - half))
    if transform == "log":
        return np.exp(middle - half), np.minimum(np.exp(middle + half), 1.0)
    return np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)


def survival_quantile(estimate: KaplanMeier, share: float = 0.5, transform: Transform = "loglog") -> SurvivalQuantile:
    """Time by which a share has had the event, with limits by inverting the test of Brookmeyer and Crowley.

    Where the estimate equals 1 - share between two events, the time is the middle of the two, as in PROC LIFETEST;
    where it ends there, no time is below it and there is none to give.

    Parameters
    ----------
    estimate : KaplanMeier
    share : float
        0.5 for the median.
    transform : {"loglog", "linear", "log"}

    Returns
    -------
    SurvivalQuantile

    References
    ----------
    Brookmeyer and Crowley, Biometrics 1982, 38, 29.
    """
    if not 0 < share < 1:
        raise EstimationError(f"a share lies between 0 and 1, found {share}")
    level = 1 - share
    function, slope = _scale(transform)
    critical = norm.ppf((1 + estimate.confidence) / 2)
    at_level = function(np.array([level]))
    with np.errstate(divide="ignore", invalid="ignore"):
        spread = estimate.standard_error * slope(estimate.survival)
        inside = np.abs(function(estimate.survival) - at_level) <= critical * spread
    places = np.flatnonzero(inside)
    lower = float(estimate.times[places[0]]) if len(places) else None
    after = places[-1] + 1 if len(places) else None
    upper = float(estimate.times[after]) if after is not None and after < len(estimate.times) else None
    return SurvivalQuantile(share, _quantile_time(estimate, level), lower, upper)


def _quantile_time(estimate: KaplanMeier, level: float) -> float | None:
    same = np.flatnonzero(np.abs(estimate.survival - level) <= _SAME)
    below = np.flatnonzero(estimate.survival < level - _SAME)
    if len(same):
        start = float(estimate.times[same[0]])
        return (start + float(estimate.times[same[0] + 1])) / 2 if same[0] + 1 < len(estimate.times) else None
    return float(estimate.times[below[0]]) if len(below) else None
