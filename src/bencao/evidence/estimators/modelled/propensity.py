"""The probability of treatment given covariates, by logistic regression."""

from __future__ import annotations

import warnings

import numpy as np
import numpy.typing as npt
import statsmodels.api as sm
from scipy.linalg import LinAlgError, cho_factor, cho_solve

from bencao.evidence.errors import SeparationError

Floats = npt.NDArray[np.float64]
_CERTAIN, _SETTLED, _IMPLIED, _MOST = 1e-10, 1e-10, 1e-7, 50


def logistic(design: Floats, outcome: Floats, weights: Floats | None = None, *, where: str = "treatment") -> Floats:
    """Coefficients of a logistic regression by maximum likelihood.

    Parameters
    ----------
    design : ndarray, shape (n, k)
    outcome : ndarray, shape (n,)
        From 0 to 1.
    weights : ndarray, shape (n,), optional
    where : str
        What is modelled, for the error.

    Returns
    -------
    ndarray, shape (k,)

    Raises
    ------
    SeparationError
        Where covariates tell the outcome wholly, or imply each other.
    """
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            found, converged = _climbed(design, outcome, weights)
            if not converged:  # covariates that imply each other, or have no maximum: by generalised inverses
                fit = sm.GLM(outcome, design, family=sm.families.Binomial(), freq_weights=weights).fit(maxiter=100)
                found, converged = np.asarray(fit.params, dtype=float), bool(fit.converged)
            fitted = expit(design @ found)
            certain = np.abs(outcome - fitted).max() < 1e-6 or not converged or np.abs(found).max() > 1e3
            certain = certain or ((fitted < _CERTAIN) | (fitted > 1 - _CERTAIN)).mean() > 0.5
        except Exception:  # statsmodels raises several kinds where no maximum exists
            certain = True
    if certain or not np.isfinite(found).all():
        raise SeparationError(
            "the covariates tell it wholly, so that its model has no finite estimate",
            where=where,
            mend="leave out the covariate that does, join levels, or restrict to where the arms overlap",
        )
    return found


def _climbed(design: Floats, outcome: Floats, weights: Floats | None) -> tuple[Floats, bool]:
    """Newton's method by Cholesky factors, ten times as fast as generalised inverses, and whether it settled."""
    counted = np.ones(len(outcome)) if weights is None else weights
    at, best = np.zeros(design.shape[1]), -np.inf
    step = at
    for _ in range(_MOST):
        linear = design @ (at + step)
        likelihood = float(counted @ (outcome * linear - np.logaddexp(0, linear)))
        if not likelihood >= best - 1e-12 * abs(best):
            step = step / 2
            continue
        at, best = at + step, likelihood
        if np.abs(step).max() < _SETTLED and np.isfinite(best) and at.any():
            return at, True
        chance = expit(linear)
        information = design.T @ (design * (counted * chance * (1 - chance))[:, None])
        try:
            factor = cho_factor(information)
        except LinAlgError:
            break
        pivots = np.abs(np.diag(factor[0]))
        if not pivots.min() > _IMPLIED * pivots.max():
            break
        step = cho_solve(factor, design.T @ (counted * (outcome - chance)))
    return at, False


def expit(linear: Floats) -> Floats:
    """Logistic function, without overflow."""
    found: Floats = 1 / (1 + np.exp(-np.clip(linear, -500, 500)))
    return found


def propensities(design: Floats, treatment: Floats) -> Floats:
    """Probability of treatment, shape (n,); raises as `logistic`."""
    return expit(design @ logistic(design, treatment))
