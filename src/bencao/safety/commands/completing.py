"""``bencao safety complete``: what a case lacks before it can be sent, asked and answered in a form."""

from __future__ import annotations

import csv
import io
import sys
from pathlib import Path
from typing import Annotated

import typer

from bencao.kernel.errors import InputError
from bencao.kernel.files import write_text
from bencao.kernel.ledger import record
from bencao.safety.case import Case
from bencao.safety.commands import app
from bencao.safety.commands.checking import AsOf, Lang, check_choice, moment
from bencao.safety.completion import completed, form_of
from bencao.safety.exchange import FORMATS, read_cases, read_header, write_cases
from bencao.safety.validation import REGIONS, Background

_ASKED = {"en": "written: {path} ({rows:,} data elements asked for)", "zh": "已写入：{path}（待填 {rows:,} 项）"}
_DONE = {"en": "written: {path} ({cases:,} cases)", "zh": "已写入：{path}（{cases:,} 例）"}


@app.command("complete")
def complete(
    source: Annotated[Path, typer.Argument(help="Cases: .xml, .json, .jsonl or .csv.")],
    form: Annotated[Path | None, typer.Option("--form", help="Write what is lacking here, a CSV to fill in.")] = None,
    filled: Annotated[Path | None, typer.Option("--with", help="The form with its values.")] = None,
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help=f"Completed cases, with --with: {', '.join(FORMATS)}.")
    ] = None,
    region: Annotated[str, typer.Option("--region", help="US or ICH: whose rules say what is lacking.")] = "US",
    as_of: AsOf = None,
    lang: Lang = "en",
) -> None:
    """Ask for what a case lacks in a form, and complete the case with the form filled in.

    Each row of the form is a data element that a rule finds fault with, with what it may hold. What a person writes
    has the form's row as its source. A value that an element cannot hold is named with its row, and nothing is written.

    Example: bencao safety complete case.json --form form.csv
    """
    check_choice(lang, "--lang", ("en", "zh"))
    check_choice(region, "--region", tuple(each for each in REGIONS if each in ("US", "ICH")))
    if (form is None) == (filled is None) or (filled is None) != (out is None):
        raise InputError("nothing to do", where="--form", mend="give --form FILE, or --with FILE and -o FILE")
    header = read_header(source)
    cases = _cases(source)
    with record(None, "safety complete", parameters={"region": region}) as job:
        job.used(source)
        if form is not None:
            text = form_of(cases, header, region, Background(moment(as_of)), lang)
            write_text(form, text)
            job.generated(form)
            rows = sum(1 for _ in csv.DictReader(io.StringIO(text)))
            print(_ASKED[lang].format(path=form, rows=rows), file=sys.stderr)
        if filled is not None and out is not None:
            job.used(filled)
            done, batch = completed(cases, header, filled)
            write_cases(out, done, batch)
            job.generated(out)
            print(_DONE[lang].format(path=out, cases=len(done)), file=sys.stderr)


def _cases(path: Path) -> list[Case]:
    cases = []
    for found in read_cases(path):
        if found.case is None:
            raise InputError(
                f"cannot be completed: {found.error}", where=found.where, mend="mend or leave out the case"
            )
        cases.append(found.case)
    return cases
