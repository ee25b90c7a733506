"""The command line of the room: ``bencao synthesis plan | expand | batch | audit | train | index | stock``."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from bencao.kernel.errors import EngineMissing, InputError
from bencao.kernel.files import write_text
from bencao.kernel.ledger import record
from bencao.kernel.report import Cell
from bencao.synthesis import planner
from bencao.synthesis.audit import NO_INDEX, Audit, audit_routes, load_stock, read_routes, write_retrocast
from bencao.synthesis.chemistry.molecule import Target, TargetError, read_target, read_targets
from bencao.synthesis.compare import DEFAULT_ORDER, Order
from bencao.synthesis.conditions import load_conditions
from bencao.synthesis.constraints import Constraints, read_bond
from bencao.synthesis.ensemble import FAST, FULL, cards_of, load_model
from bencao.synthesis.page import Language, write_plan
from bencao.synthesis.page.comparison import comparison_rows
from bencao.synthesis.page.series import render_series, series_in_words, step_rows
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
from bencao.synthesis.route import Plan, Proposal, RouteNode
from bencao.synthesis.search import Limits
from bencao.synthesis.series import Series, plan_series
from bencao.synthesis.stock import DEFAULT_TIERS, SHIPPED_TIERS, Stock

app = typer.Typer(
    name="synthesis",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Routes to make a molecule, each step checked.",
)

_FILES = (".csv", ".tsv", ".smi", ".smiles")

_BOND = "such as 3-4: atom-map numbers, or places in the SMILES from 1 without hydrogens"
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


@app.command()
def expand(
    target: Annotated[str, typer.Argument(help="SMILES, or a .csv, .tsv or .smi file of them.")],
    top: Annotated[int, typer.Option("--top", help="Number of proposals at most.")] = 50,
    model: Model = FULL,
    precedents: Annotated[bool, typer.Option("--precedents", help="Look up reported reactions of each step.")] = False,
    index: Annotated[
        Path | None, typer.Option("--index", help="Index to look them up in, as `index` writes it; else the shipped.")
    ] = None,
    conditions: Annotated[bool, typer.Option("--conditions", help="Rank what each step may be run with.")] = False,
    as_json: AsJson = False,
) -> None:
    """Propose single steps to a molecule, or to each molecule of a file.

    A bad row of a file is a row of the answer; a bad SMILES ends the command with exit code 2.

    Example: bencao synthesis expand "CC(=O)Nc1ccc(O)cc1" --top 5
    """
    show: Callable[[Target, tuple[Proposal, ...]], None] = _print_proposals_json if as_json else _print_proposals
    asked = load_precedents(index or SHIPPED_INDEX) if precedents or index else None
    ranked = load_conditions() if conditions else None
    # os.path.isfile, unlike Path.is_file, takes a SMILES that is too long for a file name.
    if Path(target).suffix.lower() not in _FILES and not os.path.isfile(target):  # noqa: PTH113
        read = read_target(target)
        _warn(read.warnings)
        show(
            read, planner.expand(read.smiles, proposer=load_model(model), top=top, precedents=asked, conditions=ranked)
        )
        return
    failed = 0
    for item in planner.expand_file(
        Path(target), proposer=load_model(model), top=top, precedents=asked, conditions=ranked
    ):
        if isinstance(item, TargetError):
            failed += 1
            _print_bad_row(item, as_json)
        else:
            show(*item)
    if failed:
        _say(f"{failed} of the rows could not be read")


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
    tiers = _tiers(tier)
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
    _warn_of_stock(materials, stock)

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
        told |= _limits_told(limits)
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
    _warn(tuple(warning_in_words(warning, lang) for warning in found.warnings))
    if as_json:
        _print_json(found.as_json())
    else:
        _print_plan(found, lang)
        if out:
            _say(f"written: {out}")


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
    tiers = _tiers(tier)
    load = partial(planner.load_tools, model, tiers, stock)
    proposer, materials = load()
    _warn_of_stock(materials, stock)
    told = {"routes": routes, "tiers": list(tiers), "html": html, "lang": lang, **_limits_told(limits)}
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
        _print_json([row.as_json() for row in done.rows])
    else:
        _print_batch(done)


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
    tiers = _tiers(tier)
    read = tuple(read_targets(targets))
    proposer, materials = planner.load_tools(model, tiers, stock)
    precedents = load_precedents(index)
    _warn_of_stock(materials, stock)

    def search() -> Series:
        with Console(stderr=True).status("searching") as status:

            def progress(done: int, of: int) -> None:
                status.update(f"searching: {done} of {of} searches")

            return plan_series(
                read, proposer=proposer, stock=materials, limits=limits, precedents=precedents, progress=progress
            )

    if out:
        told = {"tiers": list(tiers), "lang": lang, **_limits_told(limits)}
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
        _print_json(found.as_json())
    else:
        _print_series(found, lang)
        if out:
            _say(f"written: {out}")


@app.command()
def train(
    reactions: Annotated[Path, typer.Argument(help="Table of reactions: .tsv, plain or .xz, with a column reaction.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Model folder to write.")],
    workers: Annotated[int, typer.Option("--workers", help="Worker processes for cleaning and extraction.")] = 2,
) -> None:
    """Train a model on your own reactions, for --model; needs the extra bencao\\[train].

    Example: bencao synthesis train reactions.tsv -o model
    """
    try:
        from bencao.synthesis.train.pipeline import TrainingSettings
        from bencao.synthesis.train.pipeline import train as train_model
    except ImportError as error:
        raise EngineMissing(
            f"training needs {error.name or 'packages that are not installed'}", mend="pip install 'bencao[train]'"
        ) from None
    # Nothing is tuned here, so nothing is kept out for tuning.
    settings = TrainingSettings(development=0, workers=workers)
    with record(None, "synthesis train", parameters={"workers": workers}) as job:
        job.used(reactions)
        train_model(reactions, out, settings=settings, report=_say)
        for path in sorted(out.iterdir()):
            job.generated(path)
    _say(f"written: {out}; use it with --model {out}")


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
    tiers = _tiers(tier)
    read = read_routes(routes)
    materials = load_stock(tiers, stock)
    _warn_of_stock(materials, stock)
    found = audit_routes(read, materials, load_precedents().precedent_of)
    if out:
        told = {"tiers": list(tiers)}
        with record(None, "synthesis audit", parameters=told, versions=dict(materials.identity)) as job:
            for path in (routes, *([stock] if stock else [])):
                job.used(path)
            write_retrocast(found, out)
            job.generated(out)
    if as_json:
        _print_json(found.as_json())
    else:
        _print_audit(found)
        if out:
            _say(f"written: {out}")
    if found.errors:
        raise typer.Exit(1)


@app.command()
def index(
    reactions: Annotated[Path, typer.Argument(help="Table of reactions: .tsv, plain or .xz, with a column reaction.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Index folder to write.")],
    workers: Annotated[int, typer.Option("--workers", help="Worker processes for cleaning and centres.")] = 2,
) -> None:
    """Index your own reactions, for --index; without atom maps it needs the extra bencao\\[train].

    A column source_id, with patent or notebook numbers, is kept and shown.

    Example: bencao synthesis index reactions.tsv -o index
    """
    try:
        from bencao.synthesis.precedents.build import IndexSettings, build_index
    except ImportError as error:
        raise EngineMissing(
            f"building an index needs {error.name or 'packages that are not installed'}",
            mend="pip install 'bencao[train]'",
        ) from None
    with record(None, "synthesis index", parameters={"workers": workers}) as job:
        job.used(reactions)
        build_index(reactions, out, settings=IndexSettings(workers=workers), report=_say)
        for path in sorted(out.iterdir()):
            job.generated(path)
    _say(f"written: {out}; use it with --index {out}")


@app.command()
def stock(as_json: AsJson = False) -> None:
    """List the shipped tiers of starting materials.

    A tier says that a molecule was used as a starting material in patents, not that it can be bought.

    Example: bencao synthesis stock
    """
    rows = planner.stock_tiers()
    if as_json:
        _print_json([row.as_json() for row in rows])
        return
    table = Table("tier", "molecules", "on by default", "from", box=None)
    for row in rows:
        table.add_row(row.tier, f"{row.molecules:,}", "yes" if row.default else "no", escape(row.source))
    Console().print(table)


def _tiers(chosen: list[str] | None) -> tuple[str, ...]:
    if not chosen:
        return DEFAULT_TIERS
    return () if chosen == ["none"] else tuple(dict.fromkeys(chosen))


def _limits_told(limits: Limits) -> dict[str, Any]:
    return {"expansions": limits.expansions, "seconds": limits.seconds, "depth": limits.depth}


def _say(text: str) -> None:
    print(text, file=sys.stderr)


def _warn(warnings: tuple[str, ...]) -> None:
    for warning in warnings:
        _say(f"warning: {warning}")


def _warn_of_stock(materials: Stock, path: Path | None) -> None:
    if materials.problems:
        _say(f"warning: {len(materials.problems)} rows of {path} have problems; the first: {materials.problems[0]}")


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False))


def _print_bad_row(error: TargetError, as_json: bool) -> None:
    if as_json:
        _print_json({"smiles": error.given, "name": error.name, "error": planner.error_json(error)})
    else:
        Console().print(f"[red]{escape(str(error))}[/red]", soft_wrap=True)


def _print_proposals_json(target: Target, proposals: tuple[Proposal, ...]) -> None:
    line: dict[str, Any] = {"smiles": target.smiles, "given": target.given, "name": target.name}
    _print_json(
        {**line, "warnings": list(target.warnings), "proposals": [proposal.as_json() for proposal in proposals]}
    )


def _nearest(proposal: Proposal) -> str:
    """Similarity of the nearest precedent; none, or a dash where it was not looked up."""
    if proposal.precedents is None:
        return "-"
    return f"{proposal.precedents[0].similarity:.2f}" if proposal.precedents else "none"


def _print_proposals(target: Target, proposals: tuple[Proposal, ...]) -> None:
    Console(soft_wrap=True).print(escape(f"{target.name}  {target.smiles}".strip()))
    if not proposals:
        Console().print("no step to it is known to the model")
        return
    whole = Column("reactants", overflow="fold")
    ranked = any(proposal.conditions is not None for proposal in proposals)
    more = [Column("conditions", overflow="fold")] if ranked else []
    table = Table("", "probability", "class", "products", "stereo", "precedent", whole, *more, box=None)
    for number, proposal in enumerate(proposals, start=1):
        step = proposal.as_json()
        table.add_row(
            str(number),
            f"{proposal.probability:.4f}",
            step["class_name"],
            str(proposal.forward.outcomes),
            proposal.forward.stereo,
            _nearest(proposal),
            escape(proposal.reactants),
            *([escape(conditions_in_words(proposal, "en"))] if ranked else []),
        )
    Console().print(table)


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
        console.print(_table_of(columns, rows))
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


def _table_of(columns: tuple[str, ...], rows: tuple[tuple[Cell, ...], ...]) -> Table:
    table = Table(*(Column(name, overflow="fold") for name in columns), box=None)
    for row in rows:
        table.add_row(*("–" if cell is None else escape(str(cell)) for cell in row))
    return table


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
    console.print(_table_of(*step_rows(found, language)))


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


def _print_batch(done: planner.BatchResult) -> None:
    table = Table("row", "name", "solved", "routes", "steps", "stopped", "file or error", box=None)
    for row in done.rows:
        solved = "" if row.solved is None else "yes" if row.solved else "no"
        fault = f"{row.error}: {row.cause}" if row.error else row.file
        numbers = ["" if value is None else str(value) for value in (row.routes, row.steps)]
        table.add_row(str(row.row), escape(row.name), solved, *numbers, row.stopped, escape(fault))
    Console().print(table)


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
