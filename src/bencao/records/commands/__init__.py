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
from bencao.records.commands import (  # noqa: E402
    deidentify,  # noqa: F401
    extraction,  # noqa: F401
    linkage,  # noqa: F401
    loading,  # noqa: F401
    model,  # noqa: F401
    normalisation,  # noqa: F401
    quality,  # noqa: F401
    release,  # noqa: F401
    sources,  # noqa: F401
)
