"""Triage of cases: seriousness, expectedness, causality and due dates, each answer with the fields it rests on."""

from bencao.safety.triage.cited import Answer, Cite
from bencao.safety.triage.clocks import DEFAULT, Due, read_clocks
from bencao.safety.triage.evidence import read_answers
from bencao.safety.triage.expectedness import read_labels
from bencao.safety.triage.triage import Triage, triage

__all__ = [
    "DEFAULT",
    "Answer",
    "Cite",
    "Due",
    "Triage",
    "read_answers",
    "read_clocks",
    "read_labels",
    "triage",
]
