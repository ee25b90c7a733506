"""Augmented inverse probability weighting: right where the treatment's model is, or the outcome's."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bencao.evidence.estimators.data.study_data import StudyData
from bencao.evidence.estimators.estimate import Settings, refuse_estimand
from bencao.evidence.estimators.modelled.cross_fitting import Nuisances, cross_fitted
from bencao.evidence.estimators.modelled.g_formula import expected, outcome_regressions
from bencao.evidence.estimators.modelled.m_estimation import Regression, sandwich_of_means
from bencao.evidence.estimators.modelled.positivity import refuse_exploding
from bencao.evidence.estimators.modelled.propensity import expit, logistic
from bencao.evidence.estimators.modelled.weighting import balancing_weights, contrast, within

Floats = npt.NDArray[np.float64]


def by_aipw(data: StudyData, settings: Settings) -> tuple[float, float, int]:
    """AIPW for all persons (ate) or the treated (att) (Robins, Rotnitzky and Zhao, JASA 1994, 89, 846).

    With parametric models the variance is the sandwich over all equations, which holds where either model is wrong;
    with forests nuisances are cross-fitted and the variance is that of the influence function.
    """
    refuse_estimand("aipw", settings, "ate", "att")
    if settings.trim:
        chance = expit(data.design @ logistic(data.design, data.treatment))
        data = data.rows(within(chance, data.treatment, settings.trim))
    return _stacked(data, settings) if settings.learner == "parametric" else _cross_fitted(data, settings)


def _stacked(data: StudyData, settings: Settings) -> tuple[float, float, int]:
    design, treatment, outcome = data.design, data.treatment, data.outcome
    target_of = np.ones(data.n) if settings.estimand == "ate" else treatment
    linear = design @ logistic(design, treatment)
    chance = expit(linear)
    refuse_exploding(data, balancing_weights(chance, treatment, settings.estimand), chance)
    regressions = [Regression(linear, treatment - chance, chance * (1 - chance)), *outcome_regressions(data)]

    def equations(linears: Sequence[Floats], means: Floats) -> Floats:
        """Each person's share in both means, less the mean in the target."""
        weights = balancing_weights(expit(linears[0]), treatment, settings.estimand)
        one, none = (expected(data.kind, linear) for linear in linears[1:])
        of_one = target_of * (one - means[0]) + treatment * weights * (outcome - one)
        of_none = target_of * (none - means[1]) + (1 - treatment) * weights * (outcome - none)
        return np.column_stack([of_one, of_none])

    shares = equations([one.linear for one in regressions], np.zeros(2))
    means = [float(share.sum() / target_of.sum()) for share in shares.T]
    return *contrast(sandwich_of_means(design, regressions, equations, means), means, settings), data.n


def _cross_fitted(data: StudyData, settings: Settings) -> tuple[float, float, int]:
    share = influence(data, cross_fitted(data, settings), settings.estimand)
    return float(share.mean()), float(share.std(ddof=1) / np.sqrt(data.n)), data.n


def influence(data: StudyData, found: Nuisances, estimand: str) -> Floats:
    """Each person's share in the estimate, shape (n,): its mean is the estimate, its spread the error's.

    Weights are divided by their sum in each arm.
    """
    treatment, outcome = data.treatment, data.outcome
    weights = balancing_weights(found.propensity, treatment, estimand)
    refuse_exploding(data, weights, found.propensity)
    target = np.ones(data.n) if estimand == "ate" else treatment
    target = target / target.mean()
    of_one = treatment * weights / (treatment * weights).mean() * (outcome - found.treated)
    of_none = (1 - treatment) * weights / ((1 - treatment) * weights).mean() * (outcome - found.untreated)
    share = target * (found.treated - found.untreated) + of_one - of_none
    # Centred so that the estimated sizes of target and weights do not add to the spread.
    value = share.mean()
    residuals = (treatment * weights / (treatment * weights).mean() * of_one.mean()) - (
        (1 - treatment) * weights / ((1 - treatment) * weights).mean() * of_none.mean()
    )
    centre = target * ((target * (found.treated - found.untreated)).mean())
    whole: Floats = share - centre - residuals + value
    return whole
