"""Variance of what solves estimating equations: the sandwich (Stefanski and Boos, Am Stat 2002, 56, 29)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from bencao.evidence.errors import EstimationError

Floats = npt.NDArray[np.float64]
_STEP = 1e-5


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
