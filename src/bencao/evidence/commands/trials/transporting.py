"""``bencao evidence transport``: a trial's effect in the persons of a hospital."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Column, Table

from bencao.evidence.commands import app
from bencao.kernel.ledger import record

Language = Literal["en", "zh"]

_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "heads": "population,method,measure,estimate,95 % interval,n",
        "trial": "trial",
        "target": "target",
        "note": "largest standardised difference of trial and target: {before:.2f}, {after:.2f} after weighting; "
        "effective persons {one:.0f} and {none:.0f}",
    },
    "zh": {
        "heads": "人群,方法,指标,估计值,95% 置信区间,人数",
        "trial": "试验人群",
        "target": "目标人群",
        "note": "试验与目标人群的最大标准化差异：{before:.2f}，加权后 {after:.2f}；有效人数 {one:.0f} 与 {none:.0f}",
    },
}


@app.command("transport")
def transport_effect(
    trial: Annotated[Path, typer.Argument(help="The trial, one row a person (.csv or .parquet).")],
    target: Annotated[Path, typer.Argument(help="Persons of the target, the same covariates (.csv or .parquet).")],
    treatment: Annotated[str, typer.Option("--treatment", help="Column: 1 or 0.")],
    outcome: Annotated[str, typer.Option("--outcome", help="Column.")],
    covariates: Annotated[str, typer.Option("--covariates", help="Columns, with commas between.")],
    method: Annotated[
        str, typer.Option("--method", help="inverse_odds, g_formula, doubly_robust, with commas between.")
    ] = "inverse_odds,g_formula,doubly_robust",
    kind: Annotated[
        Literal["continuous", "binary", "time_to_event"], typer.Option("--kind", help="Of the outcome.")
    ] = "continuous",
    time: Annotated[str, typer.Option("--time", help="Column of days to event or censoring.")] = "",
    measure: Annotated[str, typer.Option("--measure", help="risk_difference or rmst_difference, of a time.")] = "",
    horizon: Annotated[float | None, typer.Option("--horizon", help="Days.")] = None,
    person: Annotated[str, typer.Option("--person", help="Column; nobody may stand twice.")] = "",
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write the result here (.json).")] = None,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Carry a trial's effect over to a target population, of whom only covariates are read.

    Example: bencao evidence transport trial.csv hospital.csv --treatment arm --outcome gain --covariates age,sex
    """
    from bencao.evidence.estimators.data.reading import read_table
    from bencao.evidence.transport.transporting import transport
    from bencao.evidence.transport.trial_and_target import trial_and_target
    from bencao.kernel.files import write_text

    told = {
        **{"treatment": treatment, "outcome": outcome, "covariates": covariates, "time": time, "kind": kind},
        **{"method": method, "measure": measure, "horizon": horizon},
    }
    with record(None, "evidence transport", parameters=told, public=()) as job:
        job.used(trial)
        job.used(target)
        data = trial_and_target(
            read_table(trial),
            read_table(target),
            treatment=treatment,
            outcome=outcome,
            covariates=[name.strip() for name in covariates.split(",") if name.strip()],
            kind=kind,
            time=time,
            person=person,
        )
        asked: Any = [name.strip() for name in method.split(",") if name.strip()]
        wanted: Any = measure or None
        found = transport(data, asked, measure=wanted, horizon=horizon)
        text = json.dumps(found.as_json(), ensure_ascii=False)
        if out is not None:
            write_text(out, text + "\n")
            job.generated(out)
    typer.echo(text) if as_json else _print(found, lang)


def _print(found: Any, lang: Language) -> None:
    from bencao.evidence.study.report.words.names import estimate_cells

    words = _WORDS[lang]
    shown = Table(*(Column(head, overflow="fold") for head in words["heads"].split(",")))
    for where, one in (("trial", found.in_trial), *(("target", one) for one in found.estimates)):
        method, _, *rest = estimate_cells(one, lang)
        shown.add_row(words[where], method, *rest)
    Console().print(shown)
    before, after = (max(abs(getattr(one, when)) for one in found.balance) for when in ("before", "after"))
    print(words["note"].format(before=before, after=after, one=found.effective[0], none=found.effective[1]))
