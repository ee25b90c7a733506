"""Risks under strategies that last, by inverse probability of following them, with the variance of the weights."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import pairwise, product

import numpy as np
import numpy.typing as npt

from bencao.evidence.errors import EstimationError, NoEvents, PositivityError
from bencao.evidence.estimators.estimate import Estimate, whole_estimate
from bencao.evidence.estimators.modelled.m_estimation import influences
from bencao.evidence.estimators.modelled.positivity import effective_size
from bencao.evidence.finite import Figures, reckoned
from bencao.evidence.longitudinal.emulation import Emulation
from bencao.evidence.longitudinal.histories import Model, by_person, loss_model, treatment_models
from bencao.evidence.longitudinal.intervals import contrast_interval
from bencao.evidence.longitudinal.person_periods import PersonPeriods
from bencao.evidence.longitudinal.weight_of_persons import refuse_few

Floats = npt.NDArray[np.float64]
_LEAST = 1e-6  # probability of what a strategy asks for


@dataclass(frozen=True)
class Risks(Figures):
    """What an emulation gives.

    Attributes
    ----------
    treatment, comparator : tuple of float
        Cumulative risk at the end of each period since time zero.
    difference : Estimate
        Of the last.
    ratio : Estimate or None
        Their log ratio; None where one is 0.
    largest_weight : float
    effective : (float, float)
        Effective number of rows (Kish) of each arm in the last period.
    """

    treatment: tuple[float, ...]
    comparator: tuple[float, ...]
    difference: Estimate
    ratio: Estimate | None
    largest_weight: float
    effective: tuple[float, float]


@reckoned()
def risks(data: PersonPeriods, emulation: Emulation, *, periods: int | None = None, method: str = "ipw") -> Risks:
    """Risks of both arms by weighted hazards of each period.

    A row's weight is the inverse of the probability, given the past, of all that its strategy asked for so far and of
    not being lost; where a grace leaves the choice, it is as people choose (Cain et al., Int J Biostat 2010, 6, 18).
    Within an arm and period weights are divided by their sum. The variance is the sandwich over the equations of all
    models and hazards together, each person's rows and copies summed; the interval is that of `contrast_interval`.

    Parameters
    ----------
    data : PersonPeriods
    emulation : Emulation
        From `clones` or `trials`.
    periods : int, optional
        Periods from time zero whose risk is wanted; all that both arms have, without it.
    method : str
        Name in the estimate.

    Returns
    -------
    Risks

    Raises
    ------
    PositivityError
        A strategy that asks for what nobody with such a past does; a period in which fewer than four persons of an arm
        count in effect, though more follow it.
    EstimationError
        A period in which nobody follows an arm any more.
    NoEvents, SeparationError
    """
    followed = [set(np.unique(emulation.follow[emulation.arm == arm])) for arm in (1, 0)]
    size = periods or int(min(max(one) for one in followed)) + 1
    if any(not set(range(size)) <= one for one in followed):
        raise EstimationError("an arm has nobody left in a period", where="periods", mend="ask for fewer periods")
    if not data.event[emulation.row[emulation.follow < size]].any():
        raise NoEvents("nobody has the event while following a strategy", where="event", mend="follow persons longer")
    models = [*treatment_models(data), loss_model(data)]
    ends = np.cumsum([0, *(len(one.solution) for one in models)])
    cells = (1 - emulation.arm) * size + emulation.follow
    used = emulation.follow < size

    def hazards(weights: Floats) -> Floats:
        happened, at_risk = (
            np.bincount(cells[used], weights=(weights * one)[used], minlength=2 * size)
            for one in (data.event[emulation.row], np.ones(len(cells)))
        )
        found: Floats = happened / at_risk
        return found

    def equations(parameters: Floats, widened: bool = False) -> Floats:
        split = [parameters[start:end] for start, end in pairwise(ends)]
        weights = _weights(data, emulation, models, split)
        found = [by_person(data, model.rows, model.scores(one)) for model, one in zip(models, split, strict=True)]
        rest = weights * (data.event[emulation.row] - parameters[ends[-1] :][np.minimum(cells, 2 * size - 1)])
        if widened:  # a row of great weight pulls the hazard to itself, as leverage does (HC3 of a weighted mean)
            sums = np.bincount(cells[used], weights=weights[used], minlength=2 * size)
            share = weights / sums[np.minimum(cells, 2 * size - 1)]
            rest = rest / (1 - np.minimum(share, 0.9))
        flat = data.person[emulation.row[used]] * (2 * size) + cells[used]
        sums = np.bincount(flat, weights=rest[used], minlength=data.persons * 2 * size)
        return np.column_stack([*found, sums.reshape(data.persons, 2 * size)])

    solutions = [one.solution for one in models]
    weights = _weights(data, emulation, models, solutions)
    for arm, follow in product((1, 0), range(size)):
        here = (emulation.arm == arm) & (emulation.follow == follow)
        where = f"period {follow} of the {'treatment' if arm else 'comparator'}"
        refuse_few(data.person[emulation.row[here]], weights[here], where)
    found = hazards(weights)
    at = np.concatenate([*solutions, found])
    added = influences(equations, at, equations(at, widened=True))[:, ends[-1] :]
    curves = [1 - np.cumprod(1 - found[arm * size : (arm + 1) * size]) for arm in (0, 1)]
    slopes = np.zeros((2 * size, 2))
    for arm, curve in enumerate(curves):
        own = slice(arm * size, (arm + 1) * size)
        slopes[own, arm] = (1 - curve[-1]) / (1 - found[own])
    last, persons = (float(curves[0][-1]), float(curves[1][-1])), added @ slopes
    final = [effective_size(weights[(emulation.follow == size - 1) & (emulation.arm == arm)]) for arm in (1, 0)]
    return Risks(
        tuple(curves[0].tolist()),
        tuple(curves[1].tolist()),
        _contrast(method, "risk_difference", last, persons),
        _contrast(method, "log_risk_ratio", last, persons) if min(last) > 0 else None,
        float(weights[used].max()),
        (final[0], final[1]),
    )


def _contrast(method: str, measure: str, last: tuple[float, float], persons: Floats) -> Estimate:
    """Both risks put against each other, their error from what each person adds to them (the delta method)."""
    log = measure == "log_risk_ratio"
    value = float(np.log(last[0] / last[1])) if log else last[0] - last[1]
    added = persons / last if log else persons
    error = float(np.linalg.norm(added[:, 0] - added[:, 1]))
    low, high = contrast_interval(last, persons, log=log)
    return replace(whole_estimate(method, "ate", measure, value, error, len(persons)), low=low, high=high)


@reckoned()
def effective_at_end(data: PersonPeriods, emulation: Emulation, periods: int) -> tuple[float, float]:
    """Effective number of rows (Kish) of each arm in the last period asked for; sees no outcome.

    Parameters
    ----------
    data : PersonPeriods
        Whose rows do not end with the event.
    emulation : Emulation
    periods : int

    Returns
    -------
    float, float
        Of treatment and comparator; 0 where nobody is left.

    Raises
    ------
    PositivityError, SeparationError
    """
    models = [*treatment_models(data), loss_model(data)]
    weights = _weights(data, emulation, models, [one.solution for one in models])
    one, none = (effective_size(weights[(emulation.follow == periods - 1) & (emulation.arm == arm)]) for arm in (1, 0))
    return one, none


def _weights(data: PersonPeriods, emulation: Emulation, models: list[Model], parameters: list[Floats]) -> Floats:
    """Each emulated row's weight."""
    treated = np.empty(len(data.period))
    for model, one in zip(models[:2], parameters[:2], strict=True):
        treated[model.rows] = model.chances(one)
    stayed = np.ones(len(data.period))
    stayed[models[2].rows] = 1 - models[2].chances(parameters[2])
    chance = np.where(emulation.asked == 1, treated[emulation.row], 1 - treated[emulation.row])
    chance = np.where(emulation.asked == 0, 1.0, chance)
    first = np.append(True, emulation.copy[1:] != emulation.copy[:-1])
    # Who stands in a period was not lost in the one before.
    before = np.where(first, 1.0, stayed[np.maximum(emulation.row - 1, 0)])
    if min(chance.min(), before.min()) < _LEAST:
        raise PositivityError(
            "nobody with such a past does what the strategy asks for",
            where="treatment",
            mend="give a grace, follow for fewer periods, or leave such persons out",
        )
    logs = np.cumsum(np.log(chance) + np.log(before))
    begun = np.flatnonzero(first)
    offset = np.where(begun > 0, logs[begun - 1], 0.0)
    found: Floats = np.exp(-(logs - offset[np.cumsum(first) - 1]))
    return found
