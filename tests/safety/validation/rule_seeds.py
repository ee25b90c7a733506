"""For each of FDA's 121 rules, a report that keeps it and the defect that breaks it."""

from __future__ import annotations

from generated_reports import DEVICE, STUDY, Changes, Seed

from bencao.safety.validation.registry import Application, Registry

LISTED = Registry(
    (Application("IND", "123456", "CDER", "Drug A"), Application("PANDA", "234567", "CDER", "Drug A"))
)  # fmt: skip
LIST = {"registry": LISTED}
HISTORY: Changes = {"D.7.1.r.1a": "28.0", "D.7.1.r.1b": "10012345"}
PAST_DRUG: Changes = {"D.8.r.1": "Old drug"}
CAUSE: Changes = {"D.9.2.r.1a": "28.0", "D.9.2.r.1b": "10012345", "D.9.2.r.2": "Stroke"}
AUTOPSY: Changes = {"D.9.4.r.1a": "28.0", "D.9.4.r.1b": "10012345", "D.9.4.r.2": "Stroke"}
PARENT: Changes = {"D.10.6": "2"}
TEST: Changes = {
    "F.r.1": "20260101", "F.r.2.1": "Sodium", "F.r.2.2a": "28.0", "F.r.2.2b": "10041263", "F.r.3.2": "140",
    "F.r.3.3": "mmol/L",
}  # fmt: skip
SECOND_ID = "33333333-3333-4333-8333-333333333333"
DOSE: Changes = {"G.k.4.r.8": "once"}
ASSESSED: Changes = {"G.k.9.i.1": "22222222-2222-4222-8222-222222222222"}
AGGREGATE: Changes = {"D.1": "AGGREGATE", "FDA.D.11.r.1": "~NA", "FDA.D.12": "~NA", "C.1.10.r": "US-ACME-9"}


def lacking(present: Changes, element: str, profile: str = "postmarket", also: tuple[str, ...] = ()) -> Seed:
    """The defect is that an element is missing."""
    return Seed(present, {element: None}, profile, also)


def pair(first: str, second: str, one: str, other: str, value: str, around: Changes) -> dict[str, Seed]:
    """Two elements that go together, each missing once; the values are parted by a space."""
    a, b = value.split()
    present = {**around, one: a, other: b}
    return {first: lacking(present, one), second: lacking(present, other)}


