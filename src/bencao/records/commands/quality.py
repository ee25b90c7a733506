"""``bencao records quality``: the checks of a database, its failing rows, other thresholds, another load."""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bencao.kernel.errors import InputError
from bencao.records.cdm.database import open_database
from bencao.records.cdm.spark import on_engine
from bencao.records.commands import app
from bencao.records.ledger import record_privately
from bencao.records.quality.characterising import characterise as describe
from bencao.records.quality.checking import ERROR, FAILED, STATUSES, Quality, check_quality
from bencao.records.quality.page import write_page
from bencao.records.quality.storing import (
    as_json,
    changes_between,
    read_quality,
    read_thresholds,
    write_quality,
)
from bencao.records.quality.violations import violating_rows
from bencao.records.quality.words import Language, looks_for

_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "heads": "check,looks for,violating,rows,%,threshold",
        "sum": "{failed} checks failed, {passed} passed, {not_applicable} do not apply, {error} could not be run",
        "changed": "{worse} checks are worse than in {name}, {better} better",
        "more": "{count} more; all are in the result (-o)",
    },
    "zh": {
        "heads": "检查,内容,违反,记录数,%,阈值",
        "sum": "{failed} 项未通过，{passed} 项通过，{not_applicable} 项不适用，{error} 项无法执行",
        "changed": "与 {name} 相比，{worse} 项变差，{better} 项变好",
        "more": "另有 {count} 项，全部见结果文件（-o）",
    },
}
_SHOWN = 40


