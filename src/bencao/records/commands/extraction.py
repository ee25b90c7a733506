"""``bencao records extract`` and ``train``: entities of notes into NOTE_NLP, and a network trained on labelled ones."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table

from bencao.kernel.errors import InputError
from bencao.records.commands import app
from bencao.records.extraction.extracting import open_recogniser
from bencao.records.extraction.notes.reading import files_of
from bencao.records.ledger import record_privately

Language = Literal["en", "zh"]
_WORDS = {
    "en": {"kind": "kind", "status": "status", "entities": "entities", "left out": "left out"},
    "zh": {"kind": "类别", "status": "状态", "entities": "实体数", "left out": "未读"},
}


@app.command()
def extract(
    source: Annotated[Path, typer.Argument(help="Notes: NOTE as .parquet or .csv, .jsonl, .txt, or a folder of .txt.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The NOTE_NLP table: .parquet, .csv or .jsonl.")],
    model: Annotated[
        Path | None, typer.Option("--model", help="Folder that `bencao records train` wrote; rules without one.")
    ] = None,
    html: Annotated[Path | None, typer.Option("--html", help="A page with the entities marked, of 200 notes.")] = None,
    day: Annotated[str | None, typer.Option("--date", help="nlp_date, as YYYY-MM-DD; today where not given.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes.")] = 1,
    lang: Annotated[Language, typer.Option("--lang", help="Language of the page and the table: en or zh.")] = "en",
) -> None:
    """Find diseases, symptoms, drugs, tests, operations, body parts and imaging in notes, with status, time and values.

    The language of each note is seen from its text. A record that is no note is named on stderr, the others go on, and
    the exit code is then 1.

    Example: bencao records extract note.parquet -o note_nlp.parquet --html notes.html --workers 2
    """
    from bencao.records.extraction.service import extract_notes

    on = _day(day)
    parameters = {"model": model is not None, "date": on.isoformat(), "lang": lang}
    versions = {"extraction": open_recogniser(model).identity}
    with record_privately("records extract", parameters=parameters, versions=versions) as job:
        done = extract_notes(
            source, out, model=model, page=html, lang=lang, day=on, workers=workers, progress=sys.stderr.isatty()
        )
        for path in files_of(source):
            job.used(path)
        job.generated(out)
        if html is not None:
            job.generated(html)
    for unread in done.unread:
        print(f"left out: {unread.where}: {unread.cause}", file=sys.stderr)
    if as_json:
        typer.echo(json.dumps(asdict(done), ensure_ascii=False))
    else:
        words = _WORDS[lang]
        for title, counts in ((words["kind"], done.kinds), (words["status"], done.statuses)):
            printed = Table(title, words["entities"])
            for name, count in counts.items():
                printed.add_row(name, f"{count:,}")
            Console().print(printed)
    print(f"notes: {done.notes:,}, entities: {done.entities:,}, left out: {len(done.unread):,}", file=sys.stderr)
    if done.unread:
        raise typer.Exit(1)


def _day(text: str | None) -> date:
    if text is None:
        return date.today()
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise InputError("--date is no day", mend="give it as YYYY-MM-DD") from error


@app.command()
def train(
    labelled: Annotated[Path, typer.Argument(help="Labelled records, JSON lines: text with entities.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for the model.")],
    dev: Annotated[
        Path | None, typer.Option("--dev", help="Labelled records to score on; what repeats them is not trained on.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Parts trained at a time, one core each.")] = 1,
    seed: Annotated[int, typer.Option("--seed", help="Of everything drawn.")] = 0,
) -> None:
    """Train a recogniser of entities on your own labelled records; needs bencao[train].

    A record is {"text": …, "entities": [{"start": …, "end": …, "label": …}]}, offsets in characters, end exclusive; the
    form of cEHRNER and cMedQANER is read too. A run that was stopped goes on where it was when it is started again.

    Example: bencao records train labelled.json -o entities/ --dev dev.json --workers 2
    """
    from bencao.records.extraction.network.training import train_entities

    parameters = {"seed": seed, "dev": dev is not None}
    with record_privately("records train", parameters=parameters) as job:
        job.used(labelled)
        if dev is not None:
            job.used(dev)
        trained = train_entities(labelled, out, dev=dev, seed=seed, workers=workers, progress=True)
        for path in trained.files:
            job.generated(path)
    figures = trained.figures()
    if as_json:
        typer.echo(json.dumps(figures, ensure_ascii=False))
        return
    printed = Table("figure", "value")
    for name, value in figures.items():
        printed.add_row(name, f"{value:.4f}" if isinstance(value, float) else f"{value:,}")
    Console().print(printed)
