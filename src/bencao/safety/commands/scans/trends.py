"""``bencao safety trends``: drug-event pairs over time."""

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

from bencao.kernel.errors import InputError
from bencao.kernel.files import write_text
from bencao.kernel.ledger import record
from bencao.safety.commands import app
from bencao.safety.signals.counts import Columns
from bencao.safety.signals.counts.reports import read_reports
from bencao.safety.signals.trends import Trends, count_periods, dated, follow, read_periods

Language = Literal["en", "zh"]
By = Literal["month", "quarter", "year"]
_HEADS = {
    "en": ("drug", "event", "reports", "expected", "IC above 0", "sequential", "change", "ratios", "p"),
    "zh": ("药品", "事件", "报告数", "期望数", "IC 大于 0", "序贯检验", "变化点", "比值", "p"),
}
_SUMMARY = {
    "en": "{pairs:,} pairs over {periods:,} periods; signalled by the sequential test {sequential:,}; "
    "changed (p <= 0.05, not corrected for many pairs) {changed:,}; "
    "reports without a date {undated:,}, of which {misdated:,} have one that is none",
    "zh": "{pairs:,} 个药品-事件对，{periods:,} 个时期；序贯检验信号 {sequential:,}；"
    "有变化（p <= 0.05，未作多重校正）{changed:,}；无日期的报告 {undated:,}（其中日期无效 {misdated:,}）",
}
_NAMED = 5
_WRITTEN = {"en": "written: {path}", "zh": "已写入：{path}"}


@app.command("trends")
def trends(
    source: Annotated[Path, typer.Argument(help="Reports (report, drug, event, a date), or counts by period.")],
    date: Annotated[str, typer.Option("--date", help="Column of the dates.")] = "date",
    by: Annotated[By, typer.Option("--by", help="Length of a period.")] = "quarter",
    events: Annotated[Path | None, typer.Option("--events", help="Events (report, event), if a file apart.")] = None,
    drug: Annotated[str | None, typer.Option("--drug", help="Column of the drugs.")] = None,
    event: Annotated[str | None, typer.Option("--event", help="Column of the events.")] = None,
    report: Annotated[str | None, typer.Option("--report", help="Column of the report numbers.")] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write a row a period of a pair: .csv.")] = None,
    pairs: Annotated[Path | None, typer.Option("--pairs", help="Write a row a pair: .csv.")] = None,
    minimum: Annotated[int, typer.Option("--minimum", min=1, help="Reports of a pair to follow it.")] = 3,
    alpha: Annotated[float, typer.Option("--alpha", min=1e-6, max=0.5, help="Of a pair's sequential test.")] = 0.05,
    upper_limit: Annotated[
        float | None, typer.Option("--upper-limit", min=1e-6, help="Expected count at which watching ends.")
    ] = None,
    draws: Annotated[int, typer.Option("--draws", min=1, help="Series drawn for the p value of a change.")] = 999,
    seed: Annotated[int, typer.Option("--seed", min=0)] = 0,
    top: Annotated[int, typer.Option("--top", min=0, help="Pairs to print, those that changed most surely.")] = 20,
    lang: Annotated[Language, typer.Option("--lang", help="Language of what is read: en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Follow drug-event pairs over time: IC by period and to date, MaxSPRT, and the likeliest change.

    A file with the columns drug, event, period, n, expected is taken as it stands; reports are counted by period. What
    -o writes, `bencao serve --trends` shows. A report whose date is none is left out, the first few are named on
    stderr, and the exit code is then 1.

    Example: bencao safety trends reports.csv --date received --by quarter -o trends.csv
    """
    columns = Columns(drug, event, None, report)
    settings: dict[str, Any] = {"alpha": alpha, "minimum": minimum, "upper_limit": upper_limit}
    settings |= {"draws": draws, "seed": seed}

    bad: list[int] = []

    def followed() -> tuple[Trends, int]:
        counted, undated = read_periods(source), 0
        if counted is None:
            reports = read_reports(source, columns, (date,), events)
            periods, wrong = dated(reports.background, date, by)
            for number, told in wrong.head(_NAMED).iter_rows():
                print(f"CountsError: {source}: report {number}: {told!r} is no date", file=sys.stderr)
            bad.append(wrong.height)
            undated = reports.background.height - periods.height
            counted = count_periods(reports, periods, minimum)
        if counted.is_empty():
            raise InputError("no pair with enough dated reports", where=str(source), mend="lower --minimum")
        return follow(counted, **settings), undated

    written = [path for path in (out, pairs) if path]
    if not written:
        found, undated = followed()
    else:
        parameters = {**asdict(columns), "strata": [], "date": date, "by": by, **settings}
        with record(None, "safety trends", parameters=parameters) as job:
            for path in (source, events):
                if path:
                    job.used(path)
            found, undated = followed()
            for path, table in ((out, found.table), (pairs, found.pairs)):
                if path:
                    write_text(path, table.write_csv())
                    job.generated(path)
        for path in written:
            print(_WRITTEN[lang].format(path=path), file=sys.stderr)
    summary = {
        "pairs": found.pairs.height,
        "periods": found.table["period"].n_unique(),
        "sequential": found.pairs.height - found.pairs["sequential_from"].null_count(),
        "changed": int((found.pairs["change_p"] <= 0.05).sum()),
        "undated": undated,
        "misdated": sum(bad),
    }
    if as_json:
        typer.echo(json.dumps(summary))
    else:
        if top:
            _print(found.pairs, top, lang)
        print(_SUMMARY[lang].format(**summary))
    if summary["misdated"]:
        raise typer.Exit(1)


def _print(pairs: pl.DataFrame, top: int, lang: Language) -> None:
    shown = Table(*_HEADS[lang], box=None)
    first = pairs.sort("change_p", "n", "drug", "event", descending=[False, True, False, False]).head(top)
    for row in first.iter_rows(named=True):
        ratios = " → ".join(
            "–" if row[name] is None else f"{row[name]:.2f}" for name in ("ratio_before", "ratio_after")
        )
        cells = [row["drug"], row["event"], str(row["n"]), f"{row['expected']:.2f}"]
        cells += [row[name] or "–" for name in ("ic_from", "sequential_from", "change_from")]
        shown.add_row(*(escape(cell) for cell in (*cells, ratios, f"{row['change_p']:.3f}")))
    Console().print(shown)
