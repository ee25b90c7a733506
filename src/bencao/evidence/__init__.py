"""Real-world studies that say how far to trust them: protocol, cohort, estimate, diagnostics, calibration."""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bencao.evidence.cohort.engines import open_engine
    from bencao.evidence.estimators.compared.self_controlled import self_controlled_case_series
    from bencao.evidence.estimators.data.study_data import StudyData, study_data
    from bencao.evidence.estimators.estimate import Estimate, Settings, estimate
    from bencao.evidence.protocol.protocol import Protocol
    from bencao.evidence.protocol.reading import read_protocol
    from bencao.evidence.protocol.registering import register_protocol
    from bencao.evidence.study.report.page import write_study_page
    from bencao.evidence.study.running import run_study
    from bencao.evidence.study.study import Study
    from bencao.evidence.study.trusting import Trusted, trusted

__all__ = [
    "Estimate",
    "Protocol",
    "Settings",
    "Study",
    "StudyData",
    "Trusted",
    "estimate",
    "open_engine",
    "read_protocol",
    "register_protocol",
    "run_study",
    "self_controlled_case_series",
    "study_data",
    "trusted",
    "write_study_page",
]

_WHERE = {
    "Estimate": "estimators.estimate",
    "Settings": "estimators.estimate",
    "StudyData": "estimators.data.study_data",
    "estimate": "estimators.estimate",
    "open_engine": "cohort.engines",
    "self_controlled_case_series": "estimators.compared.self_controlled",
    "study_data": "estimators.data.study_data",
    "Protocol": "protocol.protocol",
    "read_protocol": "protocol.reading",
    "register_protocol": "protocol.registering",
    "run_study": "study.running",
    "Study": "study.study",
    "Trusted": "study.trusting",
    "trusted": "study.trusting",
    "write_study_page": "study.report.page",
}


def __getattr__(name: str) -> Any:
    """Load a part of the room when it is asked for: together they take seconds."""
    if name in _WHERE:
        return getattr(import_module(f"{__name__}.{_WHERE[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