MESSAGE = {
    "R0004": Seed({}, {"N.1.4": "ELSEWHERE"}),
    "R0005": Seed({}, {"N.1.4": "ELSEWHERE"}, "ind"),
    "R0006": Seed({}, {"N.2.r.3": "CBER"}),
    "R0007": Seed({}, {"N.2.r.3": "CDER_OTHER"}, "exempt"),
    "R0100": Seed({}, {"N.2.r.2": "ANOTHER"}),
    "R0008": Seed({}, {"C.1.3": "1", "FDA.C.5.5a": "123456"}, "ind", ("R0113",)),
    "R0110": Seed({"C.1.3": "1", "C.5.4": None}, {"C.1.3": "2"}, "ind", ("R0023",)),
    "R0111": Seed({"C.5.4": "1"}, {"C.1.3": "1"}, "exempt", ("R0008",)),
    "R0112": Seed({"C.1.3": "1", "C.5.4": None}, {"C.1.3": "4"}, "ind", ("R0110",)),
    "R0009": Seed({"C.1.6.1": "true", "C.1.6.1.r.1": "letter"}, {"C.1.6.1.r.1": None}),
    "R0010": Seed(
        {"C.1.6.1": "true", "C.1.6.1.r.1": "letter", "C.1.6.1.r.2": "QUJD", "C.1.6.1.r.2#representation": "B64",
         "C.1.6.1.r.2#mediaType": "application/pdf"},
        {"C.1.6.1.r.2#compression": "DF"}),
    "R0011": Seed({"FDA.C.1.7.1": "2", "C.1.7": "false"}, {"C.1.7": "~NI"}),
    "R0012": Seed({**DEVICE, "FDA.C.1.7.1": "4", "FDA.G.k.12.r.11.r": "1"}, {"FDA.C.1.7.1": "2"}),
    "R0013": Seed({**DEVICE, "C.1.7": "false", "FDA.C.1.7.1": "5"}, {"FDA.C.1.7.1": "1"}),
    "R0014": Seed({}, {"FDA.C.1.7.1": "2"}),
    "R0015": Seed({"C.1.7": "false", "FDA.C.1.7.1": "2"}, {"FDA.C.1.7.1": "1"}),
    "R0016": Seed({"FDA.C.1.7.1": "6"}, {"FDA.C.1.7.1": "2"}, "ind"),
    "R0017": Seed({"C.1.9.1": "true", "C.1.9.1.r.1": "Acme", "C.1.9.1.r.2": "7"},
                  {"C.1.9.1.r.1": None, "C.1.9.1.r.2": None}),
    "R0018": lacking({"C.1.9.1": "true", "C.1.9.1.r.1": "Acme", "C.1.9.1.r.2": "7"}, "C.1.9.1.r.2"),
    "W0001": lacking(AGGREGATE, "C.1.10.r", "ind"),
    "R0101": Seed({"C.1.11.1": "2", "C.1.11.2": "coded anew", "C.1.5": "20260103"}, {"C.1.5": "20260102"}),
    "R0019": lacking({}, "C.2.r.3"),
    "R0020": lacking({}, "C.2.r.4"),
    "R0021": lacking({}, "C.2.r.5"),
    "R0022": lacking({}, "C.3.2"),
    "R0023": lacking(STUDY, "C.5.4"),
    "R0102": Seed({"C.5.4": "3"}, {"C.5.4": "4"}, "ind", ("ICH.C.5.4.code",)),
    "R0103": Seed({}, {"C.5.4": "1"}),
    "R0104": Seed(STUDY, {"C.5.4": "4"}, also=("ICH.C.5.4.code",)),
    "R0113": Seed({"C.1.3": "1", "C.5.4": None}, {"C.5.4": "1"}, "ind", ("R0008",)),
    "W0002": Seed(AGGREGATE, {"C.5.4": "2"}, "ind"),
    "R0024": lacking({}, "FDA.C.5.5a", "ind"),
    "R0107": Seed({}, {"FDA.C.5.5a": "123456"}, also=()),
    "R0105": Seed({}, {"FDA.C.5.5a": "999"}, "ind", ("W0009",), LIST),
    "R0025": Seed({"FDA.G.k.10a": "~NA"}, {"FDA.C.5.5b": None}, "exempt"),
    "R0108": Seed({}, {"FDA.C.5.5b": "234567"}),
    "R0106": Seed({}, {"FDA.C.5.5b": "999"}, "exempt", ("W0009",), LIST),
    "R0026": lacking({}, "FDA.C.5.6.r", "ind"),
    "R0109": Seed({}, {"FDA.C.5.6.r": "123456"}),
    "W0012": Seed({"FDA.C.5.6.r": "123456"}, {"FDA.C.5.6.r": "999"}, "ind", (), LIST),
}  # fmt: skip

