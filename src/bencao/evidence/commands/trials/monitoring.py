"""``bencao evidence watch | boundaries``: a medicine after launch, look by look."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console
from rich.table import Table

from bencao.evidence.commands import app
from bencao.kernel.errors import InputError
from bencao.kernel.ledger import record

Language = Literal["en", "zh"]
Spending = Literal["obrien_fleming", "pocock"]

_WORDS: dict[Language, dict[str, str]] = {
    "en": {"look": "look,statistic,boundary,observed / expected,signal", "bound": "fraction,z,spent", "yes": "yes"},
    "zh": {"look": "次序,统计量,界值,观察数/期望数,信号", "bound": "信息比例,z 界值,已消耗 α", "yes": "是"},
}


@app.command()
def watch(
    looks: Annotated[
        Path,
        typer.Argument(help="events, expected a period; or fraction, estimate, se a look (.csv or .parquet)."),
    ],
    upper_limit: Annotated[
        float | None, typer.Option("--upper-limit", help="Of counts: expected count at which watching ends.")
    ] = None,
    minimum: Annotated[int, typer.Option("--minimum", min=1, help="Of counts: events needed for a signal.")] = 1,
    alpha: Annotated[float, typer.Option("--alpha", help="Level over all looks.")] = 0.05,
    spending: Annotated[Spending, typer.Option("--spending", help="Of estimates: how the level is spent.")] = (
        "obrien_fleming"
    ),
    sides: Annotated[int, typer.Option("--sides", min=1, max=2, help="Of estimates: 1 or 2.")] = 2,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write the looks here (.json).")] = None,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Watch counts (MaxSPRT) or estimates (alpha spending). Exit code 1 where there is a signal.

    Example: bencao evidence watch months.csv --upper-limit 20
    """
    from bencao.evidence.estimators.data.reading import read_table
    from bencao.evidence.monitoring.watching import watch_counts, watch_estimates
    from bencao.kernel.files import write_text

    told: dict[str, Any] = {"upper_limit": upper_limit, "minimum": minimum, "alpha": alpha}
    told |= {"spending": spending, "sides": sides}
    with record(None, "evidence watch", parameters=told) as job:
        job.used(looks)
        table = read_table(looks)
        if "fraction" in table.columns:
            found = watch_estimates(table, alpha=alpha, spending=spending, sides=sides)
        elif upper_limit is None:
            raise InputError("counts need an end that was planned", where="--upper-limit", mend="give it")
        else:
            found = watch_counts(table, upper_limit=upper_limit, alpha=alpha, minimum=minimum)
        text = json.dumps([asdict(one) for one in found])
        if out is not None:
            write_text(out, text + "\n")
            job.generated(out)
    if as_json:
        typer.echo(text)
    else:
        shown = Table(*_WORDS[lang]["look"].split(","))
        for one in found:
            ratio = "" if one.ratio is None else f"{one.ratio:.2f}"
            yes = _WORDS[lang]["yes"] if one.signal else ""
            shown.add_row(
                str(one.look), f"{one.statistic:.3f}", "" if one.boundary is None else f"{one.boundary:.3f}", ratio, yes
            )
        Console().print(shown)
    if found and found[-1].signal:
        raise typer.Exit(1)


@app.command("boundaries")
def spending_boundaries(
    fractions: Annotated[str, typer.Argument(help="Of the planned information at each look, with commas.")],
    alpha: Annotated[float, typer.Option("--alpha", help="Level over all looks and sides.")] = 0.05,
    spending: Annotated[Spending, typer.Option("--spending", help="How it is spent.")] = "obrien_fleming",
    sides: Annotated[int, typer.Option("--sides", min=1, max=2, help="1 or 2.")] = 2,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Plan looks: the critical values of a group-sequential test (Lan and DeMets).

    Example: bencao evidence boundaries 0.25,0.5,0.75,1 --spending pocock
    """
    from bencao.evidence.monitoring.spending import boundaries

    try:
        told = [float(one) for one in fractions.split(",")]
    except ValueError:
        raise InputError("is no number", where="fractions", mend="give e.g. 0.25,0.5,0.75,1") from None
    found = boundaries(told, alpha=alpha, spending=spending, sides=sides)
    if as_json:
        # A look at which nothing is spent yet has no critical value.
        told_bounds = [{**asdict(one), "z": one.z if one.z < float("inf") else None} for one in found]
        typer.echo(json.dumps(told_bounds))
        return
    shown = Table(*_WORDS[lang]["bound"].split(","))
    for one in found:
        shown.add_row(f"{one.fraction:.3f}", f"{one.z:.4f}", f"{one.spent:.5f}")
    Console().print(shown)
