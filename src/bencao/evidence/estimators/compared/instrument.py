"""An instrument: what moves treatment and touches the outcome in no other way."""

from __future__ import annotations

import numpy as np

from bencao.evidence.errors import EstimationError, StudyDataError
from bencao.evidence.estimators.data.study_data import StudyData
from bencao.evidence.estimators.estimate import Settings

_WEAK = 10.0


def by_instrument(data: StudyData, settings: Settings) -> tuple[float, float, int]:
    """Two-stage least squares with a robust variance: the effect in those whom the instrument moves.

    An instrument with a first-stage F below 10 is refused (Staiger and Stock, Econometrica 1997, 65, 557).
    """
    if data.instrument is None:
        raise StudyDataError("needs an instrument", where="instrument", mend="name its column")
    first = np.column_stack([data.design, data.instrument])
    second = np.column_stack([data.design, data.treatment])
    moved = np.linalg.lstsq(first, data.treatment, rcond=None)[0]
    inverse = np.linalg.pinv(first.T @ first)
    residual = data.treatment - first @ moved
    robust = inverse @ (first.T @ (first * (residual**2)[:, None])) @ inverse
    strength = float(moved[-1] ** 2 / robust[-1, -1])
    if strength < _WEAK:
        raise EstimationError(
            f"is weak: first-stage F is {strength:.1f}", where="instrument", mend="find one that moves treatment more"
        )
    projected = first @ np.linalg.lstsq(first, second, rcond=None)[0]
    bread = np.linalg.inv(projected.T @ projected)
    model = bread @ projected.T @ data.outcome
    left = data.outcome - second @ model
    covariance = bread @ (projected.T @ (projected * (left**2)[:, None])) @ bread
    return float(model[-1]), float(np.sqrt(covariance[-1, -1])), data.n