PATIENT = {
    "R0027": Seed({**DEVICE, "E.i.2.1b": "10067482", "D.1": "~NA", "FDA.D.11.r.1": "~NA", "FDA.D.12": "~NA"},
                  {"D.1": "AB"}),
    "W0010": Seed(AGGREGATE, {"D.1": "AB"}, "ind"),
    "W0003": Seed(AGGREGATE, {"FDA.D.11.r.1": "C41260"}, "ind"),
    "W0004": Seed(AGGREGATE, {"FDA.D.12": "C41222"}, "ind"),
    **pair("R0029", "R0030", "D.2.2a", "D.2.2b", "40 a", {}),
    **pair("R0031", "R0032", "D.2.2.1a", "D.2.2.1b", "20 wk", {}),
    **pair("R0033", "R0034", "D.7.1.r.1a", "D.7.1.r.1b", "28.0 10012345", {}),
    "R0035": lacking({}, "D.7.2"),
    "R0036": lacking({**PAST_DRUG, "D.8.r.4": "2020"}, "D.8.r.1"),
    **pair("R0037", "R0038", "D.8.r.6a", "D.8.r.6b", "28.0 10012345", PAST_DRUG),
    **pair("R0039", "R0040", "D.8.r.7a", "D.8.r.7b", "28.0 10012345", PAST_DRUG),
    "R0041": lacking({"E.i.3.2a": "true", "E.i.7": "5", "D.9.1": "20260102", "D.9.3": "false"}, "D.9.1", "ind"),
    "R0042": lacking(CAUSE, "D.9.2.r.1a"),
    "R0043": lacking(CAUSE, "D.9.2.r.1b"),
    "R0044": lacking(CAUSE, "D.9.2.r.2"),
    "R0045": lacking({"D.9.1": "20260102", "D.9.3": "false"}, "D.9.3"),
    "R0046": lacking(AUTOPSY, "D.9.4.r.1a"),
    "R0047": lacking(AUTOPSY, "D.9.4.r.1b"),
    "R0048": lacking(AUTOPSY, "D.9.4.r.2"),
    **pair("R0049", "R0050", "D.10.2.2a", "D.10.2.2b", "40 a", PARENT),
    "R0051": lacking({**PARENT, "D.10.4": "60"}, "D.10.6"),
    **pair("R0052", "R0053", "D.10.7.1.r.1a", "D.10.7.1.r.1b", "28.0 10012345", PARENT),
    **pair("R0054", "R0055", "D.10.8.r.6a", "D.10.8.r.6b", "28.0 10012345", {**PARENT, "D.10.8.r.1": "X"}),
    **pair("R0056", "R0057", "D.10.8.r.7a", "D.10.8.r.7b", "28.0 10012345", {**PARENT, "D.10.8.r.1": "X"}),
}  # fmt: skip

NO_NAME, NO_RESULT = ("R0062", "R0064"), ("R0065", "R0066", "R0068")
NAMED: Changes = {**TEST, "F.r.2.2a": None, "F.r.2.2b": None}
CODED: Changes = {**TEST, "F.r.2.1": None}
CLINICAL = {
    "R0058": lacking({"E.i.1.1a": "fievre", "E.i.1.1b": "fra"}, "E.i.1.1b"),
    **pair("R0059", "R0060", "E.i.6a", "E.i.6b", "3 d", {}),
    "R0061": lacking(TEST, "F.r.1"),
    "R0062": Seed(NAMED, {"F.r.2.1": None}, also=NO_NAME),
    "R0063": lacking(CODED, "F.r.2.2a"),
    "R0064": Seed(CODED, {"F.r.2.2a": None, "F.r.2.2b": None}, also=NO_NAME),
    **{each: Seed(CODED, {"F.r.3.2": None, "F.r.3.3": None}, also=NO_RESULT) for each in NO_RESULT},
    "R0067": lacking(TEST, "F.r.3.3"),
    **pair("R0097", "R0098", "H.3.r.1a", "H.3.r.1b", "28.0 10012345", {}),
    "R0099": lacking({"H.5.r.1a": "resume", "H.5.r.1b": "fra"}, "H.5.r.1b"),
}

