"""How well molecules are designed with few scores: PMO's protocol on GuacaMol's tasks that need no trained model.

python benchmarks/discovery/design.py FILE [--calls 10000] [--seeds 5] [--start 100] [--tasks NAME,…|held|development]
    [--patience 5] [--finished FILE] [--no-peer] [--json] [--predictions FILE]

FILE is a library to start from; --start of its molecules are drawn for each seed, the same for the peer. The figure of
a task is the area under the mean of the ten best over the calls, in [0, 1], every 100 calls (Gao et al., NeurIPS 2022
Datasets and Benchmarks, 35, 21342; the tasks stand in guacamol.yaml beside this file). Peer in the same run: the graph
genetic algorithm of the package `mol_ga` (`pip install mol_ga`), with a population of 10,000 and 5 offspring a
generation (from memory of its author's paper; not tuned here); it draws from sets, so set PYTHONHASHSEED=0 to have its
figures again. DRD2, GSK3-beta and JNK3 need trained models and are left out. Molecules to start from are neutralised
for both.

--patience 5 ends a run, of either, when its hundred best have not changed for five times 100 calls; the mean then stays
for the calls that were not made. That is how PMO's own graph genetic algorithm stops, there by generations of 70.
--finished FILE keeps each finished run on a line of its own: the same command goes on from it, and seeds can be added.
`held` leaves out the tasks that the generator was tuned on. Intervals (Student) are over the tasks, of the means over
the seeds; those of `_by_seed` over the seeds, of the means over the tasks. --predictions FILE writes every scored
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
from showing import in_decimals, mean_told, show, write_scored

from bencao.discovery import Effort, design_molecules
from bencao.discovery.active.journal import Journal
from bencao.discovery.design.designing import read_start
from bencao.discovery.design.objectives import Objectives, objectives_from

TASKS = Path(__file__).with_name("guacamol.yaml")
STEP, BEST, WATCHED = 100, 10, 100
Run = dict[str, Any]


class Over(Exception):
    """All calls are made, or the best have not changed for long."""


class Oracle:
    """Scores molecules, each once, and no more than it may.

    Parameters
    ----------
    objectives : Objectives
    calls : int
    patience : int
        Times `STEP` calls in a row that may leave the `WATCHED` best as they are; 0 for any number.
    """

    def __init__(self, objectives: Objectives, calls: int, patience: int = 0) -> None:
        self.objectives, self.calls, self.known = objectives, calls, dict[str, float]()
        self._patience, self._best, self._same = patience, list[float](), 0

    def __call__(self, smiles: Sequence[str]) -> list[float]:
        for one in smiles:
            if one not in self.known:
                if len(self.known) == self.calls or (self._patience and self._same == self._patience):
                    raise Over
                self.known[one] = self.objectives.score(one)
                if not len(self.known) % STEP:
                    best = sorted(self.known.values(), reverse=True)[:WATCHED]
                    self._same = self._same + 1 if best == self._best else 0
                    self._best = best
        return [self.known[one] for one in smiles]


def ours(start: list[str], oracle: Oracle, seed: int) -> None:
    """This package's generator."""
    for _ in design_molecules(start, oracle, Effort(oracle.calls, seed=seed)):
        pass


def peer(start: list[str], oracle: Oracle, seed: int) -> None:
    """The genetic algorithm of `mol_ga`, until the calls are spent."""
    from mol_ga import default_ga

    default_ga(
        starting_population_smiles=start,
        scoring_function=oracle,
        population_sampling_function=drawn_by_quantiles,
        max_generations=100 * oracle.calls,
        offspring_size=5,
        rng=random.Random(seed),
    )


def drawn_by_quantiles(population: list[tuple[float, str]], n_sample: int, rng: random.Random) -> list[str]:
    """Parents for `mol_ga`: the same draws as of its own function, which looks at all of the population 50 times."""
    scores = np.array([score for score, _ in population])  # falling
    quantiles = np.quantile(scores, 1 - np.logspace(-3, 0, 25))
    drawn: list[str] = []
    for most in np.searchsorted(-scores, -quantiles, side="right"):
        drawn += [population[place][1] for place in rng.choices(range(most), k=math.ceil(n_sample / len(quantiles)))]
    rng.shuffle(drawn)
    return drawn[:n_sample]


METHODS: dict[str, Callable[[list[str], Oracle, int], None]] = {"ours": ours, "mol_ga": peer}


def area(scores: Sequence[float], calls: int) -> float:
    """Area under the mean of the ten best over the calls, in [0, 1]; after the last call the mean stays."""
    total = before = 0.0
    for end in range(STEP, calls + 1, STEP):
        now = float(np.mean(sorted(scores[:end], reverse=True)[:BEST])) if end < len(scores) + STEP else before
        total, before = total + (before + now) / 2, now
    return total * STEP / calls


