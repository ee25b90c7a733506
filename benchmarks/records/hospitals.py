"""How much of three hospitals comes back from their dialects, and whether every defect in them is told.

python benchmarks/records/hospitals.py SYNTHEA.zip [--seed 1] [--engine duckdb:] [--json] [--predictions FILE]

The persons of an OMOP database are dealt out to three hospitals, each in a dialect drawn by the seed, with defects at
known places (`hospital_dialects.py`). Each is staged and loaded by its reviewed mapping. A cell is recovered where the
loaded field equals the original exactly (numbers that were converted: to six significant digits); rows that are missing
count all their cells as wrong, and so do rows that no record asks for. Cells of records with a defect are not counted:
there it counts whether file and row are told (in quarantine, refused, or found).
"""

from __future__ import annotations

import argparse
import csv
import shutil
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

import polars as pl
from figures import exact_interval, show
from hospital_dialects import Hospital, make_hospitals

from bencao.records.cdm.database import open_database
from bencao.records.cdm.definition import cdm_tables
from bencao.records.loading.load import load
from bencao.records.mapping.suggest import suggest_mapping
from bencao.records.sources.opening import stage


def main() -> None:
    """Make, load, score, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", type=Path)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--engine", default="duckdb:")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bencao-hospitals-"))
    try:
        figures, wrong = measure(arguments.database, folder, arguments.seed, arguments.engine)
    finally:
        shutil.rmtree(folder)
    if arguments.predictions:
        with arguments.predictions.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([("hospital", "table", "file", "row", "field", "expected", "found"), *wrong])
    show(figures, arguments.json)


def measure(source: Path, folder: Path, seed: int, engine: str) -> tuple[dict[str, Any], list[tuple[Any, ...]]]:
    """Cells recovered, defects told, and what is told beyond them."""
    with open_database(source) as database:
        hospitals = make_hospitals(database, folder / "hospitals", seed)
    right = cells = rows = 0
    told: Counter[str] = Counter()
    wrong: list[tuple[Any, ...]] = []
    cpu = time.process_time()
    for hospital in hospitals:
        name = hospital.folder.name
        staging = stage(hospital.folder, folder / f"staged_{name}")
        loaded = load(folder / f"staged_{name}", hospital.mapping, folder / f"omop_{name}", engine=engine)
        assert loaded.read == loaded.taken + loaded.rejected
        rows += sum(one.rows + one.quarantined for one in staging.staged)
        told.update(_suggested(hospital, folder / f"staged_{name}"))
        reported = _reported(folder / f"staged_{name}", folder / f"omop_{name}")
        told["defects"] += len(hospital.defects)
        told["defects_told"] += sum(place in reported for place in hospital.defects)
        told["told_beyond"] += len(reported - hospital.defects.keys())
        wrong += [
            (name, "", *place, kind, "not told", "")
            for place, kind in hospital.defects.items()
            if place not in reported
        ]
        found = _score(hospital, folder / f"omop_{name}")
        cells += found[0]
        right += found[0] - len(found[1])
        wrong += [(name, *one) for one in found[1]]
    figures: dict[str, Any] = {"n": cells, "records": rows, "seed": seed, "recovered": right / cells}
    figures["recovered_low"], figures["recovered_high"] = exact_interval(right, cells)
    figures |= {**told, "cpu_seconds": time.process_time() - cpu}
    return figures, wrong


def _suggested(hospital: Hospital, staged: Path) -> dict[str, int]:
    """How many rules of the reviewed mapping were suggested with their table and first column."""
    found = {
        (one.source, one.table, field): rule.columns[:1]
        for one in suggest_mapping(staged).tables
        for field, rule in one.fields.items()
    }
    wanted = [
        found.get((one.source, one.table, field)) == rule.columns[:1]
        for one in hospital.mapping.tables
        for field, rule in one.fields.items()
        if rule.rule != "constant"
    ]
    return {"rules": len(wanted), "rules_suggested": sum(wanted)}


def _reported(staged: Path, folder: Path) -> set[tuple[str, int]]:
    """File and row of what was put into quarantine, refused, or found."""
    tables = [pl.read_parquet(staged / "quarantine.parquet").select(file="_file", row="_row")]
    tables.append(pl.read_parquet(folder / "_rejected.parquet").select("file", "row"))
    tables.append(pl.read_parquet(folder / "_findings.parquet").select("file", "row"))
    return set(pl.concat(tables).unique().iter_rows())


def _score(hospital: Hospital, folder: Path) -> tuple[int, list[tuple[Any, ...]]]:
    """Cells counted, and those that are wrong."""
    lineage = pl.read_parquet(folder / "_lineage.parquet")
    persons = pl.read_parquet(folder / "person.parquet")
    keys = dict(persons.select("person_id", "person_source_value").iter_rows())
    cells, wrong = 0, []
    expected: dict[str, dict[tuple[str, int], dict[str, Any]]] = {}
    for (table, file, row), fields in hospital.truth.items():
        if (file, row) not in hospital.defects:
            expected.setdefault(table, {})[file, row] = fields
    for table, records in expected.items():
        found = _loaded(folder, table, lineage)
        for place, fields in records.items():
            cells += len(fields)
            row = found.pop(place, None)
            for name, value in fields.items():
                got = None if row is None else keys.get(row["person_id"]) if name == "_person" else row[name]
                if row is None or got != value:
                    wrong.append((table, *place, name, value, "no row" if row is None else got))
        for place, row in found.items():
            if place not in hospital.defects:
                cells += len(row)
                wrong += [(table, *place, name, "no such row", value) for name, value in row.items()]
    return cells, wrong


def _loaded(folder: Path, table: str, lineage: pl.DataFrame) -> dict[tuple[str, int], dict[str, Any]]:
    key = cdm_tables()[table].primary_key or "person_id"
    rows = pl.read_parquet(folder / f"{table}.parquet")
    placed = rows.join(lineage.filter(pl.col("table") == table), left_on=key, right_on="id", how="inner")
    return {
        (row["file"], row["row"]): {name: row[name] for name in rows.columns} for row in placed.iter_rows(named=True)
    }


if __name__ == "__main__":
    main()
