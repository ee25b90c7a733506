"""A marginal structural model: the hazard under treatment, with stabilised weights for confounders that vary."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from bencao.evidence.errors import EmptyArm, PositivityError
from bencao.evidence.estimators.estimate import Estimate, whole_estimate
from bencao.evidence.estimators.modelled.m_estimation import influences
from bencao.evidence.estimators.modelled.propensity import expit, logistic
from bencao.evidence.finite import reckoned
from bencao.evidence.longitudinal.histories import Model, by_person, loss_model, time_terms, treatment_models
from bencao.evidence.longitudinal.intervals import quantile
from bencao.evidence.longitudinal.person_periods import PersonPeriods
from bencao.evidence.longitudinal.weight_of_persons import refuse_few

Floats = npt.NDArray[np.float64]
_LEAST = 1e-6


@reckoned()
def marginal_structural_model(data: PersonPeriods) -> Estimate:
    """Log odds ratio of the event in a period, treated against untreated in it.

    Pooled logistic regression on period, baseline and treatment (Hernán et al., Epidemiology 2000, 11, 561); weights
    are the probability of the treatments taken given baseline over that given all that was known, and the inverse
    probability of not being lost. While events are rare in each period the odds ratio is near the hazard ratio.

    Parameters
    ----------
    data : PersonPeriods

    Returns
    -------
    Estimate
        ``log_odds_ratio``; its variance holds that of all models, each person's periods together, and its interval
        has a t quantile for how many persons tell of it.

    Raises
    ------
    EmptyArm
        A treatment that nobody has in any period, or everybody in all.
    PositivityError
        A treatment that nobody with such a past takes; fewer than four persons who count in effect of those who are
        treated, or untreated, in some period, though there are more.
    SeparationError
    """
    if data.treatment.min() == data.treatment.max():
        raise EmptyArm("all periods of all persons have the same", where="treatment", mend="see the column")
    models = [*treatment_models(data), *treatment_models(data, varying=False), loss_model(data)]
    ends = np.cumsum([0, *(len(one.solution) for one in models)])
    spread = data.baseline.std(axis=0)
    baseline = (data.baseline - data.baseline.mean(axis=0))[:, spread > 0] / spread[spread > 0]
    design = np.column_stack([time_terms(data), baseline, data.treatment])
    solutions = [one.solution for one in models]
    weights = _stabilised(data, models, solutions)
    for treated, where in ((1, "periods with treatment"), (0, "periods without treatment")):
        here = data.treatment == treated
        refuse_few(data.person[here], weights[here], where)
    answer = logistic(design, data.event, weights, where="event")
    everybody = np.ones(len(data.period), dtype=bool)

    def equations(parameters: Floats) -> Floats:
        split = [parameters[start:end] for start, end in pairwise(ends)]
        found = [by_person(data, model.rows, model.scores(one)) for model, one in zip(models, split, strict=True)]
        rest = _stabilised(data, models, split) * (data.event - expit(design @ parameters[ends[-1] :]))
        return np.column_stack([*found, by_person(data, everybody, design * rest[:, None])])

    added = influences(equations, np.concatenate([*solutions, answer]))[:, -1]
    error = float(np.linalg.norm(added))
    found = whole_estimate("marginal_structural_model", "ate", "log_odds_ratio", answer[-1], error, data.persons)
    reach = quantile(added) * error
    return replace(found, low=found.value - reach, high=found.value + reach)


def _stabilised(data: PersonPeriods, models: list[Model], parameters: list[Floats]) -> Floats:
    """Each row's weight: the product over the person's periods so far."""
    treated = np.empty((2, len(data.period)))
    for place, (model, one) in enumerate(zip(models[:4], parameters[:4], strict=True)):
        treated[place // 2, model.rows] = model.chances(one)
    taken = np.where(data.treatment == 1, treated, 1 - treated)
    stayed = np.ones(len(data.period))
    stayed[models[4].rows] = 1 - models[4].chances(parameters[4])
    before = np.where(data.period == 0, 1.0, np.concatenate([[1.0], stayed[:-1]]))
    if min(taken[0].min(), before.min()) < _LEAST:
        raise PositivityError(
            "nobody with such a past takes that treatment",
            where="treatment",
            mend="leave out whose treatment is certain, or follow for fewer periods",
        )
    logs = np.cumsum(np.log(taken[1]) - np.log(taken[0]) - np.log(before))
    starts = data.starts
    offset = np.where(starts > 0, logs[starts - 1], 0.0)
    found: Floats = np.exp(logs - offset[data.person])
    return found
