"""``bencao evidence outcomes``: many outcomes of one cohort, of any size, by one propensity model."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table

from bencao.evidence.commands import app
from bencao.kernel.ledger import record

Language = Literal["en", "zh"]

_HEADS: dict[Language, tuple[str, ...]] = {
    "en": ("outcome", "difference", "95 % interval"),
    "zh": ("结局", "差值", "95% 置信区间"),
}
_NOTE: dict[Language, str] = {
    "en": "{n:,} persons; largest standardised difference {before:.3f} before, {after:.3f} after weighting",
    "zh": "{n:,} 人；最大标准化差异：加权前 {before:.3f}，加权后 {after:.3f}",
}


@app.command()
def outcomes(
    cohort: Annotated[Path, typer.Argument(help="One row a person: .parquet, .csv, .duckdb with the table analysis.")],
    treatment: Annotated[str, typer.Option("--treatment", help="Column: 1 or 0.")],
    outcomes: Annotated[str, typer.Option("--outcomes", help="Columns, with commas between.")],
    covariates: Annotated[str, typer.Option("--covariates", help="Columns of numbers, with commas between.")],
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write the estimates here (.json).")] = None,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Estimate many outcomes of a cohort by inverse probability weighting; rows pass by in chunks.

    Example: bencao evidence outcomes cohort.parquet --treatment drug --outcomes bleeding,stroke --covariates age,sex
    """
    from bencao.evidence.estimators.streamed.passing import open_rows
    from bencao.evidence.estimators.streamed.weighting import streamed_ipw
    from bencao.evidence.study.report.words.names import estimate_cells
    from bencao.kernel.files import write_text

    told = {"treatment": treatment, "outcomes": outcomes, "covariates": covariates}
    with record(None, "evidence outcomes", parameters=told, public=()) as job:
        job.used(cohort)
        found = streamed_ipw(open_rows(cohort, treatment, _split(covariates)), _split(outcomes))
        shown = {
            "n": found.n,
            "estimates": [{"outcome": name, **asdict(one)} for name, one in found.estimates],
            "balance": [{"covariate": name, "before": a, "after": b} for name, a, b in found.balance],
            "effective_sizes": list(found.effective),
        }
        text = json.dumps(shown, ensure_ascii=False)
        if out is not None:
            write_text(out, text + "\n")
            job.generated(out)
    if as_json:
        typer.echo(text)
        return
    table = Table(*_HEADS[lang])
    for name, one in found.estimates:
        table.add_row(name, *estimate_cells(one, lang)[3:5])
    Console().print(table)
    worst = {"before": max(abs(a) for _, a, _ in found.balance), "after": max(abs(b) for _, _, b in found.balance)}
    print(_NOTE[lang].format(n=found.n, **worst))


def _split(told: str) -> list[str]:
    return [name.strip() for name in told.split(",") if name.strip()]
