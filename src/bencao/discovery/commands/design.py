"""``bencao discovery design``: new molecules for several objectives, with routes."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Literal

import typer

from bencao.discovery.commands import app
from bencao.kernel.ledger import record

Language = Literal["en", "zh"]
_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "step": "{scored:,} of {calls:,} scored, best {best:.3f}",
        "told": "{scored:,} molecules scored; the best {count:,} in {out}: {best:.3f} and below",
        "none": "{scored:,} molecules scored; none with a route",
        "routes": "; {solved:,} of them have a route",
    },
    "zh": {
        "step": "已打分 {scored:,}/{calls:,}，最高 {best:.3f}",
        "told": "已打分 {scored:,} 个分子；最优 {count:,} 个写入 {out}，最高得分 {best:.3f}",
        "none": "已打分 {scored:,} 个分子；均未找到路线",
        "routes": "；其中 {solved:,} 个有合成路线",
    },
}


@app.command("design")
def design_command(
    objectives: Annotated[Path, typer.Argument(help="What is wanted (.yaml).")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder of designs, journals and page.")],
    start: Annotated[Path | None, typer.Option("--start", help="Molecules to start from (.smi, .csv, .sdf).")] = None,
    calls: Annotated[
        int, typer.Option("--calls", help="Molecules scored, those to start from included.", min=1)
    ] = 1000,
    batch: Annotated[int, typer.Option("--batch", help="Molecules scored at a time.", min=1)] = 20,
    atoms: Annotated[int, typer.Option("--atoms", help="Most heavy atoms of a molecule.", min=5)] = 50,
    best: Annotated[int, typer.Option("--best", help="Molecules wanted.", min=1)] = 100,
    routes: Annotated[bool, typer.Option("--routes", help="Score only what has a route.")] = False,
    expansions: Annotated[int, typer.Option("--expansions", help="Route planner's budget; 0: no routes.", min=0)] = 20,
    seed: Annotated[int, typer.Option("--seed", help="Seed.")] = 1,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Design molecules that meet several objectives, scoring few, each with a route or "no route found".

    Killed, it goes on where it stopped when run again.

    Example: bencao discovery design objectives.yaml -o designed --routes
    """
    from bencao.discovery.design.designing import Routes, design_for, read_start, start_size
    from bencao.discovery.design.generator import Effort
    from bencao.discovery.design.objectives import read_objectives
    from bencao.discovery.design.results import as_json as designs_json
    from bencao.discovery.design.results import write_designs

    words = _WORDS[lang]
    told = {"calls": calls, "batch": batch, "atoms": atoms, "best": best, "routes": routes}
    with record(None, "discovery design", parameters=told | {"expansions": expansions, "seed": seed}) as job:
        for path in (objectives, *([start] if start else [])):
            job.used(path)
        effort = Effort(calls, batch, atoms, seed)
        found = design_for(
            read_objectives(objectives),
            out,
            effort,
            start=read_start(start, start_size(effort), seed) if start else None,
            routes=Routes(expansions, routes),
            best=best,
            told=_progress(words["step"], calls) if sys.stderr.isatty() else None,
        )
        for path in write_designs(found, out, lang):
            job.generated(path)
    if as_json:
        typer.echo(json.dumps(designs_json(found), ensure_ascii=False))
    counts = {"scored": len(found.scored), "count": len(found.best), "out": out}
    if not found.best:
        print(words["none"].format(**counts), file=sys.stderr)
        return
    said = words["told"].format(**counts, best=found.best[0].score)
    if expansions:
        said += words["routes"].format(solved=sum(bool(one.route and one.route.solved) for one in found.best))
    print(said, file=sys.stderr)


def _progress(words: str, calls: int) -> Callable[[int, float], None]:
    def told(scored: int, best: float) -> None:
        print("\r" + words.format(scored=scored, calls=calls, best=best), end="", file=sys.stderr, flush=True)

    return told
