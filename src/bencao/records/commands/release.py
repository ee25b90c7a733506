"""``bencao records release``: a de-identified research extract with its data card."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bencao.kernel.ledger.store import workspace_folder
from bencao.records.commands import app
from bencao.records.ledger import record_privately
from bencao.records.release.card.words import WORDS, Language
from bencao.records.release.releasing import Release, release_extract


@app.command()
def release(
    request: Annotated[Path, typer.Argument(help="REQUEST.yaml: database, cohort, tables, privacy.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder of the extract; must not exist.")],
    key: Annotated[
        Path | None,
        typer.Option("--key", help="The house's key; made once where absent. By default release.key of the workspace."),
    ] = None,
    workers: Annotated[int, typer.Option("--workers", help="Threads.", min=1)] = 2,
    lang: Annotated[Language, typer.Option("--lang", help="Of the data card's page: en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="The data card as JSON on stdout.")] = False,
) -> None:
    """Make a research extract: a cohort, de-identified, with a data card.

    Refused, and nothing written, where the cohort or a cell is below the minimum or k is not reached. The same request
    on the same data with the same key gives the same bytes.

    Example: bencao records release request.yaml -o extract
    """
    held = key or workspace_folder() / "release.key"
    with record_privately("records release", parameters={"language": lang}) as job:
        job.used(request)
        made = release_extract(request, out, key=held, workers=workers, language=lang)
        for path in made.sources:
            job.used(path)
        for path in made.files:
            job.generated(path)
    if as_json:
        typer.echo(json.dumps(made.card, ensure_ascii=False))
    else:
        _print(made, lang)


def _print(made: Release, lang: Language) -> None:
    words = WORDS[lang]
    steps = Table(*words["step heads"].split(","))
    for one in made.card["cohort"]["steps"]:
        persons = "–" if one["persons"] is None else f"{one['persons']:,}"
        steps.add_row(words[one["kind"]], escape(one["detail"]), persons)
    Console().print(steps)
    for one in made.card["tables"]:
        print(f"{one['table']}\t{one['rows']:,}")
    print(f"k = {made.card['privacy']['k']}; {made.folder / 'card.html'}")
