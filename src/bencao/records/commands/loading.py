"""``bencao records suggest``, ``load`` and ``trace``: from staged tables to the common data model, and back."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import polars as pl
import typer
from rich.console import Console
from rich.table import Table

from bencao.kernel.errors import InputError
from bencao.records.commands import app
from bencao.records.ledger import record_privately
from bencao.records.loading.load import Loaded
from bencao.records.loading.load import load as load_hospital
from bencao.records.mapping.model import read_mapping, write_mapping
from bencao.records.mapping.suggest import suggest_mapping
from bencao.records.parquet import told_if_damaged

Language = Literal["en", "zh"]
_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "suggested": "{tables} tables, {fields} rules suggested; review them in {path}",
        "heads": "table,rows",
        "sum": "{read:,} records = {taken:,} taken + {rejected:,} refused; {cells:,} values refused in records taken",
        "unmapped": "{codes:,} codes in {rows:,} rows map to nothing; see unmapped.csv",
        "findings": "found: {kinds}",
    },
    "zh": {
        "suggested": "已建议 {tables} 个表、{fields} 条规则；请在 {path} 中审核",
        "heads": "表,行数",
        "sum": "{read:,} 条记录 = 接收 {taken:,} + 拒绝 {rejected:,}；接收的记录中有 {cells:,} 个值被拒",
        "unmapped": "{codes:,} 个代码（{rows:,} 行）没有映射；见 unmapped.csv",
        "findings": "发现：{kinds}",
    },
}


@app.command()
def suggest(
    staged: Annotated[Path, typer.Argument(help="Folder that `stage` wrote.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The mapping (.yaml).")],
    hospital: Annotated[str, typer.Option("--hospital", help="Its name.")] = "",
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
) -> None:
    """Suggest which columns fill which fields of the common data model, with probabilities; a person reviews them.

    Example: bencao records suggest staged_a -o mapping.yaml
    """
    with record_privately("records suggest", parameters={"hospital": hospital}) as job:
        found = suggest_mapping(staged, hospital)
        write_mapping(found, out)
        job.generated(out)
    fields = sum(len(one.fields) for one in found.tables)
    print(_WORDS[lang]["suggested"].format(tables=len(found.tables), fields=fields, path=out), file=sys.stderr)


@app.command()
def load(
    staged: Annotated[Path, typer.Argument(help="Folder that `stage` wrote.")],
    mapping: Annotated[Path, typer.Option("--mapping", help="The reviewed mapping (.yaml).")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder of the OMOP tables; must not exist.")],
    vocabulary: Annotated[
        Path | None, typer.Option("--vocabulary", help="Folder of your Athena files and SOURCE_TO_CONCEPT_MAP.")
    ] = None,
    engine: Annotated[str, typer.Option("--engine", help="duckdb:, spark:local[2] or postgresql://…")] = "duckdb:",
    accept_suggestions: Annotated[
        bool, typer.Option("--accept-suggestions", help="Take rules that nobody has reviewed.")
    ] = False,
    workers: Annotated[int, typer.Option("--workers", help="Threads.", min=1)] = 2,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Load staged tables into OMOP CDM 5.4 by a reviewed mapping, each row with its file and record.

    What cannot be read is refused with file, row, field and reason; what maps to nothing gets concept 0 and is ranked
    in unmapped.csv. Exit code 0 where nothing is refused or found, 1 where something is, 2 where it cannot be loaded.

    Example: bencao records load staged_a --mapping mapping.yaml -o omop_a
    """
    held = read_mapping(mapping)
    kind = engine.partition(":")[0]  # a URL may hold a password
    parameters = {"engine": kind, "accept_suggestions": accept_suggestions}
    with record_privately("records load", parameters=parameters, versions={"mapping": held.digest}) as job:
        job.used(mapping)
        for table_map in held.tables:
            if (staged / f"{table_map.source}.parquet").is_file():
                job.used(staged / f"{table_map.source}.parquet")
        found = load_hospital(
            staged,
            held,
            out,
            vocabulary=vocabulary,
            engine=engine,
            accept_suggestions=accept_suggestions,
            threads=workers,
        )
        for path in sorted(out.glob("*.parquet")):
            job.generated(path)
    _print(found, lang, as_json)
    if found.rejected or found.cells or found.findings:
        raise typer.Exit(1)


def _print(found: Loaded, lang: Language, as_json: bool) -> None:
    words = _WORDS[lang]
    if as_json:
        typer.echo(json.dumps(asdict(found), ensure_ascii=False))
        return
    printed = Table(*words["heads"].split(","))
    for name, rows in found.rows.items():
        printed.add_row(name, f"{rows:,}")
    Console().print(printed)
    print(words["sum"].format(read=found.read, taken=found.taken, rejected=found.rejected, cells=found.cells))
    if found.unmapped:
        print(words["unmapped"].format(codes=len(found.unmapped), rows=sum(one.rows for one in found.unmapped)))
    if found.findings:
        kinds = ", ".join(f"{kind} {count:,}" for kind, count in found.findings.items())
        print(words["findings"].format(kinds=kinds))


@app.command()
def trace(
    folder: Annotated[Path, typer.Argument(help="Folder that `load` wrote.")],
    table: Annotated[str, typer.Argument(help="Of the common data model, e.g. measurement.")],
    identifier: Annotated[int, typer.Argument(help="Its key, e.g. measurement_id.")],
) -> None:
    """Say which record of which file a row came from, by which rule and version of the mapping.

    Example: bencao records trace omop_a measurement 123
    """
    path = folder / "_lineage.parquet"
    if not path.is_file():
        raise InputError("has no lineage", where=str(folder), mend="give a folder that `bencao records load` wrote")
    with told_if_damaged(path):
        found = pl.scan_parquet(path).filter((pl.col("table") == table) & (pl.col("id") == identifier)).collect()
    if found.is_empty():
        raise InputError("no row of this key", where=f"{table} {identifier}", mend="see the table's own keys")
    for row in found.iter_rows(named=True):
        print(f"{row['file']}: row {row['row']}\t{row['rule']}\tmapping {row['version']}")
