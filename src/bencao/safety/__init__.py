"""Drug safety: reports taken in, coded, matched, checked and sent, and signals among many."""

from bencao.safety.case import Case, Field, Source, case_of, occurrences
from bencao.safety.case.versions import Change, changes
from bencao.safety.exchange import ReadCase, read_cases, write_cases

__all__ = [
    "Case",
    "Change",
    "Field",
    "ReadCase",
    "Source",
    "case_of",
    "changes",
    "occurrences",
    "read_cases",
    "write_cases",
]
