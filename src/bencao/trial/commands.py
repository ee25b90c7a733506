"""The command line of the room: ``bencao trial convert | tables``."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from bencao.kernel.errors import BencaoError, InputError
from bencao.kernel.files import write_bytes
from bencao.kernel.ledger import record
from bencao.trial.dataset import Dataset
from bencao.trial.display import compute_table, read_displays
from bencao.trial.display.data import data_files, datasets_of, displays_file, read_data
from bencao.trial.display.render import FORMS, rendered
from bencao.trial.formats import FORMATS, format_of, read_datasets, write_dataset
from bencao.trial.formats.stamp import CREATED

app = typer.Typer(
    name="trial",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Trial data: raw to SDTM, ADaM and tables, each number traced.",
)


@app.callback()
def room() -> None:
    """Trial data: raw to SDTM, ADaM and tables, each number traced."""


@app.command()
def convert(
    files: Annotated[list[Path], typer.Argument(help="Data sets, in any of the formats.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="A file for one data set, else a folder.")],
    to: Annotated[str | None, typer.Option("--to", help=f"Format of a folder's files: {', '.join(FORMATS)}.")] = None,
    encoding: Annotated[
        str, typer.Option("--encoding", help="Of texts in .xpt and .csv files, such as latin-1.")
    ] = "utf-8",
    created: Annotated[
        datetime, typer.Option("--created", help="When the files say they were made; fixed, for the same bytes.")
    ] = CREATED,
) -> None:
    """Convert data sets between formats, labels, data types and keys with them.

    A folder gets a file for each data set, named after it in lower case.

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
        for dataset in datasets:
            FORMATS[form].check(dataset)  # all, before the first is written
        for dataset, path in _destinations(datasets, out, form):
            write_dataset(dataset, path, form, created)
            job.generated(path)
            print(f"written: {path} ({dataset.frame.height:,} records)", file=sys.stderr)


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


Study = Annotated[Path, typer.Argument(help="The study's folder with displays.yaml, or that file.")]
Data = Annotated[list[Path], typer.Option("--data", help="Folder of data sets, once for each; the first that has one.")]


@app.command()
def tables(
    study: Study,
    data: Data,
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder to write to.")],
    only: Annotated[
        list[str] | None, typer.Option("--only", help="Number of a table, once for each; else all.")
    ] = None,
    form: Annotated[
        list[str] | None, typer.Option("--form", help=f"Once for each of {', '.join(FORMS)}; else all.")
    ] = None,
) -> None:
    """Compute the declared tables and write each as RTF, DOCX, HTML and ARS JSON.

    A table that cannot be computed is named and the others go on; the exit code is then 1.

    Example: bencao trial tables study -o tables --data adam --data sdtm --only 14-1.01
    """
    forms = form or list(FORMS)
    for name in forms:
        if name not in FORMS:
            raise InputError(f"no form {name!r}", where="--form", mend=f"choose of {', '.join(FORMS)}")
    declared = displays_file(study)
    displays = read_displays(declared)
    numbers = only or [display.number for display in displays.displays]
    files = data_files(datasets_of(displays, numbers), data)
    failed = 0
    with record(None, "trial tables", parameters={"only": only, "form": forms}) as job:
        for path in (declared, *files.values()):
            job.used(path)
        frames = read_data(files)
        out.mkdir(parents=True, exist_ok=True)
        for number in numbers:
            try:
                table = compute_table(number, displays, frames)
            except BencaoError as error:
                failed += 1
                print(f"table {number}: {error}", file=sys.stderr)
                continue
            for name in forms:
                path = out / f"{number}.{name}"
                write_bytes(path, rendered(table, displays, name))
                job.generated(path)
            print(f"written: table {number} ({len(table.rows)} rows)", file=sys.stderr)
    if failed:
        raise typer.Exit(1)
