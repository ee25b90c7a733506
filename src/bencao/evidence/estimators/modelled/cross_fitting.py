"""Propensity and outcome of each person, learned from persons of other folds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.ensemble import RandomForestClassifier, RandomForestRegressor
from sklearn.model_selection import StratifiedKFold

from bencao.evidence.errors import StudyDataError
from bencao.evidence.estimators.data.study_data import StudyData
from bencao.evidence.estimators.estimate import Settings
from bencao.evidence.estimators.modelled.g_formula import outcome_model, predicted
from bencao.evidence.estimators.modelled.propensity import expit, logistic

Floats = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]
_TREES = 200
_LEAF = 10
_FROM = 1e-3


@dataclass(frozen=True)
class Nuisances:
    """What a doubly robust estimate rests on, each of shape (n,).

    Attributes
    ----------
    propensity, treated, untreated : ndarray
        Probability of treatment, and the outcome expected with and without it.
    """

    propensity: Floats
    treated: Floats
    untreated: Floats


def cross_fitted(data: StudyData, settings: Settings) -> Nuisances:
    """Nuisances of each person from the other folds (Chernozhukov et al., Econom J 2018, 21, C1).

    Parameters
    ----------
    data : StudyData
    settings : Settings
        Its learner, folds and seed.

    Returns
    -------
    Nuisances
        Propensities are kept from 0.001 to 0.999.

    Raises
    ------
    StudyDataError
        An arm with fewer persons than folds.
    """
    smallest = int(min(data.treatment.sum(), (1 - data.treatment).sum()))
    if smallest < settings.folds:
        raise StudyDataError(
            f"one arm has {smallest} persons, fewer than {settings.folds} folds", where="treatment", mend="give fewer"
        )
    design = data.design
    found = np.empty((3, data.n))
    folds = StratifiedKFold(settings.folds, shuffle=True, random_state=settings.seed)
    for fitted, held in folds.split(design, data.treatment):
        found[:, held] = _of_fold(data, design, fitted, held, settings)
    found[0] = np.clip(found[0], _FROM, 1 - _FROM)
    return Nuisances(*found)


def _of_fold(data: StudyData, design: Floats, fitted: Rows, held: Rows, settings: Settings) -> Floats:
    if settings.learner == "parametric":
        treatment = expit(design[held] @ logistic(design[fitted], data.treatment[fitted]))
        arms = [fitted[data.treatment[fitted] == arm] for arm in (1, 0)]
        models = [outcome_model(data.kind, design[rows], data.outcome[rows]) for rows in arms]
        return np.stack([treatment, *(predicted(data, design[held], model) for model in models)])
    covariates = data.covariates
    chance = RandomForestClassifier(_TREES, min_samples_leaf=_LEAF, random_state=settings.seed)
    chance.fit(covariates[fitted], data.treatment[fitted])
    expected = []
    for arm in (1, 0):
        rows = fitted[data.treatment[fitted] == arm]
        forest = RandomForestRegressor(_TREES, min_samples_leaf=_LEAF, random_state=settings.seed)
        expected.append(forest.fit(covariates[rows], data.outcome[rows]).predict(covariates[held]))
    return np.stack([chance.predict_proba(covariates[held])[:, 1], *expected])
