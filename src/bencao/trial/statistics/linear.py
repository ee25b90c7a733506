"""What is asked of a fitted linear model, whichever it is: coefficients, least-squares means, tests of effects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import Literal, Protocol

import numpy as np
from scipy.stats import t as student

from bencao.trial.errors import EstimationError
from bencao.trial.statistics.design import Column, Design
from bencao.trial.statistics.samples import Floats

Weights = Literal["equal", "observed"]

_ESTIMABLE = 1e-6


@dataclass(frozen=True)
class Estimate:
    """An estimate with its t test against zero.

    Attributes
    ----------
    estimate, standard_error, df, t, p_value : float
        The p-value is two-sided.
    lower, upper : float
        Confidence limits.
    """

    estimate: float
    standard_error: float
    df: float
    t: float
    p_value: float
    lower: float
    upper: float


@dataclass(frozen=True)
class JointTest:
    """An F test of several combinations of coefficients being zero."""

    numerator_df: int
    denominator_df: float
    f: float
    p_value: float


class LinearFit(Protocol):
    """A fitted model that can be asked about combinations of its coefficients."""

    @property
    def design(self) -> Design: ...

    def estimate(self, combination: Floats, confidence: float = 0.95) -> Estimate:
        """Estimate a combination, shape (coefficients,)."""
        ...

    def joint_test(self, combinations: Floats) -> JointTest:
        """Test combinations, shape (tests, coefficients), jointly."""
        ...


@dataclass(frozen=True)
class Coefficient:
    """A line of SAS's "Solution for Fixed Effects"; `value` is None for the reference levels, which are zero."""

    column: Column
    value: Estimate | None


@dataclass(frozen=True)
class LeastSquaresMean:
    """A least-squares mean.

    Attributes
    ----------
    levels : tuple
        Of the variables asked about, in their order.
    value : Estimate or None
        None where the data do not allow an estimate of it ("Non-est" in SAS).
    """

    levels: tuple[object, ...]
    value: Estimate | None


@dataclass(frozen=True)
class EffectTest:
    """Type 3 test of an effect; `test` is None where empty cells leave nothing to test."""

    term: tuple[str, ...]
    test: JointTest | None


def t_estimate(estimate: float, standard_error: float, df: float, confidence: float = 0.95) -> Estimate:
    """Complete an estimate by Student's t distribution."""
    statistic = estimate / standard_error
    half = float(student.ppf((1 + confidence) / 2, df)) * standard_error
    p_value = 2 * float(student.sf(abs(statistic), df))
    return Estimate(estimate, standard_error, df, statistic, p_value, estimate - half, estimate + half)


def coefficients(fit: LinearFit, confidence: float = 0.95) -> tuple[Coefficient, ...]:
    """Coefficients in SAS's order and coding, the last level of each factor being the reference."""
    design = fit.design
    places = {int(column): place for place, column in enumerate(design.kept)}
    rows = np.eye(len(design.kept))
    return tuple(
        Coefficient(column, fit.estimate(rows[places[number]], confidence) if number in places else None)
        for number, column in enumerate(design.columns)
    )


def ls_means(
    fit: LinearFit,
    over: Sequence[str],
    at: Mapping[str, object] | None = None,
    weights: Weights = "equal",
    confidence: float = 0.95,
) -> tuple[LeastSquaresMean, ...]:
    """Least-squares means of every combination of levels.

    Parameters
    ----------
    fit : LinearFit
        Of `ancova` or `mmrm`.
    over : names of class variables
    at : mapping
        Level of further class variables, and values of covariates, which otherwise stand at their mean over the rows
        of the fit.
    weights : {"equal", "observed"}
        How levels of the other class variables are averaged: alike, as SAS's LSMEANS does, or as they occur (its OM).
    confidence : float

    Returns
    -------
    tuple of LeastSquaresMean
    """
    design, at = fit.design, dict(at or {})
    _require_factors(design, over)
    means = []
    for levels in product(*(design.levels[name] for name in over)):
        row = _combination(design, at | dict(zip(over, levels, strict=True)), weights)
        value = fit.estimate(row[design.kept], confidence) if _estimable(design, row) else None
        means.append(LeastSquaresMean(tuple(levels), value))
    return tuple(means)


