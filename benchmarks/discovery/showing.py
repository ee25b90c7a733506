"""How the benchmarks of this room show their figures and write what was scored."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table
from scipy.stats import t as student


def in_decimals(value: Any, digits: int = 4) -> str:
    """A figure for people; what is no decimal number as it is."""
    return f"{value:.{digits}f}" if isinstance(value, float) else str(value)


def mean_told(name: str, values: Any) -> dict[str, float]:
    """A mean, and its 95 % interval (Student) where there is more than one value."""
    mean, count = float(np.mean(values)), len(values)
    if count == 1:
        return {name: mean}
    half = float(student.ppf(0.975, count - 1) * np.std(values, ddof=1) / count**0.5)
    return {name: mean, f"{name}_low": mean - half, f"{name}_high": mean + half}


def show(figures: Mapping[str, Any], as_json: bool, written: Callable[[Any], str] = in_decimals) -> None:
    """Print figures: one JSON object, or a table for people."""
    if as_json:
        print(json.dumps(figures))
        return
    table = Table("figure", "value")
    for name, value in figures.items():
        table.add_row(name, written(value))
    Console().print(table)


def write_scored(path: Path | None, rows: Iterable[Iterable[Any]]) -> None:
    """Write what was scored as CSV, the head first, where a path was asked for."""
    if path:
        with path.open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows(rows)
