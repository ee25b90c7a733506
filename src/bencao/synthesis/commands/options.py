"""Options that several verbs take, and how they answer."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.markup import escape
from rich.table import Column, Table

from bencao.kernel.report import Cell
from bencao.synthesis.page import Language
from bencao.synthesis.search import Limits
from bencao.synthesis.stock import DEFAULT_TIERS, SHIPPED_TIERS, Stock

AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout.")]
Model = Annotated[
    str,
    typer.Option(
        "--model", help="fast (the template network), full (all models, ranked anew) or a folder, as `train` writes it."
    ),
]
Supplier = Annotated[
    Path | None, typer.Option("--stock", help="A list of your own: .csv or .tsv with a column smiles or inchikey.")
]
Tiers = Annotated[
    list[str] | None,
    typer.Option(
        "--tier",
        help=f"Shipped tier of the stock, once for each: {', '.join(SHIPPED_TIERS)}; none for your own list alone.",
        show_default=" and ".join(DEFAULT_TIERS),
    ),
]
Index = Annotated[
    Path, typer.Option("--index", help="Index of precedents, as `index` writes it.", show_default="shipped")
]
Depth = Annotated[int, typer.Option("--depth", help="Most reactions on a line.")]
Routes = Annotated[int, typer.Option("--routes", help="Number of routes at most.")]
Lang = Annotated[Language, typer.Option("--lang", help="Language of what is read: en or zh.")]


def chosen_tiers(chosen: list[str] | None) -> tuple[str, ...]:
    """Tiers by name, each once; those that are on by default where none is named."""
    if not chosen:
        return DEFAULT_TIERS
    return () if chosen == ["none"] else tuple(dict.fromkeys(chosen))


def limits_told(limits: Limits) -> dict[str, Any]:
    """The budget of a search, for the ledger."""
    return {"expansions": limits.expansions, "seconds": limits.seconds, "depth": limits.depth}


def say(text: str) -> None:
    """Print a line on stderr."""
    print(text, file=sys.stderr)


def warn(warnings: tuple[str, ...]) -> None:
    """Print warnings on stderr."""
    for warning in warnings:
        say(f"warning: {warning}")


def warn_of_stock(materials: Stock, path: Path | None) -> None:
    """Tell of rows of the user's list that have problems."""
    if materials.problems:
        say(f"warning: {len(materials.problems)} rows of {path} have problems; the first: {materials.problems[0]}")


def print_json(value: Any) -> None:
    """Print a value as one line of JSON."""
    typer.echo(json.dumps(value, ensure_ascii=False))


def table_of(columns: tuple[str, ...], rows: tuple[tuple[Cell, ...], ...]) -> Table:
    """Columns and rows as a table for the terminal."""
    table = Table(*(Column(name, overflow="fold") for name in columns), box=None)
    for row in rows:
        table.add_row(*("–" if cell is None else escape(str(cell)) for cell in row))
    return table
