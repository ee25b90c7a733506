"""Where the one-step model is right and where it is not: accuracy by part of a file of predictions.

python benchmarks/synthesis/single_step_parts.py PREDICTIONS.jsonl [--training TABLE] [--json] [--predictions FILE]

Parts: the class; rings that the step makes or breaks; whether the product has stereo, and whether the reported set is
found but for its stereo; with ``--training``, products whose Murcko scaffold no training product has.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from command import run
from intervals import percent
from predictions import Predicted, read_predictions
from rdkit import Chem, rdBase
from rdkit.Chem.Scaffolds import MurckoScaffold
from rich.console import Console
from rich.table import Table

from bencao.kernel.files import write_text
from bencao.synthesis.train.reactions import read_reactions

RANKS = (1, 3, 10, 50)


def scaffold(smiles: str) -> str:
    """Murcko scaffold without stereo; empty for a molecule without rings or that cannot be read."""
    with rdBase.BlockLogs():
        molecule = Chem.MolFromSmiles(smiles)
        if molecule is None or not molecule.GetRingInfo().NumRings():
            return ""
        for atom in molecule.GetAtoms():
            atom.SetAtomMapNum(0)
        try:
            return str(Chem.MolToSmiles(MurckoScaffold.GetScaffoldForMol(molecule), isomericSmiles=False))
        except (ValueError, RuntimeError):
            return ""


def training_scaffolds(table: Path, workers: int) -> set[str]:
    """Scaffolds of all products of a reaction table that training uses."""
    products = sorted(
        {
            part
            for row in read_reactions(table)
            if not row.held_out
            for part in row.smiles.split(" ")[0].rpartition(">")[2].split(".")
        }
    )
    with ProcessPoolExecutor(workers) as pool:
        return set(pool.map(scaffold, products, chunksize=2_000))


def rings_changed(one: Predicted) -> int:
    """Rings that the step makes (from 1) or breaks (below 0)."""
    return _rings(one.product) - _rings(one.truth)


def _rings(smiles: str) -> int:
    molecule = Chem.MolFromSmiles(smiles)
    return molecule.GetRingInfo().NumRings() if molecule is not None else 0


def flat(smiles: str) -> str:
    """Canonical SMILES of a set without stereo."""
    molecule = Chem.MolFromSmiles(smiles)
    return ".".join(sorted(Chem.MolToSmiles(molecule, isomericSmiles=False).split("."))) if molecule is not None else ""


def has_stereo(smiles: str) -> bool:
    """Whether a SMILES names stereo."""
    return any(mark in smiles for mark in "@/\\")


def parts_of(one: Predicted, known: set[str] | None) -> Iterable[str]:
    """Names of the parts a reaction belongs to."""
    yield "all"
    yield f"class {one.reaction_class}"
    rings = rings_changed(one)
    yield f"rings {rings:+d}" if abs(rings) < 2 else ("rings +2 or more" if rings > 0 else "rings -2 or less")
    yield "product with stereo" if has_stereo(one.product) else "product without stereo"
    if known is not None:
        own = scaffold(one.product)
        yield "no scaffold" if not own else "scaffold in training" if own in known else "scaffold not in training"


def figures(members: Sequence[Predicted]) -> dict[str, Any]:
    """Accuracies of a part, and the share that is right but for stereo among the first 50."""
    n = len(members)
    result: dict[str, Any] = {"n": n}
    for k in RANKS:
        result |= percent(f"top{k}", sum(0 < one.rank <= k for one in members), n)
    lost = sum(not one.rank and flat(one.truth) in {flat(text) for text, _ in one.proposals} for one in members)
    return result | percent("stereo_lost", lost, n)


def main() -> None:
    """Run on a file of predictions."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help="what single_step.py --predictions wrote")
    parser.add_argument("--training", type=Path, help="reaction table that the model was trained on")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--json", action="store_true", help="print one flat JSON object")
    parser.add_argument("--predictions", type=Path, help="write the parts of each reaction, one JSON a line")
    arguments = parser.parse_args()
    predicted = [one for one in read_predictions(arguments.file) if one.product]
    known = training_scaffolds(arguments.training, arguments.workers) if arguments.training else None
    parts: dict[str, list[Predicted]] = defaultdict(list)
    rows = []
    for one in predicted:
        names = list(parts_of(one, known))
        rows.append({"product": one.product, "truth": one.truth, "rank": one.rank, "parts": names})
        for name in names:
            parts[name].append(one)
    if arguments.predictions:
        write_text(arguments.predictions, "".join(json.dumps(row) + "\n" for row in rows))
    found = {name: figures(parts[name]) for name in sorted(parts)}
    if arguments.json:
        print(json.dumps({"n": len(predicted)} | {f"{p}: {k}": v for p, f in found.items() for k, v in f.items()}))
        return
    table = Table(title="share of reactions whose reactant set is found, % (95 % Wilson interval)")
    for heading in ("part", "n", *(f"top{k}" for k in RANKS), "right but for stereo"):
        table.add_column(heading, justify="left" if heading == "part" else "right")
    for name, one_part in found.items():
        cells = [
            f"{one_part[key]:.1f} ({one_part[key + '_low']:.1f}–{one_part[key + '_high']:.1f})"
            for key in (*(f"top{k}" for k in RANKS), "stereo_lost")
        ]
        table.add_row(name, str(one_part["n"]), *cells)
    Console(width=130).print(table)


if __name__ == "__main__":
    run(main)
