"""``bencao evidence adam | borrow``: a trial's analysis data sets, and controls from outside beside its own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Column, Table

from bencao.evidence.commands import app
from bencao.evidence.errors import StudyDataError
from bencao.kernel.errors import InputError
from bencao.kernel.files import write_text
from bencao.kernel.ledger import record

Language = Literal["en", "zh"]

_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "heads": "method,measure,estimate,95 % interval,n",
        "limit": "at most {share:.1%} of the external persons may be counted: then the type-1 error stays at or below "
        "{type_1:.1%} whatever the drift (worst at {drift:.3g})",
        "taken": "taken: {borrowed:.1f} persons; conflict {conflict:.2f} standard errors",
        "adam": "{n:,} persons, {treated:,} treated",
    },
    "zh": {
        "heads": "方法,指标,估计值,95% 置信区间,人数",
        "limit": "外部对照最多可计入 {share:.1%}：无论偏移多大，I 类错误不超过 {type_1:.1%}（偏移 {drift:.3g} 时最大）",
        "taken": "实际借用：{borrowed:.1f} 人；冲突 {conflict:.2f} 个标准误",
        "adam": "{n:,} 人，其中治疗组 {treated:,} 人",
    },
}


@app.command()
def adam(
    subjects: Annotated[Path, typer.Argument(help="ADSL (.xpt or .parquet).")],
    analysis: Annotated[Path, typer.Argument(help="ADTTE or a BDS data set (.xpt or .parquet).")],
    parameter: Annotated[str, typer.Option("--parameter", help="PARAMCD.")],
    treatment: Annotated[str, typer.Option("--treatment", help="The treated, as the variable --arm says.")],
    control: Annotated[str, typer.Option("--control", help="The controls.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Write one row a person here (.csv).")],
    covariates: Annotated[str, typer.Option("--covariates", help="Variables of ADSL, with commas between.")] = "",
    arm: Annotated[str, typer.Option("--arm", help="Variable of ADSL.")] = "TRT01P",
    value: Annotated[str, typer.Option("--value", help="AVAL, CHG or another.")] = "AVAL",
    population: Annotated[str, typer.Option("--population", help="Flag of ADSL that must be Y.")] = "ITTFL",
    records: Annotated[list[str] | None, typer.Option("--record", help="VARIABLE=VALUE, as often as needed.")] = None,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
) -> None:
    """Make the flat table of a trial that the other verbs read, from its ADaM data sets.

    Example: bencao evidence adam adsl.xpt adtte.xpt --parameter TTDE --treatment Active --control Placebo -o trial.csv
    """
    from bencao.evidence.estimators.data.adam import read_adam

    pairs = [one.partition("=") for one in records or []]
    if any(not middle for _, middle, _ in pairs):
        raise StudyDataError("is not VARIABLE=VALUE", where="--record", mend="write e.g. AVISIT='Week 24'")
    told = {"parameter": parameter, "arm": arm, "value": value, "population": population}
    with record(None, "evidence adam", parameters=told, public=()) as job:
        job.used(subjects)
        job.used(analysis)
        table = read_adam(
            subjects,
            analysis,
            parameter=parameter,
            treatment=treatment,
            control=control,
            covariates=_split(covariates),
            arm=arm,
            value=value,
            population=population,
            records={name: wanted for name, _, wanted in pairs},
        )
        write_text(out, table.to_csv(index=False, lineterminator="\n"))
        job.generated(out)
    print(_WORDS[lang]["adam"].format(n=len(table), treated=int(table.arm.sum())))


@app.command("borrow")
def borrow_controls(
    trial: Annotated[Path, typer.Argument(help="The trial, one row a person (.csv or .parquet).")],
    external: Annotated[Path, typer.Argument(help="External controls, the same columns (.csv or .parquet).")],
    treatment: Annotated[str, typer.Option("--treatment", help="Column of the trial: 1 or 0.")],
    outcome: Annotated[str, typer.Option("--outcome", help="Column.")],
    covariates: Annotated[str, typer.Option("--covariates", help="Columns, with commas between.")],
    method: Annotated[
        str, typer.Option("--method", help="power_prior, commensurate, propensity, with commas between.")
    ] = "power_prior,commensurate,propensity",
    kind: Annotated[
        Literal["continuous", "binary", "time_to_event"], typer.Option("--kind", help="Of the outcome.")
    ] = "continuous",
    time: Annotated[str, typer.Option("--time", help="Column of days to event or censoring.")] = "",
    horizon: Annotated[float | None, typer.Option("--horizon", help="Days, of a time to event.")] = None,
    person: Annotated[str, typer.Option("--person", help="Column; nobody may stand twice.")] = "",
    limit: Annotated[float, typer.Option("--limit", help="What the type-1 error may become, of 0.05.")] = 0.07,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write the result here (.json).")] = None,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Estimate a trial's effect with controls from outside, borrowing no more than conflict allows.

    Example: bencao evidence borrow trial.csv hospital.csv --treatment arm --outcome gain --covariates age,sex
    """
    from bencao.evidence.borrowing.hybrid_arm import borrow, hybrid_data
    from bencao.evidence.estimators.data.reading import read_table
    from bencao.evidence.study.report.words.names import COLON, estimate_cells, shown_method

    methods: Any = _split(method)
    if not methods:
        raise InputError("none is given", where="--method", mend="give power_prior, commensurate or propensity")
    told = {"treatment": treatment, "outcome": outcome, "covariates": covariates, "time": time, "kind": kind}
    told |= {"method": method, "limit": str(limit), "horizon": str(horizon)}
    with record(None, "evidence borrow", parameters=told, public=()) as job:
        job.used(trial)
        job.used(external)
        data = hybrid_data(
            read_table(trial),
            read_table(external),
            treatment=treatment,
            outcome=outcome,
            covariates=_split(covariates),
            kind=kind,
            time=time,
            person=person,
            horizon=horizon,
        )
        found = [borrow(data, one, limit=limit) for one in methods]
        text = json.dumps([one.as_json() for one in found], ensure_ascii=False)
        if out is not None:
            write_text(out, text + "\n")
            job.generated(out)
    if as_json:
        typer.echo(text)
        return
    words = _WORDS[lang]
    shown = Table(*(Column(head, overflow="fold") for head in words["heads"].split(",")))
    for one in (found[0].alone, *(each.estimate for each in found)):
        name, _, *rest = estimate_cells(one, lang)
        shown.add_row(name, *rest)
    Console().print(shown)
    for each in found:
        name = f"{shown_method(each.estimate.method, lang)}{COLON[lang]}"
        print(name + words["limit"].format(share=each.share, type_1=each.type_1, drift=each.drift))
        print(name + words["taken"].format(borrowed=each.borrowed, conflict=each.conflict))


def _split(told: str) -> list[str]:
    return [name.strip() for name in told.split(",") if name.strip()]
