"""``bencao evidence e-value``: how strong an unmeasured confounder would have to be."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Literal

import typer

from bencao.evidence.bias.e_value import Scale, e_value
from bencao.evidence.commands import app

Language = Literal["en", "zh"]

_WORDS: dict[Language, str] = {
    "en": "A confounder that was not measured would need risk ratios of {point:.2f} with both treatment and outcome to "
    "explain the estimate away, and of {limit:.2f} to move its interval to no effect.",
    "zh": "未测量的混杂因素须与治疗和结局均有 {point:.2f} 的风险比，才足以完全解释该估计值；"
    "须有 {limit:.2f} 的风险比，才能使其区间包含无效应。",
}


@app.command("e-value")
def show_e_value(
    value: Annotated[float, typer.Argument(help="The estimate.")],
    low: Annotated[float, typer.Argument(help="Lower end of its 95 % interval.")],
    high: Annotated[float, typer.Argument(help="Upper end.")],
    scale: Annotated[Scale, typer.Option("--scale", help="What the estimate is.")] = "risk_ratio",
    rare: Annotated[bool, typer.Option("--rare", help="Less than 15 % have the outcome by the end.")] = False,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Tell the E-value of an estimate and of its interval.

    Example: bencao evidence e-value 0.80 0.71 0.91
    """
    found = e_value(value, low, high, scale, rare=rare)
    typer.echo(json.dumps(asdict(found))) if as_json else print(
        _WORDS[lang].format(point=found.point, limit=found.limit)
    )
