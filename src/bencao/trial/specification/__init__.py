"""The specification of a study: one model for everything that is built from it."""

from bencao.trial.specification.analysis import (
    Analysis,
    AnalysisData,
    DocumentReference,
    Population,
    Program,
    ResultDisplay,
)
from bencao.trial.specification.model import (
    Codelist,
    Condition,
    DatasetSpecification,
    Document,
    Origin,
    Source,
    Standard,
    Step,
    Term,
    ValueLevel,
    VariableSpecification,
)
from bencao.trial.specification.reading import Specification, read_specification
from bencao.trial.specification.study import Study, titles_of
from bencao.trial.specification.workbook import write_workbook
from bencao.trial.specification.writing import write_specification

__all__ = [
    "Analysis",
    "AnalysisData",
    "Codelist",
    "Condition",
    "DatasetSpecification",
    "Document",
    "DocumentReference",
    "Origin",
    "Population",
    "Program",
    "ResultDisplay",
    "Source",
    "Specification",
    "Standard",
    "Step",
    "Study",
    "Term",
    "ValueLevel",
    "VariableSpecification",
    "read_specification",
    "titles_of",
    "write_specification",
    "write_workbook",
]
