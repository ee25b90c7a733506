"""The minimum of a quadratic with an L1 penalty, by coordinates and then exactly on the columns that stay."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
_ROUNDS, _SWEEPS = 100, 2
_RIDGE = 1e-10  # of the largest curvature: columns that are alike then share their coefficient


def minimise(gradient: Floats, curvature: Floats, weights: Floats, start: Floats) -> Floats:
    """Minimise g (u - start) + (u - start) H (u - start) / 2 + sum of weights |u| over u.

    Parameters
    ----------
    gradient : ndarray, shape (k,)
        At `start`.
    curvature : ndarray, shape (k, k)
        Symmetric, no negative eigenvalue.
    weights : ndarray, shape (k,)
        0 or more.
    start : ndarray, shape (k,)

    Returns
    -------
    ndarray, shape (k,)

    Notes
    -----
    Coordinate descent finds which columns stay and their signs; the equations that hold there are then solved, going no
    further than where a coefficient would change its sign. Both steps lower the objective, and there are finitely many
    sign patterns.
    """
    curvature = curvature + np.eye(len(start)) * (_RIDGE * max(float(curvature.diagonal().max()), 1e-300))
    u, slope = start.copy(), gradient.copy()
    scale = max(float(np.abs(gradient).max()), float(weights.max()), 1e-300)
    for _ in range(_ROUNDS):
        for _ in range(_SWEEPS):
            _sweep(u, slope, curvature, weights)
        _solve(u, slope, curvature, weights)
        slope = gradient + curvature @ (u - start)
        missed = np.where(
            (u != 0) | (weights == 0),
            np.abs(slope + weights * np.sign(u)),
            np.maximum(np.abs(slope) - weights, 0.0),
        )
        if missed.max() <= 1e-10 * scale:
            break
    return u


def _sweep(u: Floats, slope: Floats, curvature: Floats, weights: Floats) -> None:
    """Set each coordinate to its best value with the others held; in place."""
    for j in np.flatnonzero((u != 0) | (weights == 0) | (np.abs(slope) > weights)):
        bend = curvature[j, j]
        free = u[j] - slope[j] / bend
        limit = weights[j] / bend
        best = free - limit if free > limit else free + limit if free < -limit else 0.0
        if best != u[j]:
            slope += curvature[j] * (best - u[j])
            u[j] = best


def _solve(u: Floats, slope: Floats, curvature: Floats, weights: Floats) -> None:
    """Move to the minimum of the columns in the model, as far as their signs allow; in place."""
    held = np.flatnonzero((u != 0) | (weights == 0))
    if not len(held):
        return
    signed = weights[held] * np.sign(u[held])
    step = np.linalg.solve(curvature[np.ix_(held, held)], -(slope[held] + signed))
    towards = (weights[held] > 0) & (np.sign(u[held] + step) != np.sign(u[held]))
    if towards.any():
        reach = np.full(len(held), np.inf)
        reach[towards] = -u[held][towards] / step[towards]
        first = int(np.argmin(reach))
        u[held] += reach[first] * step
        u[held[first]] = 0.0
    else:
        u[held] += step
