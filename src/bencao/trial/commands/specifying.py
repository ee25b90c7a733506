"""A study's specification as define.xml and as a workbook, and the check of a define.xml."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bencao.kernel.errors import InputError
from bencao.kernel.ledger import record
from bencao.trial.formats import read_datasets
from bencao.trial.formats.define import check_define, read_define, with_lengths, write_define
from bencao.trial.formats.stamp import CREATED
from bencao.trial.specification import read_specification, write_specification, write_workbook

if TYPE_CHECKING:
    pass
from bencao.trial.commands import app
from bencao.trial.commands.options import AsJson, Created


@app.command()
def define(
    source: Annotated[Path, typer.Argument(help="A study's folder, or a define.xml 2.1.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="A .xml file, or the folder of a study.yaml.")],
    data: Annotated[
        list[Path] | None, typer.Option("--data", help="Data set that gives lengths and digits not specified.")
    ] = None,
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
            for path in data or []:
                job.used(path)
            measured = (dataset for path in data or [] for dataset in read_datasets(path))
            write_define(with_lengths(specification.study, measured), out, created)
            job.generated(out)
    print(f"written: {out}", file=sys.stderr)


@app.command()
def workbook(
    source: Annotated[Path, typer.Argument(help="A study's folder, or a workbook.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="A .xlsx file, or the folder of a study.yaml.")],
) -> None:
    """Write a study's specification as an Excel workbook, or a workbook as a study's specification.

    Example: bencao trial workbook study -o study.xlsx
    """
    if (source.suffix.lower() == ".xlsx") == (out.suffix.lower() == ".xlsx"):
        raise InputError(
            f"{source} to {out}", where=str(out), mend="give a study's folder and a .xlsx file, either way round"
        )
    with record(None, "trial workbook") as job:
        specification = read_specification(source)
        for path in specification.files:
            job.used(path)
        if out.suffix.lower() == ".xlsx":
            write_workbook(specification.study, out)
            job.generated(out)
        else:
            job.generated(write_specification(specification.study, out))
    print(f"written: {out}", file=sys.stderr)


@app.command("check-define")
def check_define_xml(
    file: Annotated[Path, typer.Argument(help="A define.xml 2.1.")],
    schema: Annotated[
        Path | None,
        typer.Option("--schema", help="CDISC's define2-1-0.xsd (arm1-0-0.xsd with results), among its files."),
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
