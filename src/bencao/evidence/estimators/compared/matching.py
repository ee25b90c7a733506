"""Nearest-neighbour matching with bias correction."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.spatial import cKDTree

from bencao.evidence.errors import StudyDataError
from bencao.evidence.estimators.data.study_data import StudyData
from bencao.evidence.estimators.estimate import Settings, refuse_estimand
from bencao.evidence.estimators.modelled.positivity import refuse_exploding

Floats = npt.NDArray[np.float64]
_MATCHES = 3


def by_matching(data: StudyData, settings: Settings) -> tuple[float, float, int]:
    """Matching with replacement on covariates (Mahalanobis), three matches each, for all persons or the treated.

    What matches differ in is corrected by regression (Abadie and Imbens, J Bus Econ Stat 2011, 29, 1); the variance
    is theirs (Econometrica 2006, 74, 235), since the bootstrap's is wrong here.
    """
    refuse_estimand("matching", settings, "ate", "att")
    place = _whitened(data.covariates)
    arms = [np.flatnonzero(data.treatment == arm) for arm in (0, 1)]
    if min(map(len, arms)) <= _MATCHES:
        raise StudyDataError(f"an arm has {_MATCHES} persons or fewer", where="treatment", mend="use another estimator")
    wanted = (0, 1) if settings.estimand == "ate" else (1,)
    effects, used = np.zeros(data.n), np.zeros(data.n)
    noise = _conditional_variance(data, place, arms)
    for arm in wanted:
        own, other = arms[arm], arms[1 - arm]
        found = other[cKDTree(place[other]).query(place[own], _MATCHES)[1]]
        np.add.at(used, found.ravel(), 1 / _MATCHES)
        trend = np.linalg.lstsq(data.design[other], data.outcome[other], rcond=None)[0]
        expected = data.design @ trend
        counterpart = (data.outcome[found] + expected[own][:, None] - expected[found]).mean(axis=1)
        effects[own] = (data.outcome[own] - counterpart) * (1 if arm else -1)
    counted = np.concatenate([arms[arm] for arm in wanted])
    refuse_exploding(data, used + np.isin(np.arange(data.n), counted))
    value = float(effects[counted].mean())
    spread = ((effects[counted] - value) ** 2).sum()
    # Those who serve as matches several times make their noise count as often; a match's own third is in `spread`.
    shares = used**2 - used / _MATCHES
    if settings.estimand == "ate":
        shares = shares + 2 * used  # theorem 7: each is counted for himself and as a match
    variance = (spread + (shares * noise).sum()) / len(counted) ** 2
    return value, float(np.sqrt(variance)), len(counted)


def _whitened(covariates: Floats) -> Floats:
    values, vectors = np.linalg.eigh(np.cov(covariates, rowvar=False).reshape(covariates.shape[1], -1))
    kept = values > values.max() * 1e-10
    found: Floats = (covariates - covariates.mean(axis=0)) @ vectors[:, kept] / np.sqrt(values[kept])
    return found


def _conditional_variance(data: StudyData, place: Floats, arms: list[npt.NDArray[np.int64]]) -> Floats:
    """Variance of the outcome given covariates, from the nearest two of the same arm."""
    found = np.empty(data.n)
    for own in arms:
        near = own[cKDTree(place[own]).query(place[own], 3)[1]]
        found[own] = data.outcome[near].var(axis=1, ddof=1)
    return found
