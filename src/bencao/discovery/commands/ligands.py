"""``bencao discovery ligands``: the states and shapes of each molecule of a library."""

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
from bencao.kernel.errors import BencaoError, InputError
from bencao.kernel.files import writing
from bencao.kernel.ledger import record

Language = Literal["en", "zh"]
_WORDS: dict[Language, str] = {
    "en": "{rows:,} molecules: {states:,} states, {shapes:,} shapes; {capped:,} have more states than were made, "
    "{unshaped:,} states without a shape, {refused:,} molecules refused",
    "zh": "{rows:,} 个分子：状态 {states:,}，构象 {shapes:,}；{capped:,} 个分子的状态多于所生成者，"
    "{unshaped:,} 个状态无构象，拒绝 {refused:,} 个分子",
}
# Molecules that travel to a worker together: each takes seconds.
_TOGETHER = 5


@app.command("ligands")
def ligands_command(
    library: Annotated[Path, typer.Argument(help="Molecules: .smi, .csv, .tsv or .sdf, also with .gz.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Shapes (.sdf, beside it a .csv) or states alone (.csv).")],
    column: Annotated[str, typer.Option("--column", help="Column with the SMILES.")] = "",
    ph: Annotated[float, typer.Option("--ph", help="pH.")] = 7.4,
    tautomers: Annotated[int, typer.Option("--tautomers", help="Of a molecule at most.", min=1)] = 4,
    protomers: Annotated[int, typer.Option("--protomers", help="Charges of a tautomer at most.", min=1)] = 4,
    least: Annotated[float, typer.Option("--least", help="Share below which a charge is left out.")] = 0.1,
    stereoisomers: Annotated[int, typer.Option("--stereoisomers", help="Of each of these at most.", min=1)] = 8,
    states: Annotated[int, typer.Option("--states", help="Of a molecule at most, altogether.", min=1)] = 16,
    shapes: Annotated[int, typer.Option("--shapes", help="Conformers of a state at most.", min=1)] = 10,
    window: Annotated[float, typer.Option("--window", help="Strain at most, kcal/mol.")] = 10.0,
    apart: Annotated[float, typer.Option("--apart", help="Shapes nearer than this are one, ångström RMSD.")] = 0.5,
    seed: Annotated[int, typer.Option("--seed", help="Seed.", min=1)] = 1,
    workers: Annotated[int, typer.Option("--workers", help="Worker processes.", min=1)] = 1,
    ray: Annotated[str | None, typer.Option("--ray", help="Address of a Ray cluster, or local.")] = None,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Make each molecule's tautomers, charges at a pH, stereoisomers and shapes, rings included.

    Killed, it goes on where it stopped when run again.

    Example: bencao discovery ligands library.smi -o ligands.sdf --ph 7.4
    """
    from bencao.discovery.ligands.preparing import Preparation, Prepared, prepare_ligand
    from bencao.discovery.ligands.writing import COLUMNS, sd_records, table_rows

    form = out.suffix.lower()
    if form not in (".sdf", ".csv"):
        raise InputError(f"a file of suffix {form!r}", where=str(out), mend="write .sdf, or .csv for states alone")
    told = Preparation(
        ph, tautomers, protomers, stereoisomers, states, least, shapes if form == ".sdf" else 0, window, apart, seed
    )
    table = out.with_suffix(".csv")
    checkpoint = out.with_suffix(".checkpoint")
    counts = {"rows": 0, "states": 0, "shapes": 0, "capped": 0, "unshaped": 0, "refused": 0}
    with record(None, "discovery ligands", parameters={"column": column, **vars(told)}) as job:
        job.used(library)
        answers = each_row(
            partial(prepare_ligand, preparation=told),
            read_library(library, column),
            together=_TOGETHER,
            workers=workers,
            ray=ray,
            checkpoint=str(checkpoint),
            label="molecules",
        )
        with writing(table) as stream, writing(out) if form == ".sdf" else io.BytesIO() as molecules:
            text = io.TextIOWrapper(stream, encoding="utf-8", newline="", write_through=True)
            rows = csv.writer(text, lineterminator="\n")
            rows.writerow(COLUMNS)
            for row, answer in answers:
                counts["rows"] += 1
                rows.writerows(table_rows(row, answer))
                if isinstance(answer, Prepared):
                    counts["states"] += len(answer.states)
                    counts["shapes"] += sum(len(state.blocks) for state in answer.states)
                    counts["capped"] += answer.capped
                    counts["unshaped"] += sum(state.error is not None for state in answer.states)
                elif isinstance(answer, BencaoError):
                    counts["refused"] += 1
                for one in sd_records(row, answer):
                    molecules.write(one.encode())
            text.detach()
        checkpoint.unlink(missing_ok=True)
        for path in sorted({table, out}):
            job.generated(path)
    if as_json:
        typer.echo(json.dumps(counts))
    else:
        print(_WORDS[lang].format(**counts), file=sys.stderr)
