"""Weight gained by quitting smoking, NHEFS 1971 to 1982, by IPW and the g-formula, beside the book's figures.

python benchmarks/evidence/nhefs.py NHEFS.csv [--json] [--predictions FILE]

NHEFS has the columns of Hernán and Robins, Causal Inference: What If, whose chapters 12 and 13 give 3.4 (2.4 to 4.5)
by IPW and 3.5 (2.6 to 4.5) by standardisation. The covariates are the book's, with its squares.
"""

from __future__ import annotations

import argparse
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pandas as pd
from figures_of_studies import show

from bencao.evidence.estimators.data.study_data import StudyData, study_data
from bencao.evidence.estimators.estimate import estimate

METHODS = ("crude", "ipw", "g_formula", "aipw", "tmle", "entropy", "overlap", "matching", "stratification")
SQUARED = ("age", "wt71", "smokeintensity", "smokeyrs")


def main() -> None:
    """Measure, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("nhefs", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    arguments = parser.parse_args()
    data = read(pd.read_csv(arguments.nhefs))
    found = [estimate(data, method) for method in METHODS]
    figures: dict[str, Any] = {"n": data.n}
    for one in found:
        figures |= {one.method: one.value, f"{one.method}_low": one.low, f"{one.method}_high": one.high}
    if arguments.predictions:
        pd.DataFrame([asdict(one) for one in found]).to_csv(arguments.predictions, index=False)
    show(figures, arguments.json)


def read(table: pd.DataFrame) -> StudyData:
    """The persons whose weight in 1982 is known, with the book's covariates."""
    table = table[table.wt82.notna()].copy()
    squares = {f"{name}_squared": table[name] ** 2 for name in SQUARED}
    levels = {name: table[name].astype(float).astype(int).astype(str) for name in ("education", "exercise", "active")}
    table = table.assign(**squares, **levels)
    covariates = ["sex", "race", *SQUARED, *squares, *levels]
    return study_data(table, treatment="qsmk", outcome="wt82_71", covariates=covariates, kind="continuous")


if __name__ == "__main__":
    main()
