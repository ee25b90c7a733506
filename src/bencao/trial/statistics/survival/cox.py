"""Proportional hazards regression, as PROC PHREG fits it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import chi2, norm

from bencao.trial.errors import EstimationError
from bencao.trial.statistics.design import Column, build_design
from bencao.trial.statistics.proportions import ChiSquare
from bencao.trial.statistics.samples import Floats
from bencao.trial.statistics.survival.times import read_times

Ties = Literal["efron", "breslow", "exact"]

_MOST_ITERATIONS = 50
_CONVERGED = 1e-12
# A coefficient without bound leaves no information about itself; a share of that at zero.
_NO_INFORMATION = 1e-8
# Points of log time at which the integral of exact ties is summed; the integrand is smooth and falls off doubly
# exponentially, so that the trapezoid rule is exact to rounding.
_GRID = np.linspace(-30.0, 7.0, 900)

# Log likelihood, gradient and observed information.
_Parts = tuple[float, Floats, Floats]


@dataclass(frozen=True)
class HazardRatio:
    """A coefficient of the model.

    Attributes
    ----------
    column : Column
        Its effect and level; the last level of a factor is the reference.
    coefficient, standard_error, chi_square, p_value : float
        Of the log hazard ratio, with Wald's test.
    hazard_ratio, lower, upper : float
    """

    column: Column
    coefficient: float
    standard_error: float
    chi_square: float
    p_value: float
    hazard_ratio: float
    lower: float
    upper: float


@dataclass(frozen=True)
class CoxFit:
    """A fitted model.

    Attributes
    ----------
    ratios : tuple of HazardRatio
    covariance : array, shape (coefficients, coefficients)
    minus_2_log_likelihood, null_minus_2_log_likelihood : float
        Partial, with and without the covariates.
    likelihood_ratio, score, wald : ChiSquare
        Tests of all coefficients being zero.
    ties : str
    n, events : int
    """

    ratios: tuple[HazardRatio, ...]
    covariance: Floats
    minus_2_log_likelihood: float
    null_minus_2_log_likelihood: float
    likelihood_ratio: ChiSquare
    score: ChiSquare
    wald: ChiSquare
    ties: str
    n: int
    events: int


@dataclass(frozen=True)
class _Death:
    """A time at which subjects of a stratum die: their rows, and those of all at risk."""

    dying: NDArray[np.int64]
    at_risk: NDArray[np.int64]


def cox(
    frame: pl.DataFrame,
    time: str,
    event: str,
    terms: Sequence[str],
    classes: Sequence[str] = (),
    strata: Sequence[str] = (),
    ties: Ties = "efron",
    confidence: float = 0.95,
) -> CoxFit:
    """Fit a proportional hazards model by partial likelihood.

    Parameters
    ----------
    frame : polars DataFrame
        A row a subject; rows that lack a variable are left out.
    time, event : names of columns
        The event is 1 where it happened, 0 where the time is censored.
    terms, classes
        See `build_design`.
    strata : names of columns
        Each combination has a baseline hazard of its own.
    ties : {"efron", "breslow", "exact"}
        How equal times of death are taken. Exact is PROC PHREG's TIES=EXACT, the probability of the set of deaths over
        all orders in which they may have happened; what R's coxph calls exact is SAS's TIES=DISCRETE and not offered.
    confidence : float

    Returns
    -------
    CoxFit

    Raises
    ------
    EstimationError
        As `build_design` and `read_times`; no event; or a coefficient grows without bound.

    References
    ----------
    Efron, J. Am. Stat. Assoc. 1977, 72, 557; DeLong, Guirguis and So, Biometrika 1994, 81, 607 (exact ties).
    """
    design = build_design(frame, terms, classes, needed=[time, event, *strata])
    rows = frame.filter(pl.Series(design.used))
    seen = read_times(rows[time], rows[event])
    if not seen.events.any():
        raise EstimationError("no event", where=event)
    matrix = design.matrix[:, 1:]
    if not matrix.shape[1]:
        raise EstimationError("no coefficient to estimate", mend="name an effect that varies")
    centre, scale = matrix.mean(axis=0), matrix.std(axis=0)
    stratum = rows.select(pl.struct(strata).rank("dense")).to_series().to_numpy() if strata else np.zeros(rows.height)
    deaths = _deaths(seen.times, seen.events, stratum)
    null, best, values = _maximise((matrix - centre) / scale, deaths, ties)
    covariance = np.linalg.inv(best[2]) / np.outer(scale, scale)
    values = values / scale
    columns = [design.columns[number] for number in design.kept[1:]]
    ratios = tuple(
        _ratio(column, float(value), sqrt(float(variance)), confidence)
        for column, value, variance in zip(columns, values, np.diag(covariance), strict=True)
    )
    df = len(values)
    tests = (
        2 * (best[0] - null[0]),
        float(null[1] @ np.linalg.solve(null[2], null[1])),
        float(values @ np.linalg.solve(covariance, values)),
    )
    likelihood_ratio, score, wald = (ChiSquare(test, df, float(chi2.sf(test, df))) for test in tests)
    return CoxFit(
        ratios,
        covariance,
        -2 * best[0],
        -2 * null[0],
        likelihood_ratio,
        score,
        wald,
        ties,
        rows.height,
        int(seen.events.sum()),
    )


def _ratio(column: Column, value: float, error: float, confidence: float) -> HazardRatio:
    half = float(norm.ppf((1 + confidence) / 2)) * error
    statistic = (value / error) ** 2
    p_value = float(chi2.sf(statistic, 1))
    return HazardRatio(column, value, error, statistic, p_value, exp(value), exp(value - half), exp(value + half))


def _deaths(times: Floats, events: NDArray[np.bool_], stratum: Floats) -> list[_Death]:
    deaths = []
    for level in np.unique(stratum):
        own = stratum == level
        for moment in np.unique(times[own & events]):
            dying = np.flatnonzero(own & events & (times == moment))
            deaths.append(_Death(dying, np.flatnonzero(own & (times >= moment))))
    return deaths


def _maximise(matrix: Floats, deaths: list[_Death], ties: Ties) -> tuple[_Parts, _Parts, Floats]:
    """Newton's method with step halving from zero: the parts at zero and at the maximum, and where that is."""
    if ties not in _TERMS:
        raise EstimationError(f"no way {ties!r} to take ties", mend=f"take one of {', '.join(_TERMS)}")
    values = np.zeros(matrix.shape[1])
    null = parts = _likelihood(matrix, deaths, ties, values)
    for _ in range(_MOST_ITERATIONS):
        step = np.linalg.solve(parts[2], parts[1])
        gain = float(step @ parts[1])
        if np.linalg.eigvalsh(parts[2])[0] < _NO_INFORMATION * np.linalg.eigvalsh(null[2])[0]:
            break
        if gain < _CONVERGED * max(1.0, abs(parts[0])):
            return null, parts, values
        share = 1.0
        while (trial := _likelihood(matrix, deaths, ties, values + share * step))[0] < parts[0] and share > 1e-8:
            share /= 2
        values, parts = values + share * step, trial
    raise EstimationError(
        "a coefficient grows without bound", mend="is there a level of a factor without events, or with all of them?"
    )


