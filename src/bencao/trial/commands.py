"""The command line of the room, ``bencao trial``: each verb a thin face over the functions behind it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from bencao.kernel.errors import BencaoError, InputError
from bencao.kernel.files import write_bytes, write_text
from bencao.kernel.ledger import record
from bencao.trial.build import build_study, conform_strictly, fingerprint, fingerprint_of_plan, write_together
from bencao.trial.conformance import ADAM, Report, Terminology, read_terminology
from bencao.trial.conformance import check as check_conformance
from bencao.trial.dataset import Dataset
from bencao.trial.formats import FORMATS, format_of, read_datasets, write_dataset
from bencao.trial.formats.define import check_define, read_define, with_lengths, write_define
from bencao.trial.formats.stamp import CREATED
from bencao.trial.mapping import load_mapper, read_labels, review_table
from bencao.trial.mapping.columns import read_columns
from bencao.trial.specification import Specification, read_specification, write_specification, write_workbook

if TYPE_CHECKING:
    import polars as pl

    from bencao.trial.display import Displays
    from bencao.trial.display import Table as Computed

# What computes tables is imported by the verbs that need it: SciPy's statistics take a second to load.
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


@app.command()
def suggest(
    raw: Annotated[Path, typer.Argument(help="A raw form: .csv, .xpt, .json or .parquet.")],
    labels: Annotated[
        Path | None, typer.Option("--labels", help="CSV with name and label: the questions of the columns.")
    ] = None,
    form: Annotated[str, typer.Option("--form", help="What the form is called, such as 'Adverse Events'.")] = "",
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write a mapping file to review here: .csv.")] = None,
    encoding: Annotated[str, typer.Option("--encoding", help="Of texts in .xpt and .csv files.")] = "utf-8",
    as_json: AsJson = False,
) -> None:
    """Propose SDTM domain and variable, codelist and unit for each column of a raw form.

    Nothing is applied: a person reviews the file and fills its column accepted.

    Example: bencao trial suggest ae_raw.csv -o ae_mapping.csv
    """
    (dataset, *others) = read_datasets(raw, encoding)
    if others:
        raise InputError(f"{1 + len(others)} data sets", where=str(raw), mend="give one form at a time")
    asked = read_labels(read_datasets(labels)[0].frame, str(labels)) if labels else None
    mapper = load_mapper()
    found = mapper.suggest(read_columns(dataset.frame, asked), form)
    table = review_table(found)
    if out:
        with record(None, "trial suggest", parameters={"form": form}, versions=dict(mapper.identity)) as job:
            for path in (raw, *([labels] if labels else [])):
                job.used(path)
            write_text(out, table.write_csv())
            job.generated(out)
        print(f"written: {out}; fill its column accepted", file=sys.stderr)
    elif as_json:
        typer.echo(json.dumps([asdict(one) for one in found], ensure_ascii=False))
    else:
        shown = Table("column", "domain", "variable", "probability", "codelist", "unit", "or", box=None)
        for row in table.iter_rows(named=True):
            tested = f"{row['variable']} ({row['test']})" if row["test"] else row["variable"]
            cells = (row["column"], row["domain"], tested, f"{row['probability']:.2f}", row["codelist_name"])
            shown.add_row(*map(escape, (*cells, row["unit"], row["alternatives"])))
        Console().print(shown)


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


Study = Annotated[Path, typer.Argument(help="The study's folder with displays.yaml, or that file.")]
Data = Annotated[list[Path], typer.Option("--data", help="Folder or file of data sets, once for each.")]


@app.command()
def tables(
    study: Study,
    data: Data,
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder to write to.")],
    only: Annotated[
        list[str] | None, typer.Option("--only", help="Number of a table, once for each; else all.")
    ] = None,
    form: Annotated[
        list[str] | None, typer.Option("--form", help="Once for each of rtf, docx, html, json; else all.")
    ] = None,
) -> None:
    """Compute the declared tables and write each as RTF, DOCX, HTML and ARS JSON.

    A table that cannot be computed is named and the others go on; the exit code is then 1.

    Example: bencao trial tables study -o tables --data adam --data sdtm --only 14-1.01
    """
    from bencao.trial.display import compute_table, read_displays
    from bencao.trial.display.data import displays_file
    from bencao.trial.display.render import FORMS

    displays = read_displays(displays_file(study))
    numbers = only or [display.number for display in displays.displays]
    for number in numbers:
        displays.display(number)
    _write_displays("table", study, data, out, numbers, _forms(form, FORMS), displays, compute_table)


def _forms(asked: list[str] | None, known: tuple[str, ...]) -> list[str]:
    for name in asked or ():
        if name not in known:
            raise InputError(f"no form {name!r}", where="--form", mend=f"choose of {', '.join(known)}")
    return asked or list(known)


def _write_displays(
    kind: str,
    study: Path,
    data: list[Path],
    out: Path,
    numbers: list[str],
    forms: list[str],
    displays: Displays,
    compute: Callable[[str, Displays, Mapping[str, pl.DataFrame]], Computed],
) -> None:
    """Compute tables or listings and write each in every form; one that fails is named, and the exit code is 1."""
    from bencao.trial.display.data import data_files, datasets_of, displays_file, read_data
    from bencao.trial.display.render import rendered

    files = data_files(datasets_of(displays, numbers), data)
    failed = 0
    with record(None, f"trial {kind}s", parameters={"only": numbers, "form": forms}) as job:
        for path in (displays_file(study), *files.values()):
            job.used(path)
        frames = read_data(files)
        out.mkdir(parents=True, exist_ok=True)
        for number in numbers:
            try:
                computed = compute(number, displays, frames)
            except BencaoError as error:
                failed += 1
                print(f"{kind} {number}: {error}", file=sys.stderr)
                continue
            for name in forms:
                path = out / f"{number}.{name}"
                write_bytes(path, rendered(computed, displays, name))
                job.generated(path)
            print(f"written: {kind} {number} ({len(computed.rows)} rows)", file=sys.stderr)
    if failed:
        raise typer.Exit(1)


@app.command()
def check(
    data: Annotated[list[Path], typer.Argument(help="Data sets that belong together, in any of the formats.")],
    rules: Annotated[str, typer.Option("--rules", help=f"CORE rules in YAML, a folder or .tgz of them; or {ADAM}.")],
    standard: Annotated[str, typer.Option("--standard", help="Run the rules of this standard, such as SDTMIG.")] = "",
    version: Annotated[str, typer.Option("--standard-version", help="Of the standard, such as 3.4.")] = "",
    terminology: Annotated[
        list[str] | None,
        typer.Option("--terminology", help="A package of yours, such as DDF=terminology.txt, as NCI EVS gives it."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Check data sets against conformance rules that you bring, or against Bencao's own for ADaM.

    Exit code 0: nothing found; 1: findings; 2: the data or the rules cannot be read. Rules that cannot be run are
    counted and listed, never taken for passed.

    Example: bencao trial check dm.xpt ae.xpt --rules rules.tgz --standard SDTMIG --standard-version 3.4
    """
    packages = Terminology()
    for item in terminology or []:
        package, _, path = item.partition("=")
        packages = packages.joined(read_terminology(Path(path), package))
    report = check_conformance(data, rules, standard=standard, version=version, terminology=packages)
    if as_json:
        json.dump(_report_in_json(report), sys.stdout, ensure_ascii=False, default=str)
        print()
    else:
        _print_report(report)
    if report.findings:
        raise typer.Exit(1)


