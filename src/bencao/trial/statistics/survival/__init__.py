"""Time to an event: estimates, tests and models."""

from bencao.trial.statistics.survival.cox import CoxFit, HazardRatio, cox
from bencao.trial.statistics.survival.kaplan_meier import (
    KaplanMeier,
    SurvivalQuantile,
    kaplan_meier,
    survival_quantile,
)
from bencao.trial.statistics.survival.log_rank import SurvivalComparison, log_rank

__all__ = [
    "CoxFit",
    "HazardRatio",
    "KaplanMeier",
    "SurvivalComparison",
    "SurvivalQuantile",
    "cox",
    "kaplan_meier",
    "log_rank",
    "survival_quantile",
]
