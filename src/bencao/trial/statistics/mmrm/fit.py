"""Fit a mixed model for repeated measurements by maximum likelihood, restricted or full."""

from __future__ import annotations

from collections.abc import Sequence
from math import log, pi
from typing import Literal

import numpy as np
import polars as pl

from bencao.trial.errors import EstimationError
from bencao.trial.statistics.design import Design, build_design
from bencao.trial.statistics.mmrm.inference import (
    CovarianceParameter,
    DegreesOfFreedom,
    MmrmFit,
    kenward_roger_covariance,
)
from bencao.trial.statistics.mmrm.likelihood import Derivatives, Model, Point, differentiate, evaluate
from bencao.trial.statistics.mmrm.structures import structure_of
from bencao.trial.statistics.mmrm.subjects import Subjects, lay_out
from bencao.trial.statistics.samples import Floats

Method = Literal["reml", "ml"]

_MOST_ITERATIONS = 200
_MOST_HALVINGS = 30
# Relative decrease of -2 log likelihood that is lost in rounding.
_ROUNDING = 1e-11
# Smallest eigenvalue of a covariance matrix, over its largest, that counts as none.
_SINGULAR = 1e-5
# Correlation at which SAS cuts what it begins with.
_CUT = 0.9
# Keeps the expected Hessian from being singular, relative to its diagonal.
_RIDGE = 1e-12


def mmrm(
    frame: pl.DataFrame,
    response: str,
    terms: Sequence[str],
    subject: str,
    visit: str,
    structure: str = "un",
    group: str | None = None,
    classes: Sequence[str] = (),
    method: Method = "reml",
    df: DegreesOfFreedom = "kenward-roger",
    weights: str | None = None,
    coordinates: Sequence[str] = (),
    convergence: float = 1e-8,
) -> MmrmFit:
    """Fit a mixed model for repeated measurements, as PROC MIXED's REPEATED statement does.

    The covariance parameters minimise -2 log likelihood by Newton's method, with exact first and second derivatives;
    their own covariance is the inverse of the observed Hessian. The first step is one of scoring from independent
    visits of one variance: for structures linear in their parameters these are MIVQUE0's estimates, with which PROC
    MIXED begins too.

    Parameters
    ----------
    frame : polars DataFrame
        A row for each subject and visit; rows that lack the response or a variable of the model are left out.
    response : str
    terms, classes
        See `build_design`; ``["ARM*AVISIT", "BASE*AVISIT"]`` may name interactions without their main effects.
    subject, visit : names of columns
        Visits stand in ascending order, an Enum's in its own.
    structure : str
        un, ad, adh, ar1, ar1h, cs, csh, toep, toeph, sp_exp or sp_gau; see `mmrm.structures`.
    group : str, optional
        A column whose levels have covariance matrices of their own.
    method : {"reml", "ml"}
    df : {"kenward-roger", "kenward-roger-linear", "kenward-roger-2009", "satterthwaite"}
        PROC MIXED's DDFM=KR, DDFM=KR(FIRSTORDER), DDFM=KR2 and DDFM=SATTERTHWAITE, which alone goes with ML.
    weights : str, optional
        A column of positive weights, by which an observation's variance is divided.
    coordinates : names of columns
        Numbers from which a spatial structure takes its distances.
    convergence : float
        PROC MIXED's CONVH: Newton's decrement, over the size of -2 log likelihood without its constants, at which the
        search ends. At SAS's
        default an estimate may still lie some thousandths of its standard error from the maximum; 1e-14 goes there.

    Returns
    -------
    MmrmFit
        To be asked by `coefficients`, `ls_means`, `ls_mean_difference` and `type3_tests`.

    Raises
    ------
    EstimationError
        As `build_design`; a subject has a visit twice; the likelihood has no maximum that could be reached.

    References
    ----------
    SAS/STAT User's Guide, PROC MIXED; Kenward and Roger, Biometrics 1997, 53, 983, and Computational Statistics & Data
    Analysis 2009, 53, 2583.
    """
    family = structure_of(structure)
    if family.spatial != bool(coordinates):
        raise EstimationError(
            f"the structure {structure} takes {'coordinates' if family.spatial else 'no coordinates'}",
            mend="name the columns that distances are taken from" if family.spatial else "leave them out",
        )
    if method == "ml" and df != "satterthwaite":
        raise EstimationError("Kenward and Roger's adjustment is derived for REML", mend='take df="satterthwaite"')
    extra = [name for name in (group, weights) if name]
    design = build_design(frame, terms, classes, needed=[response, subject, visit, *extra, *coordinates])
    subjects = lay_out(frame, design, response, subject, visit, group, weights, coordinates)
    model = Model(subjects, family, restricted=method == "reml")
    start, scored = _start(model)
    point, derivatives, iterations = _minimise(model, start, convergence, scored=scored)
    parameter_covariance = 2 * np.linalg.inv(derivatives.hessian)
    covariance = (
        point.covariance
        if df == "satterthwaite"
        else kenward_roger_covariance(model, point, derivatives, parameter_covariance, df)
    )
    return _result(model, design, point, derivatives, parameter_covariance, covariance, df, iterations)


def _start(model: Model) -> tuple[Floats, bool]:
    """Where the search begins, and whether that is a step of scoring already."""
    start = _independent(model)
    if model.structure.name == "ar1" and len(model.subjects.group_levels) > 1:
        begun = _begun_as_sas(model, start)
        if evaluate(model, begun) is not None:
            return begun, True
    return start, False


