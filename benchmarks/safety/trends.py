"""Are the sequential test's critical values the published ones, and do it and the change-point test err as they say?

python benchmarks/safety/trends.py [--pairs N] [--periods T] [--expected E] [--ratio R] [--seed S] [--json]
                                   [--predictions FILE]

First the critical values of MaxSPRT against the tables of Kulldorff and others (2011) and Kulldorff and Silva (2015).
Then N pairs without effect and N whose reporting is R times what is expected from the middle period on, over T periods
with E reports expected in all: the share that the sequential test signals and that have a change with p at most 0.05,
and for the planted ones how often the change is found at its period and within one of it. `follow` is given the true
expected counts; reports give estimates. Intervals are Wilson's, 95 %.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from intervals import wilson

from bencao.kernel.files import write_text
from bencao.safety.signals.trends import critical_value, follow

# By upper limit: critical values at 0.05 with 1 event needed (2011, table 1), and with 3 and 4 (2015).
ONE = {
    1.0: 2.853937, 2.0: 3.046977, 5.0: 3.297183, 10.0: 3.467952, 20.0: 3.628123, 50.0: 3.819903, 100.0: 3.952321,
    200.0: 4.074828, 1000.0: 4.324917,
}  # fmt: skip
MORE = {(1.5, 3): 2.150707, (2.0, 3): 2.349680, (1.5, 4): 1.683209}


def published() -> float:
    """The largest difference from the published critical values, which have six decimals."""
    ours = [critical_value(limit) - value for limit, value in ONE.items()]
    return max(
        map(abs, ours + [critical_value(limit, 0.05, events) - value for (limit, events), value in MORE.items()])
    )


def main() -> None:
    """Run on seeded pairs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pairs", type=int, default=1_000)
    parser.add_argument("--periods", type=int, default=20)
    parser.add_argument("--expected", type=float, default=20.0)
    parser.add_argument("--ratio", type=float, default=2.5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print one flat JSON object")
    parser.add_argument("--predictions", type=Path, help="write each pair's row, one JSON a line")
    arguments = parser.parse_args()
    random, count, periods = np.random.default_rng(arguments.seed), arguments.pairs, arguments.periods
    names = [f"{at:04d}" for at in range(periods)]
    half = periods // 2
    expected = random.dirichlet(np.full(periods, 5.0), 2 * count) * arguments.expected
    planted = np.arange(2 * count) >= count
    after = planted[:, None] & (np.arange(periods) >= half)
    n = random.poisson(expected * np.where(after, arguments.ratio, 1.0))
    columns = {
        "drug": np.repeat(np.where(planted, "planted", "none"), periods),
        "event": np.repeat([f"{at:06d}" for at in range(2 * count)], periods),
        "period": names * (2 * count),
        "n": n.ravel(),
        "expected": expected.ravel(),
    }
    start = time.perf_counter()
    found = follow(pl.DataFrame(columns), minimum=1, seed=arguments.seed).pairs
    seconds = time.perf_counter() - start
    apart = (pl.col("change_from").cast(pl.Int64, strict=False) - half).abs()
    told = found.with_columns(
        signalled=pl.col("sequential_from").is_not_null(), changed=pl.col("change_p") <= 0.05, apart=apart
    )
    none, true = told.filter(pl.col("drug") == "none"), told.filter(pl.col("drug") == "planted")
    shares = {
        "signalled_without_effect": int(none["signalled"].sum()),
        "changed_without_effect": int(none["changed"].sum()),
        "signalled_planted": int(true["signalled"].sum()),
        "changed_planted": int(true["changed"].sum()),
        "change_at_its_period": int((true["apart"] == 0).sum()),
        "change_within_one": int((true["apart"] <= 1).sum()),
    }
    result: dict[str, Any] = {"n": count, "periods": periods, "largest_difference_from_published": published()}
    for name, hits in shares.items():
        result |= {name: hits / count}
        result |= dict(zip((f"{name}_low", f"{name}_high"), wilson(hits, count), strict=True))
    result["seconds"] = round(seconds, 1)
    if arguments.predictions:
        write_text(arguments.predictions, "".join(json.dumps(row) + "\n" for row in told.to_dicts()))
    if arguments.json:
        print(json.dumps(result))
        return
    for key, value in result.items():
        print(f"{key:36}{value:.4g}" if isinstance(value, float) else f"{key:36}{value}")


if __name__ == "__main__":
    main()
