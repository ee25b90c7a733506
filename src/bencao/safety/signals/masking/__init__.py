"""Signals with co-medication held fixed: a logistic lasso for each event over all drugs."""

from bencao.safety.signals.masking.design import Design, design_of, outcomes_of
from bencao.safety.signals.masking.lasso import TOLERANCE, Fit, fit_lasso, violations
from bencao.safety.signals.masking.path import Chosen, choose
from bencao.safety.signals.masking.regression import VERDICTS, Regression, regress, regress_all

__all__ = [
    "TOLERANCE",
    "VERDICTS",
    "Chosen",
    "Design",
    "Fit",
    "Regression",
    "choose",
    "design_of",
    "fit_lasso",
    "outcomes_of",
    "regress",
    "regress_all",
    "violations",
]
