"""Single steps to a molecule."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from bencao.synthesis import planner
from bencao.synthesis.chemistry.molecule import Target, TargetError, read_target
from bencao.synthesis.commands import app
from bencao.synthesis.commands.options import AsJson, Model, print_json, say, warn
from bencao.synthesis.conditions import load_conditions
from bencao.synthesis.ensemble import FULL, load_model
from bencao.synthesis.page.words import (
    conditions_in_words,
)
from bencao.synthesis.precedents import SHIPPED_INDEX, load_precedents
from bencao.synthesis.route import Proposal

_FILES = (".csv", ".tsv", ".smi", ".smiles")


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
        warn(read.warnings)
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
        say(f"{failed} of the rows could not be read")


def _print_bad_row(error: TargetError, as_json: bool) -> None:
    if as_json:
        print_json({"smiles": error.given, "name": error.name, "error": planner.error_json(error)})
    else:
        Console().print(f"[red]{escape(str(error))}[/red]", soft_wrap=True)


def _print_proposals_json(target: Target, proposals: tuple[Proposal, ...]) -> None:
    line: dict[str, Any] = {"smiles": target.smiles, "given": target.given, "name": target.name}
    print_json({**line, "warnings": list(target.warnings), "proposals": [proposal.as_json() for proposal in proposals]})


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
