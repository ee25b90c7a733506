"""Published rules whose operators or operations no case at hand uses: each finds what its text forbids, and no more."""

from __future__ import annotations

import pytest
from conformance_data import dataset

from bencao.trial.conformance import Rule, Study, Violation, check_rule
from bencao.trial.dataset import Dataset


def one(name: str, **columns: object) -> Dataset:
    """A data set of one record."""
    return dataset(name, **{"DOMAIN": [name], "USUBJID": ["1"], **{key: [value] for key, value in columns.items()}})


EXPOSURE = one("EX", EXTRT="A", EXVAMT=5.0)
ELEMENTS = dataset(
    "SE", DOMAIN=["SE"] * 4, USUBJID=["1", "1", "2", "2"], SESTDTC=["2020-01", "2020-02", "2020-01", "2020-03"],
    SEENDTC=[None, None, "2020-02", None],
)  # fmt: skip
ARMS = dataset("DM", DOMAIN=["DM"] * 3, USUBJID=["1", "2", "3"], ARM=["screen failure", "Placebo", "Not assigned"])
RACES = dataset("SUPPDM", RDOMAIN=["DM"] * 4, USUBJID=["1", "2", "1", "1"], QNAM=["RACE1", "RACE2", "RACEOTH", "ETHN"])
CONSENTS = dataset(
    "DS", DOMAIN=["DS"] * 3, USUBJID=["1", "1", "2"], DSDECOD=["INFORMED CONSENT OBTAINED"] * 3,
    DSSTDTC=["2020-01-01", "2020-02-01", "2020-01-01"],
)  # fmt: skip
DEATHS = dataset("DS", DOMAIN=["DS"] * 2, USUBJID=["1", "1"], DSSTDTC=["2020-02-01", "2020-01-01"])
SLIDES = dataset("MI", DOMAIN=["MI"] * 3, USUBJID=["1", "1", "2"], MIDTC=["2020-01-05", "2020-03-01", "2020-03-01"])
SUBJECTS = dataset(
    "DM", DOMAIN=["DM"] * 2, USUBJID=["1", "2"], RACE=["WHITE", "MULTIPLE"], RFICDTC=["2020-01-05", "2020-01-05"]
)


@pytest.mark.parametrize(
    ("number", "standard", "data", "expected"),
    [
        ("000107", "SDTMIG", [dataset("AE", DOMAIN=["AE"], STUDYID=["S"], AESEQ=[1.0])], [("AE", None)]),
        ("000107", "SDTMIG", [one("VS", STUDYID="S", VSSEQ=1.0, VSTESTCD="A")], []),
        ("000291", "SDTMIG", [EXPOSURE, one("EC", ECTRT="A")], [("STUDY", None)]),
        ("000291", "SDTMIG", [EXPOSURE], []),
        ("000337", "SDTMIG", [RACES, SUBJECTS], [("SUPPDM", 1)]),
        ("000363", "SDTMIG", [CONSENTS, SUBJECTS], [("DS", 1)]),
        ("000527", "SDTMIG", [ELEMENTS], [("SE", 1)]),
        ("000539", "SDTMIG", [dataset("LBCH", DOMAIN=["LB"], LBTESTCD=["A"]), one("VS", VSTESTCD="A")], [("LBCH", 1)]),
        ("000575", "SDTMIG", [one("LB", LBTESTCD="A"), one("VS", VSTESTCD="A", VSDTC="2020")], [("LB", None)]),
        ("000677", "SENDIG", [one("VS", POOLID="P", VSTESTCD="A")], [("STUDY", None)]),
        ("000677", "SENDIG", [one("VS", POOLID="P", VSTESTCD="A"), dataset("POOLDEF", POOLID=["P"])], []),
        ("000721", "SDTMIG", [ARMS], [("DM", 1), ("DM", 3)]),
        ("000773", "SENDIG", [SLIDES, DEATHS], [("MI", 2)]),
    ],
)
def test_a_rule_finds_what_its_text_forbids(
    number: str,
    standard: str,
    data: list[Dataset],
    expected: list[tuple[str, int | None]],
    published_rules: dict[str, Rule],
) -> None:
    version = "3.4" if standard == "SDTMIG" else "3.1"
    outcomes = check_rule(published_rules[f"CORE-{number}"], Study.of(data, standard=standard, version=version))
    found = [row[:2] for outcome in outcomes if isinstance(outcome, Violation) for row in outcome.rows()]
    assert list(dict.fromkeys(found)) == expected
