"""``bencao records stage`` and ``profile``: read a hospital's files, and say what is in them."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bencao.kernel.files import write_text
from bencao.records.commands import app
from bencao.records.ledger import record_privately
from bencao.records.sources.opening import stage as stage_source
from bencao.records.sources.profile import TableProfile, as_json
from bencao.records.sources.profile import profile as profile_tables
from bencao.records.sources.staging import QUARANTINE, Staging, reasons_of

Language = Literal["en", "zh"]
_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "heads": "table,records,staged,in quarantine",
        "profile heads": "table,column,filled,missing,distinct,form,identifier",
        "sum": "{read} records = {rows} staged + {bad} in quarantine",
        "reasons": "in quarantine: {reasons}",
    },
    "zh": {
        "heads": "表,记录数,已暂存,已隔离",
        "profile heads": "表,列,有值,缺失,不同值,形式,标识符",
        "sum": "{read} 条记录 = 已暂存 {rows} + 已隔离 {bad}",
        "reasons": "隔离原因：{reasons}",
    },
}


@app.command()
def stage(
    source: Annotated[
        str,
        typer.Argument(help="File (.csv .tsv .xlsx .xls .json .ndjson .hl7), a folder of them, or a database's URL."),
    ],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder of the staged tables; must not exist.")],
    table: Annotated[
        list[str] | None, typer.Option("--table", help="Of a database: only this one, once for each.")
    ] = None,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json_: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Read a source into staged tables: every cell a text, every record with its file and number.

    A record that cannot be used goes to quarantine.parquet with the reason; records read are records staged and records
    in quarantine together. Exit code 0 where none is, 1 where some are, 2 where the source cannot be read.

    Example: bencao records stage hospital_a/ -o staged_a
    """
    # A URL may hold a password, and a file may be named after a patient.
    told = source.partition(":")[0] if "://" in source else ("folder" if Path(source).is_dir() else "file")
    with record_privately("records stage", parameters={"source": told}) as job:
        if Path(source).is_file():
            job.used(Path(source))
        staging = stage_source(source, out, tables=tuple(table or ()))
        for one in staging.staged:
            if one.path.exists():
                job.generated(one.path)
        job.generated(out / QUARANTINE)
    _print_staging(staging, lang, as_json_)
    if staging.quarantine or staging.notes:
        raise typer.Exit(1)


def _print_staging(staging: Staging, lang: Language, as_json_: bool) -> None:
    words, rows = _WORDS[lang], sum(one.rows for one in staging.staged)
    bad = len(staging.quarantine)
    for note in staging.notes:
        print(note, file=sys.stderr)
    if as_json_:
        tables = [{"table": one.name, "rows": one.rows, "quarantined": one.quarantined} for one in staging.staged]
        held = {"read": rows + bad, "rows": rows, "quarantined": bad, "reasons": reasons_of(staging.quarantine)}
        typer.echo(json.dumps({**held, "tables": tables, "notes": staging.notes}, ensure_ascii=False))
        return
    printed = Table(*words["heads"].split(","))
    for one in staging.staged:
        printed.add_row(escape(one.name), f"{one.rows + one.quarantined:,}", f"{one.rows:,}", f"{one.quarantined:,}")
    Console().print(printed)
    print(words["sum"].format(read=f"{rows + bad:,}", rows=f"{rows:,}", bad=f"{bad:,}"))
    if bad:
        reasons = ", ".join(f"{name} {count:,}" for name, count in reasons_of(staging.quarantine).items())
        print(words["reasons"].format(reasons=reasons))


@app.command()
def profile(
    staged: Annotated[Path, typer.Argument(help="Folder that `stage` wrote.")],
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write the profile here (.json).")] = None,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json_: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Say what each column of staged tables holds: its form, its commonest values, what looks as an identifier.

    A value that fewer than five records have is never listed, nor are the values of identifiers.

    Example: bencao records profile staged_a -o profile.json
    """
    with record_privately("records profile", parameters={}) as job:
        found = profile_tables(staged)
        text = json.dumps(as_json(found), ensure_ascii=False, indent=1) + "\n"
        if out is not None:
            write_text(out, text)
            job.generated(out)
    if as_json_:
        typer.echo(text)
    else:
        _print_profile(found, lang)


def _print_profile(tables: tuple[TableProfile, ...], lang: Language) -> None:
    printed = Table(*_WORDS[lang]["profile heads"].split(","))
    for table in tables:
        for one in table.columns:
            counts = (f"{one.filled:,}", f"{one.missing:,}", f"{one.distinct:,}")
            printed.add_row(escape(table.name), escape(one.name), *counts, one.form, one.identifier)
    Console().print(printed)
