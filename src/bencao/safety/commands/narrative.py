"""``bencao safety narrate``: case narratives in English or Chinese, every sentence with its data elements."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from bencao.kernel.errors import BencaoError, InputError
from bencao.kernel.ledger import record
from bencao.safety.case import Case
from bencao.safety.commands import app
from bencao.safety.exchange import FORMATS, read_cases, read_header, write_cases
from bencao.safety.narrative import Narration, narrate, with_narrative, write_narrations
from bencao.safety.narrative.page import FORMATS as PAGES
from bencao.safety.narrative.page import as_record
from bencao.safety.narrative.received import RULE
from bencao.safety.narrative.wording import Language
from bencao.safety.smq import read_names


@app.command("narrate")
def narrative(
    source: Annotated[Path, typer.Argument(help="Cases: .xml, .json, .jsonl or .csv.")],
    out: Annotated[Path | None, typer.Option("-o", "--out", help=f"The narratives: {', '.join(PAGES)}.")] = None,
    into: Annotated[
        Path | None, typer.Option("--into", help=f"The cases with the narrative in H.1: {', '.join(FORMATS)}.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="With --into, also where H.1 holds text; it becomes the last paragraph.")
    ] = False,
    meddra: Annotated[
        Path | None, typer.Option("--meddra", help="Folder MedAscii of your MedDRA, for the names of codes.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout, one line a case.")] = False,
    lang: Annotated[Language, typer.Option("--lang", help="Language of the narrative: en or zh.")] = "en",
) -> None:
    """Write the narrative of each case from its fields; every sentence names the fields that it states.

    What is expected and missing is said to be missing; a null flavour is said as what it means; names and addresses of
    persons are left out. A case that cannot be read or narrated is named on stderr, the others go on, and the exit code
    is then 1.

    Example: bencao safety narrate case.xml -o narrative.md --lang zh
    """
    _refuse_formats(out, into)
    names = read_names(meddra) if meddra else {}
    told: list[Narration] = []
    cases: list[Case] = []
    left = 0
    parameters = {"lang": lang, "replace": replace}
    with record(None, "safety narrate", parameters=parameters, versions={"narrative": RULE}) as job:
        job.used(source)
        for path in sorted(meddra.glob("*.[aA][sS][cC]")) if meddra else ():
            job.used(path)
        for found in read_cases(source):
            try:
                if found.case is None:
                    raise found.error or InputError("no case in it", where=found.where, mend="give a case")
                narration = narrate(found.case, lang, names)
                case = with_narrative(found.case, narration, replace) if into else found.case
            except BencaoError as error:
                left += 1
                print(f"left out: {error.kind}: {error}", file=sys.stderr)
                continue
            told.append(narration)
            cases.append(case)
            if as_json:
                print(json.dumps(as_record(narration), ensure_ascii=False))
            elif out is None:
                print(narration.text)
        if not told:
            raise InputError("no case in it can be narrated", where=str(source), mend="see the lines above")
        if out:
            write_narrations(out, told)
            job.generated(out)
        if into:
            write_cases(into, cases, read_header(source))
            job.generated(into)
    print(f"narrated: {len(told):,} cases, {left:,} left out", file=sys.stderr)
    if left:
        raise typer.Exit(1)


def _refuse_formats(out: Path | None, into: Path | None) -> None:
    for path, formats in ((out, PAGES), (into, FORMATS)):
        if path is not None and path.suffix.lower() not in formats:
            raise InputError(f"no format {path.suffix!r}", where=str(path), mend=f"give one of {', '.join(formats)}")
