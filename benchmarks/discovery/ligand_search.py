"""How well the similarity to known actives ranks other actives before decoys.

python benchmarks/discovery/ligand_search.py ACTIVES DECOYS [--known 5] [--repeats 20] [--json]

Files as `read_library` reads them; a molecule that stands in both is an active, and rows that cannot be read are
counted. In each repeat some actives are drawn as known; the other actives and the decoys are ranked by the highest
Tanimoto similarity (ECFP4) to any of them. AUC, BEDROC (alpha 20; Truchon and Bayly, J. Chem. Inf. Model. 2007, 47,
488) and enrichment at 1 and 5 % are means over the repeats; the intervals are the 2.5 and 97.5 % points over actives
and decoys drawn again with replacement, one set of known actives each. Ties are broken by the seed.
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem
from rdkit.ML.Scoring import Scoring
from showing import show, write_scored

from bencao.discovery.errors import MoleculeError
from bencao.discovery.molecules.reading import read_library
from bencao.discovery.similarity.tanimoto import fingerprint, tanimoto
from bencao.kernel.errors import InputError

NAMES = ("auc", "bedroc", "ef_1", "ef_5")


def main() -> None:
    """Rank, score, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("actives", type=Path)
    parser.add_argument("decoys", type=Path)
    parser.add_argument("--known", type=int, default=5)
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    arguments = parser.parse_args()
    figures, rows = measure(arguments)
    write_scored(arguments.predictions, [("repeat", "smiles", "active", "similarity"), *rows])
    show(figures, arguments.json)


def measure(asked: argparse.Namespace) -> tuple[dict[str, Any], list[tuple[Any, ...]]]:
    """Figures with 95 % intervals, and what was ranked."""
    actives, unread = _read(asked.actives)
    decoys, also = _read(asked.decoys)
    decoys = {smiles: bits for smiles, bits in decoys.items() if smiles not in actives}
    if len(actives) <= asked.known or not decoys:
        raise InputError(f"{len(actives)} actives, {len(decoys)} decoys", mend=f"give over {asked.known}, and decoys")
    prints = np.array([*actives.values(), *decoys.values()])
    labels = np.arange(len(prints)) < len(actives)
    random = np.random.default_rng(asked.seed)
    scored, again, rows = [], [], []
    names = [*actives, *decoys]
    for repeat in range(asked.repeats):
        known = random.choice(len(actives), asked.known, replace=False)
        left = np.setdiff1d(np.arange(len(prints)), known)
        bits = np.bitwise_count(prints[left]).sum(axis=1, dtype=np.uint16)
        similarity = np.max([tanimoto(prints[left], bits, prints[one]) for one in known], axis=0)
        scored.append(_figures(similarity, labels[left], random))
        for _ in range(max(1, 200 // asked.repeats)):
            drawn = _drawn_again(labels[left], random)
            again.append(_figures(similarity[drawn], labels[left][drawn], random))
        rows += [(repeat, names[one], int(labels[one]), value) for one, value in zip(left, similarity, strict=True)]
    figures: dict[str, Any] = {"n": len(prints), "actives": len(actives), "decoys": len(decoys)}
    figures |= {"unread": unread + also, "known": asked.known, "repeats": asked.repeats, "seed": asked.seed}
    for name, mean, low, high in zip(
        NAMES, np.mean(scored, axis=0), *np.percentile(again, [2.5, 97.5], axis=0), strict=True
    ):
        figures |= {name: float(mean), f"{name}_low": float(low), f"{name}_high": float(high)}
    return figures, rows


def _read(path: Path) -> tuple[dict[str, NDArray[np.uint64]], int]:
    found, unread = {}, 0
    for row in read_library(path):
        try:
            molecule = row.molecule()
        except MoleculeError:
            unread += 1
        else:
            found[Chem.MolToSmiles(molecule)] = fingerprint(molecule)
    return found, unread


def _drawn_again(labels: NDArray[np.bool_], random: np.random.Generator) -> NDArray[np.int64]:
    parts = [np.flatnonzero(labels), np.flatnonzero(~labels)]
    return np.concatenate([random.choice(part, len(part)) for part in parts])


def _figures(similarity: NDArray[np.float64], labels: NDArray[np.bool_], random: np.random.Generator) -> list[float]:
    order = np.lexsort((random.random(len(similarity)), -similarity))
    ranked = [(bool(one),) for one in labels[order]]
    enriched = Scoring.CalcEnrichment(ranked, 0, [0.01, 0.05])
    return [Scoring.CalcAUC(ranked, 0), Scoring.CalcBEDROC(ranked, 0, 20.0), *map(float, enriched)]


if __name__ == "__main__":
    main()
