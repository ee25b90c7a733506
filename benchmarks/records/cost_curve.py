"""What staging, loading and checking cost as the rows grow: time, memory, and the power of the rows that time grows by.

python benchmarks/records/cost_curve.py SYNTHEA.zip [--rows 10000 100000 1000000] [--repeats 3] [--engine URL]
    [--json] [--predictions FILE]

The measurements of an OMOP database are repeated to each number of rows, with their persons, as in `load_speed.py`;
they are staged, loaded, and the loaded database is checked by all checks of the Data Quality Dashboard. Each run is a
process of its own, so that memory is its own. The exponent is the slope of log CPU seconds on log rows by least
squares over all runs, with the 95 % interval of the slope (t); a fixed cost of the start makes it smaller at few rows,
so the slope between the two largest sizes is given beside it. With ``--engine spark:local[2]`` Spark loads and counts;
CPU seconds and memory are then of this process and its Java machine together.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
from figures import show
from scipy.stats import linregress
from scipy.stats import t as student

STEPS = ("stage_and_load", "check")


def main() -> None:
    """Run each size in a process of its own, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("database", type=Path)
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--engine", default="duckdb:")
    parser.add_argument("--one", type=int, help="only this size, in this process; its figures as JSON")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path, help="write the figures of every run here, as JSON lines")
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measure(arguments.database, arguments.one, arguments.engine)))
        return
    runs = [
        _apart(arguments.database, rows, arguments.engine) for rows in arguments.rows for _ in range(arguments.repeats)
    ]
    if arguments.predictions:
        arguments.predictions.write_text("".join(json.dumps(run) + "\n" for run in runs), encoding="utf-8")
    show(_figures(runs), arguments.json)


def _apart(database: Path, rows: int, engine: str) -> dict[str, Any]:
    command = [sys.executable, __file__, str(database), "--one", str(rows), "--engine", engine]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return found


def measure(database: Path, rows: int, engine: str) -> dict[str, Any]:
    """Seconds, CPU seconds and the most memory of one size."""
    import load_speed

    from bencao.records.cdm.database import open_database
    from bencao.records.cdm.spark import on_engine
    from bencao.records.quality.checking import check_quality

    folder = Path(tempfile.mkdtemp(prefix="bencao-cost-curve-"))
    try:
        loaded = load_speed.measure(database, folder, rows, engine)
        java = _cpu_seconds(_started())
        began, cpu = time.perf_counter(), _cpu_seconds(["self", *_started()])
        with open_database(folder / "omop") as opened:
            found = check_quality(on_engine(opened, engine))
            failed = sorted({one.reason for one in found.results if one.reason.startswith("engine")})
            if failed:
                raise RuntimeError(f"checks that {engine} did not run: {failed}")
            return {
                "rows": loaded["n"],
                "checks": len(found.results),
                "stage_and_load_seconds": loaded["seconds"],
                "stage_and_load_cpu_seconds": loaded["cpu_seconds"] + java,
                "check_seconds": time.perf_counter() - began,
                "check_cpu_seconds": _cpu_seconds(["self", *_started()]) - cpu,
                "peak_gigabytes": sum(map(_peak_gigabytes, ["self", *_started()])),
            }
    finally:
        shutil.rmtree(folder)


def _started() -> list[str]:
    """The processes that this one has started: Spark's Java machine."""
    return [child for task in Path("/proc/self/task").iterdir() for child in (task / "children").read_text().split()]


def _peak_gigabytes(process: str) -> float:
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next((float(line.split()[1]) / 1e6 for line in lines if line.startswith("VmHWM")), 0.0)


def _cpu_seconds(processes: list[str]) -> float:
    stats = [Path(f"/proc/{one}/stat").read_text().rpartition(")")[2].split() for one in processes]
    return sum(int(one[11]) + int(one[12]) for one in stats) / os.sysconf("SC_CLK_TCK")


def _figures(runs: list[dict[str, Any]]) -> dict[str, Any]:
    figures: dict[str, Any] = {"n": len(runs)}
    sizes = sorted({run["rows"] for run in runs})
    for step in STEPS:
        of_size = {size: [run[f"{step}_cpu_seconds"] for run in runs if run["rows"] == size] for size in sizes}
        rows = np.log([size for size in sizes for _ in of_size[size]])
        fit = linregress(rows, np.log([seconds for size in sizes for seconds in of_size[size]]))
        half = float(student.ppf(0.975, len(runs) - 2) * fit.stderr)
        figures[f"{step}_exponent"] = float(fit.slope)
        figures[f"{step}_exponent_low"], figures[f"{step}_exponent_high"] = fit.slope - half, fit.slope + half
        if len(sizes) > 1:
            least, most = (float(np.mean(of_size[size])) for size in sizes[-2:])
            figures[f"{step}_exponent_at_the_end"] = float(np.log(most / least) / np.log(sizes[-1] / sizes[-2]))
        for size in sizes:
            figures[f"{step}_cpu_seconds_{size}"] = float(np.mean(of_size[size]))
    for size in sizes:
        wall = [run["stage_and_load_seconds"] + run["check_seconds"] for run in runs if run["rows"] == size]
        figures[f"seconds_{size}"] = float(np.mean(wall))
        figures[f"peak_gigabytes_{size}"] = max(run["peak_gigabytes"] for run in runs if run["rows"] == size)
    return figures


if __name__ == "__main__":
    main()
