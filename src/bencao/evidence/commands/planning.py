"""``bencao evidence power``: what a study of a given size would find."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any, Literal

import typer

from bencao.evidence.commands import app

Language = Literal["en", "zh"]

_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "power": "{measure} of {effect:.4g}: found with a power of {power:.1%}",
        "difference": "a difference",
        "risk_difference": "a difference of risks",
        "hazard_ratio": "a hazard ratio",
    },
    "zh": {
        "power": "{measure} {effect:.4g}：检验效能 {power:.1%}",
        "difference": "均值差",
        "risk_difference": "风险差",
        "hazard_ratio": "风险比（HR）",
    },
}


@app.command("power")
def power_of_a_study(
    treated: Annotated[float, typer.Option("--treated", help="Persons treated, or their effective size.")],
    untreated: Annotated[float, typer.Option("--untreated", help="Persons of the comparator.")],
    kind: Annotated[str, typer.Option("--kind", help="continuous, binary or time_to_event.")] = "binary",
    effect: Annotated[
        float | None, typer.Option("--effect", help="Difference, difference of risks, or hazard ratio; else the least.")
    ] = None,
    power: Annotated[float, typer.Option("--power", help="With which the least effect is found.")] = 0.8,
    spread: Annotated[float, typer.Option("--spread", help="Of a continuous outcome: standard deviation.")] = 1.0,
    risk: Annotated[float, typer.Option("--risk", help="Of a binary outcome: the comparator's.")] = 0.0,
    events: Annotated[float, typer.Option("--events", help="Of a time to event: over both arms.")] = 0.0,
    level: Annotated[float, typer.Option("--level", help="Of the two-sided test.")] = 0.05,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Tell the power to find an effect, or the least effect that is found with a given power.

    Example: bencao evidence power --kind time_to_event --treated 200 --untreated 200 --events 133 --effect 0.57
    """
    from bencao.evidence.diagnostics.planning import Plan, least_effect, power_of

    asked: Any = kind
    plan = Plan(asked, treated, untreated, spread, risk, events, level)
    found = least_effect(plan, power) if effect is None else power_of(plan, effect)
    if as_json:
        typer.echo(json.dumps(asdict(found)))
        return
    words = _WORDS[lang]
    measure = words[found.measure]
    text = words["power"].format(measure=measure, effect=found.effect, power=found.power)
    print(text[:1].upper() + text[1:])
