"""FDA's rules on the message, the report, its sources and its study: sections N and C."""

# Source of every rule in this folder: FDA, *E2B(R3) Electronic Transmission of Individual Case Safety Reports:
# Rejection and Warning Rules*. The ids are FDA's; what a rule asks for is FDA's, the words are not.

from __future__ import annotations

from bencao.safety.validation.combined import Not, Somewhere, both, either, missing
from bencao.safety.validation.condition import Among, Holds, Initial, Is, Section, among, equals, given, null
from bencao.safety.validation.report import POSTMARKET_RECEIVERS, PREMARKET_RECEIVERS, Place, Report
from bencao.safety.validation.rule import WARNING, Rule

POST, PRE = ("postmarket",), ("premarket",)
FDA_ROUTES = ("postmarket", "premarket")
BATCH, RECEIVER, TYPE, STUDY, PATIENT = "N.1.4", "N.2.r.3", "C.1.3", "C.5.4", "D.1"
IND, PANDA = "FDA.C.5.5a", "FDA.C.5.5b"
# FDA's rules and its own samples write it with a second R; both are taken.
AGGREGATE = ("AGGREGATE", "AGGREGRATE")

to_postmarket, to_premarket = equals(BATCH, "ZZFDA"), equals(BATCH, "ZZFDA_PREMKT")
to_any_premarket = equals(RECEIVER, *PREMARKET_RECEIVERS)
to_ind = equals(RECEIVER, "CDER_IND", "CBER_IND")
to_exempt = equals(RECEIVER, "CDER_IND_EXEMPT_BA_BE")
to_cder = equals(RECEIVER, "CDER")
to_center = equals(RECEIVER, *POSTMARKET_RECEIVERS)
study_type = Among(STUDY, ("1", "2", "3"))
combination, no_combination = equals("FDA.C.1.12", "true"), Is("FDA.C.1.12", ("false",), ("NI",))
expedited, not_expedited = equals("C.1.7", "true"), Is("C.1.7", ("false",), ("NI",))


def _same_sender(report: Report, place: Place) -> bool:
    batch = report.value("N.1.3")
    return all(each.value == batch for each in report.by_element.get("N.2.r.2", []))


SAME_SENDER = Holds(_same_sender, "N.2.r.2 is that of every report, and N.1.3", "N.2.r.2 与各报告及 N.1.3 相同")


def _uncompressed(report: Report, place: Place) -> bool:
    compression = report.at("C.1.6.1.r.2#compression", place)
    representation = report.at("C.1.6.1.r.2#representation", place)
    return not any(each.value for each in compression) and all(each.value == "B64" for each in representation)


UNCOMPRESSED = Holds(_uncompressed, "the document is in B64 and not compressed", "文件以 B64 编码且未压缩")


def registered(kind: str, element: str) -> Holds:
    """The number is in the user's list, for the center that the message goes to."""

    def ask(report: Report, place: Place) -> bool:
        registry, center = report.background.registry, report.value(RECEIVER).partition("_")[0]
        numbers = [each.value for each in report.at(element, place) if each.value]
        return registry is not None and all(
            any(each.center == center for each in registry.find(kind, number)) for number in numbers
        )

    return Holds(
        ask, f"{element} is registered with the center in {RECEIVER}", f"{element} 已在 {RECEIVER} 所示中心登记"
    )


ROUTING = (
    Rule("R0004", BATCH, to_postmarket, to_center, routes=POST),
    Rule("R0005", BATCH, to_premarket, to_any_premarket, routes=PRE),
    Rule("R0100", "N.2.r.2", SAME_SENDER, routes=FDA_ROUTES),
    Rule("R0006", RECEIVER, to_cder, to_postmarket, routes=POST, routed=False),
    Rule("R0007", RECEIVER, to_any_premarket, to_premarket, routes=PRE, routed=False),
)

