"""``bencao discovery properties``: properties and alerts of each molecule of a library."""

from __future__ import annotations

import csv
import io
import json
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from bencao.discovery.commands import app
from bencao.discovery.molecules.blocks import each_row
from bencao.discovery.molecules.reading import read_library
from bencao.kernel.errors import BencaoError
from bencao.kernel.files import writing
from bencao.kernel.ledger import record

Language = Literal["en", "zh"]
_WORDS: dict[Language, str] = {
    "en": "{rows:,} rows: {pains:,} match PAINS, {brenk:,} Brenk's alerts, {refused:,} refused",
    "zh": "{rows:,} 行：PAINS 命中 {pains:,}，Brenk 警示命中 {brenk:,}，拒绝 {refused:,}",
}
_COLUMNS = ("weight", "logp", "tpsa", "donors", "acceptors", "rotatable", "qed")
_LIKENESS = ("sa", "pka", "logd", "cns_mpo")


@app.command("properties")
def properties_command(
    library: Annotated[Path, typer.Argument(help="Molecules: .smi, .csv, .tsv or .sdf, also with .gz.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Table of the properties (.csv).")],
    column: Annotated[str, typer.Option("--column", help="Column with the SMILES.")] = "",
    workers: Annotated[int, typer.Option("--workers", help="Worker processes.", min=1)] = 1,
    ray: Annotated[str | None, typer.Option("--ray", help="Address of a Ray cluster, or local.")] = None,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Write size, logP, polar surface, QED, SA, CNS-MPO and the PAINS and Brenk alerts of each molecule.

    Example: bencao discovery properties library.smi -o properties.csv
    """
    from bencao.discovery.molecules.likeness import properties_and_likeness

    counts = {"rows": 0, "pains": 0, "brenk": 0, "refused": 0}
    with record(None, "discovery properties", parameters={"column": column}) as job:
        job.used(library)
        rows = read_library(library, column)
        with writing(out) as stream:
            text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
            table = csv.writer(text)
            table.writerow(("row", "name", "smiles", *_COLUMNS, *_LIKENESS, "pains", "brenk", "error", "cause", "mend"))
            for row, answer in each_row(properties_and_likeness, rows, workers=workers, ray=ray, label="molecules"):
                counts["rows"] += 1
                if isinstance(answer, tuple):
                    found, like = answer
                    counts["pains"] += bool(found.pains)
                    counts["brenk"] += bool(found.brenk)
                    values = [round(getattr(found, name), 3) for name in _COLUMNS]
                    values += ["" if (one := getattr(like, name)) is None else round(one, 3) for name in _LIKENESS]
                    alerts = ("; ".join(found.pains), "; ".join(found.brenk))
                    table.writerow((row.row, row.name, row.smiles, *values, *alerts, "", "", ""))
                elif isinstance(answer, BencaoError):
                    counts["refused"] += 1
                    blank = [""] * (len(_COLUMNS) + len(_LIKENESS) + 2)
                    table.writerow((row.row, row.name, row.smiles, *blank, answer.kind, answer.cause, answer.mend))
            text.detach()
        job.generated(out)
    if as_json:
        typer.echo(json.dumps(counts))
    else:
        print(_WORDS[lang].format(**counts), file=sys.stderr)
