"""Conformance rules in YAML, run over the data sets of a study."""

from bencao.trial.conformance.checking import Skipped, Violation, check_rule
from bencao.trial.conformance.report import ADAM, Report, check
from bencao.trial.conformance.rule import Rule
from bencao.trial.conformance.rulebook import Rulebook, read_rules
from bencao.trial.conformance.study import Study, Table
from bencao.trial.conformance.terminology import Terminology, load_terminology, read_terminology

__all__ = [
    "ADAM",
    "Report",
    "Rule",
    "Rulebook",
    "Skipped",
    "Study",
    "Table",
    "Terminology",
    "Violation",
    "check",
    "check_rule",
    "load_terminology",
    "read_rules",
    "read_terminology",
]
