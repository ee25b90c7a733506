"""``bencao discovery sequences``: sequences that should fold into a given backbone."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Literal

import typer

from bencao.discovery.commands import app
from bencao.discovery.commands.receptors import split
from bencao.discovery.folding.inverse import Design, inverse_fold
from bencao.discovery.receptor.structure import read_structure
from bencao.kernel.files import write_text
from bencao.kernel.ledger import record

Language = Literal["en", "zh"]
_TOLD: dict[Language, str] = {
    "en": "{number} sequences; the best has score {score:.3f} and is to {share:.0%} as in the structure",
    "zh": "{number} 条序列；最优者得分 {score:.3f}，与原结构序列相同 {share:.0%}",
}


@app.command("sequences")
def sequences_command(
    structure: Annotated[Path, typer.Argument(help="PDB or mmCIF, also with .gz.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Sequences (.fasta), the best first; chains parted by /.")],
    number: Annotated[int, typer.Option("-n", "--number", help="Sequences.", min=1)] = 8,
    temperature: Annotated[float, typer.Option("--temperature", help="Higher is more varied.", min=0.001)] = 0.1,
    chains: Annotated[str, typer.Option("--chains", help="Chains to design, as A,B; all where not given.")] = "",
    fixed: Annotated[str, typer.Option("--fix", help="Residues that stay, as A:HIS57,A:ASP102.")] = "",
    seed: Annotated[int, typer.Option("--seed", help="Seed.", min=0)] = 1,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Design sequences for a backbone with ProteinMPNN.

    Example: bencao discovery sequences design.pdb -o designs.fasta -n 8
    """
    told = {"number": number, "temperature": temperature, "chains": chains, "fixed": fixed, "seed": seed}
    with record(None, "discovery sequences", parameters=told) as job:
        job.used(structure)
        designs = inverse_fold(
            read_structure(structure),
            number=number,
            temperature=temperature,
            chains=split(chains),
            fixed=split(fixed),
            seed=seed,
        )
        write_text(
            out,
            "".join(f"{_head(rank, one)}\n{'/'.join(one.sequences.values())}\n" for rank, one in enumerate(designs, 1)),
        )
        job.generated(out)
    if as_json:
        rows = [{"sequences": one.sequences, "score": one.score, "recovery": _known(one.recovery)} for one in designs]
        typer.echo(json.dumps(rows))
        return
    print(_TOLD[lang].format(number=len(designs), score=designs[0].score, share=designs[0].recovery), file=sys.stderr)


def _head(rank: int, design: Design) -> str:
    return f">design{rank} score={design.score:.4f} recovery={design.recovery:.4f}"


def _known(share: float) -> float | None:
    return share if share == share else None
