"""Data that tests of conformance share."""

from __future__ import annotations

import pytest
from conformance_data import dataset

from bencao.trial.dataset import Dataset


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
