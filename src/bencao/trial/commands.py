"""The command line of the room, ``bencao trial``: each verb a thin face over the functions behind it."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
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
from bencao.trial.formats.define import check_define, read_define, write_define
from bencao.trial.formats.stamp import CREATED
from bencao.trial.specification import read_specification, write_specification

app = typer.Typer(
    name="trial",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    help="Trial data: raw to SDTM, ADaM and tables, each number traced.",
)

AsJson = Annotated[bool, typer.Option("--json", help="JSON on stdout.")]
Created = Annotated[
    datetime, typer.Option("--created", help="When the files say they were made; fixed, for the same bytes.")
]


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
    created: Created = CREATED,
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


@app.command()
def define(
    source: Annotated[Path, typer.Argument(help="A study's folder, or a define.xml 2.1.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="A .xml file, or the folder of a study.yaml.")],
    created: Created = CREATED,
) -> None:
    """Write a study's specification as define.xml 2.1, or a define.xml as a study's specification.

    How data sets are built, analyses and displays are no part of define.xml.

    Example: bencao trial define study -o define.xml
    """
    if (source.suffix.lower() == ".xml") == (out.suffix.lower() == ".xml"):
        raise InputError(
            f"{source} to {out}", where=str(out), mend="give a study's folder and a .xml file, either way round"
        )
    with record(None, "trial define", parameters={"created": str(created)}) as job:
        if source.suffix.lower() == ".xml":
            job.used(source)
            job.generated(write_specification(read_define(source), out))
        else:
            specification = read_specification(source)
            for path in specification.files:
                job.used(path)
            write_define(specification.study, out, created)
            job.generated(out)
    print(f"written: {out}", file=sys.stderr)


@app.command("check-define")
def check_define_xml(
    file: Annotated[Path, typer.Argument(help="A define.xml 2.1.")],
    schema: Annotated[
        Path | None, typer.Option("--schema", help="CDISC's define2-1-0.xsd, among the files it includes.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Check the structure of a define.xml: references, required parts, allowed values.

    Exit code 0 where nothing is found, 1 where something is, 2 where the file cannot be read.

    Example: bencao trial check-define define.xml
    """
    found = check_define(file, schema)
    if as_json:
        typer.echo(json.dumps([asdict(finding) for finding in found], ensure_ascii=False))
    else:
        for finding in found:
            print(f"{file}: line {finding.line}: {finding.rule}: {finding.cause}")
        print(f"{len(found)} findings", file=sys.stderr)
    if found:
        raise typer.Exit(1)


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
