"""Inverse probability and overlap weights, with the variance of estimated propensities."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bencao.evidence.errors import EmptyArm, EstimationError, PositivityError
from bencao.evidence.estimators.data.study_data import StudyData
from bencao.evidence.estimators.estimate import Settings
from bencao.evidence.estimators.modelled.m_estimation import Regression, sandwich_of_means
from bencao.evidence.estimators.modelled.positivity import refuse_exploding
from bencao.evidence.estimators.modelled.propensity import expit, logistic

Floats = npt.NDArray[np.float64]


def balancing_weights(propensity: Floats, treatment: Floats, estimand: str) -> Floats:
    """Weights that make both arms alike (Li, Morgan and Zaslavsky, JASA 2018, 113, 390).

    Each arm's are divided by their sum where they are used, so that stabilising them changes nothing.

    Parameters
    ----------
    propensity, treatment : ndarray, shape (n,)
    estimand : {"ate", "att", "ato"}

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    PositivityError
        Where a weight would be infinite.
    """
    tilt = {"ate": np.ones_like(propensity), "att": propensity, "ato": propensity * (1 - propensity)}[estimand]
    received = np.where(treatment == 1, propensity, 1 - propensity)
    if (received[tilt > 0] < 1e-12).any():
        raise PositivityError(
            f"{int((received < 1e-12).sum())} persons had no chance of the arm they are in",
            where="propensity",
            mend="trim, or estimate the effect in the overlap (ato)",
        )
    weights: Floats = tilt / received
    return weights


def within(propensity: Floats, treatment: Floats, trim: float) -> npt.NDArray[np.bool_]:
    """Who is left after trimming (Crump et al., Biometrika 2009, 96, 187); raises EmptyArm where an arm is not."""
    kept: npt.NDArray[np.bool_] = (propensity >= trim) & (propensity <= 1 - trim)
    if len(np.unique(treatment[kept])) < 2:
        raise EmptyArm("trimming leaves one arm only", where="trim", mend="trim less; see the overlap")
    return kept


def by_crude(data: StudyData, settings: Settings) -> tuple[float, float, int]:
    """Contrast of means, unadjusted, with Welch's variance."""
    arms = [data.outcome[data.treatment == arm] for arm in (1, 0)]
    covariance = np.diag([float(arm.var(ddof=1) / len(arm)) for arm in arms])
    return *contrast(covariance, [float(arm.mean()) for arm in arms], settings), data.n


def by_ipw(data: StudyData, settings: Settings) -> tuple[float, float, int]:
    """Inverse probability weighting (Hájek), trimmed where asked for; the propensity's variance is included."""
    model = logistic(data.design, data.treatment)
    kept = within(expit(data.design @ model), data.treatment, settings.trim)
    if not kept.all():  # the model is fitted anew among those who are left (Yoshida et al., Epidemiology 2019)
        data = data.rows(kept)
        model = logistic(data.design, data.treatment)
    design, treatment, outcome = data.design, data.treatment, data.outcome

    def equations(linears: Sequence[Floats], means: Floats) -> Floats:
        weights = balancing_weights(expit(linears[0]), treatment, settings.estimand)
        arms = (treatment * weights, (1 - treatment) * weights)
        return np.column_stack([arm * (outcome - mean) for arm, mean in zip(arms, means, strict=True)])

    linear = design @ model
    propensity = expit(linear)
    weights = balancing_weights(propensity, treatment, settings.estimand)
    refuse_exploding(data, weights, propensity)
    means = [np.average(outcome[treatment == arm], weights=weights[treatment == arm]) for arm in (1, 0)]
    of_treatment = Regression(linear, treatment - propensity, propensity * (1 - propensity))
    covariance = sandwich_of_means(design, [of_treatment], equations, means)
    return *contrast(covariance, means, settings), len(treatment)


def by_overlap(data: StudyData, settings: Settings) -> tuple[float, float, int]:
    """Overlap weights, whatever estimand was asked for beside them."""
    return by_ipw(data, Settings(estimand="ato", scale=settings.scale))


def contrast(covariance: Floats, means: list[float], settings: Settings) -> tuple[float, float]:
    """Contrast of the last two parameters, the arms' means, and its standard error.

    Parameters
    ----------
    covariance : ndarray, shape (k, k)
        Of all parameters.
    means : list of float
        Of treatment and comparator.
    settings : Settings
        Its scale: their difference, or the logarithm of their ratio with the delta method's error.

    Returns
    -------
    float, float

    Raises
    ------
    EstimationError
        A ratio of means that are not both above 0.
    """
    last = covariance[-2:, -2:]
    one, none = means
    if settings.scale == "difference":
        return one - none, float(np.sqrt(last[0, 0] + last[1, 1] - 2 * last[0, 1]))
    if min(one, none) <= 0:
        raise EstimationError("a risk of 0 has no ratio", where="outcome", mend="ask for risk_difference")
    slopes = np.array([1 / one, -1 / none])
    return float(np.log(one / none)), float(np.sqrt(slopes @ last @ slopes))
