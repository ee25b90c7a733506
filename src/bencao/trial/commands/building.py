"""Building a study's data sets."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bencao.kernel.errors import InputError
from bencao.kernel.ledger import record
from bencao.trial.build import build_study, fingerprint, fingerprint_of_plan, write_together
from bencao.trial.formats import FORMATS
from bencao.trial.specification import read_specification

if TYPE_CHECKING:
    pass
from bencao.trial.commands import app


@app.command()
def build(
    study: Annotated[Path, typer.Argument(help="Folder of the study, with its study.yaml.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for the data sets.")],
    root: Annotated[list[str] | None, typer.Option("--root", help="NAME=FOLDER of sources, once for each.")] = None,
    only: Annotated[list[str] | None, typer.Option("--only", help="Data set to build, once for each.")] = None,
    to: Annotated[str, typer.Option("--to", help=f"Format: {', '.join(FORMATS)}.")] = "parquet",
    store: Annotated[
        str,
        typer.Option("--store", help="Engine: polars:, duckdb: (or duckdb:FILE), spark:local[2], spark://HOST:PORT."),
    ] = "polars:",
) -> None:
    """Build the data sets of a study from its specification: all of them are written, or none.

    Example: bencao trial build pilot --root raw=raw -o sdtm --only DM --only AE
    """
    if to not in FORMATS:
        raise InputError(f"no format {to!r}", where="--to", mend=f"choose of {', '.join(FORMATS)}")
    roots = dict(_root(text) for text in root or [])
    parameters = {"study": str(study), "only": only or [], "to": to, "store": store}
    specification = read_specification(study)
    versions = {"specification": fingerprint(specification.study), "plan": fingerprint_of_plan(specification)}
    with record(None, "trial build", parameters=parameters, versions=versions) as job:
        built = build_study(specification, roots=roots, only=only or [], store=store)
        for path in built.read:
            job.used(path)
        for dataset, path in write_together(built.datasets.values(), out, to):
            job.generated(path)
            print(f"written: {path} ({dataset.frame.height:,} records)", file=sys.stderr)


def _root(text: str) -> tuple[str, Path]:
    name, found, folder = text.partition("=")
    if not found or not Path(folder).is_dir():
        raise InputError(f"{text!r} names no folder", where="--root", mend="write NAME=FOLDER")
    return name, Path(folder)
