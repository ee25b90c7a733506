"""Characterise a database as Achilles does: counts and distributions by person, visit, condition, drug, measurement."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from bencao.kernel.files import make_folder, writing
from bencao.records.cdm.database import Database
from bencao.records.cdm.definition import cdm_tables

TABLES = ("achilles_results", "achilles_results_dist", "achilles_analysis")


@dataclass(frozen=True)
class Characterisation:
    """What was counted.

    Attributes
    ----------
    analyses : int
    rows : dict of int
        Of each table written.
    failed : tuple of int
        Analyses that could not be run.
    """

    analyses: int
    rows: Mapping[str, int]
    failed: tuple[int, ...]


def characterise(database: Database, folder: Path, *, smallest: int = 5) -> Characterisation:
    """Run the analyses of OHDSI's Achilles on a database, through the package duckcdm.

    Parameters
    ----------
    database : Database
        A table that it lacks counts as empty.
    folder : Path
        Gets ``achilles_results.csv``, ``achilles_results_dist.csv`` and ``achilles_analysis.csv``, as ATLAS reads them.
    smallest : int
        Counts of this many persons or fewer are left out.

    Returns
    -------
    Characterisation
    """
    from duckcdm.achilles import run_achilles

    connection = database.connection
    for name, table in cdm_tables().items():
        if name not in database.tables:
            fields = ", ".join(f'"{field.name}" {field.sql_type}' for field in table.fields.values())
            connection.execute(f"CREATE TABLE IF NOT EXISTS cdm.{name} ({fields})")
    make_folder(folder)  # before the counting, which takes long
    ran, failed = run_achilles(
        connection,
        cdm_schema="cdm",
        results_schema="results",
        source_name=database.source,
        cdm_version="5.4",
        small_cell_count=smallest,
        log=lambda told: None,
    )
    rows = {}
    for name in TABLES:
        found = connection.sql(f"SELECT * FROM results.{name} ORDER BY ALL").to_arrow_table()
        rows[name] = found.num_rows
        with writing(folder / f"{name}.csv") as stream:
            pl.DataFrame(found).write_csv(stream)
    return Characterisation(len(ran), rows, tuple(int(one[0]) for one in failed))
