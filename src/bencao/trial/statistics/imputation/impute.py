"""Impute missing repeated measurements many times, at random or from what the reference arm shows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bencao.trial.errors import EstimationError
from bencao.trial.statistics.design import Design, build_design
from bencao.trial.statistics.imputation.posterior import Draw, conditional_draw, draws
from bencao.trial.statistics.samples import Floats, Integers, as_floats, codes_of, levels_of, require_columns

Strategy = Literal["MAR", "J2R", "CR", "CIR"]


@dataclass(frozen=True)
class Imputations:
    """Completed measurements.

    Attributes
    ----------
    subjects, visits : tuple
    values : array, shape (imputations, subjects, visits)
    seen : array of bool, shape (subjects, visits)
        Which were measured; they are the same in all imputations.
    names : tuple of str
        Of the columns of subject, visit and response.
    strategy : str
    """

    subjects: tuple[object, ...]
    visits: tuple[object, ...]
    values: Floats
    seen: NDArray[np.bool_]
    names: tuple[str, str, str]
    strategy: str


def impute(
    frame: pl.DataFrame,
    response: str,
    subject: str,
    visit: str,
    arm: str,
    covariates: Sequence[str] = (),
    classes: Sequence[str] = (),
    strategy: Strategy = "MAR",
    reference: object = None,
    imputations: int = 100,
    seed: int = 1,
    burn_in: int = 200,
    thin: int = 5,
) -> Imputations:
    """Impute what is missing, from a multivariate normal model with means by arm and visit.

    The model has one unstructured covariance, and coefficients of arm and covariates for each visit; its parameters
    are drawn from their posterior. A subject's gaps before its last measurement are imputed at random in its own arm.
    What follows the last measurement is imputed by the strategy, given the measurements before:

    - MAR: as in its own arm.
    - J2R, jump to reference: from the reference's means after the last measurement.
    - CR, copy reference: from the reference's means at all visits.
    - CIR, copy increments in reference: from the own mean at the last measurement, changing on as the reference does.

    Subjects of the reference arm are imputed at random by each strategy. Who has no measurement is imputed from the
    reference's means by J2R, CR and CIR alike.

    Parameters
    ----------
    frame : polars DataFrame
        A row for each subject and visit; a visit may be absent or its response missing.
    response, subject, visit, arm : names of columns
    covariates : names of columns
        Of the subject, the same in all its rows.
    classes : names of columns
        Numbers to be taken for class variables.
    strategy : {"MAR", "J2R", "CR", "CIR"}
    reference : level of the arm
        Needed by all strategies but MAR.
    imputations, seed : int
    burn_in, thin : int
        Draws of the chain left out before the first imputation, and from one to the next.

    Returns
    -------
    Imputations

    Raises
    ------
    EstimationError
        A covariate is missing, or differs within a subject; the reference is no arm; a visit is seen too rarely.

    References
    ----------
    Carpenter, Roger and Kenward, J. Biopharm. Stat. 2013, 23, 1352.
    """
    require_columns(frame, [response, subject, visit, arm, *covariates])
    people = frame.select(subject, arm, *covariates).unique(maintain_order=True).sort(subject, maintain_order=True)
    if people[subject].n_unique() < people.height:
        twice = people.filter(pl.col(subject).is_duplicated())[subject][0]
        raise EstimationError(f"{subject} {twice} has different values of {', '.join([arm, *covariates])}")
    design = build_design(people, [arm, *covariates], [*classes, arm])
    if not design.used.all():
        without = people.filter(~pl.Series(design.used))[subject][0]
        raise EstimationError(f"{subject} {without} lacks a covariate", mend="leave the subject out, or the covariate")
    if strategy not in ("MAR", "J2R", "CR", "CIR"):
        raise EstimationError(f"no strategy {strategy!r}", mend="take MAR, J2R, CR or CIR")
    if strategy != "MAR" and reference not in design.levels[arm]:
        raise EstimationError(f"no arm {reference!r}", where=arm, mend=f"there are {design.levels[arm]}")
    subjects, visits = people[subject].to_list(), levels_of(frame[visit])
    values, seen = _wide(frame, response, subject, visit, subjects, visits)
    generator = np.random.default_rng(seed)
    chain = draws(design.matrix, values, seen, generator, burn_in, thin)
    referred = _as_reference(design, arm, reference) if strategy != "MAR" else design.matrix
    completed = np.stack(
        [_complete(next(chain), design.matrix, referred, seen, strategy, generator) for _ in range(imputations)]
    )
    completed[:, seen] = values[seen]
    return Imputations(tuple(subjects), tuple(visits), completed, seen, (subject, visit, response), strategy)


def imputed_frame(imputed: Imputations, number: int) -> pl.DataFrame:
    """One imputation as a frame: subject, visit and response, a row for each.

    Parameters
    ----------
    imputed : Imputations
    number : int
        From 0.
    """
    subject, visit, response = imputed.names
    return pl.DataFrame(
        {
            subject: [name for name in imputed.subjects for _ in imputed.visits],
            visit: list(imputed.visits) * len(imputed.subjects),
            response: imputed.values[number].ravel(),
        }
    )


def _wide(
    frame: pl.DataFrame, response: str, subject: str, visit: str, subjects: list[object], visits: list[object]
) -> tuple[Floats, NDArray[np.bool_]]:
    rows = frame.filter(pl.col(response).is_not_null())
    owner, place = codes_of(rows[subject], subjects), codes_of(rows[visit], visits)
    if len(np.unique(owner * len(visits) + place)) < rows.height:
        raise EstimationError("a subject has a visit twice", mend="keep one record of each visit")
    values = np.full((len(subjects), len(visits)), np.nan)
    values[owner, place] = as_floats(rows[response], response)
    return values, ~np.isnan(values)


def _as_reference(design: Design, arm: str, reference: object) -> Floats:
    """The design matrix if all subjects were of the reference arm."""
    matrix = design.matrix.copy()
    for place, number in enumerate(design.kept):
        column = design.columns[number]
        if column.term == (arm,):
            matrix[:, place] = float(column.levels[0][1] == reference)
    return matrix


def _complete(
    draw: Draw,
    matrix: Floats,
    referred: Floats,
    seen: NDArray[np.bool_],
    strategy: Strategy,
    generator: np.random.Generator,
) -> Floats:
    """Values of a draw, with what follows the last measurement drawn by the strategy."""
    own, reference = matrix @ draw.coefficients, referred @ draw.coefficients
    visits = seen.shape[1]
    last = np.where(seen.any(axis=1), visits - np.argmax(seen[:, ::-1], axis=1), 0)
    means = strategy_means(own, reference, last, strategy)
    values = draw.values.copy()
    for after in range(visits):
        rows = np.flatnonzero(last == after)
        given = np.arange(visits) < after
        if len(rows):
            values[np.ix_(rows, ~given)] = conditional_draw(
                values[rows], means[rows], draw.covariance, given, generator
            )
    return values


def strategy_means(own: Floats, reference: Floats, last: Integers, strategy: Strategy) -> Floats:
    """Means from which a subject's missing values are drawn.

    Parameters
    ----------
    own, reference : array, shape (subjects, visits)
        Of the subject's own arm, and of the reference with the subject's covariates.
    last : array of int, shape (subjects,)
        How many visits there are up to the last measurement.

    Returns
    -------
    array, shape (subjects, visits)
    """
    if strategy == "MAR":
        return own
    if strategy == "CR":
        return reference
    after = np.arange(own.shape[1]) >= last[:, None]
    if strategy == "J2R":
        return np.where(after, reference, own)
    place = np.maximum(last - 1, 0)[:, None]
    step = np.take_along_axis(own, place, axis=1) - np.take_along_axis(reference, place, axis=1)
    return np.where(after, reference + np.where(last[:, None] > 0, step, 0.0), own)
