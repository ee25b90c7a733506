"""What a reader of a study looks at: overview, specification, findings, tables and the records behind a cell."""

from bencao.trial.browse.cells import CellView, TableView, show_cell, show_table
from bencao.trial.browse.findings import FindingsView, show_findings
from bencao.trial.browse.overview import DatasetRow, Overview, show_overview
from bencao.trial.browse.study import OpenStudy, StudyPlaces, open_study
from bencao.trial.browse.variables import DatasetView, VariableRow, show_dataset

__all__ = [
    "CellView",
    "DatasetRow",
    "DatasetView",
    "FindingsView",
    "OpenStudy",
    "Overview",
    "StudyPlaces",
    "TableView",
    "VariableRow",
    "open_study",
    "show_cell",
    "show_dataset",
    "show_findings",
    "show_overview",
    "show_table",
]
