"""The empirical null: what estimates look like where there is no effect, and estimates judged by it."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize_scalar
from scipy.special import ndtr, ndtri

from bencao.safety.errors import PriorUndetermined

Floats = npt.NDArray[np.float64]
_FEWEST = 5
_WIDEST = 10.0  # of the systematic error's standard deviation, on the logarithm


@dataclass(frozen=True)
class EmpiricalNull:
    """Normal distribution of the systematic error of log ratios.

    Attributes
    ----------
    mean, sd : float
    n : int
        Negative controls it was fitted to.
    """

    mean: float
    sd: float
    n: int


def fit_null(log_ratio: Floats, standard_error: Floats) -> EmpiricalNull:
    """Fit the systematic error to negative controls by maximum likelihood.

    Each control's log ratio is taken as normal, its mean the null's, its variance ``sd**2 + standard_error**2``.

    Parameters
    ----------
    log_ratio, standard_error : ndarray, shape (controls,)

    Returns
    -------
    EmpiricalNull

    Raises
    ------
    PriorUndetermined
        Fewer than 5 controls with a finite estimate.

    References
    ----------
    Schuemie MJ, Ryan PB, DuMouchel W, Suchard MA, Madigan D (2014). Interpreting observational studies: why empirical
    calibration is needed to correct p-values. Statistics in Medicine 33, 209-218.

    Examples
    --------
    >>> null = fit_null(np.array([0.9, 1.1, 1.0, 0.8, 1.2]), np.full(5, 0.01))
    >>> round(null.mean, 3), round(null.sd, 3)
    (1.0, 0.141)
    """
    there = np.isfinite(log_ratio) & np.isfinite(standard_error) & (standard_error > 0)
    x, variance = log_ratio[there], standard_error[there] ** 2
    if len(x) < _FEWEST:
        raise PriorUndetermined(
            f"{len(x)} negative controls with an estimate, {_FEWEST} or more are needed",
            mend="give data in which more of the controls are reported, or another list of controls",
        )

    def mean_at(sd: float) -> float:
        weight = 1 / (variance + sd * sd)
        return float((weight * x).sum() / weight.sum())

    def loss(sd: float) -> float:
        total = variance + sd * sd
        return float((np.log(total) + (x - mean_at(sd)) ** 2 / total).sum())

    # The likelihood can have a maximum at 0 beside one inside: both are looked at.
    inside = minimize_scalar(loss, bounds=(0.0, _WIDEST), method="bounded", options={"xatol": 1e-10})
    starts = np.append(np.geomspace(1e-4, _WIDEST, 60), 0.0)
    near = float(min(starts, key=loss))
    around = minimize_scalar(loss, bounds=(near / 2, near * 2 + 1e-6), method="bounded", options={"xatol": 1e-12})
    sd = min((0.0, float(inside.x), float(around.x)), key=loss)
    return EmpiricalNull(mean_at(sd), sd, len(x))


def calibrated_p(log_ratio: Floats, standard_error: Floats, null: EmpiricalNull) -> Floats:
    """Two-sided p-values of "no effect", given the systematic error (Schuemie et al. 2014).

    Parameters
    ----------
    log_ratio, standard_error : ndarray, shape (pairs,)
    null : EmpiricalNull
        With mean 0 and sd 0 the usual p-value results.

    Returns
    -------
    ndarray, shape (pairs,)
    """
    z = (log_ratio - null.mean) / np.sqrt(standard_error**2 + null.sd**2)
    result: Floats = 2 * ndtr(-np.abs(z))
    return result


def calibrated_interval(
    log_ratio: Floats, standard_error: Floats, null: EmpiricalNull, level: float = 0.95
) -> tuple[Floats, Floats, Floats]:
    """Ratio and its interval with the systematic error taken off, as if it were the same at every true effect.

    Returns
    -------
    ratio, low, high : ndarray, shape (pairs,)

    References
    ----------
    Schuemie MJ, Hripcsak G, Ryan PB, Madigan D, Suchard MA (2018). Empirical confidence interval calibration for
    population-level effect estimation studies in observational healthcare data. PNAS 115, 2571-2577. Theirs lets the
    error change with the effect, which needs positive controls of known size.
    """
    centre = log_ratio - null.mean
    half = float(ndtri(0.5 + level / 2)) * np.sqrt(standard_error**2 + null.sd**2)
    return np.exp(centre), np.exp(centre - half), np.exp(centre + half)


def leave_one_out_p(log_ratio: Floats, standard_error: Floats) -> Floats:
    """Calibrated p-values of the controls themselves, each by the null of the others.

    Not a number where the others are too few.
    """
    found = np.full(len(log_ratio), math.nan)
    for place in range(len(log_ratio)):
        others = np.arange(len(log_ratio)) != place
        try:
            null = fit_null(log_ratio[others], standard_error[others])
        except PriorUndetermined:
            continue
        found[place] = calibrated_p(log_ratio[place : place + 1], standard_error[place : place + 1], null)[0]
    return found
