"""``bencao discovery next``: which molecules of a library to score next."""

from __future__ import annotations

import csv
import io
import json
import math
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from bencao.discovery.commands import app
from bencao.kernel.files import writing
from bencao.kernel.ledger import record

Language = Literal["en", "zh"]
_WORDS: dict[Language, dict[str, str]] = {
    "en": {
        "told": "{scored:,} of {molecules:,} scored; {next:,} to score next",
        "recovery": "; an estimated {recovery:.0%} of the best {best:,} has been found",
        "unread": "; {unread:,} rows could not be read",
    },
    "zh": {
        "told": "{molecules:,} 个分子中已打分 {scored:,} 个；下一批 {next:,} 个",
        "recovery": "；估计已找到最优 {best:,} 个中的 {recovery:.0%}",
        "unread": "；{unread:,} 行无法读取",
    },
}


@app.command("next")
def next_command(
    library: Annotated[Path, typer.Argument(help="Molecules with their scores so far in a column (.csv or .tsv).")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Table of the molecules to score next (.csv).")],
    score: Annotated[str, typer.Option("--score", help="Column of the scores; empty where not scored.")] = "score",
    higher: Annotated[bool, typer.Option("--higher", help="Higher scores are better.")] = False,
    count: Annotated[int, typer.Option("-n", "--count", help="How many.", min=1)] = 100,
    best: Annotated[int, typer.Option("--best", help="How many of the best are looked for.", min=1)] = 500,
    seed: Annotated[int, typer.Option("--seed", help="Of the first batch, and of ties.")] = 1,
    workers: Annotated[int, typer.Option("--workers", help="For more than 100,000 molecules.", min=1)] = 1,
    ray: Annotated[str | None, typer.Option("--ray", help="Address of a Ray cluster, or local.")] = None,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Choose which molecules of a library are worth scoring next, from the scores that there are.

    Without any score it draws at random. It says how many of the best are likely found, so that you know when to stop.

    Example: bencao discovery next library.csv -n 500 -o batch.csv
    """
    from bencao.discovery.active.suggesting import suggest_next  # scipy: a tenth of a second

    parameters = {"score": score, "higher": higher, "count": count, "best": best, "seed": seed}
    with record(None, "discovery next", parameters=parameters) as job:
        job.used(library)
        found = suggest_next(library, score, higher=higher, count=count, best=best, seed=seed, workers=workers, ray=ray)
        with writing(out) as stream:
            text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
            table = csv.writer(text)
            table.writerow(("row", "name", "smiles", "predicted", "deviation"))
            for one in found.suggested:
                predicted = ("", "") if math.isnan(one.mean) else (f"{one.mean:.4g}", f"{one.deviation:.3g}")
                table.writerow((one.row.row, one.row.name, one.row.smiles, *predicted))
            text.detach()
        job.generated(out)
    counts = {
        "molecules": found.molecules,
        "scored": found.scored,
        "next": len(found.suggested),
        "best": best,
        "recovery": found.recovery,
        "unread": len(found.unread),
    }
    if as_json:
        typer.echo(json.dumps(counts))
        return
    words = _WORDS[lang]
    parts = ["told", *(["recovery"] if found.recovery is not None else []), *(["unread"] if found.unread else [])]
    print("".join(words[part] for part in parts).format(**counts), file=sys.stderr)
