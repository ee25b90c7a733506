"""From a table's cell down to the records behind it: analysis records, SDTM records, raw records."""

from bencao.trial.trace.cell import CellTrace, TracedRecord, trace_cell
from bencao.trial.trace.lineage import Lineage, read_lineage

__all__ = ["CellTrace", "Lineage", "TracedRecord", "read_lineage", "trace_cell"]
