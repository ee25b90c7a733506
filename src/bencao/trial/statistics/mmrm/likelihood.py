"""The likelihood of repeated measurements, full or restricted, with its exact first and second derivatives."""

from __future__ import annotations

from dataclasses import dataclass
from math import log, pi

import numpy as np

from bencao.trial.statistics.mmrm.structures import Covariance, Structure
from bencao.trial.statistics.mmrm.subjects import Subjects
from bencao.trial.statistics.samples import Floats, Integers


@dataclass(frozen=True)
class Model:
    """What is fitted: data, structure, and whether the likelihood is the restricted one."""

    subjects: Subjects
    structure: Structure
    restricted: bool

    @property
    def per_group(self) -> int:
        """Parameters of a group's covariance matrix."""
        return len(self.structure.names(len(self.subjects.visits)))


@dataclass(frozen=True)
class Point:
    """The likelihood at some parameters.

    Attributes
    ----------
    parameters : array, shape (groups * parameters,)
    value : float
        -2 log likelihood, with all its constants.
    coefficients : array, shape (coefficients,)
        Generalised least squares estimates.
    covariance : array, shape (coefficients, coefficients)
        Inverse of X'V⁻¹X.
    blocks : tuple of Covariance
        Of each group.
    weights : array, shape (patterns, visits, visits)
        Inverse of each pattern's matrix, zero where a visit is missing.
    projected : array, shape (subjects, visits, coefficients)
        V⁻¹X of each subject.
    residuals : array, shape (subjects, visits)
        V⁻¹(y - Xb) of each subject.
    """

    parameters: Floats
    value: float
    coefficients: Floats
    covariance: Floats
    blocks: tuple[Covariance, ...]
    weights: Floats
    projected: Floats
    residuals: Floats


@dataclass(frozen=True)
class Derivatives:
    """Derivatives of -2 log likelihood by the covariance parameters.

    Attributes
    ----------
    gradient : array, shape (parameters,)
    hessian : array, shape (parameters, parameters)
        Observed, of the likelihood from which the coefficients are profiled out.
    scoring : array, shape (parameters, parameters)
        Expected Hessian, which is never indefinite.
    slopes : array, shape (parameters, coefficients, coefficients)
        Of X'V⁻¹X.
    """

    gradient: Floats
    hessian: Floats
    scoring: Floats
    slopes: Floats


def evaluate(model: Model, parameters: Floats) -> Point | None:
    """Evaluate the likelihood; None where the parameters give no covariance matrix."""
    subjects = model.subjects
    visits = len(subjects.visits)
    blocks, matrices = [], np.empty((len(subjects.counts), visits, visits))
    for group in range(len(subjects.group_levels)):
        own = parameters[group * model.per_group : (group + 1) * model.per_group]
        members = np.flatnonzero(subjects.groups == group)
        if not model.structure.feasible(own, visits):
            return None
        block = model.structure.at(own, visits, subjects.distances[members] if model.structure.spatial else own)
        blocks.append(block)
        matrices[members] = block.matrix
    present = subjects.masks[:, :, None] & subjects.masks[:, None, :]
    matrices = np.where(present, matrices, np.eye(visits))
    try:
        roots = np.linalg.cholesky(matrices)
        inverse_roots = np.linalg.inv(roots)
        weights = np.where(present, np.swapaxes(inverse_roots, 1, 2) @ inverse_roots, 0.0)
        weighted = weights[subjects.pattern] @ subjects.columns
        width = subjects.columns.shape[-1]
        moments = subjects.columns.reshape(-1, width).T @ weighted.reshape(-1, width)
        root = np.linalg.cholesky((moments[:-1, :-1] + moments[:-1, :-1].T) / 2)
    except np.linalg.LinAlgError:
        return None
    inverse_root = np.linalg.inv(root)
    covariance = inverse_root.T @ inverse_root
    coefficients = covariance @ moments[:-1, -1]
    distance = float(moments[-1, -1] - moments[:-1, -1] @ coefficients)
    log_determinant = 2 * float(subjects.counts @ np.log(np.einsum("pii->pi", roots)).sum(axis=1))
    value = log_determinant - subjects.log_weights + distance + subjects.n_observations * log(2 * pi)
    if model.restricted:
        value += 2 * float(np.log(np.diag(root)).sum()) - len(coefficients) * log(2 * pi)
    projected = weighted[..., :-1]
    residuals = weighted[..., -1] - projected @ coefficients
    return Point(parameters, value, coefficients, covariance, tuple(blocks), weights, projected, residuals)


