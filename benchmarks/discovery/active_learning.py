"""How much of the best of a library is found after scoring a part of it, and whether the stopping rule keeps its word.

python benchmarks/discovery/active_learning.py FILE [--best 500] [--seeds 5] [--until 0.06] [--json]

FILE has the columns smiles, score (lower is better), as MolPAL's tables of docking scores. With --made the score is
computed instead: penalised logP (Crippen logP less SA score) with a seeded noise of half its deviation, of --size
molecules drawn from FILE; nothing is docked. --part takes --size rows drawn from FILE with their scores. The first 1 %
is drawn at random, further rounds score 0.5 %. Molecules that tie at the last place share it. Peers in the same run: as
many drawn at random, and ridge regression on ECFP4 bits with the same rounds.

`lower_bound_coverage`: share of the checks (one after each round) at which at least the lower bound had been found; its
interval treats a run as one draw. For each goal, `stop_reached_…` is what had been found where the rule stops, mean of
the runs that stop before --until; `stop_kept_…` the share of these at which it is the goal or more. --large sees of
each molecule only what the surrogate of a large library sees. --predictions FILE writes what was scored, in order.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray
from rdkit import Chem
from rdkit.Chem import Crippen, rdFingerprintGenerator
from rdkit.Contrib.SA_Score import sascorer
from scipy.stats import t as student
from showing import show, write_scored

from bencao.discovery.active.features import Features, describe
from bencao.discovery.active.large import Prints, describe_molecule
from bencao.discovery.active.recovery import best_shares
from bencao.discovery.active.screening import Budget, found_enough, screen_actively
from bencao.discovery.errors import MoleculeError
from bencao.discovery.molecules.reading import read_library

MARKS = (0.01, 0.02, 0.04, 0.06, 0.08, 0.1, 0.15, 0.2)
GOALS = (0.5, 0.6, 0.7, 0.8)


def main() -> None:
    """Screen, score, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--best", type=int, default=500)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--first-seed", type=int, default=1)
    parser.add_argument("--until", type=float, default=0.06)
    parser.add_argument("--made", type=int, help="Seed of the drawn molecules and the noise.")
    parser.add_argument("--part", type=int, help="Seed by which --size rows of FILE are drawn.")
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    arguments = parser.parse_args()
    made = arguments.made is not None
    molecules, scores = (
        make(arguments.file, arguments.size, arguments.made)
        if made
        else read(arguments.file, arguments.size, arguments.part)
    )
    figures, picked = measure(molecules, scores, arguments)
    write_scored(arguments.predictions, [("seed", "order", "smiles", "score", "share"), *picked])
    show(figures, arguments.json)


def read(path: Path, size: int, part: int | None) -> tuple[list[Chem.Mol], NDArray[np.float64]]:
    """Molecules with a finite score; of so many rows drawn by the seed `part`, where it is given."""
    rows, molecules, scores = list(read_library(path)), [], []
    if part is not None:
        rows = [rows[place] for place in np.random.default_rng(part).permutation(len(rows))[:size]]
    for row in rows:
        value = float(row.fields.get("score") or "nan")
        if math.isfinite(value):
            molecules.append(row.molecule())
            scores.append(value)
    return molecules, np.array(scores)


def make(path: Path, size: int, seed: int) -> tuple[list[Chem.Mol], NDArray[np.float64]]:
    """Some readable molecules of a file, with a computed score."""
    random, rows, molecules = np.random.default_rng(seed), list(read_library(path)), []
    for place in random.permutation(len(rows)):
        try:
            molecules.append(rows[place].molecule())
        except MoleculeError:
            continue
        if len(molecules) == size:
            break
    values = np.array([sascorer.calculateScore(one) - Crippen.MolLogP(one) for one in molecules])
    return molecules, values + random.normal(0, values.std() / 2, len(values))


@dataclass(frozen=True)
class Run:
    """Share of the best found after each score, and what was said after each round: (scored, estimate, lower bound)."""

    order: list[int]
    found: NDArray[np.float64]
    told: list[tuple[int, float, float]]

    def stop(self, goal: float) -> tuple[int, float] | None:
        """Scored, and found, where the rule stops."""
        bounds = [low for _, _, low in self.told]
        for rounds, (count, _, _) in enumerate(self.told, start=1):
            if found_enough(bounds[:rounds], goal):
                return count, float(self.found[count - 1])
        return None


