"""What rules may ask of the standard: which variables a domain requires, which the model allows, in which order."""

from __future__ import annotations

from typing import Any

import pytest
from conformance_data import dataset, rule

from bencao.trial.conformance import Rule, Skipped, Study, Violation, check_rule
from bencao.trial.dataset import Dataset
from bencao.trial.errors import UnsupportedRule


def metadata_rule(check: str, operation: str, **parts: Any) -> Rule:
    operations = [{"id": "$asked", "operator": operation}]
    return rule(check, **{"Rule Type": "Variable Metadata Check", "Operations": operations, **parts})


REQUIRED = metadata_rule(
    "{all: [{name: variable_name, operator: not_contains_all, value: [$asked]}]}", "required_variables",
    Sensitivity="Dataset", Outcome={"Message": "missing", "Output Variables": ["$asked"]},
)  # fmt: skip
ALLOWED = metadata_rule(
    "{all: [{name: variable_name, operator: is_not_contained_by, value: $asked}]}", "get_model_column_order"
)


def outcomes(of: Rule, *datasets: Dataset, version: str = "3.4") -> list[Violation | Skipped]:
    return check_rule(of, Study.of(datasets, standard="SDTMIG", version=version))


def named(of: Rule, *datasets: Dataset) -> list[str]:
    """Variables that a rule finds fault with."""
    found = [outcome for outcome in outcomes(of, *datasets) if isinstance(outcome, Violation)]
    return [value for violation in found for _, _, name, value in violation.rows() if name == "variable_name"]


def events(*more: str) -> Dataset:
    names = ["STUDYID", "DOMAIN", "USUBJID", "AESEQ", "AETERM", *more]
    return dataset("AE", **{name: ["AE" if name == "DOMAIN" else "1"] for name in names})


def test_a_domain_without_a_required_variable_is_found_with_what_it_requires() -> None:
    (violation,) = outcomes(REQUIRED, events("AESTDTC"))
    assert isinstance(violation, Violation)
    assert list(violation.rows()) == [
        ("AE", None, "$asked", ["STUDYID", "DOMAIN", "USUBJID", "AESEQ", "AETERM", "AEDECOD"])
    ]
    assert outcomes(REQUIRED, events("AEDECOD")) == []


def test_expected_variables_are_those_of_the_guide_where_they_are_known() -> None:
    of = metadata_rule(
        "{all: [{name: variable_name, operator: not_contains_all, value: [$asked]}]}", "expected_variables",
        Sensitivity="Dataset", Outcome={"Message": "missing", "Output Variables": ["$asked"]},
    )  # fmt: skip
    arms = dataset("TA", DOMAIN=["TA"], ARMCD=["A"], TABRANCH=["x"])
    complaints = dataset("CE", DOMAIN=["CE"], CETERM=["x"])
    violation, skipped = outcomes(of, arms, complaints, version="3.3")
    assert isinstance(violation, Violation) and isinstance(skipped, Skipped)
    assert list(violation.rows()) == [("TA", None, "$asked", ["TABRANCH", "TATRANS"])]
    assert "not known here" in skipped.reason


def test_a_domain_whose_requirements_are_not_known_is_skipped_with_the_reason_and_the_others_are_checked() -> None:
    own = dataset("XX", STUDYID=["1"], DOMAIN=["XX"], USUBJID=["1"], XXSEQ=[1.0], XXTESTCD=["A"])
    skipped, violation = outcomes(REQUIRED, own, events())
    assert isinstance(skipped, Skipped) and isinstance(violation, Violation)
    assert skipped.reason == "the variables that XX requires are not known here"


@pytest.mark.parametrize("version", ["", "3.2"])
def test_another_version_of_the_standard_is_not_answered_from_this_one(version: str) -> None:
    with pytest.raises(UnsupportedRule, match="are not known here"):
        outcomes(REQUIRED, events(), version=version)


def test_the_model_allows_what_the_class_of_the_domain_has_and_no_more() -> None:
    assert named(ALLOWED, events("AESER", "AEBEATNO", "EPOCH", "AEORRES", "AESERX")) == ["AEORRES", "AESERX"]


def test_associated_persons_have_identifiers_of_their_own() -> None:
    names = ["STUDYID", "APID", "EGSEQ", "RSUBJID", "SREL", "EGTESTCD", "EGBEATNO", "USUBJID"]
    persons = dataset("APEG", DOMAIN=["APEG"], **{name: ["1"] for name in names})
    assert named(ALLOWED, persons) == ["USUBJID"]


def test_a_qualifier_named_like_a_variable_of_the_model_is_found() -> None:
    of = rule(
        "{all: [{name: QNAM, operator: is_contained_by, value: $asked}]}",
        Operations=[{"id": "$asked", "operator": "get_parent_model_column_order"}],
        Scope={"Domains": {"Include": ["SUPP--"]}},
        Outcome={"Message": "a variable of the model", "Output Variables": ["QNAM"]},
    )
    supplement = dataset("SUPPAE", RDOMAIN=["AE", "AE"], USUBJID=["1", "1"], QNAM=["AESOD", "AETRTEM"])
    (violation,) = outcomes(of, events(), supplement)
    assert isinstance(violation, Violation)
    assert violation.records["QNAM"].to_list() == ["AESOD"]


def test_data_without_any_timing_variable_of_the_model_are_found() -> None:
    of = rule(
        "{all: [{name: $own, operator: shares_no_elements_with, value: $timing}]}",
        Operations=[
            {"id": "$own", "operator": "get_column_order_from_dataset"},
            {"id": "$timing", "operator": "get_model_filtered_variables", "key_name": "role", "key_value": "Timing"},
        ],
        Sensitivity="Dataset",
    )
    peak = dataset("LB", DOMAIN=["LB"], LBTESTCD=["ALT"], LBPTFL=["Y"])
    assert outcomes(of, peak) == []  # --PTFL is one since SDTM 2.0
    assert len(outcomes(of, peak, version="3.2")) == 1
