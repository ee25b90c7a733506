"""``bencao safety masking``: which drugs of an event stand when the others are held fixed."""

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

from bencao.kernel.compute import Failure
from bencao.kernel.errors import InputError
from bencao.kernel.files import write_text
from bencao.kernel.ledger import record
from bencao.safety.commands import app
from bencao.safety.signals.counts import Columns
from bencao.safety.signals.counts.reports import read_reports
from bencao.safety.signals.masking import Regression, design_of, outcomes_of, regress_all

Language = Literal["en", "zh"]
Choice = Literal["bic", "cv"]
_HEADS = {
    "en": ("drug", "event", "reports", "crude ROR", "odds ratio", "verdict", "beside"),
    "zh": ("药品", "事件", "报告数", "粗 ROR", "校正比值比", "判定", "相关药品"),
}
_VERDICTS = {
    "both": "均为信号",
    "unmasked": "被掩盖",
    "explained": "由合并用药解释",
    "weak": "弱",
    "neither": "均非信号",
}
_SUMMARY = {
    "en": "{reports:,} reports, {drugs:,} drugs, {events:,} events; of both {both:,}, unmasked {unmasked:,}, "
    "explained by other drugs or strata {explained:,}, weak {weak:,}; failed {failed:,}",
    "zh": "{reports:,} 份报告，{drugs:,} 种药品，{events:,} 个事件；均为信号 {both:,}，被掩盖 {unmasked:,}，"
    "由合并用药或分层解释 {explained:,}，弱 {weak:,}；失败 {failed:,}",
}
_WRITTEN = {"en": "written: {path}", "zh": "已写入：{path}"}


@app.command("masking")
def masking(
    source: Annotated[Path, typer.Argument(help="Reports: report, drug, event; or report, drug and --events.")],
    events: Annotated[Path | None, typer.Option("--events", help="Events (report, event), if a file apart.")] = None,
    of: Annotated[list[str] | None, typer.Option("--of", help="An event, once for each; else all.")] = None,
    strata: Annotated[list[str] | None, typer.Option("--strata", help="Column held fixed, such as sex.")] = None,
    drug: Annotated[str | None, typer.Option("--drug", help="Column of the drugs.")] = None,
    event: Annotated[str | None, typer.Option("--event", help="Column of the events.")] = None,
    report: Annotated[str | None, typer.Option("--report", help="Column of the report numbers.")] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write all pairs here: .csv.")] = None,
    penalty: Annotated[Choice, typer.Option("--penalty", help="Chosen by bic or by cross-validation, cv.")] = "bic",
    minimum_reports: Annotated[int, typer.Option("--minimum-reports", min=1, help="Of a drug to stand in it.")] = 5,
    minimum_events: Annotated[int, typer.Option("--minimum-events", min=1, help="Of an event to be fitted.")] = 30,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Events fitted at once.")] = 1,
    seed: Annotated[int, typer.Option("--seed", min=0, help="Of the folds of cross-validation.")] = 0,
    top: Annotated[int, typer.Option("--top", min=0, help="Pairs to print: unmasked and explained first.")] = 20,
    lang: Annotated[Language, typer.Option("--lang", help="Language of what is read: en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Regress each event on all drugs at once (logistic lasso): what co-medication explains, and what it masks.

    An event whose fit does not settle is named on stderr, the others go on; the exit code is then 1.

    Example: bencao safety masking reports.csv --of "Rhabdomyolysis" --strata sex -o masking.csv
    """
    columns = Columns(drug, event, None, report, tuple(strata or ()))

    def regressed() -> tuple[list[Regression], dict[str, Any]]:
        reports = read_reports(source, columns, columns.strata, events)
        design = design_of(reports, columns.strata, minimum_reports)
        outcomes = outcomes_of(reports, minimum_events, of or ())
        results = regress_all(design, outcomes, penalty, seed=seed, workers=workers)
        for name, failure in zip(outcomes, results, strict=True):
            if isinstance(failure, Failure):
                print(f"{failure.kind}: {name}: {failure.cause}; {failure.mend}", file=sys.stderr)
        fitted = [each for each in results if isinstance(each, Regression)]
        if not fitted:
            raise InputError("no event could be fitted", where=str(source), mend="see the lines above")
        told = {"reports": design.x.shape[0], "drugs": len(design.drugs), "events": len(fitted)}
        return fitted, told | {"failed": len(results) - len(fitted), "largest_gap": max(each.gap for each in fitted)}

    if out is None:
        fitted, summary = regressed()
    else:
        parameters = {**asdict(columns), "strata": list(columns.strata), "of": sorted(of or ()), "penalty": penalty}
        parameters |= {"minimum_reports": minimum_reports, "minimum_events": minimum_events, "seed": seed}
        with record(None, "safety masking", parameters=parameters) as job:
            for path in (source, events):
                if path:
                    job.used(path)
            fitted, summary = regressed()
            write_text(out, pl.concat(each.table for each in fitted).write_csv())
            job.generated(out)
        print(_WRITTEN[lang].format(path=out), file=sys.stderr)
    table = pl.concat(each.table for each in fitted)
    summary |= {name: int((table["verdict"] == name).sum()) for name in ("both", "unmasked", "explained", "weak")}
    if as_json:
        typer.echo(json.dumps(summary))
    else:
        if top:
            _print(table, top, lang)
        print(_SUMMARY[lang].format(**summary))
    if summary["failed"]:
        raise typer.Exit(1)


def _print(table: pl.DataFrame, top: int, lang: Language) -> None:
    shown = Table(*_HEADS[lang], box=None)
    order = pl.col("verdict").replace_strict({"unmasked": 0, "explained": 1, "both": 2, "weak": 3, "neither": 4})
    first = table.sort(order, -pl.col("n"), "drug", "event").head(top)
    for row in first.iter_rows(named=True):
        verdict = _VERDICTS[row["verdict"]] if lang == "zh" else row["verdict"]
        ratios = (_ratio(row, "ror", "ror_low", "ror_high"), _ratio(row, "odds_ratio", "odds_low", "odds_high"))
        cells = (row["drug"], row["event"], str(row["n"]), *ratios, verdict, row["beside"] or "–")
        shown.add_row(*(escape(cell) for cell in cells))
    Console().print(shown)


def _ratio(row: dict[str, Any], estimate: str, low: str, high: str) -> str:
    if row[estimate] is None:
        return "–"
    if row[low] is None:
        return f"{row[estimate]:.2f}"
    return f"{row[estimate]:.2f} ({row[low]:.2f} to {row[high]:.2f})"
