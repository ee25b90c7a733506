"""``bencao evidence estimate``: an effect from one row a person, by one estimator or several."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Column, Table

from bencao.evidence.commands import app
from bencao.kernel.ledger import record

Language = Literal["en", "zh"]

_HEADS: dict[Language, tuple[str, ...]] = {
    "en": ("method", "estimand", "measure", "estimate", "95 % interval", "n"),
    "zh": ("方法", "目标人群", "指标", "估计值", "95% 置信区间", "人数"),
}


@app.command()
def estimate(
    table: Annotated[Path, typer.Argument(help="One row a person (.csv or .parquet).")],
    treatment: Annotated[str, typer.Option("--treatment", help="Column: 1 or 0.")],
    outcome: Annotated[str, typer.Option("--outcome", help="Column; with --time, 2 is a competing event.")],
    covariates: Annotated[str, typer.Option("--covariates", help="Columns, with commas between.")],
    method: Annotated[str, typer.Option("--method", help="Estimators, with commas between.")] = "aipw",
    kind: Annotated[str, typer.Option("--kind", help="continuous, binary or time_to_event.")] = "continuous",
    time: Annotated[str, typer.Option("--time", help="Column of days to event or censoring.")] = "",
    measure: Annotated[
        str, typer.Option("--measure", help="risk_difference, rmst_difference or log_hazard_ratio.")
    ] = "",
    horizon: Annotated[float | None, typer.Option("--horizon", help="Days.")] = None,
    instrument: Annotated[str, typer.Option("--instrument", help="Column.")] = "",
    before: Annotated[str, typer.Option("--before", help="Column: the outcome before time zero.")] = "",
    person: Annotated[str, typer.Option("--person", help="Column; nobody may stand twice.")] = "",
    estimand: Annotated[str, typer.Option("--estimand", help="ate, att or ato.")] = "ate",
    learner: Annotated[str, typer.Option("--learner", help="parametric, or forest with cross-fitting.")] = "parametric",
    trim: Annotated[
        float, typer.Option("--trim", min=0.0, max=0.49, help="Least distance of propensities to 0, 1.")
    ] = 0,
    seed: Annotated[int, typer.Option("--seed", help="Of cross-fitting.")] = 1,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write the estimates here (.json).")] = None,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Estimate an effect: crude, matching, stratification, ipw, overlap, entropy, g_formula, aipw, tmle, instrument,
    difference_in_differences.

    Example: bencao evidence estimate nhefs.csv --treatment qsmk --outcome wt82_71 --covariates sex,age --method ipw
    """
    from bencao.evidence.estimators.data.reading import read_table
    from bencao.evidence.estimators.data.study_data import study_data
    from bencao.evidence.estimators.estimate import checked_settings
    from bencao.evidence.estimators.estimate import estimate as estimate_effect
    from bencao.evidence.study.report.words.names import estimate_cells
    from bencao.kernel.files import write_text

    told: dict[str, Any] = {
        "columns": {"treatment": treatment, "outcome": outcome, "covariates": covariates, "time": time},
        "method": method,
        "kind": kind,
        "measure": measure,
        "horizon": horizon,
        "estimand": estimand,
        "learner": learner,
        "trim": trim,
        "seed": seed,
    }
    with record(None, "evidence estimate", parameters=told, public=()) as job:
        job.used(table)
        settings = checked_settings(kind, estimand, learner, trim=trim, seed=seed)
        names = {"time": time, "instrument": instrument, "before": before, "person": person}
        data = study_data(
            read_table(table),
            treatment=treatment,
            outcome=outcome,
            covariates=[name.strip() for name in covariates.split(",") if name.strip()],
            kind=kind,  # type: ignore[arg-type]
            **names,
        )
        found = [
            estimate_effect(data, one.strip(), settings, measure=measure or None, horizon=horizon)  # type: ignore[arg-type]
            for one in method.split(",")
        ]
        text = json.dumps([asdict(one) for one in found], ensure_ascii=False)
        if out is not None:
            write_text(out, text + "\n")
            job.generated(out)
    if as_json:
        typer.echo(text)
        return
    shown = Table(*(Column(head, overflow="fold") for head in _HEADS[lang]))
    for one in found:
        shown.add_row(*estimate_cells(one, lang))
    Console().print(shown)