SIMILAR: Changes = {**DEVICE, "G.k.1": "4", "FDA.G.k.1.a": "1"}
DRUG = {
    "W0005": Seed({("G.k.1", (2,)): "2", ("G.k.2.2", (2,)): "B", ("G.k#id", (2,)): SECOND_ID},
                  {"G.k.1": "2", ("G.k.1", (2,)): "1"}),
    "R0069": Seed({}, {"G.k.1": "2"}, also=("W0005",)),
    "R0070": Seed({("G.k.1", (2,)): "2", ("G.k.2.2", (2,)): "B", ("G.k#id", (2,)): SECOND_ID},
                  {("G.k.1", (2,)): "4"}, "ind"),
    "R0071": Seed({"G.k.1": "4"}, {"G.k.1": "2"}, "exempt"),
    "R0072": lacking(SIMILAR, "FDA.G.k.1.a"),
    "W0009": Seed({}, {"G.k.2.2": "Another"}, "ind", (), LIST),
    "R0073": lacking({"G.k.2.3.r.1": "X", "G.k.2.3.r.3a": "5", "G.k.2.3.r.3b": "mg"}, "G.k.2.3.r.3b"),
    "R0114": Seed({"C.1.3": "2", "C.5.4": "3", "G.k.3.1": "NDA1", "G.k.3.2": "US"}, {"G.k.3.1": "IND1"}),
    "R0074": lacking({"G.k.3.1": "NDA1", "G.k.3.2": "US"}, "G.k.3.2"),
    "R0075": lacking({**DOSE, "G.k.4.r.1a": "5", "G.k.4.r.1b": "mg"}, "G.k.4.r.1b"),
    "R0076": lacking({**DOSE, "G.k.4.r.2": "1", "G.k.4.r.3": "d"}, "G.k.4.r.3"),
    **pair("R0077", "R0078", "G.k.4.r.6a", "G.k.4.r.6b", "3 d", DOSE),
    **pair("R0079", "R0080", "G.k.5a", "G.k.5b", "30 mg", {}),
    **pair("R0081", "R0082", "G.k.6a", "G.k.6b", "8 wk", {}),
    **pair("R0083", "R0084", "G.k.7.r.2a", "G.k.7.r.2b", "28.0 10012345", {"G.k.7.r.1": "pain"}),
    "R0085": lacking({}, "G.k.9.i.2.r.1", "ind"),
    "R0086": lacking({}, "G.k.9.i.2.r.2", "ind"),
    "R0087": lacking({}, "G.k.9.i.2.r.3", "ind"),
    **pair("R0088", "R0089", "G.k.9.i.3.1a", "G.k.9.i.3.1b", "3 d", ASSESSED),
    **pair("R0090", "R0091", "G.k.9.i.3.2a", "G.k.9.i.3.2b", "3 d", ASSESSED),
    "W0006": lacking({}, "FDA.G.k.10a", "exempt"),
    "R0092": Seed({**DEVICE, "C.1.7": "false", "FDA.C.1.7.1": "5"}, {"FDA.G.k.12.r.1": "false"}),
    "R0093": lacking(DEVICE, "FDA.G.k.12.r.3.r"),
    "W0008": Seed(DEVICE, {"FDA.G.k.12.r.3.r": "40"}),
    "R0094": Seed({**DEVICE, "FDA.G.k.12.r.6": "FMF"}, {"FDA.G.k.12.r.4": None, "FDA.G.k.12.r.5": None},
                  also=("R0095",)),
    "R0095": Seed({**DEVICE, "FDA.G.k.12.r.6": "FMF"}, {"FDA.G.k.12.r.4": None, "FDA.G.k.12.r.5": None},
                  also=("R0094",)),
    "R0096": Seed({**DEVICE, "FDA.G.k.12.r.4": "~NI", "FDA.G.k.12.r.5": "~NI", "FDA.G.k.12.r.6": "FMF"},
                  {"FDA.G.k.12.r.6": None}),
    "W0007": lacking({**DEVICE, "FDA.C.1.7.1": "4", "FDA.G.k.12.r.11.r": "1"}, "FDA.G.k.12.r.11.r"),
}  # fmt: skip

SEEDS: dict[str, Seed] = {**MESSAGE, **PATIENT, **CLINICAL, **DRUG}
