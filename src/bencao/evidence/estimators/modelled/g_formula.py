"""The g-formula: outcomes as a model says they would have been, averaged over persons."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bencao.evidence.estimators.data.study_data import StudyData
from bencao.evidence.estimators.estimate import Settings, refuse_estimand
from bencao.evidence.estimators.modelled.m_estimation import Regression, sandwich_of_means
from bencao.evidence.estimators.modelled.propensity import expit, logistic
from bencao.evidence.estimators.modelled.weighting import contrast

Floats = npt.NDArray[np.float64]


def outcome_model(kind: str, design: Floats, outcome: Floats) -> Floats:
    """Coefficients of the outcome, shape (k,): linear, or logistic where it is binary."""
    if kind == "binary":
        return logistic(design, outcome, where="outcome")
    model: Floats = np.asarray(np.linalg.lstsq(design, outcome, rcond=None)[0], dtype=float)
    return model


def outcome_models(data: StudyData) -> list[Floats]:
    """Coefficients of the outcome in each arm, treated first."""
    arms = [data.treatment == arm for arm in (1, 0)]
    return [outcome_model(data.kind, data.design[rows], data.outcome[rows]) for rows in arms]


def predicted(data: StudyData, design: Floats, model: Floats) -> Floats:
    """The outcome that a model expects of each person, shape (n,)."""
    return expected(data.kind, design @ model)


def by_g_formula(data: StudyData, settings: Settings) -> tuple[float, float, int]:
    """Standardisation over all persons (ate) or the treated (att); a model in each arm, a sandwich variance.

    Robins, Mathematical Modelling 1986, 7, 1393.
    """
    refuse_estimand("g_formula", settings, "ate", "att")
    target_of = np.ones(data.n) if settings.estimand == "ate" else data.treatment
    regressions = outcome_regressions(data)

    def equations(linears: Sequence[Floats], means: Floats) -> Floats:
        arms = zip(linears, means, strict=True)
        return np.column_stack([target_of * (expected(data.kind, linear) - mean) for linear, mean in arms])

    means = [float(np.average(expected(data.kind, one.linear), weights=target_of)) for one in regressions]
    return *contrast(sandwich_of_means(data.design, regressions, equations, means), means, settings), data.n


def outcome_regressions(data: StudyData) -> list[Regression]:
    """The outcome's regressions in each arm, treated first, at their solutions."""
    design, found = data.design, []
    for arm, model in zip((1, 0), outcome_models(data), strict=True):
        linear, own = design @ model, (data.treatment == arm).astype(float)
        mean = expected(data.kind, linear)
        curvature = own * mean * (1 - mean) if data.kind == "binary" else own
        found.append(Regression(linear, own * (data.outcome - mean), curvature))
    return found


def expected(kind: str, linear: Floats) -> Floats:
    """The outcome that a linear predictor stands for."""
    return expit(linear) if kind == "binary" else linear
