"""The commands of the submission room: one file a part of the work, each adds its verbs."""

from __future__ import annotations

import typer

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="The dossier: translation with its checks, documents, eCTD.",
)


@app.callback()
def room() -> None:
    """Keep the room's verbs behind its name, however few they are."""


# Each file adds its verbs to `app` as it is imported.
from bencao.submission.commands import assets, dossier, grounding, qa, remember, translate  # noqa: E402, F401
