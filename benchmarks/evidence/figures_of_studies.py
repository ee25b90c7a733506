"""How these benchmarks show their figures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.table import Table


def show(figures: Mapping[str, Any], as_json: bool) -> None:
    """Print figures: one JSON object, or a table for people."""
    if as_json:
        print(json.dumps(figures))
        return
    table = Table("figure", "value")
    for name, value in figures.items():
        table.add_row(name, f"{value:,.4f}" if isinstance(value, float) else str(value))
    Console().print(table)
