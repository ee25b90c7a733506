"""Write series of analogues: like products of one patent, from the validation split of USPTO-50k.

python benchmarks/synthesis/analogue_series.py OUT.csv [--from-reactions TABLE] [--source NAME] [--series 20] [--seed 7]
"""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Iterable, Iterator
from pathlib import Path
from random import Random

import numpy as np
from command import run
from rdkit import Chem, DataStructs, rdBase
from rdkit.Chem.rdFingerprintGenerator import GetMorganGenerator
from uspto50k_valid import REACTIONS, rows_of_source

from bencao.kernel.files import write_text
from bencao.synthesis.compare import clustered

# Members of a series: as many, so large, and on average no further apart than this (1 less Tanimoto, ECFP4, 2048 bits).
_FEWEST, _MOST = 3, 6
_HEAVY_ATOMS = 18
_APART = 0.6


def products_of(rows: Iterable[tuple[str, str, str]]) -> dict[str, list[str]]:
    """Distinct products by patent, in the order of the rows."""
    found: dict[str, dict[str, None]] = {}
    for _, patent, reaction in rows:
        with rdBase.BlockLogs():
            molecule = Chem.MolFromSmiles(reaction.split(" ")[0].rpartition(">")[2])
        if molecule is None or molecule.GetNumHeavyAtoms() < _HEAVY_ATOMS:
            continue
        for atom in molecule.GetAtoms():
            atom.SetAtomMapNum(0)
        smiles = Chem.CanonSmiles(Chem.MolToSmiles(molecule))
        if "." not in smiles:
            found.setdefault(patent, {})[smiles] = None
    return {patent: list(products) for patent, products in found.items()}


def series_of(products: list[str]) -> Iterator[list[str]]:
    """The groups of like molecules among the products of one patent."""
    generator = GetMorganGenerator(radius=2, fpSize=2048)
    prints = [generator.GetFingerprint(Chem.MolFromSmiles(smiles)) for smiles in products]
    alike = np.array([DataStructs.BulkTanimotoSimilarity(one, prints) for one in prints])
    groups = clustered(1 - alike, _APART)
    for number in range(max(groups) + 1):
        members = [smiles for smiles, group in zip(products, groups, strict=True) if group == number]
        if _FEWEST <= len(members) <= _MOST:
            yield members


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out", type=Path)
    parser.add_argument("--from-reactions", type=Path, default=REACTIONS, help="table of the development data")
    parser.add_argument("--source", default="uspto50k-valid", help="its source_id names the patent")
    parser.add_argument("--series", type=int, default=20, help="drawn from all that there are")
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    patents = products_of(rows_of_source(arguments.from_reactions, arguments.source))
    every = [
        (f"{patent}-{number}", members)
        for patent in sorted(patents)
        if len(patents[patent]) >= _FEWEST
        for number, members in enumerate(series_of(patents[patent]), start=1)
    ]
    drawn = sorted(Random(arguments.seed).sample(range(len(every)), min(arguments.series, len(every))))
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(("series", "smiles"))
    table.writerows((every[place][0], smiles) for place in drawn for smiles in every[place][1])
    write_text(arguments.out, text.getvalue())
    print(f"{len(drawn)} series of {len(every)}, {sum(len(every[place][1]) for place in drawn)} targets")


if __name__ == "__main__":
    run(main)
