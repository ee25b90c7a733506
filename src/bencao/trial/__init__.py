"""Trial data: raw to SDTM, SDTM to ADaM, ADaM to tables, each number traced to the records behind it."""

from bencao.trial.conformance import Report, check
from bencao.trial.rounding import round_half_away

__all__ = ["Report", "check", "round_half_away"]
