"""How much of the best of a scored library is found after scoring a part of it.

python benchmarks/discovery/active_learning.py FILE [--best 500] [--seeds 5] [--until 0.06] [--large] [--json]

FILE has the columns smiles, score (lower is better), as MolPAL's tables of docking scores. The first 1 % is drawn at
random, further rounds score 0.5 %. Molecules that tie at the last place share it. Peers in the same run: as many
drawn at random, and ridge regression on ECFP4 bits with the same rounds. `stopped_…` is the rule that stops when the
estimated recovery has been --enough for two rounds, looked at on the same runs. --large sees of each molecule only what
the surrogate of a large library sees. --predictions FILE writes what was scored, in order.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray
from rdkit import Chem
from rdkit.Chem import rdFingerprintGenerator
from scipy.stats import t as student
from showing import show, write_scored

from bencao.discovery.active.features import Features, describe
from bencao.discovery.active.large import Prints, describe_molecule
from bencao.discovery.active.recovery import best_shares
from bencao.discovery.active.screening import Budget, found_enough, screen_actively
from bencao.discovery.molecules.reading import read_library

MARKS = (0.02, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.15, 0.2)


def main() -> None:
    """Screen, score, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--best", type=int, default=500)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--until", type=float, default=0.06)
    parser.add_argument("--enough", type=float, default=0.7)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    arguments = parser.parse_args()
    molecules, scores = read(arguments.file)
    figures, picked = measure(molecules, scores, arguments)
    write_scored(arguments.predictions, [("seed", "order", "smiles", "score", "share"), *picked])
    show(figures, arguments.json)


def read(path: Path) -> tuple[list[Chem.Mol], NDArray[np.float64]]:
    """Molecules with a finite score."""
    molecules, scores = [], []
    for row in read_library(path):
        value = float(row.fields.get("score") or "nan")
        if math.isfinite(value):
            molecules.append(row.molecule())
            scores.append(value)
    return molecules, np.array(scores)


def measure(
    molecules: list[Chem.Mol], scores: NDArray[np.float64], asked: argparse.Namespace
) -> tuple[dict[str, Any], list[tuple[Any, ...]]]:
    """Recovery at each mark: mean over the seeds and Student's 95 % interval."""
    size, shares = len(scores), best_shares(scores, asked.best)
    features = _little(molecules) if asked.large else describe(molecules)
    curves, estimates, stops, picked, peer = [], [], [], [], []
    bits = None if asked.no_peer else _bits(molecules)
    for seed in range(1, asked.seeds + 1):
        budget = Budget(round(asked.until * size), round(0.01 * size), round(0.005 * size), asked.best, seed=seed)
        order, told = _run(features, scores, budget)
        found = np.cumsum(shares[order])
        curves.append(found)
        estimates += [(estimate, found[count - 1]) for count, estimate in told]
        stops.append(_stop(told, found, asked.enough))
        names = [Chem.MolToSmiles(molecules[one]) for one in order] if asked.predictions else []
        picked += [
            (seed, n, name, scores[one], shares[one]) for n, (one, name) in enumerate(zip(order, names, strict=False))
        ]
        if bits is not None:
            peer.append(float(shares[_ridge(bits, scores, budget)].sum()))
    figures: dict[str, Any] = {
        "n": size,
        "best": asked.best,
        "tied_share": float(shares.min(where=shares > 0, initial=1)),
    }
    figures |= {"seeds": asked.seeds, "batch": round(0.005 * size)}
    for mark in MARKS:
        if mark <= asked.until + 1e-9:
            name = f"recovery_at_{100 * mark:g}"
            figures |= _mean(name, [float(curve[round(mark * size) - 1]) for curve in curves])
    if peer:
        figures |= _mean(f"ridge_at_{100 * asked.until:g}", peer)
    figures["random"] = asked.until
    table = np.array(estimates)
    figures["estimate_error_mean"] = float((table[:, 0] - table[:, 1]).mean())
    figures["estimate_error_largest"] = float(np.abs(table[:, 0] - table[:, 1]).max())
    reached = [stop for stop in stops if stop]
    figures |= {"stop_when": asked.enough, "stopped": len(reached)}
    if reached:
        figures["stopped_after"] = float(np.mean([count / size for count, _ in reached]))
        figures |= {"stopped_recovery_lowest": float(min(share for _, share in reached))}
        figures |= _mean("stopped_recovery", [float(share) for _, share in reached])
    return figures, picked


def _little(molecules: list[Chem.Mol]) -> Features:
    """Of each molecule what `PrintProcess` sees, with the same covariance, for the process that keeps the library."""
    prints = Prints.of([describe_molecule(one) for one in molecules])
    bits = np.unpackbits(prints.bits.view(np.uint8), axis=1).astype(np.float32)
    table = (prints.descriptors - prints.descriptors.mean(axis=0)) / prints.descriptors.std(axis=0)
    return Features(sparse.csr_matrix(bits), np.clip(table, -5, 5).astype(np.float32))


def _stop(told: list[tuple[int, float]], found: NDArray[np.float64], enough: float) -> tuple[int, float] | None:
    estimates = [estimate for _, estimate in told]
    for rounds, (count, _) in enumerate(told, start=1):
        if found_enough(estimates[:rounds], enough):
            return count, float(found[count - 1])
    return None


def _run(features: Features, scores: NDArray[np.float64], budget: Budget) -> tuple[list[int], list[tuple[int, float]]]:
    def look_up(indices: Sequence[int]) -> list[float]:
        return [float(scores[one]) for one in indices]

    order: list[int] = []
    told = []
    for done in screen_actively(features, look_up, budget):
        order += done.scored
        told.append((len(order), done.recovery))
    return order, told


def _bits(molecules: list[Chem.Mol]) -> NDArray[np.float32]:
    generator = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2048)
    return np.array([generator.GetFingerprintAsNumPy(one) for one in molecules], dtype=np.float32)


def _ridge(bits: NDArray[np.float32], scores: NDArray[np.float64], budget: Budget) -> list[int]:
    order = np.random.default_rng(budget.seed).permutation(len(scores))
    chosen = list(order[: budget.first])
    while len(chosen) < budget.most:
        seen, known = bits[chosen], scores[chosen]
        weights = np.linalg.solve(seen.T @ seen + 10 * np.eye(bits.shape[1]), seen.T @ (known - known.mean()))
        hoped = bits @ weights.astype(np.float32)
        hoped[chosen] = np.inf
        chosen += list(order[np.argsort(hoped[order], kind="stable")][: min(budget.batch, budget.most - len(chosen))])
    return chosen


def _mean(name: str, values: list[float]) -> dict[str, float]:
    mean, count = float(np.mean(values)), len(values)
    half = float(student.ppf(0.975, count - 1) * np.std(values, ddof=1) / count**0.5) if count > 1 else math.nan
    return {name: mean, f"{name}_low": mean - half, f"{name}_high": mean + half}


if __name__ == "__main__":
    main()
