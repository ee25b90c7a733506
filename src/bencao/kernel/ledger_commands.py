"""The command line of the ledger: ``bencao ledger list | trace | verify | export``."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bencao.kernel.errors import BencaoError
from bencao.kernel.files import write_text
from bencao.kernel.ledger import Ledger, Origin, Trace, TreeHead, trace_file, verify, write_prov, write_ro_crate

app = typer.Typer(
    name="ledger",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="What was made from what: the workspace's tamper-evident log."
    " The workspace is .bencao in the current folder, or BENCAO_WORKSPACE.",
)

_SHOWN = 20
"""Findings printed in full; --json has all."""

AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout.")]


@contextmanager
def _answers() -> Iterator[None]:
    """One line on stderr and exit 2 where something cannot be read or written."""
    try:
        yield
    except BencaoError as error:
        typer.echo(f"{error.kind}: {error}", err=True)
        raise typer.Exit(2) from error


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False))


@app.command("list")
def list_entries(as_json: AsJson = False) -> None:
    """List the entries, oldest first; --json prints one JSON object a line.

    Example: bencao ledger list --json
    """
    with _answers(), Ledger() as ledger:
        if as_json:
            for number, entry in ledger.entries():
                _print_json({"entry": number, **entry.as_json()})
            return
        table = Table("entry", "ended", "command", "status", "used", "generated", box=None)
        for number, entry in ledger.entries():
            files = [", ".join(file.path for file in role) for role in (entry.used, entry.generated)]
            table.add_row(str(number), entry.ended[:19], entry.command, entry.status, *files)
        Console().print(table)


@app.command()
def trace(
    file: Annotated[Path, typer.Argument(help="The file to ask about.")],
    as_json: AsJson = False,
) -> None:
    """Say where a file came from, back to its roots; exit 1 where the ledger does not know it.

    Example: bencao ledger trace aspirin.html
    """
    with _answers(), Ledger() as ledger:
        found = trace_file(ledger, file)
    if as_json:
        _print_json(found.as_json())
    else:
        typer.echo("\n".join(_trace_lines(found)))
    raise typer.Exit(0 if found.known else 1)


def _trace_lines(found: Trace) -> Iterator[str]:
    if found.verdict == "unknown":
        yield f"{found.file.path}: unknown to this ledger (SHA-256 {found.file.sha256})"
    elif found.verdict == "altered":
        last = found.sightings[-1]
        yield f"{found.file.path}: altered since; its SHA-256 is {found.file.sha256}"
        yield f"entry {last.number} {last.role} it with SHA-256 {last.sha256}"
    else:
        yield from map(_origin_line, found.origins)
        if found.verdict == "used":
            entries = ", ".join(
                str(number) for number in dict.fromkeys(sighting.number for sighting in found.sightings)
            )
            yield f"read by entry {entries}"


def _origin_line(origin: Origin) -> str:
    branch = "   " * (origin.depth - 1) + "└─ " if origin.depth else ""
    what = f"{branch}{origin.file.path} [{origin.file.sha256[:12]}]"
    if origin.entry is None:
        return f"{what} no command here made it"
    status = "" if origin.entry.status == "ok" else ", failed"
    again = " (its inputs stand above)" if origin.repeated else ""
    return f"{what} made by entry {origin.number}: {origin.entry.command}, {origin.entry.ended[:19]}{status}{again}"


@app.command("verify")
def verify_ledger(
    head: Annotated[Path | None, typer.Option(help="Saved head that the ledger must have grown from.")] = None,
    save_head: Annotated[Path | None, typer.Option(help="Write the head (size, root) here where all is clean.")] = None,
    as_json: AsJson = False,
) -> None:
    """Recompute everything: exit 0 when clean, 1 with findings, 2 when it cannot be read.

    Example: bencao ledger verify --head head.json --save-head head.json
    """
    with _answers():
        saved = TreeHead.from_file(head) if head else None
        with Ledger() as ledger:
            result = verify(ledger, saved)
        if save_head and result.clean:
            write_text(save_head, json.dumps(result.head.as_json()) + "\n")
    if as_json:
        _print_json(result.as_json())
    elif result.clean:
        typer.echo(f"clean: {result.head.size} entries, root {result.head.root.hex()}")
    else:
        for finding in result.findings[:_SHOWN]:
            typer.echo(str(finding))
        if len(result.findings) > _SHOWN:
            typer.echo(f"and {len(result.findings) - _SHOWN} more; --json prints all")
    if save_head and not result.clean:
        typer.echo(f"{save_head} was not written: the ledger is not clean", err=True)
    raise typer.Exit(0 if result.clean else 1)


@app.command()
def export(
    prov: Annotated[Path | None, typer.Option(help="Write W3C PROV-JSON here.")] = None,
    ro_crate: Annotated[Path | None, typer.Option(help="Write RO-Crate 1.1 metadata into this folder.")] = None,
) -> None:
    """Write the ledger in a form that others read.

    Example: bencao ledger export --prov prov.json --ro-crate .
    """
    if prov is None and ro_crate is None:
        raise typer.BadParameter("say what to write: --prov OUT.json, --ro-crate DIR, or both")
    with _answers(), Ledger() as ledger:
        if prov:
            write_prov(ledger, prov)
        if ro_crate:
            write_ro_crate(ledger, ro_crate)
