"""FDA's rules on the patient, death and the parent: section D."""

from __future__ import annotations

from bencao.safety.validation.combined import Not, both
from bencao.safety.validation.condition import Is, Section, equals, given, null
from bencao.safety.validation.fda.message import (
    AGGREGATE,
    FDA_ROUTES,
    IND,
    PATIENT,
    POST,
    PRE,
    TYPE,
    combination,
    to_ind,
)
from bencao.safety.validation.fda.pairs import needs, pair
from bencao.safety.validation.rule import WARNING, Rule

NO_ADVERSE_EVENT = "10067482"  # MedDRA code that R0027 names
no_patient = Is(PATIENT, ("SUMMARY", *AGGREGATE), ("NA",))

PERSON = (
    Rule("R0027", PATIENT, Is(PATIENT, ("SUMMARY",), ("NA",)),
         both(combination, equals("FDA.G.k.12.r.1", "true"), equals("E.i.2.1b", NO_ADVERSE_EVENT)), routes=POST),
    Rule("W0010", PATIENT, equals(PATIENT, *AGGREGATE), both(equals(TYPE, "2"), given("C.1.10.r"), given(IND)),
         severity=WARNING, routes=PRE),
    *pair("R0029", "R0030", "D.2.2a", "D.2.2b"),
    *pair("R0031", "R0032", "D.2.2.1a", "D.2.2.1b"),
    Rule("W0003", "FDA.D.11.r.1", null("FDA.D.11.r.1", "NA"), no_patient, severity=WARNING, routes=FDA_ROUTES),
    Rule("W0004", "FDA.D.12", null("FDA.D.12", "NA"), no_patient, severity=WARNING, routes=FDA_ROUTES),
)  # fmt: skip

HISTORY = (
    *pair("R0033", "R0034", "D.7.1.r.1a", "D.7.1.r.1b"),
    Rule("R0035", "D.7.2", given("D.7.2"), Not(Section("D.7.1")), ich=True),
    Rule("R0036", "D.8.r.1", given("D.8.r.1"), Section("D.8.r"), "D.8.r", ich=True),
    *pair("R0037", "R0038", "D.8.r.6a", "D.8.r.6b"),
    *pair("R0039", "R0040", "D.8.r.7a", "D.8.r.7b"),
)

DEATH = (
    Rule("R0041", "D.9.1", given("D.9.1"), both(equals(TYPE, "2"), to_ind, equals("E.i.3.2a", "true")), routes=PRE),
    *pair("R0042", "R0043", "D.9.2.r.1a", "D.9.2.r.1b"),
    Rule("R0044", "D.9.2.r.2", given("D.9.2.r.2"), both(given("D.9.2.r.1a"), given("D.9.2.r.1b")), "D.9.2.r", ich=True),
    needs("R0045", "D.9.3", "D.9.1"),
    *pair("R0046", "R0047", "D.9.4.r.1a", "D.9.4.r.1b"),
    Rule("R0048", "D.9.4.r.2", given("D.9.4.r.2"), both(given("D.9.4.r.1a"), given("D.9.4.r.1b")), "D.9.4.r", ich=True),
)

PARENT = (
    *pair("R0049", "R0050", "D.10.2.2a", "D.10.2.2b"),
    Rule("R0051", "D.10.6", given("D.10.6"), Section("D.10", apart=("D.10.6",)), ich=True),
    *pair("R0052", "R0053", "D.10.7.1.r.1a", "D.10.7.1.r.1b"),
    *pair("R0054", "R0055", "D.10.8.r.6a", "D.10.8.r.6b"),
    *pair("R0056", "R0057", "D.10.8.r.7a", "D.10.8.r.7b"),
)

RULES = (*PERSON, *HISTORY, *DEATH, *PARENT)
