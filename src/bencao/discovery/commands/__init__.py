"""The commands of the discovery room: one file a part of the work, each adds its verbs."""

from __future__ import annotations

import typer

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Finding the molecule: fold, dock, screen, predict, design.",
)


@app.callback()
def room() -> None:
    """Keep the room's verbs behind its name, however few they are."""


# Each file adds its verbs to `app` as it is imported.
from bencao.discovery.commands import (  # noqa: E402
    active,  # noqa: F401
    docking,  # noqa: F401
    folding,  # noqa: F401
    molecules,  # noqa: F401
    properties,  # noqa: F401
    receptors,  # noqa: F401
    sequences,  # noqa: F401
    screen,  # noqa: F401
    similarity,  # noqa: F401
)
