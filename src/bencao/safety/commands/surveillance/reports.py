"""``bencao safety reports``: FAERS and VAERS as they are published, into one table of reports."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Annotated

import typer

from bencao.kernel.errors import InputError
from bencao.kernel.files import write_bytes
from bencao.kernel.ledger import record
from bencao.safety.commands import app
from bencao.safety.commands.checking import check_choice
from bencao.safety.sources import Suspects, read_faers, read_vaers

_FORMS = (".csv", ".parquet")
_WRITTEN = {
    "en": "written: {out} ({rows:,} pairs of {reports:,} cases; {superseded:,} versions superseded, {deleted:,} cases "
    "deleted, {left:,} lines left out)",
    "zh": "已写入：{out}（{reports:,} 例、{rows:,} 行；被后续版本取代 {superseded:,}，"
    "已删除病例 {deleted:,}，略过 {left:,} 行）",
}


@app.command("reports")
def reports(
    folders: Annotated[list[Path], typer.Argument(help="Folders of FAERS quarters, or of VAERS years.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="A row a pair of each report: .csv or .parquet.")],
    source: Annotated[str, typer.Option("--from", help="faers or vaers.")] = "faers",
    suspects: Annotated[str, typer.Option("--suspects", help="FAERS: primary, suspect or all drugs.")] = "suspect",
    as_reported: Annotated[
        bool, typer.Option("--as-reported", help="FAERS: drugs by the reporter's name, not their ingredients.")
    ] = False,
    by_type: Annotated[bool, typer.Option("--by-type", help="VAERS: vaccines by type, not by name.")] = False,
    lang: Annotated[str, typer.Option("--lang", help="en or zh.")] = "en",
) -> None:
    """Read public reports into a table that `signals` and `evaluate` take; of each case its latest version counts.

    Lines that cannot be read are named on stderr and left out; the exit code is then 1.

    Example: bencao safety reports faers_ascii_2026q1 faers_ascii_2026q2 -o reports.parquet
    """
    check_choice(source, "--from", ("faers", "vaers"))
    check_choice(suspects, "--suspects", ("primary", "suspect", "all"))
    check_choice(lang, "--lang", ("en", "zh"))
    check_choice(out.suffix.lower(), "--out", _FORMS)
    roles: Suspects = "primary" if suspects == "primary" else "all" if suspects == "all" else "suspect"
    parameters = {"from": source, "suspects": suspects, "as_reported": as_reported, "by_type": by_type}
    with record(None, "safety reports", parameters=parameters) as job:
        for path in sorted(path for folder in folders for path in folder.rglob("*") if path.is_file()):
            job.used(path)
        if source == "faers":
            found = read_faers(folders, roles, ingredients=not as_reported)
        else:
            found = read_vaers(folders, by_type=by_type)
        if found.table.is_empty():
            raise InputError("no report", where=str(folders[0]), mend="give the files as they were published")
        stream = io.BytesIO()
        if out.suffix.lower() == ".csv":
            found.table.write_csv(stream)
        else:
            found.table.write_parquet(stream)
        write_bytes(out, stream.getvalue())
        job.generated(out)
    for problem in found.problems:
        print(f"left out: {problem}", file=sys.stderr)
    counts = {"superseded": found.superseded, "deleted": found.deleted, "left": len(found.problems)}
    print(_WRITTEN[lang].format(out=out, rows=found.table.height, reports=found.reports, **counts), file=sys.stderr)
    if found.problems:
        raise typer.Exit(1)
