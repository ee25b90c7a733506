"""How treatment and loss depend on the past: pooled logistic models over person-periods."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from bencao.evidence.estimators.modelled.propensity import expit, logistic
from bencao.evidence.longitudinal.person_periods import PersonPeriods

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.bool_]
_SEPARATE = 8  # periods that each have a constant of their own; more are told by a cubic


@dataclass(frozen=True)
class Model:
    """A pooled logistic model of some of the rows.

    Attributes
    ----------
    rows : ndarray of bool, shape (rows,)
        Those it is of.
    outcome : ndarray, shape (m,)
        Of those.
    certain : ndarray of bool, shape (m,)
        Rows of a period in which all have the same outcome, whose probability then is 1.
    design : ndarray, shape (m, k)
        0 in the rows that are certain.
    solution : ndarray, shape (k,)
    """

    rows: Rows
    outcome: Floats
    certain: Rows
    design: Floats
    solution: Floats

    def chances(self, parameters: Floats) -> Floats:
        """Probability of 1 in its rows, shape (m,)."""
        found: Floats = np.where(self.certain, self.outcome, expit(self.design @ parameters))
        return found

    def scores(self, parameters: Floats) -> Floats:
        """Each row's contribution to the estimating equations, shape (m, k)."""
        found: Floats = self.design * (self.outcome - self.chances(parameters))[:, None]
        return found


def fit(data: PersonPeriods, rows: Rows, outcome: Floats, design: Floats, where: str) -> Model:
    """Fit a model of the rows chosen.

    Parameters
    ----------
    data : PersonPeriods
    rows : ndarray of bool, shape (rows,)
    outcome : ndarray, shape (rows,)
    design : ndarray, shape (rows, k)
        Of all rows; columns that those before them imply among the rows chosen are left out.
    where : str
        What is modelled, for the error.

    Raises
    ------
    SeparationError
    """
    own, period = outcome[rows], data.period[rows]
    mean = np.bincount(period, weights=own, minlength=1) / np.maximum(np.bincount(period, minlength=1), 1)
    certain = (mean[period] == 0) | (mean[period] == 1)
    told = np.where(certain[:, None], 0.0, design[rows])
    told = _independent(told) if not certain.all() else told[:, :0]
    solution = np.empty(0) if certain.all() else logistic(told[~certain], own[~certain], where=where)
    return Model(rows, own, certain, told, solution)


def time_terms(data: PersonPeriods) -> Floats:
    """A constant and the period: one indicator each while they are few, else a cubic; shape (rows, k)."""
    if data.last < _SEPARATE:
        levels = [(data.period == one).astype(float) for one in range(1, data.last + 1)]
        return np.column_stack([np.ones(len(data.period)), *levels])
    scaled = data.period / data.last
    return np.column_stack([np.ones(len(scaled)), scaled, scaled**2, scaled**3])


def treatment_models(data: PersonPeriods, *, varying: bool = True) -> tuple[Model, Model]:
    """Models of starting (among those untreated in the period before) and of going on.

    Parameters
    ----------
    data : PersonPeriods
    varying : bool
        With what varies over time, as the denominator of a weight asks; without, as the numerator of a stabilised one.
    """
    parts = [time_terms(data), _standard(data.baseline)] + ([_standard(data.varying)] if varying else [])
    design = np.column_stack(parts)
    starting, going_on = (fit(data, data.before == past, data.treatment, design, "treatment") for past in (0, 1))
    return starting, going_on


def loss_model(data: PersonPeriods) -> Model:
    """Model of being lost at the end of a period, given its treatment and all that was known."""
    design = np.column_stack(
        [time_terms(data), _standard(data.baseline), _standard(data.varying), data.treatment, data.before]
    )
    at_risk = (data.period < data.last) & (data.event == 0)
    return fit(data, at_risk, data.lost, design, "loss to follow-up")


def by_person(data: PersonPeriods, rows: Rows, values: Floats) -> Floats:
    """Sums of rows' values over each person, shape (persons, k)."""
    found = np.empty((data.persons, values.shape[1]))
    for place in range(values.shape[1]):
        found[:, place] = np.bincount(data.person[rows], weights=values[:, place], minlength=data.persons)
    return found


def _standard(values: Floats) -> Floats:
    spread = values.std(axis=0)
    found: Floats = (values - values.mean(axis=0)) / np.where(spread > 0, spread, 1.0)
    return found


def _independent(design: Floats) -> Floats:
    """Without columns that those before them imply, such as the last period that no row of a model is in."""
    kept: list[int] = []
    basis = np.empty((len(design), 0))
    for place in range(design.shape[1]):
        column = design[:, place]
        rest = column - basis @ (basis.T @ column)
        size = float(np.linalg.norm(rest))
        if size > 1e-8 * max(1.0, float(np.linalg.norm(column))):
            kept.append(place)
            basis = np.column_stack([basis, rest / size])
    return design[:, kept]
