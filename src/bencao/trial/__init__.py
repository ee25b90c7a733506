"""Trial data: raw to SDTM, SDTM to ADaM, ADaM to tables, each number traced to the records behind it."""

from bencao.trial.build import Built, build_study
from bencao.trial.conformance import Report, check
from bencao.trial.formats import read_datasets, write_dataset
from bencao.trial.mapping import Suggestion, suggest
from bencao.trial.rounding import round_half_away
from bencao.trial.specification import Specification, read_specification

__all__ = [
    "Built",
    "Report",
    "Specification",
    "Suggestion",
    "build_study",
    "check",
    "read_datasets",
    "read_specification",
    "round_half_away",
    "suggest",
    "write_dataset",
]
