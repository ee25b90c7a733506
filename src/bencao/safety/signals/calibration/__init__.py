"""Signals against controls: how well a measure tells them apart, and its error before and after calibration."""

from bencao.safety.signals.calibration.controls import Control, load_controls, read_controls, read_event_terms
from bencao.safety.signals.calibration.evaluation import Evaluation, evaluate
from bencao.safety.signals.calibration.null import EmpiricalNull, calibrated_interval, calibrated_p, fit_null

__all__ = [
    "Control",
    "EmpiricalNull",
    "Evaluation",
    "calibrated_interval",
    "calibrated_p",
    "evaluate",
    "fit_null",
    "load_controls",
    "read_controls",
    "read_event_terms",
]
