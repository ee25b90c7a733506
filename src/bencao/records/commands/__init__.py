"""The commands of the records room: one file a part of the work, each adds its verbs."""

from __future__ import annotations

import typer

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Hospital records: ingest, linkage, quality, de-identification, extraction, release.",
)


@app.callback()
def room() -> None:
    """Keep the room's verbs behind its name, however few they are."""


# Each file adds its verbs to `app` as it is imported.
from bencao.records.commands import linkage, loading, model, quality, release, sources  # noqa: E402, F401
