"""Models and indexes of the user's own reactions."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from bencao.kernel.errors import EngineMissing
from bencao.kernel.ledger import record
from bencao.synthesis.commands import app
from bencao.synthesis.commands.options import say


@app.command()
def train(
    reactions: Annotated[Path, typer.Argument(help="Table of reactions: .tsv, plain or .xz, with a column reaction.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Model folder to write.")],
    workers: Annotated[int, typer.Option("--workers", help="Worker processes for cleaning and extraction.")] = 2,
) -> None:
    """Train a model on your own reactions, for --model; needs the extra bencao[train].

    Example: bencao synthesis train reactions.tsv -o model
    """
    try:
        from bencao.synthesis.train.pipeline import TrainingSettings
        from bencao.synthesis.train.pipeline import train as train_model
    except ImportError as error:
        raise EngineMissing(
            f"training needs {error.name or 'packages that are not installed'}", mend="pip install 'bencao[train]'"
        ) from None
    # Nothing is tuned here, so nothing is kept out for tuning.
    settings = TrainingSettings(development=0, workers=workers)
    with record(None, "synthesis train", parameters={"workers": workers}) as job:
        job.used(reactions)
        train_model(reactions, out, settings=settings, report=say)
        for path in sorted(out.iterdir()):
            job.generated(path)
    say(f"written: {out}; use it with --model {out}")


@app.command()
def index(
    reactions: Annotated[Path, typer.Argument(help="Table of reactions: .tsv, plain or .xz, with a column reaction.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Index folder to write.")],
    workers: Annotated[int, typer.Option("--workers", help="Worker processes for cleaning and centres.")] = 2,
) -> None:
    """Index your own reactions, for --index; without atom maps it needs the extra bencao[train].

    A column source_id, with patent or notebook numbers, is kept and shown.

    Example: bencao synthesis index reactions.tsv -o index
    """
    try:
        from bencao.synthesis.precedents.build import IndexSettings, build_index
    except ImportError as error:
        raise EngineMissing(
            f"building an index needs {error.name or 'packages that are not installed'}",
            mend="pip install 'bencao[train]'",
        ) from None
    with record(None, "synthesis index", parameters={"workers": workers}) as job:
        job.used(reactions)
        build_index(reactions, out, settings=IndexSettings(workers=workers), report=say)
        for path in sorted(out.iterdir()):
            job.generated(path)
    say(f"written: {out}; use it with --index {out}")
