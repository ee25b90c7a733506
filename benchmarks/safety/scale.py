"""What does it cost to count 20 million reports, are the cells those of plain SQL, and how does the cost grow?

python benchmarks/safety/scale.py [--reports 20000000] [--curve 200000 600000 ...] [--sql] [--spark] [--folder DIR]
    [--seed 0] [--json] [--predictions FILE]
python benchmarks/safety/scale.py --drugs FILE --events FILE [--sql] [--spark]

Without files, reports are drawn: 2.5 drugs and 3 reactions a report, of 5,000 drugs and 15,000 reactions whose use
falls as a power of their rank, rows in no order, some twice. Every job is a process of its own; CPU seconds, wall
seconds and peak memory are those of the whole process, from the files to the written cells. --sql counts the same files
with one plain SQL statement in DuckDB and compares every cell; --spark does so by the shared plan on local Spark (give
it 200,000 reports or so). Counting draws nothing, so the figures have no interval.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from bencao.kernel.files import write_text
from bencao.kernel.tables import open_store
from bencao.safety.signals.counts import CELLS, count_report_files, count_report_tables

DRUGS, EVENTS = 5_000, 15_000
CHUNK = 1_000_000
SQL = """
COPY (
  WITH d AS (SELECT DISTINCT report, drug FROM '{drugs}'), e AS (SELECT DISTINCT report, event FROM '{events}'),
  shared AS (SELECT DISTINCT report FROM d SEMI JOIN e USING (report)),
  c AS (SELECT drug, event, count(*) AS n FROM d JOIN e USING (report) GROUP BY ALL),
  m AS (SELECT drug, count(*) AS n_drug FROM d SEMI JOIN shared USING (report) GROUP BY ALL),
  k AS (SELECT event, count(*) AS n_event FROM e SEMI JOIN shared USING (report) GROUP BY ALL)
  SELECT drug, event, n, n_drug, n_event, (SELECT count(*) FROM shared) AS total FROM c JOIN m USING (drug)
  JOIN k USING (event)
) TO '{out}' (FORMAT parquet)
"""


def draw(folder: Path, reports: int, seed: int) -> tuple[Path, Path]:
    """Write two tables of drawn reports."""
    random = np.random.default_rng(seed)
    paths = folder / f"drugs_{reports}.parquet", folder / f"events_{reports}.parquet"
    kinds = (("drug", DRUGS, 2.5), ("event", EVENTS, 3.0))
    for path, (column, many, mean) in zip(paths, kinds, strict=True):
        names = pa.array([f"{column} {number:05d}" for number in random.permutation(many)])
        share = 1.0 / (np.arange(many) + 20.0)
        cumulative = np.cumsum(share / share.sum())
        writer = None
        for begin in range(0, reports, CHUNK):
            ids = np.arange(begin, min(begin + CHUNK, reports)) + 10_000_000
            extra = random.choice(ids, round(len(ids) * (mean - 1)))
            rows = random.permutation(np.concatenate([ids, extra]))
            codes = np.searchsorted(cumulative, random.random(len(rows))).clip(max=many - 1).astype(np.int32)
            texts = pa.DictionaryArray.from_arrays(pa.array(codes), names)
            table = pa.table({"report": rows, column: texts.cast(pa.string())})
            writer = writer or pq.ParquetWriter(path, table.schema)
            writer.write_table(table)
        assert writer
        writer.close()
    return paths


def job(engine: str, drugs: Path, events: Path, out: Path) -> None:
    """Count two files by an engine and write the cells."""
    if engine == "arrays":
        count_report_files(drugs, events).write_parquet(out)
    elif engine == "sql":
        connection = duckdb.connect()
        connection.execute("SET threads = 2; SET memory_limit = '6GB'")
        connection.execute(f"SET temp_directory = '{out.parent}'")
        connection.execute(SQL.format(drugs=drugs, events=events, out=out))
    else:
        store = open_store(engine)
        count_report_tables(store, store.scan(drugs), store.scan(events)).write_parquet(out)


def measured(engine: str, drugs: Path, events: Path, folder: Path) -> tuple[Path, dict[str, float]]:
    """Run a job in a process of its own: its cells, CPU and wall seconds, and peak megabytes."""
    out = folder / f"cells_{engine.rstrip(':').replace('[', '_').replace(']', '')}.parquet"
    command = [sys.executable, __file__, "--job", engine, "--drugs", str(drugs), "--events", str(events)]
    start = time.perf_counter()
    child = subprocess.Popen([*command, "--out", str(out)])
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{engine} failed with status {status}")
    return out, {
        "cpu_seconds": round(usage.ru_utime + usage.ru_stime, 2),
        "wall_seconds": round(time.perf_counter() - start, 2),
        "peak_mb": round(usage.ru_maxrss / 1024, 1),
    }


def differing(first: Path, second: Path) -> int:
    """Cells that are not the same in two files, either way."""
    connection = duckdb.connect()
    connection.execute(f"SET temp_directory = '{first.parent}'; SET memory_limit = '6GB'")
    cells = ", ".join(f"{name}::VARCHAR" if name in CELLS[:2] else f"{name}::BIGINT" for name in CELLS)
    sums = f"SELECT count(*), sum(hash({cells})::HUGEINT), bit_xor(hash({cells})) FROM '{{}}'"
    one, two = (connection.execute(sums.format(path)).fetchone() for path in (first, second))
    if one == two:  # number, sum and exclusive or of all rows' 64-bit hashes
        return 0
    found = connection.execute(
        f"SELECT count(*) FROM ((SELECT {cells} FROM '{first}' EXCEPT SELECT {cells} FROM '{second}') UNION ALL "
        f"(SELECT {cells} FROM '{second}' EXCEPT SELECT {cells} FROM '{first}'))"
    ).fetchone()
    assert found
    return int(found[0])


def measure(drugs: Path, events: Path, folder: Path, engines: list[str]) -> dict[str, Any]:
    """Figures of one pair of files."""
    rows = {name: pq.ParquetFile(path).metadata.num_rows for name, path in (("drug", drugs), ("event", events))}
    out, cost = measured("arrays", drugs, events, folder)
    cells = pl.scan_parquet(out).select(pl.len(), pl.col("n").sum(), pl.col("total").first()).collect().row(0)
    figures: dict[str, Any] = {
        "n": cells[2],
        "drug_rows": rows["drug"],
        "event_rows": rows["event"],
        "cells": cells[0],
        "pairs_of_reports": cells[1],
        **cost,
    }
    for engine in engines:
        name = engine.partition(":")[0]
        theirs, cost = measured(engine, drugs, events, folder)
        if name == "spark":  # its Java process is not a child that is waited for: only the wall time is whole
            cost = {"wall_seconds": cost["wall_seconds"]}
        figures |= {f"{name}_{key}": value for key, value in cost.items()}
        figures[f"{name}_cells_differing"] = differing(out, theirs)
        theirs.unlink()
    out.unlink()
    return figures


def main() -> None:
    """Run on drawn or given reports."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--reports", type=int, default=20_000_000)
    parser.add_argument("--curve", type=int, nargs="*", default=[], help="other numbers of reports, for the curve")
    parser.add_argument("--drugs", type=Path, help="a file of report, drug")
    parser.add_argument("--events", type=Path, help="a file of report, event")
    parser.add_argument("--sql", action="store_true", help="count with SQL too, and compare")
    parser.add_argument("--spark", action="store_true", help="count on local Spark too, and compare")
    parser.add_argument("--folder", type=Path, help="where the drawn files and cells lie; a temporary one by default")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--json", action="store_true", help="print one flat JSON object")
    parser.add_argument("--predictions", type=Path, help="write the figures of each size, one JSON a line")
    parser.add_argument("--job", help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.job:
        job(arguments.job, arguments.drugs, arguments.events, arguments.out)
        return
    engines = ["sql"] * arguments.sql + ["spark:local[2]"] * arguments.spark
    with tempfile.TemporaryDirectory(dir=arguments.folder) as name:
        folder, runs = Path(name), []
        if arguments.drugs:
            runs.append(measure(arguments.drugs, arguments.events, folder, engines))
        else:
            for reports in sorted({arguments.reports, *arguments.curve}):
                drugs, events = draw(folder, reports, arguments.seed)
                runs.append(measure(drugs, events, folder, engines))
                drugs.unlink()
                events.unlink()
    if arguments.predictions:
        write_text(arguments.predictions, "".join(json.dumps(run) + "\n" for run in runs))
    result = {**runs[-1], "seed": arguments.seed}
    for run in runs[:-1]:
        result |= {f"{key}_at_{run['n']}": run[key] for key in ("cpu_seconds", "wall_seconds", "peak_mb")}
    if arguments.json:
        print(json.dumps(result))
        return
    for key, value in result.items():
        print(f"{key:36}{value}")


if __name__ == "__main__":
    main()
