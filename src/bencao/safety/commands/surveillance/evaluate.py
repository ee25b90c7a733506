"""``bencao safety evaluate``: how far signals of the user's data may be trusted, by controls."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer
from rich.console import Console
from rich.table import Table

from bencao.kernel.files import write_text
from bencao.kernel.ledger import record
from bencao.safety.commands import app
from bencao.safety.commands.checking import check_choice
from bencao.safety.errors import CountsError, PriorUndetermined
from bencao.safety.signals.calibration import Evaluation, evaluate, load_controls, read_controls, read_event_terms
from bencao.safety.signals.calibration.controls import SETS, shipped_drug_names, shipped_event_terms
from bencao.safety.signals.calibration.evaluation import Share
from bencao.safety.signals.counts.reading import counted_reports, find_column, read_table
from bencao.safety.signals.ebgm import PriorFit, fit_prior

_HEADS = {
    "en": ("measure", "AUC", "negatives flagged", "error before", "error after calibration", "systematic error"),
    "zh": ("指标", "AUC", "阴性对照被标记", "校准前假阳性率", "校准后假阳性率", "系统误差"),
}
_SUMMARY = {
    "en": "{found:,} controls judged ({positive:,} positive); {not_found:,} not in the data",
    "zh": "评估了 {found:,} 个对照（阳性 {positive:,}）；{not_found:,} 个在数据中没有",
}


@app.command("evaluate")
def evaluate_signals(
    reports: Annotated[Path, typer.Argument(help="Reports (report, drug, event), as `reports` writes them.")],
    controls: Annotated[
        str, typer.Option("--controls", help=f"{', '.join(SETS)}, or your file: drug, outcome, positive.")
    ] = "omop",
    event_terms: Annotated[
        Path | None, typer.Option("--event-terms", help="Terms of each outcome, a CSV: outcome, event.")
    ] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Every control with its measures: .csv.")] = None,
    mgps: Annotated[bool, typer.Option("--mgps/--no-mgps", help="Fit MGPS to the data, and judge EBGM too.")] = True,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
    lang: Annotated[str, typer.Option("--lang", help="en or zh.")] = "en",
) -> None:
    """Judge PRR, ROR, IC and EBGM by positive and negative controls, before and after empirical calibration.

    The shipped terms of the outcomes are plain words, not a MedDRA query: give your own with --event-terms where the
    data are coded in MedDRA.

    Example: bencao safety evaluate reports.parquet --controls eu-adr -o controls.csv
    """
    check_choice(lang, "--lang", ("en", "zh"))
    chosen = load_controls(controls) if controls in SETS else read_controls(Path(controls))
    terms = read_event_terms(event_terms) if event_terms else shipped_event_terms()

    def judged() -> Evaluation:
        pairs = _pairs(reports)
        return evaluate(pairs, chosen, terms, shipped_drug_names(), _fit(pairs, reports) if mgps else None)

    if out is None:
        found = judged()
    else:
        with record(None, "safety evaluate", parameters={"controls": controls, "mgps": mgps}) as job:
            for path in (reports, event_terms, None if controls in SETS else Path(controls)):
                if path:
                    job.used(path)
            found = judged()
            write_text(out, found.table.write_csv())
            job.generated(out)
        print(f"written: {out}", file=sys.stderr)
    if as_json:
        print(json.dumps(_told(found), ensure_ascii=False))
        return
    table = Table(*_HEADS[lang], box=None)
    for one in found.measures:
        null = f"{one.null.mean:+.2f} ± {one.null.sd:.2f}" if one.null else ""
        shares = (one.auc, one.flagged, one.error_before, one.error_after)
        table.add_row(one.measure.upper(), *map(_share, shares), null)
    Console().print(table)
    print(_SUMMARY[lang].format(**_counts(found)))


def _pairs(path: Path) -> pl.DataFrame:
    frame = read_table(path)
    columns = {kind: find_column(frame, kind, None, path) for kind in ("report", "drug", "event")}
    if lacking := [kind for kind, name in columns.items() if name is None]:
        cause = f"no column of the {lacking[0]}s among {', '.join(frame.columns)}"
        raise CountsError(cause, where=str(path), mend="give reports: a row for each report, drug and event")
    return frame.select(pl.col(str(name)).alias(kind) for kind, name in columns.items())


def _fit(pairs: pl.DataFrame, path: Path) -> PriorFit | None:
    counted = counted_reports(pairs, path)
    try:
        return fit_prior(counted.table["n"].to_numpy(), counted.table["expected"].to_numpy())
    except PriorUndetermined as error:
        print(f"EBGM: {error.kind}: {error}", file=sys.stderr)
        return None


def _share(share: Share | None) -> str:
    return f"{share.value:.3f} ({share.low:.3f}–{share.high:.3f}; {share.n})" if share else ""


def _counts(found: Evaluation) -> dict[str, int]:
    positive = int(found.table["positive"].sum()) if found.table.height else 0
    return {"found": found.table.height, "positive": positive, "not_found": len(found.not_found)}


def _told(found: Evaluation) -> dict[str, Any]:
    lacking = [{"drug": one.drug, "outcome": one.outcome, "lacking": what} for one, what in found.not_found]
    return {**_counts(found), "measures": [asdict(one) for one in found.measures], "controls_not_found": lacking}
