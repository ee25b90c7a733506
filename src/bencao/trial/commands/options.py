"""Options that several verbs take."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout.")]
Created = Annotated[
    datetime, typer.Option("--created", help="When the files say they were made; fixed, for the same bytes.")
]
Study = Annotated[Path, typer.Argument(help="The study's folder with displays.yaml, or that file.")]
Data = Annotated[list[Path], typer.Option("--data", help="Folder or file of data sets, once for each.")]
