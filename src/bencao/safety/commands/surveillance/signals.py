"""``bencao safety signals``: every measure of every drug-event pair."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal

import polars as pl
import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bencao.kernel.files import write_text
from bencao.kernel.ledger import record
from bencao.safety.commands import app
from bencao.safety.signals.counts import Columns, read_counts
from bencao.safety.signals.screening import Screen, screen

Language = Literal["en", "zh"]
SHOWN = ("drug", "event", "n", "expected", "prr", "ror", "ic", "ic025", "ebgm", "eb05")
_HEADS = {
    "en": ("drug", "event", "reports", "expected", "PRR", "ROR", "IC", "IC025", "EBGM", "EB05"),
    "zh": ("药品", "事件", "报告数", "期望数", "PRR", "ROR", "IC", "IC025", "EBGM", "EB05"),
}
_SUMMARY = {
    "en": "{pairs:,} pairs of {reports:,} reports; flagged: PRR {prr:,}, ROR {ror:,}, IC {ic:,}, EBGM {ebgm:,}",
    "zh": "{reports:,} 份报告，{pairs:,} 个药品-事件对；信号数：PRR {prr:,}，ROR {ror:,}，IC {ic:,}，EBGM {ebgm:,}",
}
_WRITTEN = {"en": "written: {path}", "zh": "已写入：{path}"}


@app.command("signals")
def signals(
    counts: Annotated[Path, typer.Argument(help="Counts (drug, event, n) or reports (report, drug, event).")],
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write all measures here: .csv.")] = None,
    drug: Annotated[str | None, typer.Option("--drug", help="Column of the drugs.")] = None,
    event: Annotated[str | None, typer.Option("--event", help="Column of the events.")] = None,
    n: Annotated[str | None, typer.Option("--n", help="Column of the counts.")] = None,
    report: Annotated[str | None, typer.Option("--report", help="Column of the report numbers.")] = None,
    strata: Annotated[list[str] | None, typer.Option("--strata", help="Column to stratify by, once for each.")] = None,
    squashed: Annotated[bool, typer.Option("--squash", help="Fit MGPS on squashed data.")] = False,
    zeros: Annotated[bool, typer.Option("--zeros", help="The table has every pair, a count of 0 too.")] = False,
    lrt_draws: Annotated[int, typer.Option("--lrt-draws", min=0, help="Likelihood ratio test: tables to draw.")] = 0,
    seed: Annotated[int, typer.Option("--seed", min=0)] = 0,
    top: Annotated[int, typer.Option("--top", min=0, help="Pairs to print, by EB05.")] = 20,
    lang: Annotated[Language, typer.Option("--lang", help="Language of what is read: en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Measure every drug-event pair: PRR, ROR, chi-squared, IC, EBGM with EB05 and EB95.

    Example: bencao safety signals counts.csv -o measures.csv
    """
    columns = Columns(drug, event, n, report, tuple(strata or ()))

    def measured() -> Screen:
        return screen(read_counts(counts, columns), squashed=squashed, zeros=zeros, draws=lrt_draws, seed=seed)

    if out is None:
        found = measured()
    else:
        parameters = {**asdict(columns), "strata": list(columns.strata), "squashed": squashed, "zeros": zeros}
        parameters |= {"lrt_draws": lrt_draws, "seed": seed}
        with record(None, "safety signals", parameters=parameters) as job:
            job.used(counts)
            found = measured()
            write_text(out, found.table.write_csv())
            job.generated(out)
        print(_WRITTEN[lang].format(path=out), file=sys.stderr)
    if found.undetermined is not None:
        print(f"EBGM: {found.undetermined.kind}: {found.undetermined}", file=sys.stderr)
    summary = _summary(found)
    if as_json:
        typer.echo(json.dumps(summary, ensure_ascii=False))
        return
    if top:
        _print(found.table, top, lang)
    print(_SUMMARY[lang].format(**summary))


def _summary(found: Screen) -> dict[str, Any]:
    table = found.table
    flagged = {name: int(table[f"{name}_signal"].sum() or 0) for name in ("prr", "ror", "ic", "ebgm")}
    summary: dict[str, Any] = {"pairs": table.height, "reports": int(table["total"][0]), **flagged}
    if found.fit is not None:
        summary |= {**asdict(found.fit.prior), "objective": found.fit.objective}
    else:
        summary |= {"ebgm_error": str(found.undetermined)}
    return summary


def _print(table: pl.DataFrame, top: int, lang: Language) -> None:
    by = "eb05" if table["eb05"].null_count() < table.height else "ic025"
    first = table.sort(by, "drug", "event", descending=[True, False, False], nulls_last=True).head(top)
    shown = Table(*_HEADS[lang], box=None)
    for row in first.select(SHOWN).iter_rows():
        shown.add_row(*(escape(_cell(value)) for value in row))
    Console().print(shown)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.2f}" if isinstance(value, float) else str(value)
