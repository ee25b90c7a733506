"""Duplicates: which reports tell of one event, with what speaks for and against it."""

from bencao.safety.duplicates.matching import Match, Matched, Settings, find_duplicates
from bencao.safety.duplicates.records import Records, records_of, records_of_tables

__all__ = ["Match", "Matched", "Records", "Settings", "find_duplicates", "records_of", "records_of_tables"]
