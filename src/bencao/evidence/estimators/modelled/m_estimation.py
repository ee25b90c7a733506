"""Variance of what solves estimating equations: the sandwich (Stefanski and Boos, Am Stat 2002, 56, 29)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bencao.evidence.errors import EstimationError

Floats = npt.NDArray[np.float64]
_STEP = 1e-5
_IMPLIED = 1e13  # condition of an information matrix from which a covariate is implied by others


def sandwich(equations: Callable[[Floats], Floats], solution: Floats, spread: Floats | None = None) -> Floats:
    """Covariance of a solution, all nuisance parameters' included.

    Parameters
    ----------
    equations : callable
        From parameters, shape (k,), to each person's contributions, shape (n, k).
    solution : ndarray, shape (k,)
        Where their sum is 0.
    spread : ndarray, shape (n, k), optional
        Contributions at the solution, widened for what each person's own part in it hides; else as they are.

    Returns
    -------
    ndarray, shape (k, k)

    Raises
    ------
    EstimationError
        Where the equations do not determine the parameters.
    """
    at = equations(solution) if spread is None else spread
    bread = _bread(equations, solution)
    covariance: Floats = bread @ (at.T @ at / len(at)) @ bread.T / len(at)
    return covariance


def influences(equations: Callable[[Floats], Floats], solution: Floats, spread: Floats | None = None) -> Floats:
    """What each person adds to a solution, shape (n, k); their outer products sum to `sandwich`, whose terms it has."""
    at = equations(solution) if spread is None else spread
    found: Floats = at @ _bread(equations, solution).T / len(at)
    return found


def _bread(equations: Callable[[Floats], Floats], solution: Floats) -> Floats:
    size = len(solution)
    slopes = np.empty((size, size))
    for place in range(size):
        step = np.zeros(size)
        step[place] = _STEP * max(1.0, abs(solution[place]))
        slopes[:, place] = (equations(solution + step) - equations(solution - step)).mean(axis=0) / (2 * step[place])
    try:
        found: Floats = np.asarray(np.linalg.inv(slopes), np.float64)
    except np.linalg.LinAlgError:
        raise EstimationError(
            "the covariates do not determine the model", where="covariates", mend="leave out one that others imply"
        ) from None
    return found


@dataclass(frozen=True)
class Regression:
    """A regression on the design that the means rest on, at its solution.

    Attributes
    ----------
    linear : ndarray, shape (n,)
        Linear predictor.
    residual, curvature : ndarray, shape (n,)
        What each person adds to the score for each unit of the design, and how fast that falls with the predictor; 0
        for whom the regression is not of.
    """

    linear: Floats
    residual: Floats
    curvature: Floats


def sandwich_of_means(
    design: Floats,
    regressions: Sequence[Regression],
    equations: Callable[[Sequence[Floats], Floats], Floats],
    means: Sequence[float],
) -> Floats:
    """Covariance of means, that of the regressions included: `sandwich` where it has blocks, at the cost of one fit.

    Parameters
    ----------
    design : ndarray, shape (n, k)
    regressions : sequence of Regression
        Each on the whole design.
    equations : callable
        From linear predictors and means to each person's contributions to the means' equations, shape (n, m).
    means : sequence of float, length m
        Where their sum is 0.

    Returns
    -------
    ndarray, shape (m, m)

    Raises
    ------
    EstimationError
        A covariate that others imply.
    """
    linears, at_means = [one.linear for one in regressions], np.array(means, dtype=float)
    at = equations(linears, at_means)
    bread = [(equations(linears, at_means + step) - at).mean(axis=0) for step in np.eye(len(means))]
    influence = at
    for place, one in enumerate(regressions):
        up, down = (
            equations([*linears[:place], one.linear + step, *linears[place + 1 :]], at_means)
            for step in (_STEP, -_STEP)
        )
        slopes = design.T @ (up - down) / (2 * _STEP)
        information = design.T @ (design * one.curvature[:, None])
        if not np.linalg.cond(information) < _IMPLIED:
            raise EstimationError(
                "the covariates do not determine the model", where="covariates", mend="leave out one that others imply"
            )
        influence = influence + one.residual[:, None] * (design @ np.linalg.solve(information, slopes))
    influence = np.linalg.solve(np.column_stack(bread), influence.T)
    covariance: Floats = influence @ influence.T / len(design) ** 2
    return covariance
