"""Judges PRR, ROR, IC and EBGM by controls, and what calibration does to their error.

python benchmarks/safety/evaluate.py REPORTS --controls FILE|omop|eu-adr|ohdsi [--event-terms FILE] [--json]
python benchmarks/safety/evaluate.py --simulate [--seed N] [--json]

REPORTS is a table of report, drug and event, such as `bencao safety reports` makes of FAERS. No such data lie beside
this repository: with --simulate, reports are drawn in which every second control drug causes its event, and in which
reporting of every control pair leans by a random amount. Those figures say that the method does what it should, and
nothing of real data.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
from rich.console import Console
from rich.table import Table

from bencao.safety.signals.calibration import (
    Control,
    Evaluation,
    evaluate,
    load_controls,
    read_controls,
    read_event_terms,
)
from bencao.safety.signals.calibration.controls import SETS, shipped_drug_names, shipped_event_terms
from bencao.safety.signals.counts.counting import count_pairs
from bencao.safety.signals.ebgm import fit_prior

PAIRS = 200  # controls simulated, half of them positive
LEAN, SPREAD = 0.4, 0.35  # systematic error of the logarithm of the reporting ratio
EFFECT = 3.0  # ratio of a positive control
RATE = 0.03


def simulated(reports: int, seed: int) -> tuple[pl.DataFrame, list[Control]]:
    """Reports of one drug and one event each, with leaning controls; see the file's head."""
    random = np.random.default_rng(seed)
    lean = np.exp(random.normal(LEAN, SPREAD, PAIRS)) * np.where(np.arange(PAIRS) % 2, EFFECT, 1.0)
    popular = random.dirichlet(np.full(PAIRS, 2.0))
    drug = random.choice(PAIRS, reports, p=popular)
    event = random.choice(PAIRS, reports, p=popular)
    own = random.random(reports) < np.clip(popular[drug] * (lean[drug] - 1), 0, 1)
    event = np.where(own, drug, event)
    table = pl.DataFrame(
        {
            "report": np.arange(reports).astype(str),
            "drug": [f"drug {one}" for one in drug],
            "event": [f"event {one}" for one in event],
        }
    )
    return table, [Control(f"drug {one}", f"event {one}", bool(one % 2)) for one in range(PAIRS)]


def figures(found: Evaluation) -> dict[str, Any]:
    """One flat object."""
    result: dict[str, Any] = {"n": found.table.height, "not_found": len(found.not_found)}
    for one in found.measures:
        shares = {"auc": one.auc, "flagged": one.flagged, "before": one.error_before, "after": one.error_after}
        for name, share in shares.items():
            if share is not None:
                result |= {f"{one.measure}_{name}": share.value, f"{one.measure}_{name}_n": share.n}
                result |= {f"{one.measure}_{name}_low": share.low, f"{one.measure}_{name}_high": share.high}
        if one.null is not None:
            result |= {f"{one.measure}_null_mean": one.null.mean, f"{one.measure}_null_sd": one.null.sd}
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("reports", type=Path, nargs="?", help=".csv or .parquet: report, drug, event")
    parser.add_argument("--controls", default="omop", help=f"{', '.join(SETS)}, or a CSV: drug, outcome, positive")
    parser.add_argument("--event-terms", type=Path, help="CSV: outcome, event")
    parser.add_argument("--simulate", type=int, nargs="?", const=300_000, metavar="REPORTS")
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path, help="write every control with its measures: .csv")
    arguments = parser.parse_args()
    if arguments.simulate:
        table, controls = simulated(arguments.simulate, arguments.seed)
        terms: dict[str, tuple[str, ...]] = {}
    elif arguments.reports:
        read = pl.read_parquet if arguments.reports.suffix == ".parquet" else pl.read_csv
        table = read(arguments.reports).select(pl.col("report", "drug", "event").cast(pl.String))
        listed = arguments.controls in SETS
        controls = list(load_controls(arguments.controls) if listed else read_controls(Path(arguments.controls)))
        terms = read_event_terms(arguments.event_terms) if arguments.event_terms else shipped_event_terms()
    else:
        sys.exit("give REPORTS or --simulate")
    counts = count_pairs(table)
    expected = (counts["n_drug"] * counts["n_event"] / counts["total"]).to_numpy()
    found = evaluate(table, controls, terms, shipped_drug_names(), fit_prior(counts["n"].to_numpy(), expected))
    if arguments.predictions:
        found.table.write_csv(arguments.predictions)
    result = figures(found) | {"seed": arguments.seed, "simulated": bool(arguments.simulate)}
    if arguments.json:
        print(json.dumps(result))
        return
    shown = Table("", "AUC", "negatives flagged", "error before", "after", title=f"{result['n']} controls")
    for one in found.measures:
        cells = [one.auc, one.flagged, one.error_before, one.error_after]
        shown.add_row(one.measure, *(f"{s.value:.3f} ({s.low:.3f} to {s.high:.3f})" if s else "" for s in cells))
    Console().print(shown)


if __name__ == "__main__":
    main()