REPORT = (
    Rule("R0008", TYPE, among(TYPE, "2"),
         both(to_premarket, to_any_premarket, either(given(IND), given(PANDA)), equals(STUDY, "1", "2", "3")),
         routes=PRE),
    Rule("R0110", TYPE, among(TYPE, "1"), both(to_premarket, to_ind, given(IND), missing(STUDY)), routes=PRE),
    Rule("R0111", TYPE, among(TYPE, "2"), both(to_premarket, to_exempt), routes=PRE),
    Rule("R0112", TYPE, Not(equals(TYPE, "3", "4")), both(to_premarket, to_ind), routes=PRE),
    Rule("R0009", "C.1.6.1.r.1", given("C.1.6.1.r.1"), equals("C.1.6.1", "true"), ich=True),
    Rule("R0010", "C.1.6.1.r.2", UNCOMPRESSED, given("C.1.6.1.r.2"), "C.1.6.1.r"),
    Rule("R0011", "C.1.7", Not(null("C.1.7", "NI")), Initial()),
    Rule("R0012", "FDA.C.1.7.1", among("FDA.C.1.7.1", "1", "4"), both(combination, expedited), routes=POST),
    Rule("R0013", "FDA.C.1.7.1", among("FDA.C.1.7.1", "2", "5"), both(combination, not_expedited), routes=POST),
    Rule("R0014", "FDA.C.1.7.1", among("FDA.C.1.7.1", "1"), both(no_combination, expedited), routes=POST),
    Rule("R0015", "FDA.C.1.7.1", among("FDA.C.1.7.1", "2"), both(no_combination, not_expedited), routes=POST),
    Rule("R0016", "FDA.C.1.7.1", among("FDA.C.1.7.1", "1", "6"), both(expedited, equals(TYPE, "1", "2")), routes=PRE),
    Rule("R0017", "C.1.9.1.r.1", given("C.1.9.1.r.1"), equals("C.1.9.1", "true"), ich=True),
    Rule("R0018", "C.1.9.1.r.2", given("C.1.9.1.r.2"), both(equals("C.1.9.1", "true"), given("C.1.9.1.r.1")),
         "C.1.9.1.r", ich=True),
    Rule("W0001", "C.1.10.r", given("C.1.10.r"), equals(PATIENT, *AGGREGATE), severity=WARNING, routes=PRE),
    Rule("R0101", "C.1.11.1", Not(equals("C.1.11.1", "1", "2")), Initial()),
    Rule("", "C.1.11.2", given("C.1.11.2"), given("C.1.11.1"), ich=True),
)  # fmt: skip

SOURCES = (
    Rule("R0019", "C.2.r.3", given("C.2.r.3"), equals("C.2.r.5", "1"), "C.2.r", ich=True),
    Rule("R0020", "C.2.r.4", given("C.2.r.4"), equals("C.2.r.5", "1"), "C.2.r", ich=True),
    Rule("R0021", "C.2.r.5", Somewhere("C.2.r", equals("C.2.r.5", "1")), ich=True),
    Rule("R0022", "C.3.2", given("C.3.2"), equals("C.3.1", "1", "2", "3", "4", "5", "6"), ich=True),
)

STUDIES = (
    Rule("R0023", STUDY, given(STUDY), equals(TYPE, "2"), ich=True),
    Rule("R0102", STUDY, study_type, both(equals(TYPE, "2"), to_any_premarket, to_premarket), routes=PRE),
    Rule("R0103", STUDY, missing(STUDY), both(equals(TYPE, "1"), to_cder), routes=POST),
    Rule("R0104", STUDY, study_type, both(equals(TYPE, "2"), to_cder, to_postmarket), routes=POST),
    Rule("R0113", STUDY, missing(STUDY), both(equals(TYPE, "1"), to_premarket, to_ind), routes=PRE),
    Rule("W0002", STUDY, equals(STUDY, "1"), equals(PATIENT, *AGGREGATE), severity=WARNING, routes=FDA_ROUTES),
    Rule("R0024", IND, given(IND), both(equals(TYPE, "1", "2"), to_ind), routes=PRE),
    Rule("R0107", IND, missing(IND), both(to_center, to_postmarket), routes=POST),
    Rule("R0105", IND, registered("IND", IND), given(IND), routes=PRE, asks_registry=True),
    Rule("R0025", PANDA, given(PANDA), both(equals(TYPE, "2"), to_exempt), routes=PRE),
    Rule("R0108", PANDA, missing(PANDA), both(to_center, to_postmarket), routes=POST),
    Rule("R0106", PANDA, registered("PANDA", PANDA), given(PANDA), routes=PRE, asks_registry=True),
    Rule("R0026", "FDA.C.5.6.r", Section("FDA.C.5.6"), given(IND), routes=PRE),
    Rule("R0109", "FDA.C.5.6.r", missing("FDA.C.5.6.r"), both(to_center, to_postmarket), routes=POST),
    Rule("W0012", "FDA.C.5.6.r", registered("IND", "FDA.C.5.6.r"), given("FDA.C.5.6.r"), "C.5.6.r", WARNING, PRE,
         asks_registry=True),
)  # fmt: skip

RULES = (*ROUTING, *REPORT, *SOURCES, *STUDIES)
