"""Does our MGPS fit as well as openEBGM, and score as it does at the same prior?

python benchmarks/safety/ebgm.py DATA [--golden FILE] [--theta A1 B1 A2 B2 P] [--squash] [--json] [--predictions FILE]

DATA is a file of reports or counts, or a folder with raw_caers.csv (reports) and gold_openEBGM_caers.csv (openEBGM
0.9.1: var1, var2, N, E, EBGM, Q05, Q95). The golden scores are compared at --theta, the prior that gave them, by
default that of openEBGM's squashed fit of CAERS. `objective` is minus the log likelihood of all pairs at our own fit;
nothing is drawn at random, so the figures have no interval.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from bencao.kernel.files import write_text
from bencao.safety.signals.counts import read_counts
from bencao.safety.signals.ebgm import Prior, ebgm, fit_prior, negative_log_likelihood, quantile

CAERS_THETA = (3.25033656579, 0.39972741793, 2.02718716204, 1.90917804699, 0.06541171242)
COLUMNS = {"EBGM": "ebgm", "Q05": "q05", "Q95": "q95"}


def fit(table: pl.DataFrame, squashed: bool) -> tuple[Prior, dict[str, Any]]:
    """Fit the prior, timed in CPU and wall seconds."""
    n, expected = table["n"].cast(pl.Float64).to_numpy(), table["expected"].to_numpy()
    cpu, wall = time.process_time(), time.perf_counter()
    found = fit_prior(n, expected, squashed=squashed)
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    return found.prior, {
        "objective": found.objective,
        "squashed_objective": found.squashed_objective,
        "fit_seconds": round(cpu, 4),
        "fit_wall_seconds": round(wall, 4),
        "points": found.points,
        "starts_that_reach_it": found.reached,
        "starts": found.starts,
        "largest_slope": found.slope,
        **{name: getattr(found.prior, name) for name in ("alpha1", "beta1", "alpha2", "beta2", "weight")},
    }


def scores(prior: Prior, table: pl.DataFrame) -> pl.DataFrame:
    """EBGM and its quantiles of every pair."""
    n, expected = table["n"].cast(pl.Float64).to_numpy(), table["expected"].to_numpy()
    return table.select("drug", "event", "n", "expected").with_columns(
        ebgm=pl.Series(ebgm(prior, n, expected)),
        q05=pl.Series(quantile(prior, n, expected, 0.05)),
        q95=pl.Series(quantile(prior, n, expected, 0.95)),
    )


def compare(table: pl.DataFrame, golden: Path, theta: Prior, own: Prior) -> dict[str, Any]:
    """Largest differences from golden scores, at the prior that gave them and at our own."""
    known = pl.read_csv(golden, infer_schema=False).select(
        pl.col("var1").alias("drug"),
        pl.col("var2").alias("event"),
        *(pl.col(name).cast(pl.Float64) for name in ("N", "E", *COLUMNS)),
    )
    joined = known.join(scores(theta, table), on=["drug", "event"])
    n, expected = table["n"].cast(pl.Float64).to_numpy(), table["expected"].to_numpy()
    result: dict[str, Any] = {
        "golden_pairs": known.height,
        "golden_pairs_found": joined.height,
        "max_abs_diff_n": float((joined["N"] - joined["n"]).abs().max()),  # type: ignore[arg-type]
        "max_abs_diff_e": float((joined["E"] - joined["expected"]).abs().max()),  # type: ignore[arg-type]
        "objective_at_theta": negative_log_likelihood(theta, n, expected),
    }
    for theirs, ours in COLUMNS.items():
        result[f"max_abs_diff_{ours}"] = float(np.abs(joined[theirs].to_numpy() - joined[ours].to_numpy()).max())
    mine = known.join(scores(own, table), on=["drug", "event"])
    result["max_abs_diff_ebgm_at_own_fit"] = float(np.abs(mine["EBGM"].to_numpy() - mine["ebgm"].to_numpy()).max())
    return result


def main() -> None:
    """Run on a file or a folder."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="a file of reports or counts, or the folder of the CAERS files")
    parser.add_argument("--golden", type=Path, help="openEBGM's scores of the same table")
    parser.add_argument("--theta", type=float, nargs=5, default=CAERS_THETA, help="the prior of the golden scores")
    parser.add_argument("--squash", action="store_true", help="fit on squashed data")
    parser.add_argument("--json", action="store_true", help="print one flat JSON object")
    parser.add_argument("--predictions", type=Path, help="write each pair's scores at our fit, one JSON a line")
    arguments = parser.parse_args()
    data, golden = arguments.data, arguments.golden
    if data.is_dir():
        data, golden = data / "raw_caers.csv", golden or data / "gold_openEBGM_caers.csv"
    table = read_counts(data).table.filter(pl.col("n") > 0)
    own, result = fit(table, arguments.squash)
    result = {"n": table.height, "reports": int(table["total"][0]), **result}
    if golden:
        result |= compare(table, golden, Prior(*arguments.theta), own)
    if arguments.predictions:
        rows = scores(own, table).iter_rows(named=True)
        write_text(arguments.predictions, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    if arguments.json:
        print(json.dumps(result))
        return
    for key, value in result.items():
        print(f"{key:32}{value}")


if __name__ == "__main__":
    main()
