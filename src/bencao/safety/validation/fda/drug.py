"""FDA's rules on drugs, their assessment and their device parts: section G."""

from __future__ import annotations

from bencao.safety.validation.combined import All, Everywhere, Not, Somewhere, both, either
from bencao.safety.validation.condition import Holds, Is, Matches, Valued, among, equals, given
from bencao.safety.validation.fda.message import (
    IND,
    PANDA,
    POST,
    PRE,
    STUDY,
    TYPE,
    combination,
    to_cder,
    to_exempt,
    to_ind,
    to_postmarket,
)
from bencao.safety.validation.fda.pairs import needs, pair
from bencao.safety.validation.report import Place, Report
from bencao.safety.validation.rule import WARNING, Rule

ROLE, MALFUNCTION, DEVICE = "G.k.1", "FDA.G.k.12.r.1", "G.k.12.r"
ASSESSMENT = "G.k.9.i.2.r"
BRAND, COMMON, PRODUCT_CODE = "FDA.G.k.12.r.4", "FDA.G.k.12.r.5", "FDA.G.k.12.r.6"
PROBLEM, REMEDY, SIMILAR = "FDA.G.k.12.r.3.r", "FDA.G.k.12.r.11.r", "FDA.G.k.1.a"
suspect, suspect_or_not_given = equals(ROLE, "1", "3"), equals(ROLE, "1", "3", "4")
malfunction = equals(MALFUNCTION, "true")
study_of_ind = both(equals(TYPE, "2"), given(IND))
# R0094 and R0095 ask for a name of the device in a combination product, a null flavour being one; R0096 for its code
# where neither name has a value.
device_named = both(Somewhere(DEVICE, either(given(BRAND), given(COMMON))),
                    Everywhere(DEVICE, either(given(BRAND), given(COMMON))))  # fmt: skip
no_device_name = both(combination, Not(Valued(BRAND)), Not(Valued(COMMON)))
similar_device = both(combination, malfunction, equals(ROLE, "4"))


def _first_is_suspect(report: Report, place: Place) -> bool:
    first = report.places("G.k")[:1]
    return all(
        suspect.holds(report, each) or (equals(ROLE, "4").holds(report, each) and malfunction.holds(report, each))
        for each in first
    )


FIRST_SUSPECT = Holds(
    _first_is_suspect,
    "the first drug is suspect or interacting (G.k.1 1 or 3), or not administered (4) with a device that failed",
    "首个药品为怀疑药或相互作用药（G.k.1 为 1 或 3），或为未用药（4）且器械故障",
)


def _known_problem(report: Report, place: Place) -> bool:
    known, codes = report.background.device_problems, [each.value for each in report.at(PROBLEM, place) if each.value]
    return known is None or all(code in known for code in codes)


# FDA's codes have four digits, IMDRF's a letter for the annex and two digits a level.
PROBLEM_CODE = both(
    Matches(PROBLEM, r"\d{4}|[A-G](\d{2}){1,3}", "2993 (FDA) / A0101 (IMDRF)"),
    Holds(_known_problem, f"{PROBLEM} is in the list of device problem codes", f"{PROBLEM} 在器械问题代码表中"),
)


def _product_of_application(report: Report, place: Place) -> bool:
    registry = report.background.registry
    wanted = [
        application.product.casefold()
        for kind, element in (("IND", IND), ("PANDA", PANDA))
        for number in report.by_element.get(element, [])
        for application in (registry.find(kind, number.value) if registry else ())
    ]
    return any(each.value.strip().casefold() in wanted for each in report.by_element.get("G.k.2.2", []))


REGISTERED_PRODUCT = Holds(
    _product_of_application,
    "a G.k.2.2 is the registered product of the application in FDA.C.5.5a or FDA.C.5.5b",
    "G.k.2.2 之一为 FDA.C.5.5a 或 FDA.C.5.5b 申请号所登记的产品",
)


def assessed(element: str) -> All:
    """Every assessment says it, and one of a suspect drug does."""
    return both(Everywhere(ASSESSMENT, given(element)), Somewhere("G.k", both(suspect, given(element))))