def main() -> None:
    """Design, score, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--calls", type=int, default=10_000)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--start", type=int, default=100)
    parser.add_argument("--tasks", default="")
    parser.add_argument("--patience", type=int, default=0)
    parser.add_argument("--finished", type=Path)
    parser.add_argument("--no-peer", action="store_true")
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    asked = parser.parse_args()
    tasks = yaml.safe_load(TASKS.read_text(encoding="utf-8"))
    development = {name for name, told in tasks.items() if told.pop("development", False)}
    named = {"held": [name for name in tasks if name not in development], "development": sorted(development)}
    wanted = named.get(asked.tasks) or [one for one in asked.tasks.split(",") if one] or list(tasks)
    runs = measure({name: objectives_from(tasks[name], name) for name in wanted}, asked)
    rows = [(*key, place, *one) for key, run in runs.items() for place, one in enumerate(run["scored"], start=1)]
    write_scored(asked.predictions, [("method", "task", "seed", "order", "smiles", "score"), *rows])
    show(figures(runs, asked.calls, development), asked.json, partial(in_decimals, digits=3))


def measure(tasks: dict[str, Objectives], asked: argparse.Namespace) -> dict[tuple[str, str, int], Run]:
    """Every run by method, task and seed: done now, or finished before."""
    runs: dict[tuple[str, str, int], Run] = {}
    bound = ("design benchmark", asked.calls, asked.start, asked.patience, asked.file.name)
    with Journal[str](asked.finished, bound, dict) as finished:
        for seed in range(1, asked.seeds + 1):
            start = read_start(asked.file, asked.start, seed)
            for task, objectives in tasks.items():
                for method in list(METHODS)[: 1 if asked.no_peer else None]:
                    oracle = Oracle(objectives, asked.calls, asked.patience)
                    once = partial(_runs, method, start, oracle, seed)
                    run = runs[method, task, seed] = next(finished.scores((f"{method} {task} {seed}",), once))
                    found = area([score for _, score in run["scored"]], asked.calls)
                    spent = f"{len(run['scored'])} calls, {run['cpu_seconds']:.0f} CPU s"
                    print(f"{task} seed {seed} {method} {found:.4f}, {spent}", file=sys.stderr, flush=True)
    return runs


def _runs(method: str, start: list[str], oracle: Oracle, seed: int, _: Sequence[str]) -> list[Run]:
    """One run, in a list."""
    began = time.process_time()
    try:
        with rdBase.BlockLogs():
            METHODS[method](start, oracle, seed)
    except Over:
        pass
    return [{"cpu_seconds": time.process_time() - began, "scored": list(oracle.known.items())}]


def figures(runs: dict[tuple[str, str, int], Run], calls: int, development: set[str]) -> dict[str, Any]:
    """Areas of each task and over all, each method's and the difference."""
    methods, tasks, seeds = (list(dict.fromkeys(key[part] for key in runs)) for part in range(3))
    told: dict[str, Any] = {"n": len(tasks), "seeds": len(seeds), "calls": calls}
    held = [place for place, task in enumerate(tasks) if task not in development]
    told["held"] = len(held)
    areas: dict[str, Any] = {}
    for method in methods:
        of = [[runs[method, task, seed] for seed in seeds] for task in tasks]
        areas[method] = np.array([[area([score for _, score in run["scored"]], calls) for run in row] for row in of])
        told |= {f"{method}_{task}": float(row.mean()) for task, row in zip(tasks, areas[method], strict=True)}
        told |= _means(method, areas[method], held)
        told[f"{method}_sum"] = float(areas[method].mean(axis=1).sum())
        told[f"{method}_cpu_seconds_a_run"] = float(np.mean([run["cpu_seconds"] for row in of for run in row]))
        told[f"{method}_stopped"] = sum(len(run["scored"]) < calls for row in of for run in row)
    if len(methods) > 1:
        ahead = areas["ours"] - areas["mol_ga"]
        told |= _means("ahead", ahead, held)
        told["tasks_ahead"] = int((ahead.mean(axis=1) > 0).sum())
        told["held_tasks_ahead"] = int((ahead[held].mean(axis=1) > 0).sum())
    return told


def _means(name: str, areas: Any, held: list[int]) -> dict[str, float]:
    """Means of all tasks and of those held, with intervals over the tasks and over the seeds."""
    told: dict[str, float] = {}
    for kind, some in (("", areas), ("_held", areas[held])):
        if len(some):
            told |= mean_told(f"{name}{kind}_mean", some.mean(axis=1))
            by_seed = mean_told(f"{name}{kind}_mean_by_seed", some.mean(axis=0))
            told |= {key: value for key, value in by_seed.items() if key.endswith(("_low", "_high"))}
    return told


if __name__ == "__main__":
    main()