def _report_in_json(report: Report) -> dict[str, Any]:
    return {
        "run": report.run,
        "findings": list(report.rows()),
        "skipped": [
            {"rule": skipped.rule.id, "dataset": skipped.dataset, "reason": skipped.reason}
            for skipped in report.skipped
        ],
        "unsupported": [{"rule": rule, "reason": reason} for rule, reason in report.unsupported],
    }


def _print_report(report: Report) -> None:
    table = Table("rule", "data set", Column("findings", justify="right"), "what is wrong")
    for violation in report.violations:
        datasets = ", ".join(violation.records["dataset"].unique(maintain_order=True).to_list())
        table.add_row(violation.rule.id, datasets, f"{len(violation):,}", escape(violation.message))
    if report.violations:
        Console().print(table)
    print(f"{report.run} rules run, {report.findings:,} findings, {len(report.unsupported)} rules not supported")
    for rule, reason in report.unsupported:
        print(f"not run: {rule}: {reason}", file=sys.stderr)


@app.command()
def listings(
    study: Study,
    data: Data,
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder to write to.")],
    only: Annotated[list[str] | None, typer.Option("--only", help="A listing's number, each once; else all.")] = None,
    form: Annotated[
        list[str] | None, typer.Option("--form", help="Once for each of rtf, docx, html; else all.")
    ] = None,
) -> None:
    """Write the declared listings as RTF, DOCX and HTML, page by page.

    A listing that cannot be computed is named and the others go on; the exit code is then 1.

    Example: bencao trial listings study -o listings --data adam --only 16-2.7.4
    """
    from bencao.trial.display import compute_listing, read_displays
    from bencao.trial.display.data import displays_file
    from bencao.trial.display.render import LISTING_FORMS

    displays = read_displays(displays_file(study))
    numbers = only or [listing.number for listing in displays.listings]
    if not numbers:
        raise InputError("no listings are declared", where=str(displays_file(study)), mend="declare them: listings:")
    for number in numbers:
        displays.listing(number)
    _write_displays("listing", study, data, out, numbers, _forms(form, LISTING_FORMS), displays, compute_listing)


