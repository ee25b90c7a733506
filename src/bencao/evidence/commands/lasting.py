"""``bencao evidence lasting``: strategies that last, from one row a person and period."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Table

from bencao.evidence.commands import app
from bencao.kernel.ledger import record

Language = Literal["en", "zh"]
Method = Literal["clones", "trials", "structural"]

_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "heads": "period,treatment,comparator",
        "risk": "difference of risks {value:.4g} ({low:.4g} to {high:.4g}), {n:,} persons",
        "odds": "log odds ratio {value:.4g} ({low:.4g} to {high:.4g}), {n:,} persons",
        "weights": "largest weight {largest:.3g}; effective rows at the end {one:.0f} and {none:.0f}",
    },
    "zh": {
        "heads": "时段,治疗,对照",
        "risk": "风险差 {value:.4g}（{low:.4g} 至 {high:.4g}），{n:,} 人",
        "odds": "对数比值比 {value:.4g}（{low:.4g} 至 {high:.4g}），{n:,} 人",
        "weights": "最大权重 {largest:.3g}；末期有效行数 {one:.0f} 与 {none:.0f}",
    },
}


@app.command()
def lasting(
    table: Annotated[Path, typer.Argument(help="One row a person and period, from 0 on (.csv or .parquet).")],
    treatment: Annotated[str, typer.Option("--treatment", help="Column: 1 while treated.")],
    event: Annotated[str, typer.Option("--event", help="Column: 1 in the period of the event, the last row.")],
    person: Annotated[str, typer.Option("--person", help="Column.")] = "person",
    period: Annotated[str, typer.Option("--period", help="Column: 0, 1, 2 …")] = "period",
    baseline: Annotated[str, typer.Option("--baseline", help="Columns known at time zero, with commas.")] = "",
    varying: Annotated[str, typer.Option("--varying", help="Columns known when a period begins.")] = "",
    method: Annotated[
        Method, typer.Option("--method", help="clones, trials (in sequence), or structural (a marginal model).")
    ] = "clones",
    grace: Annotated[int, typer.Option("--grace", min=0, help="Last period in which clones may start.")] = 0,
    analysed_as: Annotated[
        Literal["per_protocol", "intention_to_treat"], typer.Option("--analysed-as", help="Of trials.")
    ] = "per_protocol",
    periods: Annotated[int | None, typer.Option("--periods", min=1, help="Periods whose risk is wanted.")] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write the result (.json).")] = None,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Compare treatment that is started and kept with none, weighing back confounders that vary and answer to it.

    Example: bencao evidence lasting periods.csv --treatment statin --event death --varying ldl --grace 2
    """
    from bencao.evidence.estimators.data.reading import read_table
    from bencao.evidence.longitudinal.person_periods import person_periods
    from bencao.kernel.files import write_text

    told: dict[str, Any] = {
        "columns": {"treatment": treatment, "event": event, "baseline": baseline, "varying": varying},
        **{"method": method, "grace": grace, "analysed_as": analysed_as, "periods": periods},
    }
    with record(None, "evidence lasting", parameters=told, public=()) as job:
        job.used(table)
        data = person_periods(
            read_table(table),
            person=person,
            period=period,
            treatment=treatment,
            event=event,
            baseline=_split(baseline),
            varying=_split(varying),
        )
        shown = _compared(data, method, grace, analysed_as, periods)
        text = json.dumps(shown, ensure_ascii=False)
        if out is not None:
            write_text(out, text + "\n")
            job.generated(out)
    typer.echo(text) if as_json else _print(shown, _WORDS[lang])


def _compared(data: Any, method: Method, grace: int, analysed_as: Any, periods: int | None) -> dict[str, Any]:
    from bencao.evidence.longitudinal.emulation import Strategy, clones, trials
    from bencao.evidence.longitudinal.risks import risks
    from bencao.evidence.longitudinal.structural import marginal_structural_model

    if method == "structural":
        return {"estimate": asdict(marginal_structural_model(data))}
    if method == "trials":
        emulation = trials(data, analysed_as)
    else:
        emulation = clones(data, Strategy("treated", True, grace), Strategy("never treated", False))
    found = asdict(risks(data, emulation, periods=periods, method=method))
    return {"estimate": found.pop("difference"), **found}


def _print(shown: dict[str, Any], words: dict[str, str]) -> None:
    if "treatment" in shown:
        table = Table(*words["heads"].split(","))
        for number, (one, none) in enumerate(zip(shown["treatment"], shown["comparator"], strict=True)):
            table.add_row(str(number), f"{one:.4f}", f"{none:.4f}")
        Console().print(table)
        one, none = shown["effective"]
        print(words["weights"].format(largest=shown["largest_weight"], one=one, none=none))
    print(words["risk" if "treatment" in shown else "odds"].format(**shown["estimate"]))


def _split(told: str) -> list[str]:
    return [name.strip() for name in told.split(",") if name.strip()]
