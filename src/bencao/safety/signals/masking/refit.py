"""Logistic regression on a few indicators, without a penalty, over the patterns in which they occur."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_array
from scipy.special import expit

from bencao.safety.errors import FitDiverged
from bencao.safety.signals.masking.lasso import information_of

Floats = npt.NDArray[np.float64]
_STEPS, _HALVINGS = 200, 40
_TOLERANCE = 1e-8  # of the reports with the event, by which a column's may miss those fitted
_RIDGE = 1e-10  # of the largest information: columns that are alike then share their coefficient


@dataclass(frozen=True, slots=True)
class Refit:
    """A regression without a penalty.

    Attributes
    ----------
    coefficients, errors : ndarray, shape (columns,)
        Log odds ratios and their standard errors (Wald).
    deviance : float
        Minus twice the log likelihood.
    """

    coefficients: Floats
    errors: Floats
    deviance: float


def fit_freely(x: csc_array, y: Floats, start: Floats) -> Refit:
    """Fit by Newton steps.

    Parameters
    ----------
    x : csc_array, shape (reports, columns)
        Indicators, the intercept first.
    y : ndarray, shape (reports,)
    start : ndarray, shape (columns,)

    Returns
    -------
    Refit

    Raises
    ------
    FitDiverged
        Where the reports fitted for a column do not come near those that there are.
    """
    patterns, reports, with_event = _patterns(x, y)
    coefficients = start.copy()
    for _ in range(_STEPS):
        chance = expit(patterns @ coefficients)
        slope = patterns.T @ (with_event - reports * chance)
        information = information_of(patterns, reports * chance * (1 - chance))
        if np.abs(slope).max() <= _TOLERANCE * with_event.sum():
            inverse = np.linalg.pinv(information, hermitian=True)
            errors = np.asarray(np.sqrt(np.maximum(inverse.diagonal(), 0.0)), float)
            return Refit(coefficients, errors, _deviance(patterns @ coefficients, reports, with_event))
        ridge = np.eye(len(slope)) * (_RIDGE * information.diagonal().max())
        step = np.linalg.solve(information + ridge, slope)
        now = _deviance(patterns @ coefficients, reports, with_event)
        for _ in range(_HALVINGS):
            if _deviance(patterns @ (coefficients + step), reports, with_event) <= now * (1 + 1e-14):
                break
            step = step / 2
        coefficients = coefficients + step
    raise FitDiverged("a regression without a penalty does not settle", mend="give fewer or coarser strata")


def _patterns(x: csc_array, y: Floats) -> tuple[csc_array, Floats, Floats]:
    """The patterns of indicators, and the reports and reports with the event of each."""
    # A random 64-bit number a column; two patterns share their sum with a chance of 1 in 10^19.
    marks = np.random.default_rng(0).integers(np.iinfo(np.int64).max, size=x.shape[1], dtype=np.int64)
    key = np.zeros(x.shape[0], np.int64)
    with np.errstate(over="ignore"):
        for column in range(x.shape[1]):
            key[x.indices[x.indptr[column] : x.indptr[column + 1]]] += marks[column]
    _, first, place = np.unique(key, return_index=True, return_inverse=True)
    return x.tocsr()[first].tocsc(), np.bincount(place).astype(np.float64), np.bincount(place, y).astype(np.float64)


def _deviance(margin: Floats, reports: Floats, with_event: Floats) -> float:
    return float(2.0 * (reports * np.logaddexp(0.0, margin) - with_event * margin).sum())
