"""``bencao discovery standardise``: a library in one form of each molecule."""

from __future__ import annotations

import csv
import io
import json
import sys
from functools import partial
from pathlib import Path
from typing import Annotated, Literal

import typer

from bencao.discovery.commands import app
from bencao.discovery.molecules.blocks import each_row
from bencao.discovery.molecules.reading import read_library
from bencao.discovery.molecules.standardising import Standardised, standardise
from bencao.kernel.errors import BencaoError
from bencao.kernel.files import writing
from bencao.kernel.ledger import record

Language = Literal["en", "zh"]
_WORDS: dict[Language, str] = {
    "en": "{rows:,} rows: {standardised:,} standardised, {changed:,} of them changed, {refused:,} refused",
    "zh": "{rows:,} 行：标准化 {standardised:,}（其中改动 {changed:,}），拒绝 {refused:,}",
}


@app.command("standardise")
def standardise_command(
    library: Annotated[Path, typer.Argument(help="Molecules: .smi, .csv, .tsv or .sdf, also with .gz.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Table of the standard forms (.csv).")],
    column: Annotated[str, typer.Option("--column", help="Column with the SMILES.")] = "",
    tautomer: Annotated[bool, typer.Option("--tautomer", help="Choose the canonical tautomer too (slow).")] = False,
    workers: Annotated[int, typer.Option("--workers", help="Worker processes.", min=1)] = 1,
    ray: Annotated[str | None, typer.Option("--ray", help="Address of a Ray cluster, or local.")] = None,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Bring each molecule of a library into one form: groups, counter-ions, charges; a bad row says what is wrong.

    Example: bencao discovery standardise library.smi -o standard.csv
    """
    counts = {"rows": 0, "standardised": 0, "changed": 0, "refused": 0}
    with record(None, "discovery standardise", parameters={"column": column, "tautomer": tautomer}) as job:
        job.used(library)
        answers = each_row(
            partial(standardise, tautomer=tautomer),
            read_library(library, column),
            workers=workers,
            ray=ray,
            label="molecules",
        )
        with writing(out) as stream:
            text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
            table = csv.writer(text)
            table.writerow(("row", "name", "smiles", "given", "error", "cause", "mend"))
            for row, answer in answers:
                counts["rows"] += 1
                if isinstance(answer, Standardised):
                    counts["standardised"] += 1
                    counts["changed"] += answer.smiles != row.smiles
                    table.writerow((row.row, row.name, answer.smiles, row.smiles, "", "", ""))
                elif isinstance(answer, BencaoError):
                    counts["refused"] += 1
                    table.writerow((row.row, row.name, "", row.smiles, answer.kind, answer.cause, answer.mend))
            text.detach()
        job.generated(out)
    if as_json:
        typer.echo(json.dumps(counts))
    else:
        print(_WORDS[lang].format(**counts), file=sys.stderr)