def _independent(model: Model) -> Floats:
    """Parameters of independent visits with the variance of the least squares residuals."""
    subjects = model.subjects
    visits, width = len(subjects.visits), subjects.columns.shape[-1]
    flat = subjects.columns.reshape(-1, width)
    values = np.linalg.lstsq(flat[:, :-1], flat[:, -1], rcond=None)[0]
    squares = float(((flat[:, -1] - flat[:, :-1] @ values) ** 2).sum())
    free = subjects.n_observations - (len(values) if model.restricted else 0)
    if free < 1 or squares <= 1e-12 * float((flat[:, -1] ** 2).sum()):
        raise EstimationError("the model leaves no residual to estimate a covariance from")
    apart = subjects.distances[subjects.distances > 0]
    unit = float(apart.min()) if len(apart) else 1.0
    return np.tile(model.structure.start(squares / free, visits, unit), len(subjects.group_levels))


def _begun_as_sas(model: Model, start: Floats) -> Floats:
    """Where PROC MIXED begins AR(1) by group: MIVQUE0's variances, and correlations of 0.9.

    Not documented: found from its iteration histories, which are ours to the last digit from there. MIVQUE0 gives a
    covariance of neighbouring visits in the place of the correlation, which is cut at 0.9.
    """
    point = evaluate(model, start)
    if point is None:
        return start
    derivatives = differentiate(model, point)
    step = _direction(derivatives.scoring, derivatives.gradient, ridge=_RIDGE)
    if step is None:
        return start
    estimates = (start + step[0]).reshape(-1, 2)
    estimates[:, 1] = np.clip(estimates[:, 1] * start[0], -_CUT, _CUT)
    return estimates.ravel()


def _minimise(
    model: Model, start: Floats, convergence: float, *, scored: bool = False
) -> tuple[Point, Derivatives, int]:
    """A step of scoring, then Newton's method with step halving; scoring again where the Hessian is indefinite."""
    point = evaluate(model, start)
    if point is None:
        raise EstimationError("independent visits of one variance give no likelihood")
    free = model.subjects.n_observations - (len(point.coefficients) if model.restricted else 0)
    constant = free * log(2 * pi)  # PROC MIXED's criterion is relative to the likelihood without its constants
    for iteration in range(_MOST_ITERATIONS):
        derivatives = differentiate(model, point)
        newton = _direction(derivatives.hessian, derivatives.gradient)
        if newton is not None and newton[1] < convergence * abs(point.value - constant):
            return point, derivatives, iteration
        scoring = _direction(derivatives.scoring, derivatives.gradient, ridge=_RIDGE)
        steps = [scoring, newton] if iteration == 0 and not scored else [newton or scoring]
        better = next((found for step in steps if step and (found := _descend(model, point, *step))), None)
        if better is None:
            if newton is not None and newton[1] < _ROUNDING * abs(point.value):
                return point, derivatives, iteration
            break
        point = better
    raise _without_maximum(point)


def _without_maximum(point: Point) -> EstimationError:
    eigenvalues = np.concatenate([np.linalg.eigvalsh(block.matrix) for block in point.blocks])
    singular = bool((eigenvalues[:, 0] < _SINGULAR * eigenvalues[:, -1]).any())
    cause = "it rises towards a singular covariance matrix" if singular else "none was reached"
    return EstimationError(
        f"the likelihood has no maximum: {cause}, with -2 log likelihood at {point.value:.4f}",
        mend="take a simpler covariance structure, or join visits with few subjects",
    )


def _direction(curvature: Floats, gradient: Floats, ridge: float = 0.0) -> tuple[Floats, float] | None:
    """Step down and the decrease that it promises; None where the curvature is not positive definite."""
    scale = np.sqrt(np.maximum(np.abs(np.diag(curvature)), 1e-300))
    try:
        root = np.linalg.cholesky(curvature / np.outer(scale, scale) + ridge * np.eye(len(scale)))
    except np.linalg.LinAlgError:
        return None
    half = np.linalg.solve(root, gradient / scale)
    return -np.linalg.solve(root.T, half) / scale, float(half @ half)


def _descend(model: Model, point: Point, step: Floats, decrement: float) -> Point | None:
    """The first halving of a step that lowers -2 log likelihood."""
    share = 1.0
    for _ in range(_MOST_HALVINGS):
        trial = evaluate(model, point.parameters + share * step)
        if trial is not None and trial.value < point.value - 1e-4 * share * decrement:
            return trial
        share /= 2
    return None


def _result(
    model: Model,
    design: Design,
    point: Point,
    derivatives: Derivatives,
    parameter_covariance: Floats,
    covariance: Floats,
    df: str,
    iterations: int,
) -> MmrmFit:
    subjects = model.subjects
    names = model.structure.names(len(subjects.visits))
    errors = np.sqrt(np.diag(parameter_covariance))
    parameters = tuple(
        CovarianceParameter(
            names[number % len(names)], subjects.group_levels[number // len(names)], float(value), float(errors[number])
        )
        for number, value in enumerate(point.parameters)
    )
    rank = len(point.coefficients)
    size = len(parameters) + (0 if model.restricted else rank)
    effective = subjects.n_observations - (rank if model.restricted else 0)
    value = point.value
    return MmrmFit(
        design,
        point.coefficients,
        covariance,
        point.covariance,
        -point.covariance @ derivatives.slopes @ point.covariance,
        parameters,
        parameter_covariance,
        _matrices(model, point, subjects),
        subjects.visits,
        subjects.group_levels,
        model.structure.name,
        "reml" if model.restricted else "ml",
        df,
        value,
        value + 2 * size,
        value + 2 * size * effective / (effective - size - 1),
        value + size * log(len(subjects.pattern)),
        len(subjects.pattern),
        subjects.n_observations,
        iterations,
    )


def _matrices(model: Model, point: Point, subjects: Subjects) -> Floats:
    if model.structure.spatial:
        return np.zeros((0, len(subjects.visits), len(subjects.visits)))
    return np.concatenate([block.matrix for block in point.blocks])
