"""How fast plain columns are staged and loaded, and with how much memory.

python benchmarks/records/load_speed.py SYNTHEA.zip [--rows 1000000] [--engine duckdb:] [--json]

The measurements of an OMOP database are repeated, with their persons, until there are so many rows, and written as one
CSV file of ten columns that a hospital might give: ids, code, date, time, number, unit. It is staged, then loaded by a
mapping that copies, casts, numbers keys and looks codes up. Seconds of CPU are of this process, both steps together.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import tempfile
import time
from pathlib import Path
from typing import Any

from figures import show

from bencao.records.cdm.database import open_database
from bencao.records.loading.load import load
from bencao.records.mapping.model import Mapping, Rule, TableMap
from bencao.records.sources.opening import stage


def main() -> None:
    """Make, stage, load, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", type=Path)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--engine", default="duckdb:")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="bencao-load-speed-"))
    try:
        figures = measure(arguments.database, folder, arguments.rows, arguments.engine)
    finally:
        shutil.rmtree(folder)
    show(figures, arguments.json)


def measure(source: Path, folder: Path, rows: int, engine: str) -> dict[str, Any]:
    """Rows a CPU second of both steps together, each step's seconds, and the most memory."""
    hospital = folder / "hospital"
    hospital.mkdir()
    codes = _write(source, hospital, rows)
    began, cpu = time.perf_counter(), time.process_time()
    staging = stage(hospital, folder / "staged")
    staged, cpu_staged = time.perf_counter(), time.process_time()
    loaded = load(folder / "staged", _mapping(codes), folder / "omop", engine=engine)
    wall, cpu_all = time.perf_counter() - began, time.process_time() - cpu
    read = sum(one.rows for one in staging.staged)
    assert read == loaded.read == loaded.taken
    return {
        "n": read,
        "rows_per_cpu_second": read / cpu_all,
        "seconds": wall,
        "cpu_seconds": cpu_all,
        "stage_seconds": staged - began,
        "stage_cpu_seconds": cpu_staged - cpu,
        "peak_gigabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6,
    }


def _write(source: Path, hospital: Path, rows: int) -> list[str]:
    with open_database(source) as database:
        connection = database.connection
        times = -(-rows // database.tables["measurement"].rows)
        people = connection.execute("SELECT max(person_id) + 1 FROM cdm.person").fetchone()[0]
        connection.execute(f"CREATE TABLE repeats AS SELECT range AS k FROM range({times})")
        connection.execute(
            f"COPY (SELECT p.person_id + k * {people} AS mrn, gender_source_value AS sex, "
            f"CAST(birth_datetime AS DATE) AS dob FROM cdm.person p, repeats) TO '{hospital / 'patients.csv'}' (HEADER)"
        )
        connection.execute(
            "COPY (SELECT row_number() OVER () AS result_id, "
            f"person_id + k * {people} AS mrn, visit_occurrence_id + k * 2000000 AS encounter, "
            "measurement_source_value AS code, measurement_date AS day, measurement_datetime AS at, "
            "value_as_number AS value, unit_source_value AS unit, provider_id AS provider, value_source_value AS text "
            f"FROM cdm.measurement, repeats) TO '{hospital / 'results.csv'}' (HEADER)"
        )
        found = connection.execute(
            "SELECT DISTINCT measurement_source_value FROM cdm.measurement ORDER BY 1"
        ).fetchall()
    return [str(code) for (code,) in found]


def _mapping(codes: list[str]) -> Mapping:
    birth = {"columns": ["dob"], "reviewed": True}
    person = {
        "person_id": Rule(rule="id", columns=["mrn"], entity="person"),
        "gender_concept_id": Rule(rule="sex", columns=["sex"]),
        "year_of_birth": Rule(rule="year", **birth),
        "month_of_birth": Rule(rule="month", **birth),
        "day_of_birth": Rule(rule="day", **birth),
    }
    measurement = {
        "measurement_id": Rule(rule="integer", columns=["result_id"]),
        "person_id": Rule(rule="id", columns=["mrn"], entity="person"),
        "visit_occurrence_id": Rule(rule="integer", columns=["encounter"]),
        "measurement_concept_id": Rule(
            rule="code", columns=["code"], codes={code: 1 + n for n, code in enumerate(codes)}
        ),
        "measurement_date": Rule(rule="date", columns=["day"]),
        "measurement_datetime": Rule(rule="datetime", columns=["at"]),
        "value_as_number": Rule(rule="number", columns=["value"]),
        "unit_source_value": Rule(rule="copy", columns=["unit"]),
        "provider_id": Rule(rule="integer", columns=["provider"]),
        "value_source_value": Rule(rule="copy", columns=["text"]),
        "measurement_type_concept_id": Rule(rule="constant", value=32817),
    }
    tables = [
        TableMap(source="patients", table="person", fields=person, reviewed=True),
        TableMap(source="results", table="measurement", fields=measurement, reviewed=True),
    ]
    return Mapping(hospital="speed", tables=tables)


if __name__ == "__main__":
    main()
