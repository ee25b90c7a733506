"""A confounder that is missing at random: what intervals cover over imputations, and in complete cases alone.

python benchmarks/evidence/missing_values.py [--sets 300] [--persons 400] [--imputations 10] [--seed 1] [--json]
    [--predictions FILE]

No data file: the treatment raises the outcome by exactly 1; a confounder is missing the likelier, the higher the
outcome, and if treated. Peers: the complete cases, the confounder left out, and Statsmodels' chained equations (its
draws come from NumPy's global generator), by the same g-formula and Rubin's rules.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from figures_of_studies import show
from statsmodels.stats.proportion import proportion_confint

from bencao.evidence.estimators.data.study_data import study_data
from bencao.evidence.estimators.estimate import Estimate, estimate
from bencao.evidence.missing.chained_equations import Variable, impute
from bencao.evidence.missing.pooling import pool

TRUTH, ITERATIONS = 1.0, 5


def main() -> None:
    """Draw, impute in every way, and count."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sets", type=int, default=300)
    parser.add_argument("--persons", type=int, default=400)
    parser.add_argument("--imputations", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    told = parser.parse_args()
    rows, missing = [], []
    for number in range(told.sets):
        table = drawn(np.random.default_rng([told.seed, number]), told.persons)
        missing.append(float(table.x.isna().mean()))
        for name, ask in WAYS.items():
            found = ask(table, told.imputations, told.seed * 100_000 + number)
            rows.append({"set": number, "by": name, "estimate": found.value, "low": found.low, "high": found.high})
    frame = pd.DataFrame(rows)
    figures: dict[str, Any] = {"n": told.sets, "persons": told.persons, "missing": float(np.mean(missing))}
    for name, own in frame.groupby("by", sort=False):
        covered = float(((own.low <= TRUTH) & (own.high >= TRUTH)).mean())
        low, high = map(float, proportion_confint(round(covered * len(own)), len(own), method="wilson"))
        bias, width = float(own.estimate.mean() - TRUTH), float((own.high - own.low).mean())
        figures |= {f"{name}_bias": bias, f"{name}_covered": covered, f"{name}_covered_low": low}
        figures |= {f"{name}_covered_high": high, f"{name}_width": width}
    if told.predictions:
        frame.to_csv(told.predictions, index=False)
    show(figures, told.json)


def drawn(draw: np.random.Generator, n: int) -> pd.DataFrame:
    """One data set."""
    x, b = draw.normal(size=(2, n))
    arm = (0.8 * x + draw.logistic(size=n) > 0).astype(float)
    y = TRUTH * arm + x + 0.5 * b + draw.normal(size=n)
    gone = draw.random(n) < 1 / (1 + np.exp(-(y + arm - 1.5)))
    return pd.DataFrame({"arm": arm, "y": y, "b": b, "x": np.where(gone, np.nan, x)})


def effect(table: pd.DataFrame, covariates: tuple[str, ...] = ("x", "b")) -> Estimate:
    """The difference by the g-formula."""
    data = study_data(table, treatment="arm", outcome="y", covariates=covariates, kind="continuous")
    return estimate(data, "g_formula")


def by_chained_equations(table: pd.DataFrame, imputations: int, seed: int) -> Estimate:
    """Over Bencao's imputations."""
    variables = [Variable(name, table[name].to_numpy()) for name in table]
    sets = impute(variables, imputations=imputations, iterations=ITERATIONS, seed=seed)
    return pool([effect(pd.DataFrame(one, columns=table.columns)) for one in sets], len(table) - 2).estimate


def by_statsmodels(table: pd.DataFrame, imputations: int, seed: int) -> Estimate:
    """Over Statsmodels' imputations."""
    from statsmodels.imputation.mice import MICEData

    np.random.seed(seed)
    data, found = MICEData(table), []
    data.update_all(ITERATIONS)
    for _ in range(imputations):
        data.update_all(1)  # one variable only has gaps, so that each draw is new
        found.append(effect(data.data[list(table.columns)].copy()))
    return pool(found, len(table) - 2).estimate


WAYS: dict[str, Callable[[pd.DataFrame, int, int], Estimate]] = {
    "chained_equations": by_chained_equations,
    "statsmodels": by_statsmodels,
    "complete_cases": lambda table, *_: effect(table.dropna()),
    "left_out": lambda table, *_: effect(table, ("b",)),
}


if __name__ == "__main__":
    main()