@app.command()
def figures(
    study: Study,
    data: Data,
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder to write to.")],
    only: Annotated[list[str] | None, typer.Option("--only", help="A figure's number, each once; else all.")] = None,
) -> None:
    """Draw the declared figures as SVG.

    Example: bencao trial figures study -o figures --data adam
    """
    from bencao.trial.display import draw_figure, read_displays
    from bencao.trial.display.data import data_files, datasets_of, displays_file, read_data

    declared = displays_file(study)
    displays = read_displays(declared)
    numbers = only or [figure.number for figure in displays.figures]
    files = data_files(datasets_of(displays, [], numbers), data)
    with record(None, "trial figures", parameters={"only": only}) as job:
        for path in (declared, *files.values()):
            job.used(path)
        frames = read_data(files)
        out.mkdir(parents=True, exist_ok=True)
        for number in numbers:
            path = out / f"figure-{number}.svg"
            write_text(path, draw_figure(number, displays, frames))
            job.generated(path)
            print(f"written: {path}", file=sys.stderr)


@app.command()
def trace(
    table: Annotated[str, typer.Argument(help="Number of a table or listing.")],
    cell: Annotated[str, typer.Argument(help="Such as R3C2: row of the body and column, from 1.")],
    study: Annotated[Path, typer.Option("--study", help="The study's folder, with displays.yaml and lineage.yaml.")],
    data: Data,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Name the analysis, SDTM and raw records behind a cell of a table.

    Records that the results are computed from stand apart from those that only decide what a percentage is of.

    Example: bencao trial trace 14-5.01 R3C2 --study study --data adam --data sdtm --data raw
    """
    from bencao.trial.display import compute_listing, compute_table, read_displays
    from bencao.trial.display.data import data_files, datasets_of, displays_file, find_data, read_data
    from bencao.trial.trace import read_lineage, trace_cell
    from bencao.trial.trace.lineage import sources_of

    displays = read_displays(displays_file(study))
    lineage = read_lineage(study if study.is_dir() else study.parent)
    needed = datasets_of(displays, [table])
    files = data_files(needed, data) | find_data(sources_of(lineage, needed), data)
    frames = read_data(dict(sorted(files.items())))
    compute = compute_listing if displays.is_listing(table) else compute_table
    found = trace_cell(compute(table, displays, frames), cell, displays, frames, lineage)
    absent = [name for name in sources_of(lineage, needed) if name not in files]
    if absent:
        print(f"not among the data, so not looked into: {', '.join(absent)}", file=sys.stderr)
    if as_json:
        print(json.dumps(asdict(found), ensure_ascii=False))
        return
    kind = "Listing" if displays.is_listing(table) else "Table"
    print(f"{kind} {found.table} {found.address}: {' / '.join(found.path)}: {found.text}")
    for result in found.results:
        print(f"  {result.statistic} = {result.value!r}, printed {result.text}")
    for kind, records in (("direct", found.direct), ("denominator", found.denominator)):
        print(f"{kind}: {len(records):,} records")
        for each in records:
            print(f"  {each.dataset} {each.row}  {'  '.join(f'{name}={value}' for name, value in each.keys)}")