def ls_mean_difference(
    fit: LinearFit,
    factor: str,
    level: object,
    reference: object,
    at: Mapping[str, object] | None = None,
    weights: Weights = "equal",
    confidence: float = 0.95,
) -> Estimate:
    """Least-squares mean at a level less that at the reference; the rest as in `ls_means`.

    Raises
    ------
    EstimationError
        The factor has no such level, or the data do not allow an estimate.
    """
    design, at = fit.design, dict(at or {})
    _require_factors(design, [factor])
    row = _combination(design, at | {factor: level}, weights) - _combination(design, at | {factor: reference}, weights)
    if not _estimable(design, row):
        raise EstimationError(f"the difference of {level} and {reference} is not estimable", where=factor)
    return fit.estimate(row[design.kept], confidence)


def _require_factors(design: Design, names: Sequence[str]) -> None:
    for name in names:
        if name not in design.levels:
            raise EstimationError(
                f"{name} is no class variable of the model", mend=f"it has {', '.join(design.levels) or 'none'}"
            )


def _combination(design: Design, fixed: Mapping[str, object], weights: Weights) -> Floats:
    """Weight of every column in the mean at fixed levels and values."""
    for name, value in fixed.items():
        if name in design.levels and value not in design.levels[name]:
            raise EstimationError(f"no level {value!r}", where=name, mend=f"it has {design.levels[name]}")
        if name not in design.levels and name not in design.means:
            raise EstimationError(f"{name} is no variable of the model")
    return np.array([_weight(design, column, fixed, weights) for column in design.columns])


def _weight(design: Design, column: Column, fixed: Mapping[str, object], weights: Weights) -> float:
    if any(name in fixed and fixed[name] != level for name, level in column.levels):
        return 0.0
    averaged = [(name, level) for name, level in column.levels if name not in fixed]
    if weights == "equal":
        share = float(np.prod([1 / len(design.levels[name]) for name, _ in averaged]))
    else:
        together = np.ones(len(design.matrix), dtype=bool)
        for name, level in averaged:
            together &= design.codes[name] == design.levels[name].index(level)
        share = float(together.mean())
    values = [float(fixed.get(name, design.means[name])) for name in column.covariates]  # type: ignore[arg-type]
    return share * float(np.prod(values))


def _estimable(design: Design, row: Floats) -> bool:
    return bool(np.allclose(row[design.kept] @ design.alias, row, atol=_ESTIMABLE * max(1.0, float(np.abs(row).max()))))


def type3_tests(fit: LinearFit) -> tuple[EffectTest, ...]:
    """Type 3 tests: of each effect's coefficients when every factor is coded to sum to zero.

    This is SAS's hypothesis wherever each combination of levels in an effect occurs; where one does not, the effects
    that it touches are not tested here (SAS's own answer there depends on which cells are empty). Hypotheses are
    written as differences from the last level, as SAS does, for Satterthwaite's degrees of freedom of several of them
    depend on how they are written.
    """
    design = fit.design
    coded, owners = _sum_coded(design)
    if coded.shape[1] != len(design.kept):
        return tuple(EffectTest(term, None) for term in design.terms)
    transform = np.linalg.solve(coded.T @ coded, coded.T @ design.matrix)
    tests = []
    for term in design.terms:
        rows = transform[[owner == term for owner in owners]]
        from_last: Floats = np.eye(1)
        for name in term:
            if name in design.levels:
                size = len(design.levels[name]) - 1
                from_last = np.kron(from_last, np.eye(size) + np.ones((size, size)))
        tests.append(EffectTest(term, fit.joint_test(from_last @ rows)))
    return tuple(tests)


def _sum_coded(design: Design) -> tuple[Floats, list[tuple[str, ...]]]:
    """Columns of the same space with sum-to-zero factors, and the effect of each."""
    columns: list[Floats] = [np.ones(len(design.matrix))]
    owners: list[tuple[str, ...]] = [()]
    full = design.matrix @ design.alias
    for term in design.terms:
        numbers = [number for number, column in enumerate(design.columns) if column.term == term]
        names = [name for name in term if name in design.levels]
        block = full[:, numbers].reshape(len(full), *(len(design.levels[name]) for name in names))
        for axis in range(1, block.ndim):
            last = np.take(block, [-1], axis=axis)
            block = np.delete(block, -1, axis=axis) - last
        flat = block.reshape(len(full), -1)
        columns.extend(flat.T)
        owners.extend([term] * flat.shape[1])
    return np.column_stack(columns), owners