def measure(
    molecules: list[Chem.Mol], scores: NDArray[np.float64], asked: argparse.Namespace
) -> tuple[dict[str, Any], list[tuple[Any, ...]]]:
    """Figures over the seeds: means with Student's 95 % interval."""
    size, shares = len(scores), best_shares(scores, asked.best)
    features = _little(molecules) if asked.large else describe(molecules)
    runs, picked, peer = [], [], []
    bits = None if asked.no_peer else _bits(molecules)
    for seed in range(asked.first_seed, asked.first_seed + asked.seeds):
        budget = Budget(round(asked.until * size), round(0.01 * size), round(0.005 * size), asked.best, seed=seed)
        run = _run(features, scores, shares, budget)
        runs.append(run)
        names = [Chem.MolToSmiles(molecules[one]) for one in run.order] if asked.predictions else []
        picked += [(seed, n, name, scores[run.order[n]], shares[run.order[n]]) for n, name in enumerate(names)]
        if bits is not None:
            peer.append(np.cumsum(shares[_ridge(bits, scores, budget)]))
    figures: dict[str, Any] = {"n": size, "best": asked.best, "seeds": asked.seeds, "batch": round(0.005 * size)}
    figures["tied_share"] = float(shares.min(where=shares > 0, initial=1))
    for mark in [mark for mark in MARKS if mark <= asked.until + 1e-9]:
        at = round(mark * size) - 1
        figures |= _mean(f"recovery_at_{100 * mark:g}", [float(run.found[at]) for run in runs])
        figures |= _mean(f"ridge_at_{100 * mark:g}", [float(curve[at]) for curve in peer])
        figures[f"random_at_{100 * mark:g}"] = mark
    return figures | _bounds(runs) | _stops(runs, size), picked


def _bounds(runs: list[Run]) -> dict[str, float]:
    """Whether the lower bounds held, and how far estimates and bounds lie from what was found."""
    kept, error, width = [], [], []
    for run in runs:
        truth = np.array([run.found[count - 1] for count, _, _ in run.told[1:]])
        told = np.array([(estimate, low) for _, estimate, low in run.told[1:]])
        kept.append(float((told[:, 1] <= truth + 1e-9).mean()))
        error.append(told[:, 0] - truth)
        width.append(truth - told[:, 1])
    errors = np.concatenate(error)
    figures = {"checks": len(errors), **_mean("lower_bound_coverage", kept)}
    figures["lower_bound_below"] = float(np.concatenate(width).mean())
    figures["estimate_error_mean"] = float(errors.mean())
    return figures | {"estimate_error_deviation": float(errors.std()), "estimate_error_largest": abs(errors).max()}


def _stops(runs: list[Run], size: int) -> dict[str, float]:
    figures: dict[str, float] = {}
    for goal in GOALS:
        name, stops = f"{100 * goal:g}", [stop for run in runs if (stop := run.stop(goal))]
        figures[f"stopped_{name}"] = len(stops)
        if stops:
            figures |= _mean(f"stop_reached_{name}", [found for _, found in stops])
            figures[f"stop_lowest_{name}"] = min(found for _, found in stops)
            figures[f"stop_kept_{name}"] = float(np.mean([found >= goal for _, found in stops]))
            figures[f"stop_scored_{name}"] = float(np.mean([count / size for count, _ in stops]))
    return figures


def _little(molecules: list[Chem.Mol]) -> Features:
    """Of each molecule what `PrintProcess` sees, with the same covariance, for the process that keeps the library."""
    prints = Prints.of([describe_molecule(one) for one in molecules])
    bits = np.unpackbits(prints.bits.view(np.uint8), axis=1).astype(np.float32)
    table = (prints.descriptors - prints.descriptors.mean(axis=0)) / prints.descriptors.std(axis=0)
    return Features(sparse.csr_matrix(bits), np.clip(table, -5, 5).astype(np.float32))


def _run(features: Features, scores: NDArray[np.float64], shares: NDArray[np.float64], budget: Budget) -> Run:
    def look_up(indices: Sequence[int]) -> list[float]:
        return [float(scores[one]) for one in indices]

    order: list[int] = []
    told = []
    for done in screen_actively(features, look_up, budget):
        order += done.scored
        told.append((len(order), done.recovery.estimate, done.recovery.low))
    return Run(order, np.cumsum(shares[order]), told)


def _bits(molecules: list[Chem.Mol]) -> NDArray[np.float32]:
    generator = rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=2048)
    return np.array([generator.GetFingerprintAsNumPy(one) for one in molecules], dtype=np.float32)


def _ridge(bits: NDArray[np.float32], scores: NDArray[np.float64], budget: Budget) -> list[int]:
    order = np.random.default_rng(budget.seed).permutation(len(scores))
    chosen, learned = list(order[: budget.first]), 0
    squares = 10 * np.eye(bits.shape[1])
    while len(chosen) < budget.most:
        new, seen = bits[chosen[learned:]], bits[chosen]
        squares += new.T @ new
        learned = len(chosen)
        known = scores[chosen]
        weights = np.linalg.solve(squares, seen.T @ (known - known.mean()))
        hoped = bits @ weights.astype(np.float32)
        hoped[chosen] = np.inf
        chosen += list(order[np.argsort(hoped[order], kind="stable")][: min(budget.batch, budget.most - len(chosen))])
    return chosen


def _mean(name: str, values: list[float]) -> dict[str, float]:
    if not values:
        return {}
    mean, count = float(np.mean(values)), len(values)
    half = float(student.ppf(0.975, count - 1) * np.std(values, ddof=1) / count**0.5) if count > 1 else math.nan
    return {name: mean, f"{name}_low": mean - half, f"{name}_high": mean + half}


if __name__ == "__main__":
    main()
