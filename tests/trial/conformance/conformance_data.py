"""Rules and data sets that tests of conformance write for themselves."""

from __future__ import annotations

from typing import Any

import polars as pl
import yaml

from bencao.trial.conformance import Rule, Study
from bencao.trial.conformance.rule import read_rule
from bencao.trial.dataset import Dataset
from bencao.trial.formats.columns import described


def dataset(name: str, label: str = "", **columns: list[Any]) -> Dataset:
    """A data set of some columns."""
    frame = pl.DataFrame(columns)
    return Dataset(name, frame, described(frame), label)


def study(*datasets: Dataset) -> Study:
    """A study of some data sets."""
    return Study.of(datasets)


def rule(check: str, **parts: Any) -> Rule:
    """A rule with a check in YAML."""
    document = {
        "Core": {"Id": "TEST-1"},
        "Rule Type": "Record Data",
        "Sensitivity": "Record",
        "Outcome": {"Message": "wrong"},
        "Scope": {"Domains": {"Include": ["ALL"]}},
        "Check": yaml.safe_load(check),
        **parts,
    }
    return read_rule(document, "test")
