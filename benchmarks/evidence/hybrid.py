"""Type-1 error and gain of a trial with borrowed controls, under drifts of the external controls.

python benchmarks/evidence/hybrid.py [TRIAL.csv EXTERNAL.csv --treatment T --outcome Y --covariates A,B] [--draws N]
[--json] [--predictions FILE]

Without files: simulated trials of 200 treated and 100 controls with 200 external controls, no effect, a covariate;
the external mean drifts by so many standard deviations of the outcome (0 to 1.2). `type1_METHOD_DRIFT` is how often no
effect is rejected at 5 %, `type1_METHOD_max` the largest with its exact 95 % interval; `pooled` counts all external
controls as the trial's own, `alone` none. `gain_METHOD` is the mean number of persons by which the control arm grew
where nothing drifts.
With files: the estimates for them.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from figures_of_studies import show
from scipy.stats import beta

from bencao.evidence.borrowing.hybrid_arm import METHODS, HybridData, borrow, hybrid_data
from bencao.evidence.estimators.data.reading import read_table
from bencao.evidence.estimators.data.study_data import study_data

DRIFTS = (0.0, 0.2, 0.3, 0.45, 0.7, 1.2)
LIMIT = 0.07


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("trial", type=Path, nargs="?")
    parser.add_argument("external", type=Path, nargs="?")
    parser.add_argument("--treatment", default="treat")
    parser.add_argument("--outcome", default="outcome")
    parser.add_argument("--covariates", default="")
    parser.add_argument("--draws", type=int, default=400)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    arguments = parser.parse_args()
    if arguments.trial:
        show(of_files(arguments), arguments.json)
        return
    rows = pd.DataFrame(
        [row for drift in DRIFTS for seed in range(arguments.draws) for row in drawn(drift, seed)],
        columns=["drift", "seed", "method", "value", "low", "high", "borrowed"],
    )
    if arguments.predictions:
        rows.to_csv(arguments.predictions, index=False)
    show(summed(rows, arguments.draws), arguments.json)


def simulate(drift: float, seed: int) -> HybridData:
    """A trial without an effect, and external controls."""
    draw = np.random.default_rng((seed, round(100 * drift)))
    arm, a, other = np.arange(300) % 3 > 0, draw.normal(size=300), draw.normal(0.3, 1, 200)
    noise = np.sqrt(0.75)  # the outcome has a standard deviation of 1
    table = pd.DataFrame({"arm": arm * 1.0, "gain": 0.5 * a + noise * draw.normal(size=300), "a": a})
    trial = study_data(table, treatment="arm", outcome="gain", covariates=["a"], kind="continuous")
    # The covariate that differs is made good in the drift, so that every method meets the drift that is named.
    gain = 0.5 * (other - 0.3) + drift + noise * draw.normal(size=200)
    return HybridData(trial, gain, other[:, None] - 0.3)


def drawn(drift: float, seed: int) -> list[tuple[Any, ...]]:
    """What each method says of one drawing."""
    data = simulate(drift, seed)
    rows: list[tuple[Any, ...]] = []
    for method in METHODS:
        found = borrow(data, method, limit=LIMIT)
        rows.append(
            (drift, seed, method, found.estimate.value, found.estimate.low, found.estimate.high, found.borrowed)
        )
    rows.append((drift, seed, "alone", found.alone.value, found.alone.low, found.alone.high, 0.0))
    treated = data.trial.outcome[data.trial.treatment == 1]
    controls = np.append(data.trial.outcome[data.trial.treatment == 0], data.external)
    value = treated.mean() - controls.mean()
    half = 1.96 * np.sqrt(treated.var(ddof=1) / len(treated) + controls.var(ddof=1) / len(controls))
    rows.append((drift, seed, "pooled", value, value - half, value + half, float(len(data.external))))
    return rows


def summed(rows: pd.DataFrame, draws: int) -> dict[str, Any]:
    """Errors by drift, the largest of each method, and the gain."""
    figures: dict[str, Any] = {"n": draws, "drifts": len(DRIFTS), "limit": LIMIT}
    rejected = (rows.low > 0) | (rows.high < 0)
    for method in (*METHODS, "pooled", "alone"):
        own = rows.method == method
        hits = {drift: int(rejected[own & (rows.drift == drift)].sum()) for drift in DRIFTS}
        figures |= {f"type1_{method}_{drift}": count / draws for drift, count in hits.items()}
        most = max(hits.values())
        figures[f"type1_{method}_max"] = most / draws
        figures[f"type1_{method}_max_low"] = float(beta.ppf(0.025, most, draws - most + 1)) if most else 0.0
        figures[f"type1_{method}_max_high"] = float(beta.ppf(0.975, most + 1, draws - most)) if most < draws else 1.0
        figures[f"gain_{method}"] = float(rows.borrowed[own & (rows.drift == 0)].mean())
    return figures


def of_files(arguments: argparse.Namespace) -> dict[str, Any]:
    """The estimates of a trial and external controls that are given."""
    data = hybrid_data(
        read_table(arguments.trial),
        read_table(arguments.external),
        treatment=arguments.treatment,
        outcome=arguments.outcome,
        covariates=[name for name in arguments.covariates.split(",") if name],
        kind="continuous",
    )
    figures: dict[str, Any] = {"n": data.trial.n, "external": len(data.external)}
    for method in METHODS:
        found = borrow(data, method, limit=LIMIT)
        one = found.estimate
        figures |= {method: one.value, f"{method}_low": one.low, f"{method}_high": one.high}
        figures |= {f"{method}_share": found.share, f"{method}_borrowed": found.borrowed}
    alone = found.alone
    return figures | {"alone": alone.value, "alone_low": alone.low, "alone_high": alone.high}


if __name__ == "__main__":
    main()
