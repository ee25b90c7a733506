"""``bencao safety count``: every drug-event pair of many reports, counted for ``signals``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from bencao.kernel.errors import InputError
from bencao.kernel.files import writing
from bencao.kernel.ledger import record
from bencao.kernel.tables import open_store
from bencao.safety.commands import app
from bencao.safety.signals.counts import count_report_files, count_report_tables

Language = Literal["en", "zh"]
_FORMS = (".csv", ".parquet")
_WRITTEN = {
    "en": "written: {path} ({pairs:,} pairs of {total:,} reports)",
    "zh": "已写入：{path}（{total:,} 份报告，{pairs:,} 个药品-事件对）",
}


@app.command("count")
def count(
    drugs: Annotated[Path, typer.Argument(help="Drugs of the reports: report, drug (.parquet or .csv).")],
    events: Annotated[Path, typer.Argument(help="Events of the reports: report, event.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Counts: .csv or .parquet.")],
    store: Annotated[
        str, typer.Option("--store", help="Count there, e.g. duckdb: or spark:local[2]; any report numbers.")
    ] = "",
    lang: Annotated[Language, typer.Option("--lang", help="Language of what is read: en or zh.")] = "en",
) -> None:
    """Count in how many reports each drug stands with each event, with the margins that `signals` needs.

    A report counts that has a drug and an event; a drug or event that a report names twice counts once. Report numbers
    are whole numbers, but for those counted in a --store.

    Example: bencao safety count drugs.parquet events.parquet -o counts.csv
    """
    if out.suffix.lower() not in _FORMS:
        raise InputError(f"no format {out.suffix!r}", where=str(out), mend=f"give one of {', '.join(_FORMS)}")
    with record(None, "safety count", parameters={"store": store}) as job:
        job.used(drugs)
        job.used(events)
        if store:
            opened = open_store(store)
            cells = count_report_tables(opened, opened.scan(drugs), opened.scan(events))
        else:
            cells = count_report_files(drugs, events)
        with writing(out) as stream:
            if out.suffix.lower() == ".csv":
                cells.write_csv(stream)
            else:
                cells.write_parquet(stream)
        job.generated(out)
    total = int(cells["total"][0]) if cells.height else 0
    print(_WRITTEN[lang].format(path=out, pairs=cells.height, total=total), file=sys.stderr)
