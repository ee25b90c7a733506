"""What a cohort costs: propensity, weights and outcome of many persons with 100 covariates, on this machine.

python benchmarks/evidence/scale_of_cohorts.py FOLDER [--persons 100000 1000000] [--covariates 100] [--outcomes 1 200]
    [--seed 1] [--json] [--predictions FILE]

Each size is drawn into FOLDER as a DuckDB file (kept, and taken again), from hashes of person and covariate, so that
the same seed gives the same persons. A tenth of the covariates is continuous, the others are 0 or 1; twenty drive the
treatment, and ten of those every outcome, whose risk the treatment raises by exactly 0.01. Each size runs in a process
of its own, whose greatest memory is what it took. Beside it, on the smallest size, what memory holds at once gives the
same (`difference_from_memory`).
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
from figures_of_studies import show

from bencao.evidence.estimators.data.study_data import study_data
from bencao.evidence.estimators.estimate import estimate
from bencao.evidence.estimators.streamed.passing import open_rows
from bencao.evidence.estimators.streamed.weighting import streamed_ipw

TRUTH = 0.01


def main() -> None:
    """Measure each size in a process of its own; print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--persons", type=int, nargs="+", default=[100_000, 1_000_000])
    parser.add_argument("--covariates", type=int, default=100)
    parser.add_argument("--outcomes", type=int, nargs="+", default=[1])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--one", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    arguments = parser.parse_args()
    if arguments.one:
        print(json.dumps(measure(arguments)))
        return
    figures: dict[str, Any] = {"n": max(arguments.persons), "covariates": arguments.covariates, "truth": TRUTH}
    rows = []
    for persons in sorted(arguments.persons):
        draw(arguments.folder, persons, arguments.covariates, max(arguments.outcomes), arguments.seed)
        for outcomes in arguments.outcomes:
            told = ["--persons", persons, "--covariates", arguments.covariates, "--outcomes", outcomes]
            command = [sys.executable, __file__, arguments.folder, *told, "--seed", arguments.seed, "--one"]
            found = json.loads(subprocess.run([*map(str, command)], check=True, capture_output=True, text=True).stdout)
            rows += [{"persons": persons, "outcomes": outcomes, **one} for one in found.pop("estimates")]
            figures |= {f"{persons}_{outcomes}_{name}": value for name, value in found.items()}
    smallest = min(arguments.persons)
    if smallest <= 200_000:
        first = next(one for one in rows if one["persons"] == smallest)
        figures |= beside_memory(arguments.folder, smallest, arguments.covariates, first)
    if arguments.predictions:
        pd.DataFrame(rows).to_csv(arguments.predictions, index=False)
    show(figures, arguments.json)


def place(folder: Path, persons: int) -> Path:
    """The file of a size."""
    return folder / f"cohort_{persons}.duckdb"


def draw(folder: Path, persons: int, covariates: int, outcomes: int, seed: int) -> None:
    """Draw a cohort, unless the file is there with as many outcomes."""
    folder.mkdir(parents=True, exist_ok=True)
    path = place(folder, persons)
    if path.exists():
        with duckdb.connect(str(path), read_only=True) as connection:
            columns = {name for name, *_ in connection.execute("DESCRIBE analysis").fetchall()}
        if f"y{outcomes - 1}" in columns and f"x{covariates - 1}" in columns:
            return
        path.unlink()

    def uniform(stream: int) -> str:
        # One multiplication and one hash a number; hash() gives 64 bits.
        return f"((hash(i * 1000003 + {seed * 100_000 + stream}) >> 40) / 16777216.0)"

    shown = []
    for number in range(covariates):
        if number % 10 == 0:
            shown.append(f"CAST({uniform(number)} * 3.4641 - 1.73205 AS FLOAT) AS x{number}")
        else:
            shown.append(f"CAST({uniform(number)} < {0.05 + 0.4 * (number % 10) / 10:.3f} AS TINYINT) AS x{number}")
    score = " + ".join(f"{(-1) ** number * 0.25} * x{number}" for number in range(20))
    arm = f"CAST(1 / (1 + exp(-({score} - 0.3))) > {uniform(covariates)} AS TINYINT) AS arm"
    risk = "0.1 + " + " + ".join(f"{0.02 if number % 2 == 0 else -0.01} * x{number}" for number in range(10))
    happened = [
        f"CAST({risk} + {TRUTH} * arm > {uniform(covariates + 1 + number)} AS TINYINT) AS y{number}"
        for number in range(outcomes)
    ]
    with duckdb.connect(str(path), config={"threads": 2, "memory_limit": "3GB"}) as connection:
        connection.execute(
            f"CREATE TABLE analysis AS SELECT * EXCLUDE (i), {', '.join(happened)} FROM (SELECT *, {arm} FROM "
            f"(SELECT i, {', '.join(shown)} FROM range({persons}) t(i)))"
        )


def measure(arguments: argparse.Namespace) -> dict[str, Any]:
    """Run one size with so many outcomes."""
    (persons,), (outcomes,) = arguments.persons, arguments.outcomes
    began = time.perf_counter()
    rows = open_rows(place(arguments.folder, persons), "arm", [f"x{number}" for number in range(arguments.covariates)])
    found = streamed_ipw(rows, [f"y{number}" for number in range(outcomes)])
    seconds = time.perf_counter() - began
    covered = [one.low <= TRUTH <= one.high for _, one in found.estimates]
    first = found.estimates[0][1]
    return {
        "seconds": seconds,
        "seconds_each_outcome": seconds / outcomes,
        "gigabytes": peak_gigabytes(),
        "passes": found.passes + 1,
        "estimate": first.value,
        "low": first.low,
        "high": first.high,
        "covered": sum(covered) / len(covered),
        "largest_difference_before": max(abs(before) for _, before, _ in found.balance),
        "largest_difference_after": max(abs(after) for _, _, after in found.balance),
        "estimates": [
            {"outcome": name, "value": one.value, "low": one.low, "high": one.high} for name, one in found.estimates
        ],
    }


def peak_gigabytes() -> float:
    """Greatest memory of this process alone; `ru_maxrss` would count that of the process which started it."""
    status = Path("/proc/self/status")
    for line in status.read_text(encoding="ascii").splitlines() if status.exists() else ():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6


def beside_memory(folder: Path, persons: int, covariates: int, first: dict[str, Any]) -> dict[str, float]:
    """The same estimate from all rows in memory."""
    with duckdb.connect(str(place(folder, persons)), read_only=True) as connection:
        table = connection.execute("SELECT * FROM analysis").df()
    names = [f"x{number}" for number in range(covariates)]
    began = time.perf_counter()
    data = study_data(table, treatment="arm", outcome="y0", covariates=names, kind="binary")
    held, crude = estimate(data, "ipw"), estimate(data, "crude")
    return {
        "memory_seconds": time.perf_counter() - began,
        "crude": crude.value,
        "crude_low": crude.low,
        "crude_high": crude.high,
        "difference_from_memory": abs(held.value - first["value"]),
        "difference_of_low_end": abs(held.low - first["low"]),
    }


if __name__ == "__main__":
    main()
