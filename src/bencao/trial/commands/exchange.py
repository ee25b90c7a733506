"""Converting data sets between formats."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bencao.kernel.errors import InputError
from bencao.kernel.ledger import record
from bencao.trial.build import conform_strictly
from bencao.trial.dataset import Dataset
from bencao.trial.formats import FORMATS, format_of, read_datasets, write_dataset
from bencao.trial.formats.define import read_define
from bencao.trial.formats.stamp import CREATED
from bencao.trial.specification import Specification, read_specification

if TYPE_CHECKING:
    pass
from bencao.trial.commands import app
from bencao.trial.commands.options import Created


@app.command()
def convert(
    files: Annotated[list[Path], typer.Argument(help="Data sets, in any of the formats.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="A file for one data set, else a folder.")],
    to: Annotated[str | None, typer.Option("--to", help=f"Format of a folder's files: {', '.join(FORMATS)}.")] = None,
    encoding: Annotated[
        str, typer.Option("--encoding", help="Of texts in .xpt and .csv files, such as latin-1.")
    ] = "utf-8",
    specification: Annotated[
        Path | None,
        typer.Option("--specification", help="A study's folder or define.xml that says types, labels, keys and order."),
    ] = None,
    created: Created = CREATED,
) -> None:
    """Convert data sets between formats, labels, data types and keys with them.

    A folder gets a file for each data set, named after it in lower case. With a specification, values are held against
    its types, codelists and keys, and what it does not name is an error.

    Example: bencao trial convert adsl.parquet adae.parquet -o transport --to xpt
    """
    if to is not None and to not in FORMATS:
        raise InputError(f"no format {to!r}", where="--to", mend=f"choose of {', '.join(FORMATS)}")
    form = to or format_of(out)
    with record(None, "trial convert", parameters={"to": form, "encoding": encoding, "created": str(created)}) as job:
        datasets: list[Dataset] = []
        for path in files:
            job.used(path)
            datasets.extend(read_datasets(path, encoding))
        if specification:
            told = _specification_of(specification)
            for path in told.files:
                job.used(path)
            datasets = [one for dataset in datasets for one in conform_strictly(told, dataset)]
        for dataset in datasets:
            FORMATS[form].check(dataset)  # all, before the first is written
        for dataset, path in _destinations(datasets, out, form):
            write_dataset(dataset, path, form, created)
            job.generated(path)
            print(f"written: {path} ({dataset.frame.height:,} records)", file=sys.stderr)


def _specification_of(path: Path) -> Specification:
    if path.suffix.lower() == ".xml":
        return Specification(read_define(path), path.parent, (path,))
    return read_specification(path)


def _destinations(datasets: list[Dataset], out: Path, form: str) -> list[tuple[Dataset, Path]]:
    if out.suffix.lower() == FORMATS[form].suffix:
        if len(datasets) != 1:
            raise InputError(f"{len(datasets)} data sets for one file", where=str(out), mend="give a folder and --to")
        return [(datasets[0], out)]
    paths = [out / f"{dataset.name.lower()}{FORMATS[form].suffix}" for dataset in datasets]
    twice = {path for path in paths if paths.count(path) > 1}
    if twice:
        raise InputError(f"several data sets for {min(twice).name}", where=str(out), mend="convert them one by one")
    out.mkdir(parents=True, exist_ok=True)
    return list(zip(datasets, paths, strict=True))
