"""Checking the routes of any planner."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bencao.kernel.ledger import record
from bencao.synthesis.audit import NO_INDEX, Audit, audit_routes, load_stock, read_routes, write_retrocast
from bencao.synthesis.commands import app
from bencao.synthesis.commands.options import AsJson, Supplier, Tiers, chosen_tiers, print_json, say, warn_of_stock
from bencao.synthesis.precedents import load_precedents


@app.command()
def audit(
    routes: Annotated[Path, typer.Argument(help="Routes of ours, AiZynthFinder, Syntheseus or RetroCast: .json(.gz).")],
    stock: Supplier = None,
    tier: Tiers = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Write the routes in RetroCast's format: .json or .json.gz.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check routes of any planner: replay each step forwards, account for its atoms, look the leaves up.

    Exit code 0 where no finding is an error, 1 where one is, 2 where the file cannot be read.

    Example: bencao synthesis audit routes.json -o routes.retrocast.json
    """
    tiers = chosen_tiers(tier)
    read = read_routes(routes)
    materials = load_stock(tiers, stock)
    warn_of_stock(materials, stock)
    found = audit_routes(read, materials, load_precedents().precedent_of)
    if out:
        told = {"tiers": list(tiers)}
        with record(None, "synthesis audit", parameters=told, versions=dict(materials.identity)) as job:
            for path in (routes, *([stock] if stock else [])):
                job.used(path)
            write_retrocast(found, out)
            job.generated(out)
    if as_json:
        print_json(found.as_json())
    else:
        _print_audit(found)
        if out:
            say(f"written: {out}")
    if found.errors:
        raise typer.Exit(1)


def _print_audit(found: Audit) -> None:
    console = Console(soft_wrap=True)
    table = Table("route", "from", "makes", "steps", "replayed", "errors", "warnings", box=None)
    for route in found.routes:
        errors = sum(finding.severity == "error" for finding in route.findings)
        source = route.tree.source if route.tree else ""
        steps = sum(node.step is not None for node in route.tree.root.walk()) if route.tree else 0
        ran = sum(step.forward.ok for step in route.steps)
        numbers = (str(steps), str(ran), str(errors), str(len(route.findings) - errors))
        table.add_row(str(route.number), source, escape(route.target), *numbers)
    console.print(table)
    for finding in found.findings:
        colour = "red" if finding.severity == "error" else "yellow"
        step = f" step {finding.step}" if finding.step else ""
        said = f"[{colour}]{finding.severity}: {finding.kind}[/{colour}]"
        cause = escape(f"{finding.where}: {finding.cause}; {finding.mend}")
        console.print(f"\nroute {finding.route}{step}  {said}\n   {cause}")
    if not any(step.precedent != NO_INDEX for route in found.routes for step in route.steps):
        console.print("precedents: no index")
