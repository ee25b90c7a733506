"""``bencao discovery fold``: a structure from a sequence or an alignment."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from bencao.discovery.commands import app
from bencao.discovery.folding.alignment import read_alignment
from bencao.discovery.folding.engines import ENGINES, fold_elsewhere
from bencao.discovery.folding.folding import Fold, fold
from bencao.kernel.errors import EngineMissing
from bencao.kernel.files import write_text
from bencao.kernel.ledger import record

Language = Literal["en", "zh"]
Engines = Literal["boltz", "chai", "esmfold", "alphafold3", "openfold3"]
_TOLD: dict[Language, str] = {
    "en": "{name}: {length} residues, {relatives} relatives; confidence {trust:.0f} of 100 ({sure} residues above 70)",
    "zh": "{name}：{length} 个残基，同源序列 {relatives} 条；置信度 {trust:.0f}/100（{sure} 个残基高于 70）",
}
_ALONE: dict[Language, str] = {
    "en": "from one sequence: good at best for designed proteins; give an alignment of relatives for a natural one",
    "zh": "仅由单条序列预测：至多对人工设计的蛋白可靠；天然蛋白请提供同源序列比对",
}
_SURE = 0.7


@app.command("fold")
def fold_command(
    sequence: Annotated[Path, typer.Argument(help="FASTA with one sequence, or an alignment (A3M), target first.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Structure (.pdb); confidence where the B factor stands.")],
    seed: Annotated[int, typer.Option("--seed", help="Seed.", min=0)] = 1,
    workers: Annotated[int, typer.Option("--workers", help="Worker processes.", min=1)] = 1,
    engine: Annotated[Engines | None, typer.Option("--engine", help="An engine of your own instead.")] = None,
    home: Annotated[Path | None, typer.Option("--home", help="Folder in which that engine is installed.")] = None,
    weights: Annotated[Path | None, typer.Option("--weights", help="Its weights: a folder or file.")] = None,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Fold a protein of up to 400 residues on the CPU, with a confidence for each residue.

    Example: bencao discovery fold design.fasta -o design.pdb
    """
    with record(None, "discovery fold", parameters={"seed": seed, "engine": engine or "trrosetta"}) as job:
        job.used(sequence)
        alignment = read_alignment(sequence)
        if engine:
            write_text(out, fold_elsewhere(alignment, engine, *_installed(engine, home, weights)))
            job.generated(out)
            return
        folded = fold(alignment, seed=seed, workers=workers)
        write_text(out, folded.pdb)
        job.generated(out)
    if as_json:
        typer.echo(json.dumps(_as_json(folded), ensure_ascii=False))
        return
    sure = int((folded.confidence > _SURE).sum())
    line = _TOLD[lang].format(
        name=folded.name,
        length=len(folded.sequence),
        relatives=folded.relatives,
        trust=100 * folded.trust,
        sure=sure,
    )
    print(line, file=sys.stderr)
    if not folded.relatives:
        print(_ALONE[lang], file=sys.stderr)


def _installed(engine: str, home: Path | None, weights: Path | None) -> tuple[Path, Path]:
    if home is None or weights is None:
        raise EngineMissing(
            f"{engine} runs from your own installation only",
            mend=f"name it: --home and --weights; {ENGINES[engine].install}",
        )
    return home, weights


def _as_json(folded: Fold) -> dict[str, object]:
    return {
        "name": folded.name,
        "residues": len(folded.sequence),
        "relatives": folded.relatives,
        "confidence": round(folded.trust, 4),
        "by_residue": [round(float(value), 4) for value in folded.confidence],
        "energies": [round(energy, 1) for energy in folded.energies],
    }
