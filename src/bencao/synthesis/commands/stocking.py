"""The shipped tiers of starting materials."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bencao.synthesis import planner
from bencao.synthesis.commands import app
from bencao.synthesis.commands.options import AsJson, print_json


@app.command()
def stock(as_json: AsJson = False) -> None:
    """List the shipped tiers of starting materials.

    A tier says that a molecule was used as a starting material in patents, not that it can be bought.

    Example: bencao synthesis stock
    """
    rows = planner.stock_tiers()
    if as_json:
        print_json([row.as_json() for row in rows])
        return
    table = Table("tier", "molecules", "on by default", "from", box=None)
    for row in rows:
        table.add_row(row.tier, f"{row.molecules:,}", "yes" if row.default else "no", escape(row.source))
    Console().print(table)
