"""``bencao safety intake``: reports in free text to draft cases."""

from __future__ import annotations

import json
import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bencao.kernel.errors import BencaoError, InputError
from bencao.kernel.files import write_text
from bencao.kernel.ledger import record
from bencao.safety.commands import app
from bencao.safety.exchange import FORMATS, write_cases
from bencao.safety.intake import Draft, case_of_draft, draft_of, load_extractor, read_document, read_lexicon
from bencao.safety.intake.rendering import HEADS, NOT_READ, Language, findings_as_json, rows_of


@app.command("intake")
def intake(
    files: Annotated[list[Path], typer.Argument(help="E-mails (.eml) or texts in UTF-8, UTF-16 or GB18030.")],
    out: Annotated[Path, typer.Option("-o", "--out", help=f"Draft cases: {', '.join(FORMATS)}.")],
    terms: Annotated[
        list[Path] | None,
        typer.Option("--terms", help="Your terms, a CSV: kind (drug, reaction, indication), term, code."),
    ] = None,
    received: Annotated[
        datetime | None, typer.Option("--received", formats=["%Y-%m-%d"], help="Day of receipt; else an e-mail's own.")
    ] = None,
    findings: Annotated[
        Path | None, typer.Option("--findings", help="All that was read, denials too, as JSON lines.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The same findings on stdout.")] = False,
    lang: Annotated[Language, typer.Option("--lang", help="Language of what is read: en or zh.")] = "en",
) -> None:
    """Read reports in English or Chinese into draft cases, each field with its words and what read them.

    Dates, doses, seriousness, outcome and denials are read in both languages; drugs and reactions in English by the
    shipped model, in Chinese by forms' fields and your terms. A report that cannot be read is named on stderr and the
    others go on; the exit code is then 1.

    Example: bencao safety intake report.eml -o case.json --terms terms.csv
    """
    if out.suffix.lower() not in FORMATS:
        raise InputError(f"no format {out.suffix!r}", where=str(out), mend=f"give one of {', '.join(FORMATS)}")
    extractor = load_extractor()
    lexicons = [read_lexicon(path) for path in terms or []]
    day = received.date() if received else None
    drafts: list[Draft] = []
    failed: list[BencaoError] = []
    parameters = {"received": str(day) if day else None}
    with record(None, "safety intake", parameters=parameters, versions={"model": extractor.identity}) as job:
        for path in (*(terms or ()), *files):
            if path.is_file():
                job.used(path)
        for path in files:
            try:
                draft = draft_of(read_document(path), extractor=extractor, lexicons=lexicons, received=day)
            except BencaoError as error:
                failed.append(error)
                print(f"{error.kind}: {error}", file=sys.stderr)
                continue
            drafts.append(draft)
            _show(draft, as_json, lang)
        if not drafts:
            raise InputError("no report can be read", where=str(files[0]), mend="see the lines above")
        write_cases(out, [case_of_draft(draft) for draft in drafts])
        job.generated(out)
        if findings:
            write_text(findings, "".join(_line(draft) + "\n" for draft in drafts))
            job.generated(findings)
    print(f"written: {out} ({len(drafts):,} drafts, {len(failed):,} reports not read)", file=sys.stderr)
    if failed:
        raise typer.Exit(1)


def _line(draft: Draft) -> str:
    return json.dumps(findings_as_json(draft), ensure_ascii=False)


def _show(draft: Draft, as_json: bool, lang: Language) -> None:
    if as_json:
        print(_line(draft))
        return
    table = Table(*HEADS[lang], title=escape(draft.document.name))
    for row in rows_of(draft, lang):
        table.add_row(*(escape(cell) for cell in row))
    Console().print(table)
    for name in draft.document.attachments:
        print(f"{name}: {NOT_READ[lang]}", file=sys.stderr)
