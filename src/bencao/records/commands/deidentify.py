"""``bencao records deidentify``: notes, tables and DICOM images without what identifies."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bencao.kernel.errors import InputError
from bencao.records.commands import app
from bencao.records.ledger import record_privately

if TYPE_CHECKING:
    from bencao.records.deidentify.batch import Done
    from bencao.records.deidentify.secret import Secret

_SHOWN = 20
_HEADS = {"en": ("What", "Number"), "zh": ("内容", "数量")}
_LEAKS = {"en": "known identifiers still seen", "zh": "输出中仍可见的已知标识"}


@app.command()
def deidentify(
    inputs: Annotated[list[Path], typer.Argument(help=".txt, .jsonl, .csv, .parquet, .dcm, or folders of them.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for what is made.")],
    key: Annotated[Path, typer.Option("--key", help="File with your key: 16 random characters or more.")],
    known: Annotated[
        Path | None, typer.Option("--known", help="Table of patients, a row each: known identifiers.")
    ] = None,
    patient: Annotated[
        str | None, typer.Option("--patient", help="Column of --known that identifies; else its first.")
    ] = None,
    policy: Annotated[Path | None, typer.Option("--policy", help="YAML: what is done to each column.")] = None,
    style: Annotated[str, typer.Option("--style", help="surrogate or tag.")] = "surrogate",
    workers: Annotated[int, typer.Option("--workers", min=1)] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
    lang: Annotated[str, typer.Option("--lang", help="en or zh.")] = "en",
) -> None:
    """Replace what identifies in notes, tables and DICOM headers; dates move by each patient's own days.

    Without --policy the columns of a table are treated by their names, and any column not known is searched as text.
    Exits 1 where a known identifier is still seen, or an item could not be worked.

    Example: bencao records deidentify notes.jsonl -o shareable --key house.key --known patients.csv --workers 2
    """
    # The readers of Parquet and DICOM and the pinyin take a second that no other verb need wait.
    from bencao.records.deidentify.batch import inputs_of
    from bencao.records.deidentify.secret import read_key

    if style not in ("surrogate", "tag"):
        raise InputError(f"no style {style!r}", where="--style", mend="give surrogate or tag")
    if lang not in ("en", "zh"):
        raise InputError(f"no language {lang!r}", where="--lang", mend="give en or zh")
    chosen: Literal["surrogate", "tag"] = "tag" if style == "tag" else "surrogate"
    secret = read_key(key)
    parameters = {"style": style, "known": known is not None, "policy": policy is not None, "files": 0}
    files = inputs_of(inputs)
    parameters["files"] = len(files)
    with record_privately("records deidentify", parameters=parameters) as job:
        done = _run(files, out, secret, known, patient, policy, chosen, workers)
        for path in [*(path for path, _ in files), *(path for path in (known, policy) if path)]:
            job.used(path)
        for path in done.written:
            job.generated(path)
    _show(done, as_json, lang)
    if done.summary.leaks or done.summary.failed:
        raise typer.Exit(1)


def _run(
    files: list[tuple[Path, Path]],
    out: Path,
    secret: Secret,
    known: Path | None,
    patient: str | None,
    policy: Path | None,
    style: Literal["surrogate", "tag"],
    workers: int,
) -> Done:
    from bencao.records.deidentify.batch import deidentify_files, read_known
    from bencao.records.deidentify.tables.policy import read_policy
    from bencao.records.deidentify.tables.transforming import Setting

    setting = Setting(secret, style, read_known(known, patient) if known else {})
    told = read_policy(policy) if policy else None
    return deidentify_files(files, out, setting=setting, policy=told, workers=workers, progress=True)


def _show(done: Done, as_json: bool, lang: str) -> None:
    if as_json:
        told = asdict(done.summary) | {
            "leaks": dict(done.summary.leaks),
            "written": [str(path) for path in done.written],
            "anonymity": {name: asdict(one) for name, one in done.anonymity.items()},
            "faults": [{"where": where, "fault": fault} for where, fault in done.faults],
        }
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    printed = Table(*_HEADS[lang])
    for name, number in done.summary.replaced.items():
        printed.add_row(escape(name), f"{number:,}")
    Console().print(printed)
    for where, fault in done.faults[:_SHOWN]:
        print(f"{where}: {fault}", file=sys.stderr)
    if len(done.faults) > _SHOWN:
        print(f"and {len(done.faults) - _SHOWN:,} more", file=sys.stderr)
    for file, one in done.anonymity.items():
        print(f"{file}: k = {one.k}, {one.groups:,} groups, {one.suppressed:,} rows left out", file=sys.stderr)
    leaks = sum(number for _, number in done.summary.leaks)
    print(
        f"{done.summary.items:,} items, {done.summary.failed:,} failed; {_LEAKS[lang]}: {leaks:,} of "
        f"{done.summary.audited:,} audited",
        file=sys.stderr,
    )