ROLES = (
    Rule("W0005", ROLE, FIRST_SUSPECT, severity=WARNING, routes=POST),
    Rule("R0069", ROLE, Somewhere("G.k", suspect_or_not_given), to_cder, routes=POST),
    Rule("R0070", ROLE, both(Somewhere("G.k", suspect), Everywhere("G.k", among(ROLE, "1", "2", "3"))),
         both(equals(TYPE, "2"), to_ind), routes=PRE),
    Rule("R0071", ROLE, Somewhere("G.k", suspect_or_not_given), both(equals(TYPE, "2"), to_exempt), routes=PRE),
    Rule("R0072", SIMILAR, both(given(SIMILAR), similar_device), either(given(SIMILAR), similar_device), "G.k",
         routes=POST),
)  # fmt: skip

PRODUCTS = (
    Rule("W0009", "G.k.2.2", REGISTERED_PRODUCT, either(given(IND), given(PANDA)), severity=WARNING, routes=PRE,
         asks_registry=True),
    needs("R0073", "G.k.2.3.r.3b", "G.k.2.3.r.3a"),
    Rule("R0114", "G.k.3.1", Matches("G.k.3.1", r"(?i)(?!.*(IND|PANDA)).*", "NDA012345 (no IND, no PANDA)"),
         both(to_postmarket, to_cder, equals(TYPE, "2"), equals(STUDY, "2", "3")), "G.k", routes=POST),
    needs("R0074", "G.k.3.2", "G.k.3.1"),
)  # fmt: skip

DOSES = (
    needs("R0075", "G.k.4.r.1b", "G.k.4.r.1a"),
    needs("R0076", "G.k.4.r.3", "G.k.4.r.2"),
    *pair("R0077", "R0078", "G.k.4.r.6a", "G.k.4.r.6b"),
    *pair("R0079", "R0080", "G.k.5a", "G.k.5b"),
    *pair("R0081", "R0082", "G.k.6a", "G.k.6b"),
    *pair("R0083", "R0084", "G.k.7.r.2a", "G.k.7.r.2b"),
)

ASSESSMENTS = (
    Rule("R0085", "G.k.9.i.2.r.1", assessed("G.k.9.i.2.r.1"), study_of_ind, routes=PRE),
    Rule("R0086", "G.k.9.i.2.r.2", assessed("G.k.9.i.2.r.2"), study_of_ind, routes=PRE),
    Rule("R0087", "G.k.9.i.2.r.3", assessed("G.k.9.i.2.r.3"), study_of_ind, routes=PRE),
    *pair("R0088", "R0089", "G.k.9.i.3.1a", "G.k.9.i.3.1b"),
    *pair("R0090", "R0091", "G.k.9.i.3.2a", "G.k.9.i.3.2b"),
    Rule("W0006", "FDA.G.k.10a", Is("FDA.G.k.10a", ("1", "2"), ("NA",)), given(PANDA), "G.k",
         WARNING, PRE),
)  # fmt: skip

DEVICES = (
    Rule("R0092", MALFUNCTION, Somewhere("G.k", both(suspect_or_not_given, malfunction)),
         equals("FDA.C.1.7.1", "5"), routes=POST),
    Rule("R0093", PROBLEM, given(PROBLEM), malfunction, DEVICE, routes=POST),
    Rule("W0008", PROBLEM, PROBLEM_CODE, given(PROBLEM), DEVICE, WARNING, POST),
    Rule("R0094", BRAND, device_named, combination, routes=POST),
    Rule("R0095", COMMON, device_named, combination, routes=POST),
    Rule("R0096", PRODUCT_CODE, given(PRODUCT_CODE), no_device_name, DEVICE, routes=POST),
    Rule("W0007", REMEDY, given(REMEDY), both(malfunction, equals("FDA.C.1.7.1", "4")), DEVICE, WARNING, POST),
)  # fmt: skip

RULES = (*ROLES, *PRODUCTS, *DOSES, *ASSESSMENTS, *DEVICES)
