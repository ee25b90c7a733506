"""What it costs the objective when every designed molecule must have a route.

python benchmarks/discovery/makeable_design.py FILE --tasks NAME,… [--calls 200] [--seeds 1] [--expansions 20] [--json]

FILE is a library to start from; --start of its molecules are drawn for each seed. Each task (of guacamol.yaml beside
this file, or a YAML file of objectives) is run twice from the same molecules and with as many scores: freely, and
scoring only what the planner of the room `synthesis` finds a route for. Then the best hundred of each run are looked
at, those started from among them: mean score, and the share with a route. `loss` is 1 less the ratio of the means; that
over all pairs of runs has an interval (Student) over the pairs, though seeds of one task are more alike than tasks.
--work FOLDER keeps the journals, so that a killed run goes on. --predictions FILE writes the best hundreds.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from showing import in_decimals, mean_told, show, write_scored

from bencao.discovery.design.designing import RouteBook, Routes, design_for, read_start
from bencao.discovery.design.generator import Effort
from bencao.discovery.design.objectives import Objectives, objectives_from, read_objectives

TASKS = Path(__file__).with_name("guacamol.yaml")
BEST, FEW = 100, 10


def main() -> None:
    """Design, plan, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--tasks", required=True)
    parser.add_argument("--calls", type=int, default=200)
    parser.add_argument("--seeds", type=int, default=1)
    parser.add_argument("--start", type=int, default=50)
    parser.add_argument("--expansions", type=int, default=20)
    parser.add_argument("--work", type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        figures, rows = measure(asked, asked.work or Path(scratch))
    write_scored(asked.predictions, [("task", "seed", "routes", "smiles", "score", "solved"), *rows])
    show(figures, asked.json, partial(in_decimals, digits=3))


def measure(asked: argparse.Namespace, work: Path) -> tuple[dict[str, Any], list[tuple[Any, ...]]]:
    """Figures of each task over its seeds, and the best hundreds."""
    figures: dict[str, Any] = {"n": len(asked.tasks.split(",")), "seeds": asked.seeds, "calls": asked.calls}
    rows: list[tuple[Any, ...]] = []
    pairs: dict[str, list[float]] = {}
    for task in asked.tasks.split(","):
        found: dict[str, list[float]] = {}
        for seed in range(1, asked.seeds + 1):
            start = read_start(asked.file, asked.start, seed)
            for required in (False, True):
                folder = work / f"{Path(task).stem}-{seed}-{'required' if required else 'free'}"
                began = time.process_time()
                best = _run(read(task), folder, start, asked, seed, required)
                rows += [(task, seed, required, *one) for one in best]
                kind = "required" if required else "free"
                told = {
                    f"top{BEST}": float(np.mean([score for _, score, _ in best])),
                    f"top{FEW}": float(np.mean([score for _, score, _ in best[:FEW]])),
                    "solved": float(np.mean([solved for _, _, solved in best])),
                    "cpu_seconds": time.process_time() - began,
                }
                for name, value in told.items():
                    found.setdefault(f"{kind}_{name}", []).append(value)
                print(task, seed, kind, told, file=sys.stderr, flush=True)
        means = {name: float(np.mean(values)) for name, values in found.items()}
        means |= {f"loss_top{n}": 1 - means[f"required_top{n}"] / means[f"free_top{n}"] for n in (BEST, FEW)}
        for n in (BEST, FEW):
            both = zip(found[f"required_top{n}"], found[f"free_top{n}"], strict=True)
            pairs.setdefault(f"loss_top{n}", []).extend(1 - required / free for required, free in both)
        pairs.setdefault("required_solved", []).extend(found["required_solved"])
        figures |= {f"{Path(task).stem}_{name}": value for name, value in means.items()}
    for name, values in pairs.items():
        figures |= mean_told(name, values)
    return figures, rows


def read(task: str) -> Objectives:
    """Objectives of a task of GuacaMol, or of a file."""
    tasks = yaml.safe_load(TASKS.read_text(encoding="utf-8"))
    if task not in tasks:
        return read_objectives(task)
    return objectives_from({key: value for key, value in tasks[task].items() if key != "development"}, task)


def _run(
    objectives: Objectives, folder: Path, start: list[str], asked: argparse.Namespace, seed: int, required: bool
) -> list[tuple[str, float, bool]]:
    """The best hundred of a run, started from or bred, and whether each has a route."""
    routes = Routes(asked.expansions, required=True) if required else Routes(0)
    found = design_for(objectives, folder, Effort(asked.calls, seed=seed), start=start, routes=routes, best=1)
    best = sorted(found.scored, key=lambda one: (-one[1], one[0]))[:BEST]
    with RouteBook(folder / f"best-{asked.expansions}.journal", asked.expansions) as book:
        return [(smiles, score, book.solved(smiles)) for smiles, score in best]


if __name__ == "__main__":
    main()
