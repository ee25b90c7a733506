"""``bencao discovery receptor`` and ``pockets``: a structure made ready, and where a ligand could bind."""

from __future__ import annotations

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.table import Table

from bencao.discovery.commands import app
from bencao.discovery.receptor.pockets import Pocket, find_pockets
from bencao.discovery.receptor.preparing import Receptor, prepare_receptor
from bencao.discovery.receptor.words import CHANGES
from bencao.kernel.files import write_text
from bencao.kernel.ledger import record

Language = Literal["en", "zh"]
_HEADS: dict[Language, tuple[str, ...]] = {
    "en": ("pocket", "druggability", "volume/Å³", "center", "residues"),
    "zh": ("口袋", "成药性", "体积/Å³", "中心", "残基"),
}
_SHOWN = 8


def split(told: str) -> tuple[str, ...]:
    """Names given with commas between."""
    return tuple(part.strip() for part in told.split(",") if part.strip())


@app.command("receptor")
def receptor_command(
    structure: Annotated[Path, typer.Argument(help="PDB or mmCIF, also with .gz.")],
    out: Annotated[Path, typer.Option("-o", "--out", help="Cleaned structure (.pdb, or .pdbqt for Vina).")],
    chains: Annotated[str, typer.Option("--chains", help="Chains to keep, as A,B; all where not given.")] = "",
    keep: Annotated[str, typer.Option("--keep", help="Further hetero residues to keep, as HOH,GTP.")] = "",
    ph: Annotated[float, typer.Option("--ph", help="pH for which hydrogens are placed.")] = 7.4,
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Clean a structure for docking: alternate places, missing atoms, hydrogens, what stays and what goes.

    Example: bencao discovery receptor 1iep.pdb -o receptor.pdb --chains A
    """
    told = {"chains": chains, "keep": keep, "ph": ph}
    with record(None, "discovery receptor", parameters=told) as job:
        job.used(structure)
        receptor = prepare_receptor(structure, chains=split(chains), keep=split(keep), ph=ph)
        write_text(out, receptor.pdbqt if out.suffix == ".pdbqt" else receptor.pdb)
        job.generated(out)
    if as_json:
        changes = [{"kind": change.kind, "where": change.where} for change in receptor.changes]
        typer.echo(json.dumps({"atoms": len(receptor.atoms), "ph": ph, "changes": changes}, ensure_ascii=False))
    else:
        tell_changes(receptor, lang)


@app.command("pockets")
def pockets_command(
    structure: Annotated[Path, typer.Argument(help="PDB or mmCIF, also with .gz.")],
    chains: Annotated[str, typer.Option("--chains", help="Chains to keep, as A,B; all where not given.")] = "",
    lang: Annotated[Language, typer.Option("--lang", help="en or zh.")] = "en",
    as_json: Annotated[bool, typer.Option("--json", help="JSON on stdout.")] = False,
) -> None:
    """Find where a ligand could bind, by fpocket's alpha spheres; most druggable first.

    Example: bencao discovery pockets 1iep.pdb --chains A
    """
    found = find_pockets(prepare_receptor(structure, chains=split(chains)))
    if as_json:
        typer.echo(json.dumps([_as_json(pocket) for pocket in found]))
        return
    table = Table(*_HEADS[lang])
    for pocket in found[:_SHOWN]:
        center = ", ".join(f"{value:.1f}" for value in pocket.center)
        lining = " ".join(pocket.residues[:6]) + (" …" if len(pocket.residues) > 6 else "")
        table.add_row(str(pocket.rank), f"{pocket.druggability:.3f}", f"{pocket.volume:.0f}", center, lining)
    Console().print(table)


def _as_json(pocket: Pocket) -> dict[str, object]:
    return {
        "pocket": pocket.rank,
        "druggability": pocket.druggability,
        "volume": pocket.volume,
        "center": [round(value, 3) for value in pocket.center],
        "residues": list(pocket.residues),
    }


def tell_changes(receptor: Receptor, lang: Language) -> None:
    """Say on stderr what was done to the structure."""
    counts = Counter(change.kind for change in receptor.changes)
    for kind, count in counts.items():
        places = [change.where for change in receptor.changes if change.kind == kind]
        more = " …" if count > _SHOWN else ""
        print(f"{CHANGES[lang][kind]} ({count}): {', '.join(places[:_SHOWN])}{more}", file=sys.stderr)