@app.command()
def quality(
    source: Annotated[
        Path,
        typer.Argument(
            help="OMOP database: folder or .zip of CSV or Parquet, or a DuckDB file; a result with --again."
        ),
    ],
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write the result here (.json).")] = None,
    again: Annotated[bool, typer.Option("--again", help="SOURCE is a result: judge its counts anew.")] = False,
    thresholds: Annotated[
        Path | None, typer.Option("--thresholds", help="CSV: check (an id or a type), threshold (per cent).")
    ] = None,
    rows: Annotated[str | None, typer.Option("--rows", help="Give the rows that violate this check (its id).")] = None,
    compare: Annotated[Path | None, typer.Option("--compare", help="Result of an earlier load.")] = None,
    report: Annotated[Path | None, typer.Option("--report", help="Write an HTML page here.")] = None,
    today: Annotated[str | None, typer.Option("--today", help="Where the future begins, as 2026-11-27.")] = None,
    engine: Annotated[str, typer.Option("--engine", help="Count there: duckdb: or spark:local[2].")] = "duckdb:",
    workers: Annotated[int, typer.Option("--workers", help="Threads.", min=1)] = 2,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json_: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Run the checks of OHDSI's Data Quality Dashboard on an OMOP database.

    The result keeps numerators and denominators, so that other thresholds need no second look at the data. Exit code 0
    where no check fails, 1 where one does, 2 where the database cannot be read.

    Example: bencao records quality Synthea27Nj_5.4.zip -o result.json --report quality.html
    """
    if rows is not None:
        _print_rows(source, rows, workers, _day(today), as_json_)
        return
    told = {"again": again, "today": today or "", "engine": engine}
    with record_privately("records quality", parameters=told) as job:
        for path in (source if source.is_file() else None, thresholds, compare):
            if path is not None:
                job.used(path)
        found = read_quality(source) if again else _checked(source, workers, _day(today), engine)
        if thresholds is not None:
            found = found.with_thresholds(read_thresholds(thresholds))
        earlier = read_quality(compare) if compare is not None else None
        if out is not None:
            write_quality(found, out)
            job.generated(out)
        if report is not None:
            write_page(found, report, earlier, lang)
            job.generated(report)
    if as_json_:
        typer.echo(json.dumps(as_json(found), ensure_ascii=False))
    else:
        _print(found, lang)
    if earlier is not None:
        changed = [change.is_worse for change in changes_between(earlier, found)]
        worse = sum(changed)
        said = _WORDS[lang]["changed"].format(worse=worse, better=len(changed) - worse, name=earlier.source)
        print(said, file=sys.stderr)
    if any(one.status in (FAILED, ERROR) for one in found.results):
        raise typer.Exit(1)


@app.command()
def checks(
    name: Annotated[str | None, typer.Argument(help="Only checks of this type or table.")] = None,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
) -> None:
    """List the checks that `quality` runs: id, threshold, what each looks for.

    Example: bencao records checks measurement
    """
    from bencao.records.quality.catalogue import catalogue

    chosen = [check for check in catalogue() if name is None or name in (check.name, check.table)]
    if not chosen:
        raise InputError("no check of this type or table", where=name or "", mend="e.g. isRequired, or measurement")
    for check in chosen:
        print(f"{check.id}\t{check.threshold:g}\t{looks_for(check, lang)}")


@app.command()
def characterise(
    source: Annotated[Path, typer.Argument(help="OMOP database, as `quality` reads it.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder of the results.")],
    smallest: Annotated[int, typer.Option("--smallest", help="Counts of so many persons or fewer are left out.")] = 5,
    workers: Annotated[int, typer.Option("--workers", help="Threads.", min=1)] = 2,
) -> None:
    """Count and describe a database as OHDSI's Achilles does; ATLAS reads the results.

    Example: bencao records characterise omop_a -o achilles
    """
    with record_privately("records characterise", parameters={"smallest": smallest}) as job:
        if source.is_file():
            job.used(source)
        with open_database(source, threads=workers) as database:
            found = describe(database, out, smallest=smallest)
        for name in found.rows:
            job.generated(out / f"{name}.csv")
    told = ", ".join(f"{name} {rows:,}" for name, rows in found.rows.items())
    print(f"{found.analyses} analyses; {told}", file=sys.stderr)
    if found.failed:
        raise typer.Exit(1)


def _checked(source: Path, workers: int, today: date | None, engine: str) -> Quality:
    with open_database(source, threads=workers) as opened:
        database = on_engine(opened, engine)
        try:
            return check_quality(database, today=today)
        finally:
            database.connection.close()


def _day(told: str | None) -> date | None:
    try:
        return date.fromisoformat(told) if told else None
    except ValueError:
        raise InputError("is no date", where="--today", mend="write it as 2026-11-27") from None


def _print(found: Quality, lang: Language) -> None:
    words = _WORDS[lang]
    for problem in found.problems:
        print(f"{problem.kind}: {problem}", file=sys.stderr)
    failed = [one for one in found.results if one.status == FAILED]
    table = Table(*words["heads"].split(","))
    for one in failed[:_SHOWN]:
        table.add_row(
            one.check.id,
            escape(looks_for(one.check, lang)),
            f"{one.violated:,}",
            f"{one.rows:,}",
            f"{one.percent:.2f}",
            f"{one.threshold:g}",
        )
    Console().print(table)
    if len(failed) > _SHOWN:
        print(words["more"].format(count=len(failed) - _SHOWN))
    counts = Counter(one.status for one in found.results)
    print(words["sum"].format(**{status: counts[status] for status in STATUSES}))


def _print_rows(source: Path, identifier: str, workers: int, today: date | None, as_json_: bool) -> None:
    with open_database(source, threads=workers) as database:
        found = violating_rows(database, identifier, today=today)
    shown: list[dict[str, Any]] = [dict(zip(found.columns, row, strict=True)) for row in found.rows]
    if as_json_:
        typer.echo(json.dumps({"total": found.total, "rows": shown}, ensure_ascii=False, default=str))
        return
    table = Table(*found.columns)
    for row in found.rows:
        table.add_row(*("" if value is None else escape(str(value)) for value in row))
    Console(width=max(80, 14 * len(found.columns))).print(table)
    print(f"{len(found.rows):,} / {found.total:,}")
