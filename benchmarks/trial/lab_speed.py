"""Time baseline, change, flags and summaries of laboratory data at growing sizes, with pandas beside them.

python benchmarks/trial/lab_speed.py LB.parquet [--rows 12400000] [--runs 3] [--json]

LB.parquet is a laboratory domain (USUBJID, LBTESTCD, LBSTRESN, LBSTNRLO, LBSTNRHI, VISITNUM, LBDY, LBSEQ). It is
repeated with new subjects up to as many rows as asked for. The steps are building blocks; the data set is built first
and the summaries are made from it, as a study's tables are. Every run is a process of its own and gives CPU seconds (of
all threads, of reading the file and computing, not of starting Python) and the peak of its memory.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl

from bencao.trial.derive.findings import baseline_record, change
from bencao.trial.derive.rows import aggregate, compute

_COLUMNS = ["USUBJID", "LBTESTCD", "LBSTRESN", "LBSTNRLO", "LBSTNRHI", "VISITNUM", "LBDY", "LBSEQ"]


def enlarge(source: Path, rows: int, target: Path) -> int:
    """Write as many rows, in blocks of new subjects; give how many there are."""
    one = pl.read_parquet(source, columns=_COLUMNS)
    copies = -(-rows // len(one))
    folder = target.parent
    for number in range(copies):
        block = one.with_columns(USUBJID=pl.concat_str(pl.col("USUBJID"), pl.lit(f"-{number:04}")))
        block.write_parquet(folder / f"block{number:05}.parquet")
    pl.scan_parquet(folder / "block*.parquet").head(rows).sink_parquet(target)
    for block_file in folder.glob("block*.parquet"):
        block_file.unlink()
    return rows


def with_blocks(path: Path) -> dict[str, float]:
    """Run the building blocks of the room on polars."""
    data = nw.from_native(pl.scan_parquet(path))
    data = compute(
        data,
        AVAL="LBSTRESN",
        ANRIND="'LOW' if LBSTRESN < LBSTNRLO else 'HIGH' if LBSTRESN > LBSTNRHI else 'NORMAL'",
    )
    data = baseline_record(
        data,
        by=["USUBJID", "LBTESTCD"],
        order=["LBDY", "LBSEQ"],
        where="LBDY <= 1 and AVAL is not None",
        values={"BASE": "AVAL", "BNRIND": "ANRIND"},
    )
    frame = change(data, percent="PCHG").collect("polars").to_native()
    summary = aggregate(
        nw.from_native(frame.lazy()),
        by=["LBTESTCD", "VISITNUM"],
        values={"N": "count(CHG)", "MEAN": "mean(CHG)", "SD": "std(CHG)", "LEAST": "min(CHG)", "MOST": "max(CHG)"},
    )
    summaries = summary.collect("polars").to_native()
    return {"rows": len(frame), "flagged": frame["ABLFL"].count(), "check": float(summaries["MEAN"].sum())}


def with_pandas(path: Path) -> dict[str, float]:
    """Do the same in pandas."""
    data = pd.read_parquet(path)
    data["AVAL"] = data["LBSTRESN"]
    low, high = data["LBSTRESN"] < data["LBSTNRLO"], data["LBSTRESN"] > data["LBSTNRHI"]
    data["ANRIND"] = np.select([low, high], ["LOW", "HIGH"], "NORMAL")
    data = data.sort_values(["USUBJID", "LBTESTCD", "LBDY", "LBSEQ"], kind="stable")
    before = data[(data["LBDY"] <= 1) & data["AVAL"].notna()]
    last = before.groupby(["USUBJID", "LBTESTCD"], sort=False).tail(1)
    data["ABLFL"] = None
    data.loc[last.index, "ABLFL"] = "Y"
    base = last[["USUBJID", "LBTESTCD", "AVAL", "ANRIND"]].rename(columns={"AVAL": "BASE", "ANRIND": "BNRIND"})
    data = data.merge(base, on=["USUBJID", "LBTESTCD"], how="left")
    data["CHG"] = data["AVAL"] - data["BASE"]
    data["PCHG"] = np.where(data["BASE"] != 0, 100 * data["CHG"] / data["BASE"], np.nan)
    summary = data.groupby(["LBTESTCD", "VISITNUM"])["CHG"].agg(["count", "mean", "std", "min", "max"])
    return {"rows": len(data), "flagged": int(data["ABLFL"].notna().sum()), "check": float(summary["mean"].sum())}


ENGINES = {"blocks": with_blocks, "pandas": with_pandas}


def measure(engine: str, path: Path) -> dict[str, float]:
    """Run one engine in a process of its own."""
    command = [sys.executable, __file__, str(path), "--engine", engine]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    figures: dict[str, float] = json.loads(done.stdout)
    return figures


def compare(path: Path, key: str, runs: int) -> dict[str, float]:
    """Run the engines in turn; their results must agree."""
    measured: dict[str, list[dict[str, float]]] = {engine: [] for engine in ENGINES}
    for _ in range(runs):
        for engine in ENGINES:
            measured[engine].append(measure(engine, path))
    results = {(run["rows"], run["flagged"], round(run["check"], 6)) for each in measured.values() for run in each}
    if len(results) != 1:
        raise SystemExit(f"the engines disagree: {sorted(results)}")
    ((rows, *_),) = results
    figures: dict[str, float] = {}
    for engine, each in measured.items():
        seconds = [run["cpu_seconds"] for run in each]
        median, peak = statistics.median(seconds), max(run["peak_gb"] for run in each)
        figures |= {
            f"{engine}_{key}_cpu_seconds": round(median, 3),
            f"{engine}_{key}_cpu_seconds_least": round(min(seconds), 3),
            f"{engine}_{key}_cpu_seconds_most": round(max(seconds), 3),
            f"{engine}_{key}_peak_gb": round(peak, 3),
        }
        line = f"{rows:12,.0f} {engine:8}{median:8.2f}{min(seconds):8.2f}{max(seconds):8.2f}{peak:7.2f}"
        print(f"{line}{1e6 * median / rows:10.3f}", file=sys.stderr)
    return figures


def main() -> None:
    """Enlarge, run, report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--rows", type=int, default=12_400_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--engine", choices=ENGINES, help="run only this one, on the file as it is")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if arguments.engine:
        started = time.process_time()
        result = ENGINES[arguments.engine](arguments.file)
        result["cpu_seconds"] = time.process_time() - started
        result["peak_gb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
        print(json.dumps(result))
        return
    figures: dict[str, float] = {"n": arguments.rows}
    heading = f"{'rows':>12} {'engine':8}{'CPU s':>8}{'least':>8}{'most':>8}{'GB':>7}{'us a row':>10}"
    print(heading, file=sys.stderr)
    for share in (1000, 100, 10, 1):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "lb.parquet"
            enlarge(arguments.file, arguments.rows // share, path)
            figures |= compare(path, f"{1000 // share}x", arguments.runs)
    if arguments.json:
        print(json.dumps(figures))


if __name__ == "__main__":
    main()
