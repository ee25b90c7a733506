"""Routes to several molecules together."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from bencao.kernel.errors import InputError
from bencao.kernel.files import write_text
from bencao.kernel.ledger import record
from bencao.synthesis import planner
from bencao.synthesis.chemistry.molecule import read_targets
from bencao.synthesis.commands import app
from bencao.synthesis.commands.options import (
    AsJson,
    Depth,
    Index,
    Lang,
    Model,
    Supplier,
    Tiers,
    chosen_tiers,
    limits_told,
    print_json,
    say,
    table_of,
    warn_of_stock,
)
from bencao.synthesis.conditions import load_conditions
from bencao.synthesis.ensemble import FAST, cards_of
from bencao.synthesis.page import Language
from bencao.synthesis.page.series import render_series, series_in_words, step_rows
from bencao.synthesis.page.words import (
    WORDS,
)
from bencao.synthesis.precedents import INDEX_NAME, SHIPPED_INDEX, load_precedents
from bencao.synthesis.series import Series, plan_series


@app.command()
def series(
    targets: Annotated[Path, typer.Argument(help="A .csv, .tsv or .smi file of targets.")],
    stock: Supplier = None,
    tier: Tiers = None,
    expansions: Annotated[int, typer.Option("--expansions", help="Times the model is asked a search, at most.")] = (
        planner.REPRODUCIBLE.expansions or 500
    ),
    depth: Depth = 8,
    model: Model = FAST,
    index: Index = SHIPPED_INDEX,
    lang: Lang = "en",
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write it here: .html or .json.")] = None,
    as_json: AsJson = False,
) -> None:
    """Plan several targets together, what they share made once.

    Each target is searched twice: alone, and with the intermediates of the others at hand.

    Example: bencao synthesis series targets.csv -o series.html
    """
    if out and out.suffix.lower() not in (".html", ".json"):
        raise InputError(f"a suffix {out.suffix!r}", where=str(out), mend="write to .html or .json")
    limits = replace(planner.REPRODUCIBLE, expansions=expansions, depth=depth)
    tiers = chosen_tiers(tier)
    read = tuple(read_targets(targets))
    proposer, materials = planner.load_tools(model, tiers, stock)
    precedents = load_precedents(index)
    warn_of_stock(materials, stock)

    def search() -> Series:
        with Console(stderr=True).status("searching") as status:

            def progress(done: int, of: int) -> None:
                status.update(f"searching: {done} of {of} searches")

            return plan_series(
                read, proposer=proposer, stock=materials, limits=limits, precedents=precedents, progress=progress
            )

    if out:
        told = {"tiers": list(tiers), "lang": lang, **limits_told(limits)}
        versions = dict((*proposer.identity, *materials.identity, *precedents.identity, *load_conditions().identity))
        with record(None, "synthesis series", parameters=told, versions=versions) as job:
            for path in (targets, *cards_of(model), index / f"{INDEX_NAME}.card.json", *([stock] if stock else [])):
                job.used(path)
            found = search()
            if out.suffix.lower() == ".html":
                write_text(out, render_series(found, lang))
            else:
                write_text(out, json.dumps(found.as_json(), ensure_ascii=False, indent=1) + "\n")
            job.generated(out)
    else:
        found = search()
    if as_json:
        print_json(found.as_json())
    else:
        _print_series(found, lang)
        if out:
            say(f"written: {out}")


def _print_series(found: Series, language: Language) -> None:
    said = WORDS[language]
    console = Console(soft_wrap=True)
    console.print(series_in_words(found, language))
    for place, member in enumerate(found.members, start=1):
        if member.error:
            console.print(f"{place}  {escape(member.name)}  [red]{escape(str(member.error))}[/red]".strip())
        else:
            steps = said["series steps"].format(steps=member.steps, alone=member.steps_alone)
            outcome = steps if member.route else said["is not solved"]
            console.print(escape(f"{place}  {member.name}  {member.given}: {outcome}"))
    console.print(table_of(*step_rows(found, language)))