def _likelihood(matrix: Floats, deaths: list[_Death], ties: Ties, values: Floats) -> _Parts:
    hazards = np.exp(matrix @ values)
    size = matrix.shape[1]
    value, gradient, information = 0.0, np.zeros(size), np.zeros((size, size))
    for death in deaths:
        part = _TERMS[ties if len(death.dying) > 1 else "breslow"](matrix, hazards, death)
        value, gradient, information = value + part[0], gradient + part[1], information + part[2]
    return value, gradient, information


def _sums(matrix: Floats, hazards: Floats, rows: NDArray[np.int64]) -> tuple[float, Floats, Floats]:
    """Sum of hazards, and of hazards times covariates and their squares."""
    weighted = hazards[rows, None] * matrix[rows]
    return float(hazards[rows].sum()), weighted.sum(axis=0), weighted.T @ matrix[rows]


def _average(matrix: Floats, hazards: Floats, death: _Death, shares: Floats) -> _Parts:
    """Terms whose denominators leave out a share of those that die."""
    total, first, second = _sums(matrix, hazards, death.at_risk)
    dead, dead_first, dead_second = _sums(matrix, hazards, death.dying)
    covariates = matrix[death.dying]
    value = float(np.log(hazards[death.dying]).sum())
    gradient = covariates.sum(axis=0)
    information = np.zeros_like(second)
    for share in shares:
        denominator = total - share * dead
        mean = (first - share * dead_first) / denominator
        value -= log(denominator)
        gradient = gradient - mean
        information += (second - share * dead_second) / denominator - np.outer(mean, mean)
    return value, gradient, information


def _breslow(matrix: Floats, hazards: Floats, death: _Death) -> _Parts:
    return _average(matrix, hazards, death, np.zeros(len(death.dying)))


def _efron(matrix: Floats, hazards: Floats, death: _Death) -> _Parts:
    size = len(death.dying)
    return _average(matrix, hazards, death, np.arange(size) / size)


def _exact(matrix: Floats, hazards: Floats, death: _Death) -> _Parts:
    """Probability that those dying die before the others at risk, in any order.

    It is the integral of exp(-t) times the product of 1 - exp(-a t), a being the hazard of one that dies over the sum
    of those that live on; with x = log t, of a smooth function over the line.
    """
    living = np.setdiff1d(death.at_risk, death.dying)
    size = matrix.shape[1]
    if not len(living):
        return 0.0, np.zeros(size), np.zeros((size, size))
    total, first, second = _sums(matrix, hazards, living)
    mean = first / total
    spread = second / total - np.outer(mean, mean)
    rates = hazards[death.dying] / total
    apart = matrix[death.dying] - mean
    moments = np.exp(_GRID)
    scaled = rates[:, None] * moments
    logs = np.log(-np.expm1(-scaled)).sum(axis=0) - moments + _GRID
    weights = np.exp(logs - logs.max())
    mass = float(weights.sum())
    weights = weights / mass
    # By a: derivative of log(1 - exp(-a t)), and of that again; both times the power of a that makes them bounded.
    slope = scaled / np.expm1(np.minimum(scaled, 700.0))
    bend = -(slope**2) * np.exp(np.minimum(scaled, 350.0))
    pull = slope.T @ apart
    gradient = weights @ pull
    curvature = np.einsum("j,jp,jq->pq", (bend + slope) @ weights, apart, apart, optimize=True)
    curvature -= float(weights @ slope.sum(axis=0)) * spread
    curvature += (weights[:, None] * pull).T @ pull - np.outer(gradient, gradient)
    value = float(logs.max()) + log(mass * float(_GRID[1] - _GRID[0]))
    return value, gradient, -curvature


_TERMS = {"breslow": _breslow, "efron": _efron, "exact": _exact}
