"""The g-formula: outcomes as a model says they would have been, averaged over persons."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from bencao.evidence.estimators.data.study_data import StudyData
from bencao.evidence.estimators.estimate import Settings, refuse_estimand
from bencao.evidence.estimators.modelled.m_estimation import sandwich
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
    return expit(design @ model) if data.kind == "binary" else design @ model


def by_g_formula(data: StudyData, settings: Settings) -> tuple[float, float, int]:
    """Standardisation over all persons (ate) or the treated (att); a model in each arm, a sandwich variance.

    Robins, Mathematical Modelling 1986, 7, 1393.
    """
    refuse_estimand("g_formula", settings, "ate", "att")
    design, treatment, outcome = data.design, data.treatment, data.outcome
    target_of = np.ones(data.n) if settings.estimand == "ate" else treatment
    size = design.shape[1]
    models = outcome_models(data)

    def equations(parameters: Floats) -> Floats:
        one, none = (predicted(data, design, parameters[size * k : size * (k + 1)]) for k in range(2))
        return np.column_stack(
            [
                design * (treatment * (outcome - one))[:, None],
                design * ((1 - treatment) * (outcome - none))[:, None],
                target_of * (one - parameters[-2]),
                target_of * (none - parameters[-1]),
            ]
        )

    means = [float(np.average(predicted(data, design, model), weights=target_of)) for model in models]
    return *contrast(sandwich(equations, np.concatenate([*models, means])), means, settings), data.n
