"""``bencao discovery shape``: which molecules of a library fill the shape of a known one."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from bencao.discovery.commands import app
from bencao.discovery.molecules.reading import read_library
from bencao.kernel.errors import InputError
from bencao.kernel.files import write_text
from bencao.kernel.ledger import record

Language = Literal["en", "zh"]
_WORDS: dict[Language, str] = {
    "en": "{ranked:,} molecules ranked, {refused:,} refused; the best: {best}",
    "zh": "已排序 {ranked:,} 个分子，拒绝 {refused:,} 个；最佳：{best}",
}


@app.command("shape")
def shape_command(
    known: Annotated[str, typer.Argument(help="Known molecules in their bound shapes (.sdf, .mol), or one SMILES.")],
    library: Annotated[Path, typer.Argument(help="Molecules: .smi, .csv, .tsv or .sdf, also with .gz.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Table, the best first (.csv).")],
    overlays: Annotated[Path | None, typer.Option("--overlays", help="The best, laid on the known one (.sdf).")] = None,
    count: Annotated[int, typer.Option("-n", "--count", help="How many are laid.", min=1)] = 50,
    column: Annotated[str, typer.Option("--column", help="Column with the SMILES.")] = "",
    shapes: Annotated[int, typer.Option("--shapes", help="Conformers of a molecule that are tried.", min=1)] = 10,
    seed: Annotated[int, typer.Option("--seed", help="Seed.", min=1)] = 1,
    workers: Annotated[int, typer.Option("--workers", help="Worker processes.", min=1)] = 1,
    ray: Annotated[str | None, typer.Option("--ray", help="Address of a Ray cluster, or local.")] = None,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Rank a library by shape and by groups in like places; a second opinion to `similar`.

    Killed, it goes on where it stopped when run again.

    Example: bencao discovery shape bound.sdf library.smi -o shape.csv --overlays laid.sdf
    """
    from bencao.discovery.similarity.shape import read_reference
    from bencao.discovery.similarity.shape_ranking import overlay_records, rank_by_shape, ranking_table

    for path, suffix in ((out, ".csv"), (overlays, ".sdf")):
        if path and path.suffix.lower() != suffix:
            raise InputError(f"a file of suffix {path.suffix!r}", where=str(path), mend=f"write {suffix}")
    reference = read_reference(known, seed=seed)
    checkpoint = out.with_suffix(".checkpoint")
    with record(None, "discovery shape", parameters={"known": known, "shapes": shapes, "seed": seed}) as job:
        job.used(library)
        if Path(known).is_file():
            job.used(Path(known))
        ranking = rank_by_shape(
            read_library(library, column),
            reference,
            shapes=shapes,
            seed=seed,
            laid=count if overlays else 0,
            workers=workers,
            ray=ray,
            checkpoint=str(checkpoint),
        )
        write_text(out, ranking_table(ranking))
        job.generated(out)
        if overlays:
            write_text(overlays, overlay_records(ranking, reference))
            job.generated(overlays)
        checkpoint.unlink(missing_ok=True)
    counts = {"ranked": len(ranking.ranked), "refused": len(ranking.refused)}
    if as_json:
        typer.echo(json.dumps(counts))
    else:
        best = ", ".join(f"{row.name or row.smiles} {told.combined:.2f}" for row, told in ranking.ranked[:3])
        print(_WORDS[lang].format(**counts, best=best or "-"), file=sys.stderr)
