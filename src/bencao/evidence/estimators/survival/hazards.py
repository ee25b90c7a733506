"""The hazard ratio of the weighted population, by Cox regression."""

from __future__ import annotations

import warnings

import numpy as np
import pandas as pd
from lifelines import CoxPHFitter
from lifelines.exceptions import ConvergenceError

from bencao.evidence.errors import EstimationError
from bencao.evidence.estimators.data.study_data import StudyData
from bencao.evidence.estimators.estimate import Settings, refuse_estimand
from bencao.evidence.estimators.modelled.entropy_balancing import entropy_weights
from bencao.evidence.estimators.modelled.positivity import refuse_exploding
from bencao.evidence.estimators.modelled.propensity import expit, logistic
from bencao.evidence.estimators.modelled.weighting import balancing_weights, within
from bencao.kernel.errors import InputError


def log_hazard_ratio(data: StudyData, method: str, settings: Settings) -> tuple[float, float, int]:
    """Log hazard ratio of the arms alone, each person weighted; competing events end follow-up.

    Parameters
    ----------
    data : StudyData
        Of a time to event.
    method : {"crude", "ipw", "overlap", "entropy"}
    settings : Settings

    Returns
    -------
    float, float, int
        Value, robust standard error (Lin and Wei, JASA 1989, 84, 1074; conservative, as weights are taken as known),
        persons.

    Raises
    ------
    EstimationError
        Where one arm has no events.
    """
    assert data.time is not None
    weights = _weights(data, method, settings)
    refuse_exploding(data, weights)
    kept = weights > 0
    event = data.outcome == 1
    for arm in (1, 0):
        if not event[kept & (data.treatment == arm)].any():
            raise EstimationError(
                f"arm {arm} has no events, so that the hazard ratio is not finite",
                where="outcome",
                mend="ask for risk_difference",
            )
    table = pd.DataFrame(
        {"time": data.time[kept], "event": event[kept], "arm": data.treatment[kept], "weight": weights[kept]}
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            fit = CoxPHFitter().fit(table, "time", "event", weights_col="weight", robust=True)
        except ConvergenceError as error:
            raise EstimationError("does not converge", where=method, mend="see the diagnostics") from error
    return float(fit.params_["arm"]), float(fit.standard_errors_["arm"]), int(kept.sum())


def _weights(data: StudyData, method: str, settings: Settings) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    if method == "crude":
        return np.ones(data.n)
    found = np.zeros(data.n)
    if method == "entropy":
        refuse_estimand("entropy", settings, "ate", "att")
        covariates = data.design[:, 1:]
        of_target = np.ones(data.n) if settings.estimand == "ate" else data.treatment
        target = np.average(covariates, axis=0, weights=of_target)
        for rows in (data.treatment == 1, data.treatment == 0):
            raised = np.exp((covariates[rows] - target) @ entropy_weights(covariates[rows], target))
            found[rows] = raised / raised.mean()
        return found
    if method not in ("ipw", "overlap"):
        raise InputError(
            "gives no hazard ratio",
            where=method,
            mend="give crude, ipw, overlap or entropy, or ask for a risk_difference",
        )
    chance = expit(data.design @ logistic(data.design, data.treatment))
    kept = within(chance, data.treatment, settings.trim if method == "ipw" else 0.0)
    estimand = "ato" if method == "overlap" else settings.estimand
    found[kept] = balancing_weights(chance, data.treatment, estimand)[kept]
    for rows in (data.treatment == 1, data.treatment == 0):
        found[rows] /= found[rows & kept].mean()
    return found
