"""All checks of a database in fused scans, beside the same checks one statement at a time, in one run.

python benchmarks/records/quality.py DATABASE [--replicate N] [--no-plain] [--threads 2] [--json]

DATABASE is what `bencao records quality` reads. With --replicate its persons and their records are repeated until there
are N measurement rows, written as Parquet; that folder is then opened and checked. The statements one at a time are
those of the tests, which look every row up by itself.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests" / "records" / "quality"))
from figures import show
from plain_queries import plain

from bencao.records.cdm.database import Database, open_database
from bencao.records.cdm.definition import cdm_tables
from bencao.records.quality.checking import check_quality

TODAY = date(2026, 11, 27)
_OF_FORM = ("cdmTable", "cdmField", "cdmDatatype")
# Keys that are renumbered with each repetition; what else points somewhere points to the vocabulary or to providers.
_RENUMBERED = ("person", "visit_occurrence", "visit_detail")


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", type=Path)
    parser.add_argument("--replicate", type=int, default=0)
    parser.add_argument("--no-plain", action="store_true")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="bencao-quality-") as folder:
        source = arguments.database
        if arguments.replicate:
            replicate(source, Path(folder), arguments.replicate)
            source = Path(folder)
        figures = measure(source, arguments.threads, not arguments.no_plain)
    show(figures, arguments.json)


def measure(source: Path, threads: int, with_plain: bool) -> dict[str, Any]:
    """Seconds of opening, of all checks, of judging them anew, and of the statements one at a time."""
    began, cpu = time.perf_counter(), time.process_time()
    with open_database(source, threads=threads) as database:
        opened = time.perf_counter()
        quality = check_quality(database, today=TODAY)
        checked, cpu_checked = time.perf_counter(), time.process_time()
        judged = quality.with_thresholds({"isRequired": 5.0})
        statuses = Counter(one.status for one in judged.results)
        again = time.perf_counter() - checked
        figures: dict[str, Any] = {
            "n": len(quality.results),
            "rows": sum(quality.rows.values()),
            "measurement_rows": quality.rows.get("measurement", 0),
            "open_seconds": opened - began,
            "check_seconds": checked - opened,
            "seconds": checked - began,
            "cpu_seconds": cpu_checked - cpu,
            "new_threshold_seconds": again,
            **{status: statuses[status] for status in ("passed", "failed", "not_applicable", "error")},
        }
        if with_plain:
            figures |= _one_at_a_time(database, quality)
    figures["peak_gigabytes"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return figures


def _one_at_a_time(database: Database, quality: Any) -> dict[str, Any]:
    began, differing, run = time.perf_counter(), 0, 0
    for one in quality.results:
        if one.check.name in _OF_FORM or one.reason.startswith(("table", "field_absent", "needs")):
            continue
        counts = database.connection.execute(plain(one.check, TODAY)).fetchone()
        run += 1
        if one.reason != "field_empty":
            differing += counts != (one.violated or 0, one.rows or 0)
    return {"plain_statements": run, "plain_seconds": time.perf_counter() - began, "counts_that_differ": differing}


def replicate(source: Path, folder: Path, rows: int) -> None:
    """Repeat the persons of a database with their records until there are so many measurement rows."""
    with open_database(source) as database:
        connection = database.connection
        times = -(-rows // database.tables["measurement"].rows)
        connection.execute(f"CREATE TABLE repeats AS SELECT range AS k FROM range({times})")
        steps = {
            name: connection.execute(f"SELECT coalesce(max({name}_id), 0) + 1 FROM cdm.{name}").fetchone()[0]
            for name in _RENUMBERED
        }
        for name, table in database.tables.items():
            selected, fields = [], cdm_tables()[name].fields
            of_persons = "person_id" in table.columns
            for column in table.columns:
                target = fields[column].foreign_table or (name if fields[column].primary_key else "")
                if of_persons and target in steps and column.endswith("_id"):
                    selected.append(f'"{column}" + k * {steps[target]} AS "{column}"')
                elif of_persons and fields[column].primary_key:
                    selected.append(f'"{column}" + k * {table.rows + 10_000_000} AS "{column}"')
                else:
                    selected.append(f'"{column}"')
            repeats = ", repeats" if of_persons else ""
            path = folder / f"{name}.parquet"
            connection.execute(
                f"COPY (SELECT {', '.join(selected)} FROM cdm.{name}{repeats}) TO '{path}' (FORMAT PARQUET)"
            )


if __name__ == "__main__":
    main()
