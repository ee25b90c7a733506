"""Logistic regression with an L1 penalty over sparse indicators, solved to its optimality conditions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.sparse import csc_array
from scipy.special import expit

from bencao.safety.errors import FitDiverged
from bencao.safety.signals.masking.quadratic import minimise

Floats = npt.NDArray[np.float64]
TOLERANCE = 1e-6  # of the penalty, by which the optimality conditions may be missed
_ROUNDS, _STEPS, _HALVINGS = 200, 50, 40


@dataclass(frozen=True, slots=True)
class Fit:
    """A fitted regression.

    Attributes
    ----------
    coefficients : ndarray, shape (columns,)
        Log odds ratios, those of free columns first.
    penalty : float
        Of the mean log likelihood.
    deviance : float
        Minus twice the log likelihood.
    gap : float
        By how much the optimality conditions are missed at most, as a share of the penalty.
    """

    coefficients: Floats
    penalty: float
    deviance: float
    gap: float


def deviance_of(margin: Floats, y: Floats) -> float:
    """Minus twice the log likelihood of outcomes, given their log odds."""
    return float(2.0 * (np.logaddexp(0.0, margin) - y * margin).sum())


def information_of(x: csc_array, weights: Floats) -> Floats:
    """Products of the columns summed over the rows with weights, shape (columns, columns)."""
    weighted = csc_array((x.data * weights[x.indices], x.indices, x.indptr), shape=x.shape)
    return np.asarray((x.T @ weighted).toarray(), float)


def violations(coefficients: Floats, gradient: Floats, penalty: float, free: int) -> Floats:
    """By how much each column misses its optimality condition.

    Parameters
    ----------
    coefficients, gradient : ndarray, shape (columns,)
        The gradient is that of minus the mean log likelihood.
    penalty : float
    free : int
        Columns, from the first, that have no penalty.

    Returns
    -------
    ndarray, shape (columns,)
        The gradient of a free column; its distance from minus the penalty with the coefficient's sign; where the
        coefficient is 0, what the gradient is above the penalty.
    """
    missed = np.where(
        coefficients != 0,
        np.abs(gradient + penalty * np.sign(coefficients)),
        np.maximum(np.abs(gradient) - penalty, 0.0),
    )
    missed[:free] = np.abs(gradient[:free])
    return np.asarray(missed, float)


def fit_lasso(x: csc_array, y: Floats, penalty: float, free: int, start: Floats | None = None) -> Fit:
    """Minimise minus the mean log likelihood plus the penalty times the sum of absolute coefficients.

    Parameters
    ----------
    x : csc_array, shape (reports, columns)
        Indicators; the first `free` columns, the intercept among them, are not penalised.
    y : ndarray, shape (reports,)
        1 for reports with the event, else 0.
    penalty : float
        Above 0.
    free : int
    start : ndarray, optional
        Coefficients of a fit nearby.

    Returns
    -------
    Fit

    Raises
    ------
    FitDiverged
        Where the optimality conditions are not met within `TOLERANCE`.

    Notes
    -----
    Proximal Newton steps: the likelihood's quadratic approximation is minimised with the penalty, over the columns that
    are in the model or miss their condition, and the step is halved until the objective falls enough. All columns are
    checked at the end of each round, so that the result is the minimum over all of them.

    References
    ----------
    Lee JD, Sun Y, Saunders MA (2014). Proximal Newton-type methods for minimizing composite functions. SIAM Journal on
    Optimization 24, 1420-1443.
    Caster O, Norén GN, Madigan D, Bate A (2010). Large-scale regression-based pattern discovery: the example of
    screening the WHO global drug safety database. Statistical Analysis and Data Mining 3, 197-208.
    """
    coefficients = np.zeros(x.shape[1]) if start is None else start.copy()
    margin, transposed = x @ coefficients, x.T.tocsr()
    missed = np.zeros(0)
    for _ in range(_ROUNDS):
        gradient = transposed @ (expit(margin) - y) / len(y)
        missed = violations(coefficients, gradient, penalty, free)
        if missed.max() <= TOLERANCE * penalty:
            return Fit(coefficients, penalty, deviance_of(margin, y), float(missed.max() / penalty))
        working = (coefficients != 0) | (missed > 0)
        working[:free] = True
        coefficients[working], margin = _descended(
            x[:, np.flatnonzero(working)], y, penalty, free, coefficients[working], margin
        )
    raise FitDiverged(
        f"the optimality conditions are missed by {missed.max() / penalty:.1e} of the penalty",
        mend="give fewer or coarser strata, or drugs with more reports",
    )


def _descended(
    x: csc_array, y: Floats, penalty: float, free: int, coefficients: Floats, margin: Floats
) -> tuple[Floats, Floats]:
    """Newton steps over some columns until their conditions are met, or no step helps."""
    reports, transposed = len(y), x.T.tocsr()
    weights = np.full(len(coefficients), penalty)
    weights[:free] = 0.0
    for _ in range(_STEPS):
        chance = expit(margin)
        gradient = transposed @ (chance - y) / reports
        if violations(coefficients, gradient, penalty, free).max() <= 0.1 * TOLERANCE * penalty:
            break
        curvature = information_of(x, chance * (1 - chance) / reports)
        aim = minimise(gradient, curvature, weights, coefficients)
        step, moved = aim - coefficients, x @ (aim - coefficients)
        now = _objective(margin, y, weights, coefficients)
        fall = gradient @ step + weights @ (np.abs(aim) - np.abs(coefficients))
        size = 1.0
        for _ in range(_HALVINGS):
            if _objective(margin + size * moved, y, weights, coefficients + size * step) <= now + 1e-4 * size * fall:
                break
            size /= 2
        else:
            break
        coefficients = aim if size == 1.0 else coefficients + size * step
        margin = margin + size * moved
    return coefficients, margin


def _objective(margin: Floats, y: Floats, weights: Floats, coefficients: Floats) -> float:
    return deviance_of(margin, y) / (2 * len(y)) + float(weights @ np.abs(coefficients))
