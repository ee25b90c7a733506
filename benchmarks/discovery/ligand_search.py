"""How well the similarity to known actives ranks other actives before decoys.

python benchmarks/discovery/ligand_search.py ACTIVES DECOYS [--known 5] [--repeats 20] [--shapes N] [--json]

Files as `read_library` reads them; a molecule that stands in both is an active, and rows that cannot be read are
counted. In each repeat some actives are drawn as known; the other actives and the decoys are ranked by the highest
Tanimoto similarity (ECFP4) to any of them. AUC, BEDROC (alpha 20; Truchon and Bayly, J. Chem. Inf. Model. 2007, 47,
488) and enrichment at 1 and 5 % are means over the repeats; the intervals are the 2.5 and 97.5 % points over actives
and decoys drawn again with replacement, one set of known actives each. Ties are broken by the seed.

With ``--shapes`` the same is done by shape and colour, N conformers a molecule on the lowest shape of each known
active, and by the mean of the two ranks (``shape_auc``, ``both_auc``): 3 ms an overlay and 30 ms a conformer, so for
hundreds of molecules; one whose shape is not found comes last.
"""

from __future__ import annotations

import argparse
import contextlib
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem
from rdkit.ML.Scoring import Scoring
from scipy.stats import rankdata
from showing import show, write_scored

from bencao.discovery.errors import MoleculeError
from bencao.discovery.molecules.blocks import each_row
from bencao.discovery.molecules.reading import LibraryRow, read_library
from bencao.discovery.similarity.shape import Reference, overlay_scores, read_reference
from bencao.discovery.similarity.tanimoto import fingerprint, tanimoto
from bencao.kernel.errors import BencaoError, InputError

NAMES = ("auc", "bedroc", "ef_1", "ef_5")


def main() -> None:
    """Rank, score, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("actives", type=Path)
    parser.add_argument("decoys", type=Path)
    parser.add_argument("--known", type=int, default=5)
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--shapes", type=int, default=0)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    arguments = parser.parse_args()
    figures, rows = measure(arguments)
    write_scored(arguments.predictions, [("repeat", "smiles", "active", "ecfp4", "shape"), *rows])
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
    names = [*actives, *decoys]
    draws = [random.choice(len(actives), asked.known, replace=False) for _ in range(asked.repeats)]
    overlays = _overlays(names, sorted({int(one) for known in draws for one in known}), asked) if asked.shapes else {}
    ranked = {"": _Scores(), **({"shape_": _Scores(), "both_": _Scores()} if asked.shapes else {})}
    rows: list[tuple[Any, ...]] = []
    for repeat, known in enumerate(draws):
        left = np.setdiff1d(np.arange(len(prints)), known)
        bits = np.bitwise_count(prints[left]).sum(axis=1, dtype=np.uint16)
        likeness = np.max([tanimoto(prints[left], bits, prints[one]) for one in known], axis=0)
        found = {"": likeness}
        if asked.shapes:
            shape = np.max([overlays[int(one)][left] for one in known], axis=0)
            found |= {"shape_": shape, "both_": rankdata(likeness) + rankdata(shape)}
        drawn = [_drawn_again(labels[left], random) for _ in range(max(1, 200 // asked.repeats))]
        for kind, values in found.items():
            ranked[kind].scored.append(_figures(values, labels[left], random))
            ranked[kind].again += [_figures(values[some], labels[left][some], random) for some in drawn]
        told = found.get("shape_", np.full(len(left), np.nan))
        rows += [
            (repeat, names[one], int(labels[one]), value, other)
            for one, value, other in zip(left, likeness, told, strict=True)
        ]
    figures: dict[str, Any] = {"n": len(prints), "actives": len(actives), "decoys": len(decoys)}
    figures |= {"unread": unread + also, "known": asked.known, "repeats": asked.repeats, "seed": asked.seed}
    for kind, scores in ranked.items():
        bounds = np.percentile(scores.again, [2.5, 97.5], axis=0)
        for name, mean, low, high in zip(NAMES, np.mean(scores.scored, axis=0), *bounds, strict=True):
            figures |= {
                f"{kind}{name}": float(mean),
                f"{kind}{name}_low": float(low),
                f"{kind}{name}_high": float(high),
            }
    return figures, rows


@dataclass
class _Scores:
    """Figures of each repeat, and of what was drawn again."""

    scored: list[list[float]] = field(default_factory=list)
    again: list[list[float]] = field(default_factory=list)


def _overlays(names: list[str], known: list[int], asked: argparse.Namespace) -> dict[int, NDArray[np.float64]]:
    """By known active the shape and colour together of every molecule, -1 where it has no shape."""
    blocks: dict[int, str] = {}
    for one in known:
        with contextlib.suppress(BencaoError):  # on what has no shape nothing can be laid
            blocks[one] = read_reference(names[one], seed=asked.seed).blocks[0]
    reference = Reference(tuple(blocks.values()))
    score = partial(overlay_scores, reference=reference, shapes=asked.shapes, seed=asked.seed)
    rows = [LibraryRow(number, smiles) for number, smiles in enumerate(names, 1)]
    found = np.full((len(names), len(blocks)), -1.0)
    for row, answer in each_row(score, rows, together=10, workers=asked.workers, label="shapes"):
        if not isinstance(answer, BencaoError):
            found[row.row - 1] = answer.sum(axis=1)
    told = dict(zip(blocks, found.T, strict=True))
    return {one: told.get(one, np.full(len(names), -1.0)) for one in known}


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
