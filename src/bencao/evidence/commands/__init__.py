"""The commands of the evidence room: one file a part of the work, each adds its verbs."""

from __future__ import annotations

import typer

app = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Real-world studies: protocol, cohort, estimate, diagnostics, calibration, transport, federation.",
)


@app.callback()
def room() -> None:
    """Keep the room's verbs behind its name, however few they are."""


# Each file adds its verbs to `app` as it is imported.
from bencao.evidence.commands import (  # noqa: E402
    biasing,  # noqa: F401
    calibrating,  # noqa: F401
    estimating,  # noqa: F401
    federating,  # noqa: F401
    lasting,  # noqa: F401
    outcomes,  # noqa: F401
    protocol,  # noqa: F401
    studying,  # noqa: F401
)
from bencao.evidence.commands.trials import borrowing, monitoring, transporting  # noqa: E402, F401
