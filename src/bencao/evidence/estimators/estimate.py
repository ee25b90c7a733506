"""One interface to all estimators."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib import import_module
from typing import Literal, get_args

import numpy as np
import numpy.typing as npt

from bencao.evidence.errors import EstimationError, NoEvents
from bencao.evidence.estimators.data.columns import varies
from bencao.evidence.estimators.data.study_data import StudyData
from bencao.evidence.finite import Figures, reckoned
from bencao.evidence.protocol.protocol import Estimator, OutcomeKind
from bencao.kernel.errors import InputError

Floats = npt.NDArray[np.float64]
Estimand = Literal["ate", "att", "ato"]
Measure = Literal["difference", "risk_difference", "rmst_difference", "log_hazard_ratio", "log_risk_ratio"]
Learner = Literal["parametric", "forest"]

_NORMAL = 1.959963984540054
WITH_MEANS = frozenset({"crude", "ipw", "overlap", "entropy", "g_formula", "aipw"})  # they know each arm's mean
_NO_CHANCE = 1e-7  # of the outcome's spread
_WHERE = {
    "crude": "modelled.weighting",
    "ipw": "modelled.weighting",
    "overlap": "modelled.weighting",
    "entropy": "modelled.entropy_balancing",
    "g_formula": "modelled.g_formula",
    "aipw": "modelled.doubly_robust",
    "tmle": "modelled.targeted",
    "matching": "compared.matching",
    "stratification": "compared.stratification",
    "instrument": "compared.instrument",
    "difference_in_differences": "compared.difference_in_differences",
}


@dataclass(frozen=True)
class Settings:
    """How an effect is estimated.

    Attributes
    ----------
    estimand : {"ate", "att", "ato"}
    trim : float
        Persons with a propensity nearer than this to 0 or 1 are left out.
    learner : {"parametric", "forest"}
        Regressions with a sandwich variance, or random forests with cross-fitting; of AIPW and TMLE.
    folds, seed : int
    scale : {"difference", "log_ratio"}
        How the means of both arms are contrasted; a ratio by `WITH_MEANS` and with parametric models only.

    Raises
    ------
    InputError
        What is none of the choices, or out of range.
    """

    estimand: Estimand = "ate"
    trim: float = 0.0
    learner: Learner = "parametric"
    folds: int = 5
    seed: int = 1
    scale: Literal["difference", "log_ratio"] = "difference"

    def __post_init__(self) -> None:
        for where, word, choices in (
            ("estimand", self.estimand, get_args(Estimand)),
            ("learner", self.learner, get_args(Learner)),
        ):
            if word not in choices:
                raise InputError(f"no {where} {word}", where=where, mend=f"give {', '.join(choices)}")
        for where, value, low, high in (
            ("trim", self.trim, 0, 0.49),
            ("folds", self.folds, 2, 100),
            ("seed", self.seed, 0, 2**32 - 1),
        ):
            if not low <= value <= high:
                raise InputError(f"{value} is out of range", where=where, mend=f"give {low} to {high}")


@dataclass(frozen=True)
class Estimate(Figures):
    """An effect with its 95 % interval.

    Attributes
    ----------
    method : str
    estimand : {"ate", "att", "ato", "late"}
    measure : str
        A difference of means, risks or restricted means (in the outcome's unit), or a log hazard or risk ratio.
    value, standard_error, low, high : float
    n : int
        Persons who count.
    """

    method: str
    estimand: str
    measure: str
    value: float
    standard_error: float
    low: float
    high: float
    n: int


def estimate(
    data: StudyData,
    method: Estimator | Literal["difference_in_differences"],
    settings: Settings | None = None,
    *,
    measure: Measure | None = None,
    horizon: float | None = None,
) -> Estimate:
    """Estimate an effect.

    Parameters
    ----------
    data : StudyData
    method : str
        An estimator.
    settings : Settings, optional
    measure : str, optional
        Of a time to event: ``risk_difference`` or ``rmst_difference`` up to the horizon (from pseudo-observations,
        Andersen et al., Biometrika 2003, 90, 15), or ``log_hazard_ratio`` (weighting estimators). Of a binary outcome:
        ``risk_difference`` or ``log_risk_ratio`` (estimators in `WITH_MEANS`).
    horizon : float, optional
        Days; the last time at which both arms are observed, without it.

    Returns
    -------
    Estimate

    Raises
    ------
    EstimationError
        An estimate that is not finite, or without chance error, or a ratio to a risk of 0.
    SeparationError
        Covariates that tell the arms apart wholly.
    PositivityError
        Weights of which a person or two carry an arm.
    NoEvents
        An outcome that is the same for everybody.
    InputError
        A method that cannot estimate what was asked for.
    """
    settings = settings or Settings()
    if method not in _WHERE:
        raise InputError(f"no estimator {method}", where="method", mend=f"give one of {', '.join(_WHERE)}")
    with reckoned():
        return _estimated(data, method, settings, measure, horizon)


def _estimated(
    data: StudyData, method: str, settings: Settings, measure: Measure | None, horizon: float | None
) -> Estimate:
    plain = "risk_difference" if data.kind == "binary" else "difference"
    if data.kind == "time_to_event":
        from bencao.evidence.estimators.survival.hazards import log_hazard_ratio
        from bencao.evidence.estimators.survival.pseudo_observations import pseudo_observations

        measure = measure or "risk_difference"
        if measure == "log_hazard_ratio":
            return whole_estimate(method, settings.estimand, measure, *log_hazard_ratio(data, method, settings))
        data = data.with_outcome(pseudo_observations(data, measure, horizon), "continuous")
    elif measure == "log_risk_ratio":
        if data.kind != "binary" or method not in WITH_MEANS or settings.learner != "parametric":
            raise InputError(
                "gives no risk ratio here",
                where=method,
                mend=f"give a binary outcome and {', '.join(sorted(WITH_MEANS))}",
            )
        settings = replace(settings, scale="log_ratio")
    elif horizon is not None or measure not in (None, plain):
        where = "horizon" if measure in (None, plain) else "measure"
        raise InputError(f"goes with a time to event, not a {data.kind} outcome", where=where, mend="leave it out")
    if not varies(data.outcome):
        raise NoEvents("is the same for everybody", where="outcome", mend="check its definition, or follow longer")
    solver = getattr(import_module(f"{__package__}.{_WHERE[method]}"), f"by_{method}")
    estimand = {"instrument": "late", "overlap": "ato", "difference_in_differences": "att"}.get(
        method, settings.estimand
    )
    found = whole_estimate(method, estimand, measure or plain, *solver(data, settings))
    if found.standard_error < _NO_CHANCE * float(data.outcome.std()):
        raise EstimationError(
            "leaves no chance error: arm and covariates tell the outcome wholly",
            where=method,
            mend="leave out the covariate that does, or check how the outcome was coded",
        )
    return found


def checked_settings(kind: str, estimand: str, learner: str, *, trim: float = 0.0, seed: int = 1) -> Settings:
    """Settings from what a user wrote; raises InputError for a word that is none of the choices."""
    if kind not in get_args(OutcomeKind):
        raise InputError(f"no kind {kind}", where="kind", mend=f"give {', '.join(get_args(OutcomeKind))}")
    return Settings(estimand, trim, learner, seed=seed)  # type: ignore[arg-type]


def whole_estimate(method: str, estimand: str, measure: str, value: float, error: float, n: int) -> Estimate:
    """An estimate with its normal interval; raises EstimationError where it is not finite."""
    if not (np.isfinite(value) and np.isfinite(error) and error > 0):
        raise EstimationError(
            "gives no finite estimate", where=method, mend="see the diagnostics; trim, or use fewer covariates"
        )
    value, error = float(value), float(error)
    return Estimate(method, estimand, measure, value, error, value - _NORMAL * error, value + _NORMAL * error, int(n))


def refuse_estimand(method: str, settings: Settings, *possible: str) -> None:
    """Refuse an estimand that a method does not estimate."""
    if settings.estimand not in possible:
        raise InputError(
            f"does not estimate {settings.estimand}", where=method, mend=f"give estimand: {' or '.join(possible)}"
        )
