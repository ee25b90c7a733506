"""FDA's rules on reactions, tests, diagnoses and summaries: sections E, F and H."""

from __future__ import annotations

from bencao.safety.validation.combined import both, either, missing
from bencao.safety.validation.condition import Section, given
from bencao.safety.validation.fda.pairs import needs, pair
from bencao.safety.validation.rule import Rule

any_result = either(given("F.r.3.1"), given("F.r.3.2"), given("F.r.3.4"))

REACTIONS = (
    needs("R0058", "E.i.1.1b", "E.i.1.1a"),
    *pair("R0059", "R0060", "E.i.6a", "E.i.6b"),
)

TESTS = (
    Rule("R0061", "F.r.1", given("F.r.1"), Section("F.r.2"), "F.r", ich=True),
    Rule("R0062", "F.r.2.1", given("F.r.2.1"), both(given("F.r.1"), missing("F.r.2.2b")), "F.r", ich=True),
    needs("R0063", "F.r.2.2a", "F.r.2.2b"),
    Rule("R0064", "F.r.2.2b", given("F.r.2.2b"), both(given("F.r.1"), missing("F.r.2.1")), "F.r", ich=True),
    Rule("R0065", "F.r.3.1", any_result, given("F.r.2.2b"), "F.r", ich=True),
    Rule("R0066", "F.r.3.2", any_result, given("F.r.2.2b"), "F.r", ich=True),
    needs("R0067", "F.r.3.3", "F.r.3.2"),
    Rule("R0068", "F.r.3.4", any_result, given("F.r.2.2b"), "F.r", ich=True),
)

SUMMARY = (
    *pair("R0097", "R0098", "H.3.r.1a", "H.3.r.1b"),
    needs("R0099", "H.5.r.1b", "H.5.r.1a"),
)

RULES = (*REACTIONS, *TESTS, *SUMMARY)
