"""Public collections of spontaneous reports, read in their published layouts."""

from bencao.safety.sources.faers import Suspects, read_faers
from bencao.safety.sources.table import COLUMNS, Reports
from bencao.safety.sources.vaers import read_vaers

__all__ = ["COLUMNS", "Reports", "Suspects", "read_faers", "read_vaers"]
