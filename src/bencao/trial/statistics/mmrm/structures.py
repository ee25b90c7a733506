"""Covariance structures of repeated measurements in PROC MIXED's parameters, with first and second derivatives."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bencao.trial.errors import EstimationError
from bencao.trial.statistics.samples import Floats


@dataclass(frozen=True)
class Covariance:
    """A covariance matrix at some parameters, for each of several geometries.

    Attributes
    ----------
    matrix : array, shape (units, visits, visits)
        One unit where the matrix depends on visits alone, one for each geometry where it depends on distances.
    first : array, shape (parameters, units, visits, visits)
    second : array, shape (parameters, parameters, units, visits, visits), or None
        None where the matrix is linear in its parameters.
    """

    matrix: Floats
    first: Floats
    second: Floats | None


@dataclass(frozen=True)
class Structure:
    """A family of covariance matrices.

    Attributes
    ----------
    name : str
        As in R's package mmrm; `sas` is the TYPE= of PROC MIXED's REPEATED statement.
    sas : str
    spatial : bool
        Whether it depends on distances instead of visits.
    names : function
        Names of the parameters for a number of visits.
    start : function
        Parameters of one variance for a number of visits without correlation (spatial: slight, in the unit given).
    at : function
        `Covariance` at parameters, for a number of visits and the distances, shape (units, visits, visits).
    feasible : function
        Whether parameters lie where the structure is defined; that the matrix is positive definite is another matter.
    """

    name: str
    sas: str
    spatial: bool
    names: Callable[[int], tuple[str, ...]]
    start: Callable[[float, int, float], Floats]
    at: Callable[[Floats, int, Floats], Covariance]
    feasible: Callable[[Floats, int], bool]


def structure_of(name: str) -> Structure:
    """Find a structure by name.

    Raises
    ------
    EstimationError
        There is none of that name.
    """
    if name not in STRUCTURES:
        raise EstimationError(f"no covariance structure {name!r}", mend=f"take one of {', '.join(STRUCTURES)}")
    return STRUCTURES[name]


def _lags(visits: int) -> Floats:
    lags: Floats = np.abs(np.subtract.outer(np.arange(visits), np.arange(visits)))
    return lags


# Linear structures: the matrix is a sum of fixed matrices.


def _linear(basis: Callable[[int], Floats]) -> Callable[[Floats, int, Floats], Covariance]:
    def at(parameters: Floats, visits: int, distances: Floats) -> Covariance:
        first = basis(visits)[:, None]
        return Covariance(np.tensordot(parameters, first, axes=1), first, None)

    return at


def _unstructured_basis(visits: int) -> Floats:
    rows, columns = np.tril_indices(visits)
    basis = np.zeros((len(rows), visits, visits))
    numbers = np.arange(len(rows))
    basis[numbers, rows, columns] = 1
    basis[numbers, columns, rows] = 1
    return basis


def _compound_basis(visits: int) -> Floats:
    return np.stack([np.ones((visits, visits)), np.eye(visits)])


def _toeplitz_basis(visits: int) -> Floats:
    lags = _lags(visits)
    return np.stack([(lags == lag).astype(float) for lag in range(visits)])


# The others are variances times correlations.


@dataclass(frozen=True)
class _Correlation:
    """Correlations, with derivatives, shapes (units, visits, visits) with one and two parameter axes before."""

    matrix: Floats
    first: Floats
    second: Floats


def _scaled(variances: Floats, correlation: _Correlation) -> Covariance:
    """Covariance of variances, one for all visits or one for each, and correlations; variances come first."""
    visits = correlation.matrix.shape[-1]
    deviations = np.sqrt(np.broadcast_to(variances, (visits,)))
    scale = np.outer(deviations, deviations)
    matrix = scale * correlation.matrix
    # d sqrt(v_a v_b) / d v_i = share * sqrt(v_a v_b), where share counts how often i is among a and b, over 2 v_i.
    if len(variances) == 1:
        share = np.full((1, visits, visits), 1 / variances[0])
    else:
        own = np.eye(visits)
        share = (own[:, :, None] + own[:, None, :]) / (2 * variances[:, None, None])
    n_variances, n_correlations = len(variances), len(correlation.first)
    size = n_variances + n_correlations
    first = np.concatenate([share[:, None] * matrix, scale * correlation.first])
    second = np.empty((size, size, *matrix.shape))
    curvature = share[:, None] * share[None, :]
    places = np.arange(n_variances)
    curvature[places, places] -= share / variances[:, None, None]
    second[:n_variances, :n_variances] = curvature[:, :, None] * matrix
    mixed = share[:, None, None] * (scale * correlation.first)[None]
    second[:n_variances, n_variances:] = mixed
    second[n_variances:, :n_variances] = np.swapaxes(mixed, 0, 1)
    second[n_variances:, n_variances:] = scale * correlation.second
    return Covariance(matrix, first, second)


def _autoregressive(parameters: Floats, visits: int, distances: Floats) -> _Correlation:
    rho, lags = float(parameters[0]), _lags(visits)
    first = np.where(lags > 0, lags * rho ** np.maximum(lags - 1, 0), 0.0)
    second = np.where(lags > 1, lags * (lags - 1) * rho ** np.maximum(lags - 2, 0), 0.0)
    return _Correlation((rho**lags)[None], first[None, None], second[None, None, None])


def _exchangeable(parameters: Floats, visits: int, distances: Floats) -> _Correlation:
    apart = 1 - np.eye(visits)
    return _Correlation(
        (np.eye(visits) + parameters[0] * apart)[None], apart[None, None], np.zeros((1, 1, 1, visits, visits))
    )


def _banded(parameters: Floats, visits: int, distances: Floats) -> _Correlation:
    bands = _toeplitz_basis(visits)
    matrix = bands[0] + np.tensordot(parameters, bands[1:], axes=1)
    return _Correlation(matrix[None], bands[1:, None], np.zeros((visits - 1, visits - 1, 1, visits, visits)))


def _antedependent(parameters: Floats, visits: int, distances: Floats) -> _Correlation:
    """Correlation of two visits: the product of the correlations of neighbours between them."""
    steps = visits - 1
    low, high = np.minimum.outer(range(visits), range(visits)), np.maximum.outer(range(visits), range(visits))
    between = np.stack([(low <= step) & (step < high) for step in range(steps)])
    factors = np.where(between, parameters[:, None, None], 1.0)
    first = np.zeros((steps, 1, visits, visits))
    second = np.zeros((steps, steps, 1, visits, visits))
    for one in range(steps):
        others = np.delete(factors, one, axis=0)
        first[one, 0] = between[one] * others.prod(axis=0)
        for other in range(one):
            rest = np.delete(others, other, axis=0).prod(axis=0)
            second[one, other, 0] = second[other, one, 0] = between[one] * between[other] * rest
    return _Correlation(factors.prod(axis=0)[None], first, second)


def _exponential(parameters: Floats, visits: int, distances: Floats) -> _Correlation:
    scale = float(parameters[0])
    matrix = np.exp(-distances / scale)
    rate = distances / scale**2
    return _Correlation(matrix, (rate * matrix)[None], ((rate**2 - 2 * rate / scale) * matrix)[None, None])


def _gaussian(parameters: Floats, visits: int, distances: Floats) -> _Correlation:
    scale = float(parameters[0])
    matrix = np.exp(-((distances / scale) ** 2))
    rate = 2 * distances**2 / scale**3
    return _Correlation(matrix, (rate * matrix)[None], ((rate**2 - 3 * rate / scale) * matrix)[None, None])


def _product(
    correlation: Callable[[Floats, int, Floats], _Correlation], *, heterogeneous: bool
) -> Callable[[Floats, int, Floats], Covariance]:
    def at(parameters: Floats, visits: int, distances: Floats) -> Covariance:
        cut = visits if heterogeneous else 1
        return _scaled(parameters[:cut], correlation(parameters[cut:], visits, distances))

    return at


def _bounded(*, heterogeneous: bool) -> Callable[[Floats, int], bool]:
    def feasible(parameters: Floats, visits: int) -> bool:
        cut = visits if heterogeneous else 1
        return bool((parameters[:cut] > 0).all() and (np.abs(parameters[cut:]) < 1).all())

    return feasible


def _positive(parameters: Floats, visits: int) -> bool:
    return bool((parameters > 0).all())


def _any(parameters: Floats, visits: int) -> bool:
    return True


def _numbered(label: str, count: int) -> tuple[str, ...]:
    return tuple(f"{label}({number})" for number in range(1, count + 1))


STRUCTURES = {
    structure.name: structure
    for structure in (
        Structure(
            "un",
            "UN",
            False,
            lambda m: tuple(f"UN({row},{column})" for row in range(1, m + 1) for column in range(1, row + 1)),
            lambda v, m, unit: v * np.eye(m)[np.tril_indices(m)],
            _linear(_unstructured_basis),
            _any,
        ),
        Structure(
            "ad",
            "no TYPE= of its own: ANTE(1) with one variance",
            False,
            lambda m: ("Residual", *_numbered("Rho", m - 1)),
            lambda v, m, unit: np.r_[v, np.zeros(m - 1)],
            _product(_antedependent, heterogeneous=False),
            _bounded(heterogeneous=False),
        ),
        Structure(
            "adh",
            "ANTE(1)",
            False,
            lambda m: (*_numbered("Var", m), *_numbered("Rho", m - 1)),
            lambda v, m, unit: np.r_[np.full(m, v), np.zeros(m - 1)],
            _product(_antedependent, heterogeneous=True),
            _bounded(heterogeneous=True),
        ),
        Structure(
            "ar1",
            "AR(1)",
            False,
            lambda m: ("Residual", "AR(1)"),
            lambda v, m, unit: np.r_[v, 0.0],
            _product(_autoregressive, heterogeneous=False),
            _bounded(heterogeneous=False),
        ),
        Structure(
            "ar1h",
            "ARH(1)",
            False,
            lambda m: (*_numbered("Var", m), "ARH(1)"),
            lambda v, m, unit: np.r_[np.full(m, v), 0.0],
            _product(_autoregressive, heterogeneous=True),
            _bounded(heterogeneous=True),
        ),
        Structure(
            "cs",
            "CS",
            False,
            lambda m: ("CS", "Residual"),
            lambda v, m, unit: np.r_[0.0, v],
            _linear(_compound_basis),
            _any,
        ),
        Structure(
            "csh",
            "CSH",
            False,
            lambda m: (*_numbered("Var", m), "CSH"),
            lambda v, m, unit: np.r_[np.full(m, v), 0.0],
            _product(_exchangeable, heterogeneous=True),
            _bounded(heterogeneous=True),
        ),
        Structure(
            "toep",
            "TOEP",
            False,
            lambda m: ("Residual", *(f"TOEP({lag})" for lag in range(2, m + 1))),
            lambda v, m, unit: np.r_[v, np.zeros(m - 1)],
            _linear(_toeplitz_basis),
            _any,
        ),
        Structure(
            "toeph",
            "TOEPH",
            False,
            lambda m: (*_numbered("Var", m), *(f"TOEPH({lag})" for lag in range(1, m))),
            lambda v, m, unit: np.r_[np.full(m, v), np.zeros(m - 1)],
            _product(_banded, heterogeneous=True),
            _bounded(heterogeneous=True),
        ),
        Structure(
            "sp_exp",
            "SP(EXP)",
            True,
            lambda m: ("Residual", "SP(EXP)"),
            lambda v, m, unit: np.r_[v, unit],
            _product(_exponential, heterogeneous=False),
            _positive,
        ),
        Structure(
            "sp_gau",
            "SP(GAU)",
            True,
            lambda m: ("Residual", "SP(GAU)"),
            lambda v, m, unit: np.r_[v, unit],
            _product(_gaussian, heterogeneous=False),
            _positive,
        ),
    )
}
