"""Data that tests of conformance share."""

from __future__ import annotations

from pathlib import Path

import pytest
from conformance_data import dataset

from bencao.trial.conformance import Rule, read_rules
from bencao.trial.dataset import Dataset


@pytest.fixture(scope="session")
def published_rules(shared_data: Path) -> dict[str, Rule]:
    """CORE's published rules by id."""
    archive = shared_data / "trial" / "core_rules_published_yml.tgz"
    if not archive.exists():
        pytest.skip("CORE's rules are not among the development data")
    return {rule.id: rule for rule in read_rules(archive).rules}


@pytest.fixture
def demographics() -> Dataset:
    """Three subjects, one without an arm."""
    return dataset(
        "DM",
        DOMAIN=["DM"] * 3,
        USUBJID=["1", "2", "3"],
        ARMCD=["A", "B", None],
        RFSTDTC=["2020-01-01", "2020-01-10", "2020-02"],
        AGE=[30.0, None, 70.0],
    )
