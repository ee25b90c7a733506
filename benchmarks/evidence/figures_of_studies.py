"""How these benchmarks show their figures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table
from scipy.stats import beta


def show(figures: Mapping[str, Any], as_json: bool) -> None:
    """Print figures: one JSON object, or a table for people."""
    if as_json:
        print(json.dumps(figures))
        return
    table = Table("figure", "value")
    for name, value in figures.items():
        table.add_row(name, f"{value:,.4f}" if isinstance(value, float) else str(value))
    Console().print(table)


def coverage(rows: pd.DataFrame) -> dict[str, float]:
    """Of each method, how often its interval holds the truth.

    Parameters
    ----------
    rows : DataFrame
        An estimate each: method, truth, value, standard_error, low, high.

    Returns
    -------
    dict
        Mean, `spread_`, `error_` (mean standard error), `coverage_` with its exact 95 % interval.
    """
    figures = {}
    for name, own in rows.groupby("method", sort=False):
        hits, draws = int(((own.low <= own.truth) & (own.truth <= own.high)).sum()), len(own)
        figures |= {
            str(name): float(own.value.mean()),
            f"spread_{name}": float(own.value.std()),
            f"error_{name}": float(own.standard_error.mean()),
            f"coverage_{name}": hits / draws,
            f"coverage_{name}_low": float(beta.ppf(0.025, hits, draws - hits + 1)) if hits else 0.0,
            f"coverage_{name}_high": float(beta.ppf(0.975, hits + 1, draws - hits)) if hits < draws else 1.0,
        }
    return figures
