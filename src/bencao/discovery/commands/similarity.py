"""``bencao discovery index`` and ``similar``: like molecules in a library of millions."""

from __future__ import annotations

import dataclasses
import json
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table

from bencao.discovery.commands import app
from bencao.discovery.molecules.reading import LibraryRow
from bencao.kernel.ledger import record

Language = Literal["en", "zh"]
_WORDS: dict[Language, dict[str, str]] = {
    "en": {"built": "{molecules:,} molecules, {left_out:,} rows left out", "columns": "similarity,row,name,SMILES"},
    "zh": {"built": "{molecules:,} 个分子，略去 {left_out:,} 行", "columns": "相似度,行,名称,SMILES"},
}


@app.command("index")
def index_command(
    library: Annotated[Path, typer.Argument(help="Molecules: .smi, .csv, .tsv or .sdf, also with .gz.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Folder of the index.")],
    column: Annotated[str, typer.Option("--column", help="Column with the SMILES.")] = "",
    workers: Annotated[int, typer.Option("--workers", help="Worker processes.", min=1)] = 1,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Write the fingerprints of a library, so that it can be searched for like molecules.

    Example: bencao discovery index library.smi -o library.index
    """
    from bencao.discovery.similarity.index import build_index

    with record(None, "discovery index", parameters={"column": column}) as job:
        job.used(library)
        molecules, left_out = build_index(library, out, column=column, workers=workers)
        job.generated(out / "index.json")
    counts = {"molecules": molecules, "left_out": left_out}
    if as_json:
        typer.echo(json.dumps(counts))
    else:
        print(_WORDS[lang]["built"].format(**counts), file=sys.stderr)


@app.command("similar")
def similar_command(
    smiles: Annotated[str, typer.Argument(help="The molecule that others are to be like.")],
    index: Annotated[Path, typer.Argument(help="Folder that `index` wrote.")],
    count: Annotated[int, typer.Option("-n", "--count", help="How many.", min=1)] = 20,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Find the molecules of an index that are most like one; exact, not approximate.

    Example: bencao discovery similar "CC(=O)Oc1ccccc1C(=O)O" library.index
    """
    from bencao.discovery.similarity.index import search
    from bencao.discovery.similarity.tanimoto import fingerprint

    hits = search(index, fingerprint(LibraryRow(1, smiles).molecule()), count)
    if as_json:
        typer.echo(json.dumps([dataclasses.asdict(hit) for hit in hits]))
        return
    table = Table(*_WORDS[lang]["columns"].split(","))
    for hit in hits:
        table.add_row(f"{hit.similarity:.4f}", str(hit.row), hit.name, hit.smiles)
    Console().print(table)
