"""``bencao safety listings``: line listings and tabulations of a periodic report."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bencao.kernel.errors import BencaoError, InputError
from bencao.kernel.ledger import record
from bencao.safety.commands import app
from bencao.safety.exchange import FORMATS, ReadCase, read_cases
from bencao.safety.listings import Listings, Period, chooser, counts_of, lock, tabulate, vocabulary_of, write_listings
from bencao.safety.listings.listing import Kind
from bencao.safety.narrative.wording import Language
from bencao.safety.smq import Scope
from bencao.safety.smq.levels import Level

_DAY = ["%Y-%m-%d"]


@app.command("listings")
def listings(
    sources: Annotated[list[Path], typer.Argument(help="Cases: folders, .xml, .json, .jsonl or .csv.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder for the tables, the page and the counts.")],
    start: Annotated[datetime, typer.Option("--from", formats=_DAY, help="First day of the period.")],
    end: Annotated[datetime, typer.Option("--to", formats=_DAY, help="Data lock point.")],
    report: Annotated[Kind, typer.Option("--report", help="pbrer (ICH E2C(R2)) or dsur (ICH E2F).")] = "pbrer",
    drug: Annotated[list[str] | None, typer.Option("--drug", help="Suspect drug, once for each name.")] = None,
    latest: Annotated[
        bool, typer.Option("--latest", help="The interval by latest information (C.1.5), not first receipt (C.1.4).")
    ] = False,
    meddra: Annotated[Path | None, typer.Option("--meddra", help="Folder MedAscii of your MedDRA.")] = None,
    level: Annotated[Level | None, typer.Option("--level", help="pt, hlt, hlgt or soc; needs --meddra.")] = None,
    smq: Annotated[str, typer.Option("--smq", help="Standardised MedDRA Query, name or code; needs --meddra.")] = "",
    scope: Annotated[Scope, typer.Option("--scope", help="Of the query: narrow, broad or algorithm.")] = "narrow",
    as_json: Annotated[bool, typer.Option("--json", help="The counts as JSON on stdout.")] = False,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
) -> None:
    """List the cases of a period and count their reactions, in the interval and cumulatively.

    Of each case the latest version at the data lock point counts; nullified ones are left out. A report that cannot be
    read is named on stderr, the others go on, and the exit code is then 1.

    Example: bencao safety listings inbox/ -o pbrer/ --from 2025-01-01 --to 2025-12-31 --drug warfarin
    """
    period = Period(start.date(), end.date())
    vocabulary = vocabulary_of(meddra, level, smq, scope)
    files = _files(sources)
    parameters: dict[str, Any] = {
        "report": report,
        "from": str(period.start),
        "to": str(period.end),
        "drug": drug or [],
    }
    parameters |= {"drug": drug or [], "latest": latest, "level": level, "smq": smq, "scope": scope, "lang": lang}
    with record(None, "safety listings", parameters=parameters) as job:
        for path in files:
            job.used(path)
        for path in sorted(meddra.glob("*.[aA][sS][cC]")) if meddra else ():
            job.used(path)
        locked = lock(_read(files), period, chooser(report, vocabulary, drug or ()), latest, _refused)
        if not locked.counts["read"]:
            raise InputError("no case in them", where=str(sources[0]), mend=f"give files {', '.join(FORMATS)}")
        query = vocabulary.query
        told = f"{query.name} ({query.code}), {query.scope}, MedDRA {query.version}" if query else ""
        terms = f"MedDRA {vocabulary.levels.version}".strip() if vocabulary.levels else ""
        selection = "; ".join(each for each in (*(drug or ()), told) if each)
        made = Listings(report, period, vocabulary, locked, tabulate(locked, vocabulary), terms, selection)
        for path in write_listings(out, made, lang):
            job.generated(path)
    counts = counts_of(made)
    if as_json:
        print(json.dumps(counts, ensure_ascii=False))
    else:
        for name, number in counts.items():
            print(f"{name}: {number}")
    if locked.counts["unreadable"]:
        raise typer.Exit(1)


def _files(sources: list[Path]) -> list[Path]:
    found: list[Path] = []
    for source in sources:
        if source.is_dir():
            found += sorted(each for each in source.rglob("*") if each.suffix.lower() in FORMATS)
        else:
            found.append(source)
    if not found:
        raise InputError("no files of cases in it", where=str(sources[0]), mend=f"give files {', '.join(FORMATS)}")
    return found


def _read(files: list[Path]) -> Iterator[ReadCase]:
    """Cases of all files; a file that cannot be read as a whole is one that is unreadable."""
    for path in files:
        try:
            yield from read_cases(path)
        except BencaoError as error:
            yield ReadCase(str(path), error=error)


def _refused(found: ReadCase) -> None:
    print(f"left out: {found.where}: {found.error}", file=sys.stderr)