def differentiate(model: Model, point: Point) -> Derivatives:
    """Derivatives at a point, all in closed form.

    With W = V⁻¹, S the sum of WXΦX'W (of the restricted likelihood) and E that of Wrr'W over a pattern's subjects, the
    gradient is the sum of <V_k, NW - S - E>, and the Hessian adds the derivatives of W, Φ and the residuals.
    """
    subjects = model.subjects
    spread = subjects.sums(point.residuals[:, :, None] * point.residuals[:, None, :])
    fixed: Floats = np.zeros_like(spread)
    if model.restricted:
        scaled = point.projected @ np.linalg.cholesky(point.covariance)
        fixed = subjects.sums(scaled @ np.swapaxes(scaled, 1, 2))
    spread = spread + fixed
    alone = subjects.counts[:, None, None] * point.weights
    size = model.per_group * len(point.blocks)
    gradient, hessian, scoring = np.zeros(size), np.zeros((size, size)), np.zeros((size, size))
    slopes = np.zeros((size, *point.covariance.shape))
    pulls = np.zeros((size, len(point.coefficients)))
    for group, block in enumerate(point.blocks):
        own = slice(group * model.per_group, (group + 1) * model.per_group)
        members = np.flatnonzero(subjects.groups == group)
        first = block.first
        slack = alone[members] - spread[members]
        units = slack if model.structure.spatial else slack.sum(axis=0, keepdims=True)
        gradient[own] = np.tensordot(first, units, axes=3)
        turned = first @ point.weights[members]
        flat = turned.reshape(len(first), -1)
        scoring[own, own] = flat @ _transposed(first @ (alone[members] - 2 * fixed[members])).T
        hessian[own, own] = flat @ _transposed(first @ (2 * spread[members] - alone[members])).T
        if block.second is not None:
            hessian[own, own] += np.tensordot(block.second, units, axes=3)
        theirs = subjects.groups[subjects.pattern] == group
        projected, residuals = point.projected[theirs], point.residuals[theirs]
        unit = _unit_of(model, members, subjects.pattern[theirs])
        slopes[own] = -quadratic_forms(first, unit, projected)
        pulls[own] = -np.stack(
            [
                np.einsum("nvq,nv->q", projected, (matrix[unit] @ residuals[..., None])[..., 0], optimize=True)
                for matrix in first
            ]
        )
    hessian -= 2 * pulls @ point.covariance @ pulls.T
    if model.restricted:
        scaled = point.covariance @ slopes
        traces = scaled.reshape(size, -1) @ _transposed(scaled).T
        hessian -= traces
        scoring += traces
    return Derivatives(gradient, (hessian + hessian.T) / 2, (scoring + scoring.T) / 2, slopes)


def _transposed(matrices: Floats) -> Floats:
    """Matrices, each transposed and laid flat, so that a product with flat ones sums up traces."""
    return np.swapaxes(matrices, -1, -2).reshape(len(matrices), -1)


def _unit_of(model: Model, members: Integers, patterns: Integers) -> Integers:
    """Which unit of a group's covariance belongs to each subject."""
    return np.searchsorted(members, patterns) if model.structure.spatial else np.zeros(len(patterns), dtype=np.int64)


def quadratic_forms(matrices: Floats, unit: Integers, projected: Floats) -> Floats:
    """Sum over subjects of U'MU for each of several matrices M.

    Parameters
    ----------
    matrices : array, shape (matrices, units, visits, visits)
    unit : array of int, shape (subjects,)
    projected : array, shape (subjects, visits, coefficients)

    Returns
    -------
    array, shape (matrices, coefficients, coefficients)
    """
    subjects, visits, width = projected.shape
    if matrices.shape[1] == 1:
        flat = projected.reshape(subjects, visits * width)
        outer = (flat.T @ flat).reshape(visits, width, visits, width)
        return np.tensordot(matrices[:, 0], outer, axes=([1, 2], [0, 2]))
    left = projected.reshape(-1, width).T
    return np.stack([left @ (matrix[unit] @ projected).reshape(-1, width) for matrix in matrices])
