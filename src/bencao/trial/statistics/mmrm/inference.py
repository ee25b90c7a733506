"""Tests after a fit of repeated measurements: degrees of freedom by Satterthwaite, and by Kenward and Roger."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import sqrt
from typing import Literal

import numpy as np
from scipy.stats import f as fisher

from bencao.trial.statistics.design import Design
from bencao.trial.statistics.linear import Estimate, JointTest, t_estimate
from bencao.trial.statistics.mmrm.likelihood import Derivatives, Model, Point, quadratic_forms
from bencao.trial.statistics.samples import Floats

DegreesOfFreedom = Literal["satterthwaite", "kenward-roger", "kenward-roger-linear", "kenward-roger-2009"]


@dataclass(frozen=True)
class CovarianceParameter:
    """An estimated parameter of a covariance matrix, with its asymptotic standard error from the observed Hessian."""

    name: str
    group: object
    estimate: float
    standard_error: float


@dataclass(frozen=True)
class MmrmFit:
    """A fitted model of repeated measurements.

    Attributes
    ----------
    design : Design
    values : array, shape (coefficients,)
        Of the kept columns.
    covariance : array, shape (coefficients, coefficients)
        Of the values; adjusted as Kenward and Roger do, if by them.
    model_covariance : array, same shape
        Inverse of X'V⁻¹X, unadjusted.
    slopes : array, shape (parameters, coefficients, coefficients)
        Derivatives of `model_covariance` by the covariance parameters.
    parameters : tuple of CovarianceParameter
    parameter_covariance : array, shape (parameters, parameters)
        Asymptotic, from the observed Hessian.
    matrices : array, shape (groups, visits, visits)
        Covariance of the visits in each group; of a spatial structure, none.
    visits, groups : tuple
    structure, method, df_method : str
    minus_2_log_likelihood, aic, aicc, bic : float
        As PROC MIXED counts them.
    n_subjects, n_observations, iterations : int
    """

    design: Design = field(repr=False)
    values: Floats = field(repr=False)
    covariance: Floats = field(repr=False)
    model_covariance: Floats = field(repr=False)
    slopes: Floats = field(repr=False)
    parameters: tuple[CovarianceParameter, ...]
    parameter_covariance: Floats = field(repr=False)
    matrices: Floats = field(repr=False)
    visits: tuple[object, ...]
    groups: tuple[object, ...]
    structure: str
    method: str
    df_method: str
    minus_2_log_likelihood: float
    aic: float
    aicc: float
    bic: float
    n_subjects: int
    n_observations: int
    iterations: int

    def estimate(self, combination: Floats, confidence: float = 0.95) -> Estimate:
        """Estimate a combination of coefficients, shape (coefficients,)."""
        error = sqrt(float(combination @ self.covariance @ combination))
        # For one combination Kenward and Roger's degrees of freedom are Satterthwaite's (their 1997 paper, section 3).
        df = _satterthwaite(self, combination)
        return t_estimate(float(combination @ self.values), error, df, confidence)

    def joint_test(self, combinations: Floats) -> JointTest:
        """F test of combinations, shape (tests, coefficients)."""
        size = len(combinations)
        estimates = combinations @ self.values
        variance = combinations @ self.covariance @ combinations.T
        statistic = float(estimates @ np.linalg.solve(variance, estimates)) / size
        if size == 1:
            df = _satterthwaite(self, combinations[0])
        elif self.df_method == "satterthwaite":
            df = _satterthwaite_joint(self, combinations)
        else:
            scale, df = _kenward_roger_joint(self, combinations)
            statistic *= scale
        return JointTest(size, df, statistic, float(fisher.sf(statistic, size, df)))


def _satterthwaite(fit: MmrmFit, combination: Floats) -> float:
    """Twice the squared variance over the variance of the variance (Satterthwaite 1946; Giesbrecht and Burns 1985)."""
    variance = float(combination @ fit.model_covariance @ combination)
    gradient = np.einsum("kij,i,j->k", fit.slopes, combination, combination, optimize=True)
    return 2 * variance**2 / float(gradient @ fit.parameter_covariance @ gradient)


def _satterthwaite_joint(fit: MmrmFit, combinations: Floats) -> float:
    """Degrees of freedom of an F test from those of its independent parts (Fai and Cornelius 1996)."""
    _, vectors = np.linalg.eigh(combinations @ fit.model_covariance @ combinations.T)
    each = [_satterthwaite(fit, vector @ combinations) for vector in vectors.T]
    total = sum(df / (df - 2) for df in each if df > 2)
    size = len(combinations)
    return 2 * total / (total - size) if total > size else 0.0


def _kenward_roger_joint(fit: MmrmFit, combinations: Floats) -> tuple[float, float]:
    """Scale and denominator degrees of freedom of an F test (Kenward and Roger, Biometrics 1997, 53, 983)."""
    size = len(combinations)
    inner = np.linalg.inv(combinations @ fit.model_covariance @ combinations.T)
    # tr(ΘΦPΦ) needs ΦPΦ, which is the derivative of Φ less its sign; signs cancel in both sums.
    turned = combinations @ fit.slopes @ combinations.T
    parts = inner @ turned
    traces = np.einsum("kii->k", parts)
    first = float(traces @ fit.parameter_covariance @ traces)
    products = parts.reshape(len(parts), -1) @ np.swapaxes(parts, 1, 2).reshape(len(parts), -1).T
    second = float((fit.parameter_covariance * products).sum())
    b = (first + 6 * second) / (2 * size)
    g = ((size + 1) * first - (size + 4) * second) / ((size + 2) * second)
    base = 3 * size + 2 * (1 - g)
    c1, c2, c3 = g / base, (size - g) / base, (size + 2 - g) / base
    expectation = 1 / (1 - second / size)
    variance = 2 / size * (1 + c1 * b) / ((1 - c2 * b) ** 2 * (1 - c3 * b))
    ratio = variance / (2 * expectation**2)
    df = 4 + (size + 2) / (size * ratio - 1)
    return df / (expectation * (df - 2)), df


def kenward_roger_covariance(
    model: Model, point: Point, derivatives: Derivatives, parameter_covariance: Floats, df_method: DegreesOfFreedom
) -> Floats:
    """Covariance of the coefficients, adjusted for small samples.

    Parameters
    ----------
    df_method : {"kenward-roger", "kenward-roger-linear", "kenward-roger-2009"}
        As of 1997 (PROC MIXED's DDFM=KR); without the second derivatives of the covariance matrix
        (DDFM=KR(FIRSTORDER), R's "Kenward-Roger-Linear"); with these and the bias of the covariance parameters
        (DDFM=KR2). Structures linear in their parameters (un, cs, toep) give the same in all three.

    Returns
    -------
    array, shape (coefficients, coefficients)
    """
    subjects = model.subjects
    second = df_method != "kenward-roger-linear"
    bread = np.zeros_like(point.covariance)
    for group, block in enumerate(point.blocks):
        own = slice(group * model.per_group, (group + 1) * model.per_group)
        members = np.flatnonzero(subjects.groups == group)
        spread = parameter_covariance[own, own]
        mixed = np.tensordot(spread, block.first, axes=1)
        inner = np.zeros((len(members), *point.weights.shape[1:]))
        for one, other in zip(block.first, mixed, strict=True):
            inner += one @ point.weights[members] @ other
        if block.second is not None and second:
            inner -= np.tensordot(spread, block.second, axes=2) / 4
        theirs = subjects.groups[subjects.pattern] == group
        unit = np.searchsorted(members, subjects.pattern[theirs])
        bread += quadratic_forms(inner[None], unit, point.projected[theirs])[0]
    turned = derivatives.slopes @ point.covariance
    mixed = np.tensordot(parameter_covariance, derivatives.slopes, axes=1)
    bread -= np.einsum("kij,kjl->il", turned, mixed, optimize=True)
    if df_method == "kenward-roger-2009":
        bias = _bias(model, point, derivatives, parameter_covariance)
        bread += np.tensordot(bias, derivatives.slopes, axes=1) / 2
    adjusted = point.covariance + 2 * point.covariance @ bread @ point.covariance
    return (adjusted + adjusted.T) / 2


def _bias(model: Model, point: Point, derivatives: Derivatives, parameter_covariance: Floats) -> Floats:
    """Bias of the covariance parameters by REML, zero where the matrix is linear in them, shape (parameters,).

    It is -I⁻¹t/4 with t_i = Σ_jk cov_jk tr(P V_jk P V_i) and the expected information I_ij = tr(P V_i P V_j)/2, by Cox
    and Snell's formula; with it the adjusted covariance does not depend on how a structure is parametrised (Kenward and
    Roger, Computational Statistics & Data Analysis 2009, 53, 2583).
    """
    subjects = model.subjects
    traces = np.zeros(len(point.parameters))
    through = np.zeros_like(point.covariance)
    scaled = point.projected @ np.linalg.cholesky(point.covariance)
    fixed = subjects.sums(scaled @ np.swapaxes(scaled, 1, 2))
    slack = subjects.counts[:, None, None] * point.weights - 2 * fixed
    for group, block in enumerate(point.blocks):
        if block.second is None:
            continue
        own = slice(group * model.per_group, (group + 1) * model.per_group)
        members = np.flatnonzero(subjects.groups == group)
        curvature = np.tensordot(parameter_covariance[own, own], block.second, axes=2)
        turned = curvature @ point.weights[members]
        traces[own] = np.einsum("uab,kuba->k", turned, block.first @ slack[members], optimize=True)
        theirs = subjects.groups[subjects.pattern] == group
        unit = (
            np.searchsorted(members, subjects.pattern[theirs])
            if model.structure.spatial
            else np.zeros(int(theirs.sum()), dtype=np.int64)
        )
        through += quadratic_forms(curvature[None], unit, point.projected[theirs])[0]
    traces += np.einsum("ij,kji->k", point.covariance @ through @ point.covariance, derivatives.slopes) * -1
    bias: Floats = -np.linalg.solve(derivatives.scoring, traces) / 2
    return bias
