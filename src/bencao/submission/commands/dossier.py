"""``bencao submission build``, ``validate`` and ``rules``: sequences of an eCTD."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bencao.kernel.files import write_text
from bencao.kernel.ledger import record
from bencao.submission.commands import app
from bencao.submission.commands.options import AsJson, Folder
from bencao.submission.ectd.application import read_application
from bencao.submission.ectd.build.building import build_sequence
from bencao.submission.ectd.opening import opened
from bencao.submission.ectd.region.assets import Assets
from bencao.submission.ectd.validation.checking import Report, check_application, rules_for
from bencao.submission.ectd.validation.report import ONE, WORDS, as_json, write_page
from bencao.submission.ectd.view.writing import write_viewer
from bencao.submission.quality.finding import Language

Lang = Annotated[Language, typer.Option("--lang", help="Language of what is read: en or zh.")]
_MOST_LINES = 200


@app.command()
def build(
    manifest: Annotated[Path, typer.Argument(help="submission.yaml, with its table of leaves beside it.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder of applications; earlier sequences lie there.")],
    assets: Folder = None,
    as_json: AsJson = False,
) -> None:
    """Build one sequence of an eCTD: backbones, study tagging files, MD5s, lifecycle, util.

    The same manifest gives the same bytes. A sequence that is there with other content is never touched.

    Example: bencao submission build submission.yaml -o dossier/
    """
    with record(None, "submission build", parameters={"manifest": manifest.name}) as job:
        job.used(manifest)
        built = build_sequence(manifest, out, assets=Assets(assets))
        for source in built.sources:
            job.used(source)
        job.generated(built.folder / "index.xml")
    if as_json:
        told = {"folder": str(built.folder), "files": built.files, "leaves": built.leaves, "sha256": built.sha256}
        typer.echo(json.dumps({**told, "missing": built.missing}))
    else:
        print(f"{built.folder}: {built.leaves} leaves, {built.files} files, sha256 {built.sha256}")
    for name in built.missing:
        print(f"without the official file {name}: bencao submission assets import FOLDER", file=sys.stderr)


@app.command()
def validate(
    application: Annotated[Path, typer.Argument(help="Folder or .zip of an application, or of one sequence.")],
    sequence: Annotated[str | None, typer.Option("--sequence", help="Check this sequence only.")] = None,
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write the report here: .html or .json.")] = None,
    assets: Folder = None,
    workers: Annotated[int, typer.Option("--workers", min=1, help="Processes that read the PDFs.")] = 1,
    lang: Lang = "en",
    as_json_: AsJson = False,
) -> None:
    """Check an eCTD against NMPA's 149 rules; of other regions, against those that restate the ICH specification.

    Exit code 0 where it passes, 1 where it has errors or an error rule could not be judged, 2 where it cannot be read.

    Example: bencao submission validate dossier/x202600001 -o report.html --lang zh
    """
    with record(None, "submission validate", parameters={"sequence": sequence or ""}) as job:
        with opened(application) as folder:
            report = check_application(folder, assets=Assets(assets), only=sequence, workers=workers)
        if out is not None:
            _write(report, out, lang)
            job.generated(out)
    if as_json_:
        typer.echo(json.dumps(as_json(report, lang), ensure_ascii=False))
    else:
        _print(report, lang)
    if report.verdict != "passes":
        raise typer.Exit(1)


@app.command()
def view(
    application: Annotated[Path, typer.Argument(help="Folder of an application.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The page: .html; put it where the dossier is read.")],
    lang: Lang = "en",
) -> None:
    """Write one page that shows an application: tree, sequences, history of each leaf, difference of two sequences.

    Example: bencao submission view dossier/x202600001 -o dossier/x202600001.html --lang zh
    """
    with record(None, "submission view", parameters={"lang": lang}) as job:
        leaves = write_viewer(read_application(application), out, lang)
        job.generated(out)
    print(f"{leaves} leaves: {out}", file=sys.stderr)


@app.command()
def rules(
    region: Annotated[Literal["cn", "eu", "ich"], typer.Option("--region", help="Whose rules.")] = "cn",
    lang: Lang = "en",
    as_json: AsJson = False,
) -> None:
    """List the rules with our reading of each, and what to do about a finding.

    Example: bencao submission rules --lang zh
    """
    listed = rules_for(region).values()
    if as_json:
        told = [
            {"rule": one.id, "severity": one.severity, "text": one.text(lang), "fix": one.fix(lang)} for one in listed
        ]
        typer.echo(json.dumps(told, ensure_ascii=False))
        return
    words = WORDS[lang]
    table = Table(words["rule"], words["severity"], words["reading"], words["fix"])
    for one in listed:
        table.add_row(one.id, words[ONE[one.severity]], escape(one.text(lang)), escape(one.fix(lang)))
    Console().print(table)


def _write(report: Report, out: Path, lang: Language) -> None:
    if out.suffix.lower() == ".json":
        write_text(out, json.dumps(as_json(report, lang), ensure_ascii=False, indent=1) + "\n")
    else:
        write_page(report, out, lang)


def _print(report: Report, lang: Language) -> None:
    words = WORDS[lang]
    shown = [one for one in report.findings if one.rule.severity != "info"]
    for one in shown[:_MOST_LINES]:
        print(f"{one.rule.id} [{words[ONE[one.rule.severity]]}] {one.sequence}: {one.where}: {one.details(lang)}")
        print(f"    {one.rule.text(lang)} {one.rule.fix(lang)}")
    if len(shown) > _MOST_LINES:
        print(words["more"].format(left=len(shown) - _MOST_LINES))
    for rule, needs in sorted({(one.rule.id, one.needs) for one in report.not_checked}):
        print(f"{rule} [{words['not_checked']}]: {needs}")
    counts = ", ".join(f"{words[severity]} {report.count(severity)}" for severity in ("error", "warning", "info"))
    print(f"{report.application}: {words[report.verdict]} ({counts})")
