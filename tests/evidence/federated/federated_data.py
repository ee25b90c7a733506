"""Sites made for the tests, or cut from the development data: four hospitals each."""

from __future__ import annotations

from pathlib import Path

import polars as pl

HOSPITALS = ("cleveland", "hungarian", "switzerland", "va")
INSTITUTIONS = {"a": (1, 2), "b": (3, 4, 5, 6, 7, 10), "c": (11, 12, 13), "d": (15, 16, 21, 22, 26, 32, 33)}


def heart(folder: Path) -> dict[str, pl.DataFrame]:
    """Four hospitals; fasting blood sugar that is not known counts as not raised, as declared."""
    sites = {}
    for name in HOSPITALS:
        told = pl.read_csv(folder / f"{name}.data", infer_schema=False)
        sites[name] = told.select(
            age=pl.col("X1").cast(float),
            male=pl.col("X2").cast(float),
            fbs=(pl.col("X6").cast(float) == 1).cast(float),
            disease=(pl.col("X14").cast(float) > 0).cast(float),
        )
    return sites


def lung(path: Path) -> dict[str, pl.DataFrame]:
    """Institutions in four groups; rows without one, or without a performance status, left out."""
    told = pl.read_csv(path, null_values=["NA", ""]).drop_nulls(["inst", "ph.ecog"])
    rows = told.select(
        "inst",
        time=pl.col("time").cast(float),
        died=(pl.col("status") == 2).cast(float),
        female=(pl.col("sex") == 2).cast(float),
        age=pl.col("age").cast(float),
        ecog=pl.col("ph.ecog").cast(float),
    )
    return {name: rows.filter(pl.col("inst").is_in(group)).drop("inst") for name, group in INSTITUTIONS.items()}
