"""Entropy balancing: the least uneven weights under which the arms have the same means."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from bencao.evidence.errors import PositivityError
from bencao.evidence.estimators.data.study_data import StudyData
from bencao.evidence.estimators.estimate import Settings, refuse_estimand
from bencao.evidence.estimators.modelled.m_estimation import sandwich
from bencao.evidence.estimators.modelled.positivity import refuse_exploding
from bencao.evidence.estimators.modelled.weighting import contrast

Floats = npt.NDArray[np.float64]
_FARTHEST = 1e3  # a multiplier on a covariate in standard units


class _NoWeightsError(Exception):
    """The search has gone where no weights are."""


def entropy_weights(covariates: Floats, target: Floats) -> Floats:
    """Weights, proportional to exp(covariates @ multipliers), whose means are the target's.

    Hainmueller, Political Analysis 2012, 20, 25.

    Parameters
    ----------
    covariates : ndarray, shape (n, p)
    target : ndarray, shape (p,)

    Returns
    -------
    ndarray, shape (p,)
        The multipliers.

    Raises
    ------
    PositivityError
        Where the target lies outside of what the arm's persons span.
    """
    from_target = covariates - target

    def dual(multipliers: Floats) -> tuple[float, Floats]:
        if not np.abs(multipliers).max() < _FARTHEST:
            raise _NoWeightsError
        linear = from_target @ multipliers
        top = linear.max()
        raised = np.exp(linear - top)
        total = raised.sum()
        return float(np.log(total) + top), from_target.T @ (raised / total)

    try:
        found = minimize(dual, np.zeros(covariates.shape[1]), jac=True, method="BFGS", options={"gtol": 1e-9})
        if np.abs(dual(found.x)[1]).max() > 1e-4:
            raise _NoWeightsError
    except _NoWeightsError:
        raise PositivityError(
            "no weights of this arm's persons give the target's means",
            where="entropy",
            mend="leave out covariates, or restrict the study to where the arms overlap",
        ) from None
    multipliers: Floats = found.x
    return multipliers


def by_entropy(data: StudyData, settings: Settings) -> tuple[float, float, int]:
    """Entropy balancing to all persons (ate) or to the treated (att), with a sandwich variance."""
    refuse_estimand("entropy", settings, "ate", "att")
    covariates, treatment, outcome = data.design[:, 1:], data.treatment, data.outcome
    target_of = np.ones(data.n) if settings.estimand == "ate" else treatment
    target = np.average(covariates, axis=0, weights=target_of)
    size = covariates.shape[1]
    both = [entropy_weights(covariates[treatment == arm], target) for arm in (1, 0)]

    def weight(multipliers: Floats, centre: Floats) -> Floats:
        return np.exp(np.clip((covariates - centre) @ multipliers, -500, 500))

    def equations(parameters: Floats) -> Floats:
        centre, of_one, of_none = (parameters[size * k : size * (k + 1)] for k in range(3))
        one, none = parameters[-2:]
        arms = [treatment * weight(of_one, centre), (1 - treatment) * weight(of_none, centre)]
        balance = [arm[:, None] * (covariates - centre) for arm in arms]
        means = [arms[0] * (outcome - one), arms[1] * (outcome - none)]
        return np.column_stack([target_of[:, None] * (covariates - centre), *balance, *means])

    means = [
        np.average(outcome[treatment == arm], weights=weight(multipliers, target)[treatment == arm])
        for arm, multipliers in zip((1, 0), both, strict=True)
    ]
    arms = [weight(multipliers, target) for multipliers in both]
    refuse_exploding(data, np.where(treatment == 1, *arms))
    covariance = sandwich(equations, np.concatenate([target, *both, means]))
    return *contrast(covariance, means, settings), data.n
