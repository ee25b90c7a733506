"""Routes to a molecule."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from bencao.kernel.errors import InputError
from bencao.kernel.files import write_text
from bencao.kernel.ledger import record
from bencao.synthesis import planner
from bencao.synthesis.chemistry.molecule import read_target
from bencao.synthesis.commands import app
from bencao.synthesis.commands.options import (
    AsJson,
    Depth,
    Index,
    Lang,
    Model,
    Routes,
    Supplier,
    Tiers,
    chosen_tiers,
    limits_told,
    print_json,
    say,
    table_of,
    warn,
    warn_of_stock,
)
from bencao.synthesis.compare import DEFAULT_ORDER, Order
from bencao.synthesis.conditions import load_conditions
from bencao.synthesis.constraints import Constraints, read_bond
from bencao.synthesis.ensemble import FAST, cards_of
from bencao.synthesis.page import Language, write_plan
from bencao.synthesis.page.comparison import comparison_rows
from bencao.synthesis.page.words import (
    STOPPED,
    TIERS,
    WORDS,
    class_name,
    conditions_in_words,
    figures_of,
    outcome_in_words,
    precedent_in_words,
    source_in_words,
    steps_in_words,
    warning_in_words,
)
from bencao.synthesis.precedents import INDEX_NAME, SHIPPED_INDEX, load_precedents
from bencao.synthesis.route import Plan, RouteNode
from bencao.synthesis.search import Limits

_BOND = "such as 3-4: atom-map numbers, or places in the SMILES from 1 without hydrogens"


@app.command()
def plan(
    smiles: Annotated[str, typer.Argument(help="The target.")],
    stock: Supplier = None,
    tier: Tiers = None,
    time: Annotated[
        float | None, typer.Option("--time", help="Seconds at most.", show_default="30, unless --expansions is given")
    ] = None,
    expansions: Annotated[
        int | None, typer.Option("--expansions", help="Times the model is asked at most: the budget that reproduces.")
    ] = None,
    depth: Depth = 8,
    routes: Routes = 5,
    sort: Annotated[Order, typer.Option("--sort", help="What the routes are sorted by.")] = DEFAULT_ORDER,
    diverse: Annotated[
        bool, typer.Option("--diverse/--no-diverse", help="The best route of each strategy before a second of any.")
    ] = True,
    model: Model = FAST,
    index: Index = SHIPPED_INDEX,
    lang: Lang = "en",
    freeze: Annotated[list[str] | None, typer.Option("--freeze", help=f"Bond that no step breaks, {_BOND}.")] = None,
    require_break: Annotated[
        str | None, typer.Option("--require-break", help="Bond that some step breaks, if any route can.")
    ] = None,
    require_leaf: Annotated[
        list[str] | None, typer.Option("--require-leaf", help="SMILES of a starting material to use, if any route can.")
    ] = None,
    ban_leaf: Annotated[
        list[str] | None, typer.Option("--ban-leaf", help="SMILES of what is no starting material.")
    ] = None,
    ban_element: Annotated[
        list[str] | None, typer.Option("--ban-element", help="Element that no reactant holds.")
    ] = None,
    ban: Annotated[list[str] | None, typer.Option("--ban", help="SMILES of what is no reactant.")] = None,
    ban_pattern: Annotated[
        list[str] | None, typer.Option("--ban-pattern", help="SMARTS that no reactant matches.")
    ] = None,
    ban_class: Annotated[
        list[int] | None, typer.Option("--ban-class", help="Reaction class, 0 to 10, that no step is of.")
    ] = None,
    hazard: Annotated[
        float | None, typer.Option("--hazard", help="Highest hazard score (GHS), 0 to 1, of a reactant in the table.")
    ] = None,
    max_steps: Annotated[int | None, typer.Option("--max-steps", help="Most reactions in all.")] = None,
    max_price: Annotated[
        float | None, typer.Option("--max-price", help="Highest price of a starting material in your list.")
    ] = None,
    name: Annotated[str, typer.Option("--name", help="What the target is called, for the page.")] = "",
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write the plan here: .html or .json.")] = None,
    as_json: AsJson = False,
) -> None:
    """Plan routes to a molecule from stock.

    Options that take a bond, a molecule, an element or a class may be given several times, --require-break once.

    Example: bencao synthesis plan "CCN(CC)CC(=O)Nc1c(C)cccc1C" --time 30 -o lidocaine.html
    """
    if out and out.suffix.lower() not in (".html", ".json"):
        raise InputError(f"a suffix {out.suffix!r}", where=str(out), mend="write to .html or .json")
    seconds = 30.0 if time is None and expansions is None else time
    limits = Limits(expansions=expansions, seconds=seconds, depth=depth)
    tiers = chosen_tiers(tier)
    constraints = Constraints(
        frozen_bonds=tuple(map(read_bond, freeze or ())),
        required_break=read_bond(require_break) if require_break else None,
        required_leaves=tuple(require_leaf or ()),
        banned_leaves=tuple(ban_leaf or ()),
        banned_elements=tuple(ban_element or ()),
        banned_molecules=tuple(ban or ()),
        banned_patterns=tuple(ban_pattern or ()),
        banned_classes=tuple(ban_class or ()),
        highest_hazard=hazard,
        most_steps=max_steps,
        highest_price=max_price,
    )
    read_target(smiles)  # a bad molecule is said before anything is loaded
    proposer, materials = planner.load_tools(model, tiers, stock)
    precedents = load_precedents(index)
    warn_of_stock(materials, stock)

    def search() -> Plan:
        with Console(stderr=True).status("searching") as status:

            def progress(done: int, found: int, cost: float) -> None:
                status.update(f"searching: {done} expansions, {found} routes")

            return planner.plan(
                smiles,
                proposer=proposer,
                stock=materials,
                limits=limits,
                routes=routes,
                order=sort,
                diverse=diverse,
                progress=progress,
                constraints=constraints,
                precedents=precedents,
            )

    if out:
        told = {
            "smiles": smiles,
            "routes": routes,
            "sort": sort,
            "diverse": diverse,
            "tiers": list(tiers),
            "lang": lang,
        }
        told |= limits_told(limits)
        told |= dict(constraints.identity)
        versions = dict((*proposer.identity, *materials.identity, *precedents.identity, *load_conditions().identity))
        with record(None, "synthesis plan", parameters=told, versions=versions) as job:
            for card in (*cards_of(model), index / f"{INDEX_NAME}.card.json"):
                job.used(card)
            if stock:
                job.used(stock)
            found = search()
            if out.suffix.lower() == ".html":
                write_plan(found, out, lang, name=name)
            else:
                write_text(out, json.dumps(found.as_json(), ensure_ascii=False, indent=1) + "\n")
            job.generated(out)
    else:
        found = search()
    warn(tuple(warning_in_words(warning, lang) for warning in found.warnings))
    if as_json:
        print_json(found.as_json())
    else:
        _print_plan(found, lang)
        if out:
            say(f"written: {out}")


def _print_plan(found: Plan, language: Language) -> None:
    said = WORDS[language]
    console = Console(soft_wrap=True)
    console.print(
        f"{escape(found.target)}: {said['is solved' if found.solved else 'is not solved']},"
        f" {said['expanded'].format(count=found.expansions)}"
    )
    console.print(said["stopped"].format(reason=STOPPED[language][found.stopped]))
    if not found.routes:
        console.print(said["no route"])
    columns, rows = comparison_rows(found, language)
    if len(rows) > 1:
        console.print(table_of(columns, rows))
    for number, route in enumerate(found.routes, start=1):
        heading = said["route solved" if route.solved else "route unsolved"]
        steps = steps_in_words(route.steps, language)
        console.print(f"\n[bold]{heading.format(number=number, steps=steps)}[/bold]")
        console.print(f"[dim]{figures_of(route, language)}[/dim]")
        for outcome in route.constraints:
            console.print(f"[dim]{escape(outcome_in_words(outcome, language))}[/dim]")
        for depth, node in _lines(route.root):
            console.print("   " * depth + escape(node.smiles) + _leaf_or_step(node, language))
            if node.step and node.step.conditions is not None:
                conditions = escape(conditions_in_words(node.step, language))
                console.print(f"{'   ' * depth}  [dim]{said['conditions']}: {conditions}[/dim]")


def _lines(node: RouteNode, depth: int = 0) -> list[tuple[int, RouteNode]]:
    return [(depth, node), *(line for below in node.precursors for line in _lines(below, depth + 1))]


def _leaf_or_step(node: RouteNode, language: Language) -> str:
    said = WORDS[language]
    if node.step:
        chance = f"{said['probability']} {node.step.probability:.3g}"
        cited = precedent_in_words(node.step, language)
        return f"  [dim]<- {class_name(node.step, language)}, {chance}, {escape(cited)}[/dim]"
    if node.stock is None:
        return f"  [red]{said['missing']}[/red]"
    colour = "yellow" if node.stock.tier == "perhaps" else "green"
    tier, source = TIERS[language][node.stock.tier], escape(source_in_words(node.stock, language))
    return f"  [{colour}]{tier}: {source}[/{colour}]"
