"""How well molecules are designed with few scores: PMO's protocol on GuacaMol's tasks that need no trained model.

python benchmarks/discovery/design.py FILE [--calls 1000] [--seeds 5] [--start 100] [--tasks NAME,…|held] [--json]

FILE is a library to start from; --start of its molecules are drawn for each seed, the same for the peer. The figure of
a task is the area under the mean of the ten best over the calls, in [0, 1], every 100 calls (Gao et al., NeurIPS 2022
Datasets and Benchmarks, 35, 21342; the tasks stand in guacamol.yaml beside this file). Peer in the same run: the graph
genetic algorithm of the package `mol_ga` (`pip install mol_ga`), with a population of 10,000 and 5 offspring a
generation (from memory of its author's paper; not tuned here). DRD2, GSK3-beta and JNK3 need trained models and are
left out. Molecules to start from are neutralised for both. `mean` is over the tasks, its interval over the seeds'
means (Student); `held` leaves out the tasks that the generator was tuned on. --predictions FILE writes every scored
molecule, in order.
"""

from __future__ import annotations

import argparse
import math
import random
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from rdkit import rdBase
from scipy.stats import t as student
from showing import in_decimals, show, write_scored

from bencao.discovery.design.designing import read_start
from bencao.discovery.design.generator import Effort, design
from bencao.discovery.design.objectives import Objectives, objectives_from

TASKS = Path(__file__).with_name("guacamol.yaml")
STEP, BEST = 100, 10
Curve = list[tuple[str, float]]


class Spent(Exception):
    """All calls are made."""


class Oracle:
    """Scores molecules, each once, and no more than it may."""

    def __init__(self, objectives: Objectives, calls: int) -> None:
        self.objectives, self.calls, self.known = objectives, calls, dict[str, float]()

    def __call__(self, smiles: Sequence[str]) -> list[float]:
        for one in smiles:
            if one not in self.known:
                if len(self.known) == self.calls:
                    raise Spent
                self.known[one] = self.objectives.score(one)
        return [self.known[one] for one in smiles]


def ours(start: list[str], oracle: Oracle, seed: int) -> None:
    """This package's generator."""
    for _ in design(start, oracle, Effort(oracle.calls, seed=seed)):
        pass


def peer(start: list[str], oracle: Oracle, seed: int) -> None:
    """The genetic algorithm of `mol_ga`, until the calls are spent."""
    from mol_ga import default_ga

    default_ga(
        starting_population_smiles=start,
        scoring_function=oracle,
        max_generations=100 * oracle.calls,
        offspring_size=5,
        rng=random.Random(seed),
    )


def area(curve: Curve, calls: int) -> float:
    """Area under the mean of the ten best over the calls, in [0, 1]; after the last call the mean stays."""
    total = before = 0.0
    for end in range(STEP, calls + 1, STEP):
        best = sorted((score for _, score in curve[:end]), reverse=True)[:BEST]
        now = float(np.mean(best))
        total, before = total + (before + now) / 2, now
    return total * STEP / calls


def main() -> None:
    """Design, score, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--calls", type=int, default=1000)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--start", type=int, default=100)
    parser.add_argument("--tasks", default="")
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    arguments = parser.parse_args()
    tasks = yaml.safe_load(TASKS.read_text(encoding="utf-8"))
    wanted = [one for one in arguments.tasks.split(",") if one] or list(tasks)
    if wanted == ["held"]:
        wanted = [name for name, told in tasks.items() if not told.get("development")]
    figures, curves = measure({name: tasks[name] for name in wanted}, arguments)
    write_scored(arguments.predictions, [("method", "task", "seed", "order", "smiles", "score"), *curves])
    show(figures, arguments.json, partial(in_decimals, digits=3))


def measure(tasks: dict[str, Any], asked: argparse.Namespace) -> tuple[dict[str, Any], list[tuple[Any, ...]]]:
    """Figures of each task and over all, and what was scored."""
    starts = {seed: read_start(asked.file, asked.start, seed) for seed in range(1, asked.seeds + 1)}
    methods: dict[str, Callable[[list[str], Oracle, int], None]] = {"ours": ours}
    if not asked.no_peer:
        methods["mol_ga"] = peer
    areas: dict[str, dict[str, list[float]]] = {method: {} for method in methods}
    seconds = dict.fromkeys(methods, 0.0)
    scored: list[tuple[Any, ...]] = []
    for name, told in tasks.items():
        objectives = objectives_from({key: value for key, value in told.items() if key != "development"}, name)
        for method, run in methods.items():
            began = time.process_time()
            curves = [_curve(run, objectives, asked.calls, starts[seed], seed) for seed in starts]
            seconds[method] += time.process_time() - began
            areas[method][name] = [area(curve, asked.calls) for curve in curves]
            for seed, curve in zip(starts, curves, strict=True):
                scored += [(method, name, seed, place, *one) for place, one in enumerate(curve, start=1)]
        each = {method: [round(one, 4) for one in areas[method][name]] for method in methods}
        print(name, each, file=sys.stderr, flush=True)  # of each seed, so that a run cut short is not lost
    held = [name for name, told in tasks.items() if not told.get("development")]
    figures: dict[str, Any] = {"n": len(tasks), "held": len(held), "seeds": asked.seeds, "calls": asked.calls}
    for method, found in areas.items():
        figures |= {f"{method}_{name}": float(np.mean(values)) for name, values in found.items()}
        figures |= _mean(f"{method}_mean", np.mean(list(found.values()), axis=0))
        if held:
            figures |= _mean(f"{method}_held_mean", np.mean([found[name] for name in held], axis=0))
        figures[f"{method}_cpu_seconds_a_run"] = seconds[method] / len(tasks) / asked.seeds
    if "mol_ga" in areas:
        ahead = np.array([np.array(areas["ours"][name]) - np.array(areas["mol_ga"][name]) for name in tasks])
        figures |= _mean("ahead_mean", ahead.mean(axis=0))
        if held:
            figures |= _mean("ahead_held_mean", ahead[[list(tasks).index(name) for name in held]].mean(axis=0))
        figures["tasks_ahead"] = int((ahead.mean(axis=1) > 0).sum())
    return figures, scored


def _curve(run: Callable[..., None], objectives: Objectives, calls: int, start: list[str], seed: int) -> Curve:
    oracle = Oracle(objectives, calls)
    try:
        with rdBase.BlockLogs():
            run(start, oracle, seed)
    except Spent:
        pass
    return list(oracle.known.items())


def _mean(name: str, values: Any) -> dict[str, float]:
    mean, count = float(np.mean(values)), len(values)
    half = float(student.ppf(0.975, count - 1) * np.std(values, ddof=1) / count**0.5) if count > 1 else math.nan
    return {name: mean, f"{name}_low": mean - half, f"{name}_high": mean + half}


if __name__ == "__main__":
    main()
