"""Counts of drug-event pairs: read from a file, or counted from reports, plain or by stratum."""

from bencao.safety.signals.counts.arrays import count_report_files
from bencao.safety.signals.counts.counting import CELLS, count_pairs, count_report_tables, count_strata
from bencao.safety.signals.counts.expectation import stratified_expected
from bencao.safety.signals.counts.reading import Columns, read_counts

__all__ = [
    "CELLS",
    "Columns",
    "count_pairs",
    "count_report_files",
    "count_report_tables",
    "count_strata",
    "read_counts",
    "stratified_expected",
]
