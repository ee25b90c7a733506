"""How the benchmarks of this room show their figures, and the interval that they give for a share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

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
        table.add_row(name, f"{value:,.4f}" if isinstance(value, float) else f"{value:,}")
    Console().print(table)


def exact_interval(hits: int, n: int) -> tuple[float, float]:
    """95 % interval of a share (Clopper and Pearson, Biometrika 1934, 26, 404)."""
    low = float(beta.ppf(0.025, hits, n - hits + 1)) if hits else 0.0
    high = float(beta.ppf(0.975, hits + 1, n - hits)) if hits < n else 1.0
    return low, high
