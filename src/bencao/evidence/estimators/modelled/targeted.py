"""Targeted maximum likelihood, cross-fitted."""

from __future__ import annotations

import numpy as np
import statsmodels.api as sm

from bencao.evidence.estimators.data.study_data import StudyData
from bencao.evidence.estimators.estimate import Settings, refuse_estimand
from bencao.evidence.estimators.modelled.cross_fitting import Nuisances, cross_fitted
from bencao.evidence.estimators.modelled.doubly_robust import influence
from bencao.evidence.estimators.modelled.positivity import refuse_exploding
from bencao.evidence.estimators.modelled.propensity import expit
from bencao.evidence.estimators.modelled.weighting import balancing_weights

_FROM = 1e-4


def by_tmle(data: StudyData, settings: Settings) -> tuple[float, float, int]:
    """TMLE for all persons (ate) or the treated (att) (van der Laan and Rubin, Int J Biostat 2006, 2, 11).

    The outcome is brought to 0 to 1; its model is moved by a weighted logistic regression on the arm (Rose and van der
    Laan 2011), so that the estimate keeps within what outcomes can be.
    """
    refuse_estimand("tmle", settings, "ate", "att")
    found = cross_fitted(data, settings)
    lowest, width = float(data.outcome.min()), float(np.ptp(data.outcome))
    scaled = (data.outcome - lowest) / width
    weights = balancing_weights(found.propensity, data.treatment, settings.estimand)
    refuse_exploding(data, weights, found.propensity)
    moved = []
    for arm, expected in ((1, found.treated), (0, found.untreated)):
        start = np.clip((expected - lowest) / width, _FROM, 1 - _FROM)
        offset = np.log(start / (1 - start))
        rows = data.treatment == arm
        family = sm.families.Binomial()
        fit = sm.GLM(scaled[rows], np.ones(rows.sum()), family=family, offset=offset[rows], var_weights=weights[rows])
        moved.append(lowest + width * expit(offset + fit.fit().params[0]))
    share = influence(data, Nuisances(found.propensity, *moved), settings.estimand)
    return float(share.mean()), float(share.std(ddof=1) / np.sqrt(data.n)), data.n
