"""Proportions: chi-square tests, exact intervals of one, score intervals of the difference of two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import acos, cos, pi, sqrt

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq
from scipy.stats import beta, chi2

from bencao.trial.errors import EstimationError
from bencao.trial.statistics.samples import Floats


@dataclass(frozen=True)
class ChiSquare:
    """A chi-square statistic with its degrees of freedom and p-value."""

    statistic: float
    df: int
    p_value: float


@dataclass(frozen=True)
class Interval:
    """An estimate with its confidence limits; None where no observations define it."""

    estimate: float | None
    lower: float | None
    upper: float | None


def chi_square(table: NDArray[np.integer], *, likelihood_ratio: bool = False, continuity: bool = False) -> ChiSquare:
    """Test rows and columns of a table for independence.

    Parameters
    ----------
    table : array of int, shape (rows, columns)
        Counts; empty rows and columns are left out, as PROC FREQ does.
    likelihood_ratio : bool
        The deviance G² instead of Pearson's sum.
    continuity : bool
        Yates's correction; of a table of two rows and two columns.

    Returns
    -------
    ChiSquare

    Raises
    ------
    EstimationError
        Less than two rows or columns hold a count.
    """
    counts = np.asarray(table, dtype=np.float64)
    counts = counts[counts.sum(axis=1) > 0][:, counts.sum(axis=0) > 0]
    if min(counts.shape) < 2:
        raise EstimationError("less than two rows or two columns hold a count")
    if continuity and counts.shape != (2, 2):
        raise EstimationError("the continuity correction is for two rows and two columns")
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    df = (counts.shape[0] - 1) * (counts.shape[1] - 1)
    if likelihood_ratio:
        held = counts > 0
        statistic = 2 * float((counts[held] * np.log(counts[held] / expected[held])).sum())
    else:
        distance = np.abs(counts - expected)
        if continuity:
            distance = np.maximum(distance - 0.5, 0)
        statistic = float((distance**2 / expected).sum())
    return ChiSquare(statistic, df, float(chi2.sf(statistic, df)))


def clopper_pearson(events: int, n: int, confidence: float = 0.95) -> Interval:
    """Exact interval of a proportion (Clopper and Pearson, Biometrika 1934, 26, 404).

    Examples
    --------
    >>> found = clopper_pearson(0, 10)
    >>> found.lower, round(found.upper, 4)
    (0.0, 0.3085)
    """
    _require_counts(events, n)
    if n == 0:
        return Interval(None, None, None)
    tail = (1 - confidence) / 2
    lower = float(beta.ppf(tail, events, n - events + 1)) if events else 0.0
    upper = float(beta.ppf(1 - tail, events + 1, n - events)) if events < n else 1.0
    return Interval(events / n, lower, upper)


def wilson(events: int, n: int, confidence: float = 0.95) -> Interval:
    """Score interval of a proportion (Wilson, J. Am. Stat. Assoc. 1927, 22, 209)."""
    _require_counts(events, n)
    if n == 0:
        return Interval(None, None, None)
    critical = float(chi2.ppf(confidence, 1))
    share = events / n
    middle = share + critical / (2 * n)
    half = sqrt(critical * (share * (1 - share) / n + critical / (4 * n * n)))
    return Interval(share, (middle - half) / (1 + critical / n), (middle + half) / (1 + critical / n))


def miettinen_nurminen(events: ArrayLike, sizes: ArrayLike, confidence: float = 0.95) -> Interval:
    """Score interval of the difference of two proportions, stratified where there are strata.

    Over strata the differences, and at each difference their variances, are averaged with Mantel-Haenszel weights
    n1 n2 / (n1 + n2). Strata in which one of the groups has no observation are left out.

    Parameters
    ----------
    events, sizes : array of int, shape (2,) or (strata, 2)
        Of the first and the second group.
    confidence : float

    Returns
    -------
    Interval
        Of first less second.

    References
    ----------
    Miettinen and Nurminen, Stat. Med. 1985, 4, 213 (variance with n / (n - 1)).

    Examples
    --------
    >>> found = miettinen_nurminen([56, 48], [70, 80])
    >>> round(found.estimate, 4), round(found.lower, 4), round(found.upper, 4)
    (0.2, 0.0528, 0.3382)
    """
    hits = np.atleast_2d(np.asarray(events, dtype=np.float64))
    totals = np.atleast_2d(np.asarray(sizes, dtype=np.float64))
    if hits.shape != totals.shape or hits.shape[1] != 2 or (hits < 0).any() or (hits > totals).any():
        raise EstimationError("events and sizes of two groups were expected, no more events than observations")
    held = (totals > 0).all(axis=1)
    hits, totals = hits[held], totals[held]
    if not len(hits):
        return Interval(None, None, None)
    weights = totals.prod(axis=1) / totals.sum(axis=1)
    weights /= weights.sum()
    difference = float(weights @ (hits[:, 0] / totals[:, 0] - hits[:, 1] / totals[:, 1]))
    critical = sqrt(float(chi2.ppf(confidence, 1)))

    def score(delta: float) -> float:
        variance = float(weights**2 @ _restricted_variances(hits, totals, delta))
        distance = difference - delta
        return distance / sqrt(variance) if variance > 0 else (np.sign(distance) * np.inf if distance else 0.0)

    return Interval(difference, _limit(score, difference, critical, -1), _limit(score, difference, critical, 1))


def _restricted_variances(hits: Floats, totals: Floats, delta: float) -> Floats:
    """Variance of each stratum's difference under a difference of delta, by restricted maximum likelihood."""
    variances = np.empty(len(hits))
    for place, ((x1, x2), (n1, n2)) in enumerate(zip(hits.tolist(), totals.tolist(), strict=True)):
        second = _restricted_proportion(x1, n1, x2, n2, delta)
        first = min(max(second + delta, 0.0), 1.0)
        n = n1 + n2
        variances[place] = (first * (1 - first) / n1 + second * (1 - second) / n2) * n / (n - 1)
    return variances


def _restricted_proportion(x1: float, n1: float, x2: float, n2: float, delta: float) -> float:
    """Root of the likelihood equation for the second proportion (Miettinen and Nurminen 1985, appendix I)."""
    n, x = n1 + n2, x1 + x2
    third = n
    second = (n1 + 2 * n2) * delta - n - x
    first = (n2 * delta - n - 2 * x2) * delta + x
    zeroth = x2 * delta * (1 - delta)
    q = (second / (3 * third)) ** 3 - second * first / (6 * third**2) + zeroth / (2 * third)
    p = sqrt(max((second / (3 * third)) ** 2 - first / (3 * third), 0.0))
    p = p if q > 0 else -p
    if p == 0:
        root = -second / (3 * third)
    else:
        angle = (pi + acos(min(max(q / p**3, -1.0), 1.0))) / 3
        root = 2 * p * cos(angle) - second / (3 * third)
    return min(max(root, max(0.0, -delta)), min(1.0, 1 - delta))


def _limit(score: Callable[[float], float], difference: float, critical: float, side: int) -> float:
    """Where the score's size reaches the critical value on a side of the estimate; the end of the range if nowhere."""
    end = side * (1 - 1e-9)
    if abs(difference) >= 1 - 1e-9 and difference * side > 0:
        return float(side)
    if abs(score(end)) <= critical:
        return float(side)
    near = difference + side * 1e-12
    return float(brentq(lambda delta: abs(score(delta)) - critical, near, end, xtol=1e-12, rtol=1e-14))


def _require_counts(events: int, n: int) -> None:
    if not 0 <= events <= n:
        raise EstimationError(f"{events} events of {n} observations")
