"""``bencao safety convert`` and ``diff``: cases between formats, and what a newer version changed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bencao.kernel.errors import InputError
from bencao.kernel.ledger import record
from bencao.safety.case import Case, occurrences
from bencao.safety.case.plausibility import implausible
from bencao.safety.case.versions import Change, changes, version
from bencao.safety.commands import app
from bencao.safety.commands.checking import check_choice
from bencao.safety.exchange import read_cases, read_header, write_cases

_WORDS = {
    "en": {"element": "Element", "name": "Name", "old": "Before", "new": "After", "same": "nothing changed"},
    "zh": {"element": "数据元素", "name": "名称", "old": "原值", "new": "新值", "same": "没有变化"},
}


@app.command("convert")
def convert(
    source: Annotated[Path, typer.Argument(help="Cases: E2B(R3) or E2B(R2) .xml, .json, .jsonl, .csv.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="E2B(R3) .xml, .json, .jsonl or .csv, by its suffix.")],
    keep: Annotated[
        bool, typer.Option("--keep", help="Convert cases with dates or ages that cannot be true as well.")
    ] = False,
) -> None:
    """Convert cases between formats; every data element, null flavour and source is kept.

    A case that cannot be read, or says what cannot be true, is named on stderr and left out, the others go on; the exit
    code is then 1.

    Example: bencao safety convert report.xml -o report.json
    """
    with record(None, "safety convert", parameters={"keep": keep}) as job:
        job.used(source)
        told = _Told()
        write_cases(out, _kept(source, keep, told), read_header(source))
        job.generated(out)
    print(f"written: {out} ({told.kept:,} cases, {told.left:,} left out)", file=sys.stderr)
    if told.left:
        raise typer.Exit(1)


@dataclass
class _Told:
    """Cases that were converted and left out so far."""

    kept: int = 0
    left: int = 0


def _kept(source: Path, keep: bool, told: _Told) -> Iterator[Case]:
    """The cases to convert, one at a time; those left out are named on stderr."""
    for found in read_cases(source):
        for text in found.unread:
            print(f"warning: {found.where}: in no data element: {text}", file=sys.stderr)
        faults = [found.error] if found.error else implausible(occurrences(found.case)) if found.case else []
        for fault in faults:
            place = "" if found.error else f"{found.where}: "
            print(f"{fault.kind}: {place}{fault}", file=sys.stderr)
        if found.case is not None and (keep or not faults):
            told.kept += 1
            yield found.case
        else:
            told.left += 1
    if not told.kept:
        raise InputError("no case in it can be converted", where=str(source), mend="see the lines above")


@app.command("diff")
def diff(
    old: Annotated[Path, typer.Argument(help="A case, in any of the formats.")],
    new: Annotated[Path, typer.Argument(help="A newer version of it.")],
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
    lang: Annotated[str, typer.Option("--lang", help="en or zh.")] = "en",
) -> None:
    """Show what a newer version of a case changed, data element by data element.

    Exit code 0 where nothing changed, 1 where something did.

    Example: bencao safety diff first.xml followup.xml
    """
    check_choice(lang, "--lang", ("en", "zh"))
    before, after = _one(old), _one(new)
    found, kind = changes(before, after), version(before, after)
    if as_json:
        print(json.dumps({"version": kind, "changes": [asdict(each) for each in found]}, ensure_ascii=False))
    else:
        _show(found, kind, _WORDS[lang])
    if found:
        raise typer.Exit(1)


def _one(path: Path) -> Case:
    found = list(read_cases(path))
    if len(found) != 1:
        raise InputError(f"{len(found)} cases, expected one", where=str(path), mend="give the version alone")
    if found[0].case is None:
        raise found[0].error or InputError("no case in it", where=str(path), mend="give a case")
    return found[0].case


def _show(found: list[Change], kind: str, words: dict[str, str]) -> None:
    console = Console()
    if not found:
        console.print(words["same"])
        return
    table = Table(*(words[name] for name in ("element", "name", "old", "new")), title=kind)
    for each in found:
        repeats = f"[{','.join(map(str, each.repeats))}]" if each.repeats else ""
        table.add_row(*(escape(text) for text in (each.element + repeats, each.name, each.old, each.new)))
    console.print(table)
