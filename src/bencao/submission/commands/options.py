"""Options that several verbs take."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout.")]
Folder = Annotated[
    Path | None, typer.Option("--assets", help="Folder of the official files; the workspace's without it.")
]
