"""``bencao submission remember``: reviewed translations into a memory."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from bencao.kernel.ledger import record
from bencao.submission.commands import app
from bencao.submission.exchange.tmx import read_tmx, write_tmx
from bencao.submission.exchange.xliff import read_xliff
from bencao.submission.translation.memory.remembering import remembered


@app.command()
def remember(
    files: Annotated[list[Path], typer.Argument(help="Translated XLIFF 2.1 files.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The memory: .tmx.")],
    memory: Annotated[Path | None, typer.Option("--memory", help="An older memory, whose units follow.")] = None,
    final: Annotated[bool, typer.Option("--final", help="Take only what is marked reviewed or final.")] = False,
) -> None:
    """Put the translations of reviewed files into a translation memory, TMX 1.4.

    Example: bencao submission remember protocol.xlf -o ours.tmx --memory ours.tmx
    """
    with record(None, "submission remember", parameters={"final": final}) as job:
        for path in (*files, *([memory] if memory else [])):
            job.used(path)
        old = read_tmx(memory) if memory else None
        known = remembered([read_xliff(path) for path in files], old, final_only=final)
        write_tmx(known, out)
        job.generated(out)
    print(f"{len(known.units)} units: {out}", file=sys.stderr)
