"""``bencao submission write``, ``impact``, ``rebuild`` and ``pdf``: documents whose numbers have their sources."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from bencao.kernel.errors import InputError
from bencao.kernel.ledger import record
from bencao.submission.commands import app
from bencao.submission.commands.options import AsJson, Folder
from bencao.submission.ectd.application import read_application
from bencao.submission.ectd.pdf.making import make_pdf
from bencao.submission.ectd.region.assets import Assets
from bencao.submission.translation.engines.endpoint import Endpoint

_KEY = "BENCAO_ENDPOINT_KEY"
Engine = Annotated[str | None, typer.Option("--engine", help="Address of an OpenAI-compatible endpoint that rewords.")]
Model = Annotated[str, typer.Option("--model", help="Model to ask the endpoint for.")]
Documents = Annotated[
    list[str], typer.Option("--document", help="document.yaml=FOLDER it was written to; once for each.")
]
Applications = Annotated[
    list[Path] | None, typer.Option("--application", help="Folder of an application; once for each.")
]


@app.command()
def write(
    declaration: Annotated[Path, typer.Argument(help="document.yaml.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder to write to.")],
    pdf: Annotated[bool, typer.Option("--pdf", help="Make a PDF of each language, as a dossier takes it.")] = False,
    engine: Engine = None,
    model: Model = "default",
    as_json: AsJson = False,
) -> None:
    """Write a document in all its languages from its facts; a number without a source fails, and nothing is written.

    Written again, it lists the sentences and tables whose facts changed.

    Example: bencao submission write synopsis/document.yaml -o out/ --pdf
    """
    from bencao.submission.grounding.rephrasing import Rephraser
    from bencao.submission.grounding.writing import write_document

    rephraser = Rephraser(Endpoint(engine, model, os.environ.get(_KEY, ""))) if engine else None
    with record(None, "submission write", parameters={"pdf": pdf, "engine": engine or ""}) as job:
        job.used(declaration)
        written = write_document(declaration, out, rephraser, pdf=pdf)
        for name in written.statements.files:
            job.generated(out / name)
    told = [
        {"language": one.language, "id": one.id, "text": one.text, "facts": {f.name: f.text for f in one.facts}}
        for one in written.changed
    ]
    if as_json:
        files = [str(out / name) for name in written.statements.files]
        typer.echo(json.dumps({"files": files, "changed": told, "unlabelled": written.unlabelled}, ensure_ascii=False))
        return
    for name in written.statements.files:
        print(out / name)
    print(f"{len(written.changed)} of {len(written.statements.statements)} sentences and tables changed")
    for one in written.changed:
        print(f"  {one.language} {one.id}: {one.text}")
    for label in written.unlabelled:
        print(f"no Chinese for the label {label!r}", file=sys.stderr)


@app.command()
def impact(
    cell: Annotated[str, typer.Argument(help="ADSL[USUBJID=01-701-1015].AGE, or of a table: 14-2.01:R2C3.")],
    document: Documents,
    application: Applications = None,
    as_json: AsJson = False,
) -> None:
    """List all that rests on a cell: tables' cells, sentences in every language, documents, leaves to replace.

    Example: bencao submission impact "ADSL[USUBJID=01-701-1015].AGE" --document document.yaml=out
    """
    from bencao.submission.grounding.impact import Impact, impact_of

    found: Impact = impact_of(cell, _documents(document), [read_application(one) for one in application or ()])
    if as_json:
        typer.echo(json.dumps(_impact_json(found), ensure_ascii=False))
        return
    print(f"{cell}: {len(found.tables)} cells of tables, {len(found.touched)} sentences and in-text tables")
    for address in found.tables:
        print(f"  {address}")
    for one in found.touched:
        names = ", ".join(f"{fact.name} = {fact.text}" for fact in one.facts[:6])
        print(f"  {one.document} {one.statement.language} {one.statement.id}: {one.statement.text} ({names})")
    for leaf in found.replacements:
        print(f"  {leaf.region} {leaf.application}: replace {leaf.sequence}/{leaf.path} by {leaf.file}")


def _impact_json(found: Any) -> dict[str, Any]:
    return {
        "cell": found.cell,
        "tables": list(found.tables),
        "statements": [
            {
                "document": one.document,
                "language": one.statement.language,
                "id": one.statement.id,
                "text": one.statement.text,
                "facts": {fact.name: fact.text for fact in one.facts},
            }
            for one in found.touched
        ],
        "replace": [
            {
                "application": one.application,
                "region": one.region,
                "leaf": f"{one.sequence}/{one.path}",
                "title": one.title,
                "file": one.file,
                "study": one.study,
            }
            for one in found.replacements
        ],
    }


@app.command("rebuild")
def rebuild_(
    document: Documents,
    application: Annotated[list[Path], typer.Option("--application", help="Folder of an application; once for each.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for the manifests of the new sequences.")],
    description: Annotated[str, typer.Option("--description", help="Of the sequence, for its envelope.")],
    cover: Annotated[Path | None, typer.Option("--cover", help="The cover letter's PDF, which China asks for.")] = None,
    assets: Folder = None,
    engine: Engine = None,
    model: Model = "default",
    as_json: AsJson = False,
) -> None:
    """Write the documents again, and build each application's next sequence: changed leaves replaced, nothing else.

    Example: bencao submission rebuild --document document.yaml=out --application x202600001 -o next --description 更正
    """
    from bencao.submission.grounding.rebuilding import rebuild
    from bencao.submission.grounding.rephrasing import Rephraser

    rephraser = Rephraser(Endpoint(engine, model, os.environ.get(_KEY, ""))) if engine else None
    with record(None, "submission rebuild", parameters={"description": description}) as job:
        told = rebuild(
            _documents(document),
            application,
            out,
            description=description,
            cover=cover,
            assets=Assets(assets),
            rephraser=rephraser,
        )
        for built in told.sequences:
            job.generated(built.folder / "index.xml")
    if as_json:
        changed = [{"language": one.language, "id": one.id, "text": one.text} for one in told.changed]
        replaced = [f"{one.application}/{one.sequence}/{one.path}" for one in told.replaced]
        folders = [str(one.folder) for one in told.sequences]
        typer.echo(json.dumps({"changed": changed, "replaced": replaced, "sequences": folders}, ensure_ascii=False))
        return
    for one in told.changed:
        print(f"changed {one.language} {one.id}: {one.text}")
    for leaf in told.replaced:
        print(f"replaced {leaf.application}/{leaf.sequence}/{leaf.path}")
    for built in told.sequences:
        print(f"built {built.folder}")


@app.command()
def pdf(
    document: Annotated[Path, typer.Argument(help="A .docx, .xlsx or .pptx.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="The PDF.")],
) -> None:
    """Make a PDF as a dossier takes it: bookmarks of the headings, embedded fonts, version 1.7, fast web view.

    Example: bencao submission pdf report.docx -o report.pdf
    """
    with record(None, "submission pdf") as job:
        job.used(document)
        make_pdf(document, out)
        job.generated(out)


def _documents(told: list[str]) -> list[tuple[Path, Path]]:
    found = []
    for one in told:
        declaration, sign, folder = one.rpartition("=")
        if not sign:
            raise InputError(f"--document {one!r}", where="--document", mend="write document.yaml=FOLDER")
        found.append((Path(declaration), Path(folder)))
    return found
