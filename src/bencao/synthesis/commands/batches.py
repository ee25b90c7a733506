"""Routes to each molecule of a file."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bencao.kernel.ledger import record
from bencao.synthesis import planner
from bencao.synthesis.commands import app
from bencao.synthesis.commands.options import (
    AsJson,
    Depth,
    Lang,
    Model,
    Routes,
    Supplier,
    Tiers,
    chosen_tiers,
    limits_told,
    print_json,
    warn_of_stock,
)
from bencao.synthesis.ensemble import FAST, cards_of


@app.command()
def batch(
    targets: Annotated[Path, typer.Argument(help="A .csv, .tsv or .smi file of targets.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for the plans.")],
    stock: Supplier = None,
    tier: Tiers = None,
    expansions: Annotated[int, typer.Option("--expansions", help="Times the model is asked a target, at most.")] = (
        planner.REPRODUCIBLE.expansions or 500
    ),
    depth: Depth = 8,
    routes: Routes = 5,
    model: Model = FAST,
    html: Annotated[bool, typer.Option("--html", help="Write a page beside each JSON file.")] = False,
    lang: Lang = "en",
    workers: Annotated[int, typer.Option("--workers", help="Worker processes.")] = 1,
    ray: Annotated[str | None, typer.Option("--ray", help="Run on this Ray cluster; 'local' starts one here.")] = None,
    as_json: AsJson = False,
) -> None:
    """Plan every molecule of a file; killed and started again, it goes on where it was.

    Each target gets ROW-NAME.json in the folder, and summary.csv has a row for each, bad ones included.

    Example: bencao synthesis batch targets.csv -o plans --workers 2 --html
    """
    limits = replace(planner.REPRODUCIBLE, expansions=expansions, depth=depth)
    tiers = chosen_tiers(tier)
    load = partial(planner.load_tools, model, tiers, stock)
    proposer, materials = load()
    warn_of_stock(materials, stock)
    told = {"routes": routes, "tiers": list(tiers), "html": html, "lang": lang, **limits_told(limits)}
    versions = dict((*proposer.identity, *materials.identity))
    with record(None, "synthesis batch", parameters=told, versions=versions) as job:
        for path in (targets, *cards_of(model), *([stock] if stock else [])):
            job.used(path)
        done = planner.batch(
            targets, out, load=load, limits=limits, routes=routes, html=html, language=lang, workers=workers, ray=ray
        )
        for path in done.files:
            job.generated(path)
    if as_json:
        print_json([row.as_json() for row in done.rows])
    else:
        _print_batch(done)


def _print_batch(done: planner.BatchResult) -> None:
    table = Table("row", "name", "solved", "routes", "steps", "stopped", "file or error", box=None)
    for row in done.rows:
        solved = "" if row.solved is None else "yes" if row.solved else "no"
        fault = f"{row.error}: {row.cause}" if row.error else row.file
        numbers = ["" if value is None else str(value) for value in (row.routes, row.steps)]
        table.add_row(str(row.row), escape(row.name), solved, *numbers, row.stopped, escape(fault))
    Console().print(table)
