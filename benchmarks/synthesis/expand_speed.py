"""Time of one expansion: molecule in, checked proposals out, on one core.

python benchmarks/synthesis/expand_speed.py FILE.csv [--sample 500] [--model full|fast|DIR] [--json]
                                            [--predictions FILE]

The molecules are the products of reported reactions. The model is loaded and warm: the first 20 molecules are not
counted. What a molecule's expansion left in caches can help the next one, as it does in use.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))  # before NumPy

import numpy as np
from command import run
from intervals import bootstrap
from machine import machine
from reported_reactions import product_and_reactants, read_reported, seeded_sample

from bencao.kernel.files import write_text
from bencao.synthesis.ensemble import load_model
from bencao.synthesis.seams import Proposer

WARM_UP = 20


@dataclass(frozen=True)
class Timed:
    """One expansion: milliseconds of CPU and of wall time."""

    smiles: str
    milliseconds: float
    wall_milliseconds: float
    proposals: int


def distinct_products(path: Path) -> list[str]:
    """Products of the reactions that can be read, each once, in file order."""
    products: dict[str, None] = {}
    for reaction in read_reported(path):
        try:
            products[product_and_reactants(reaction.rxn_smiles)[0]] = None
        except ValueError as error:
            print(f"left out: row {reaction.row}: {error}", file=sys.stderr)
    return list(products)


def time_expansions(proposer: Proposer, molecules: Sequence[str], top: int, warm_up: int = WARM_UP) -> list[Timed]:
    """Expand each molecule; the first `warm_up` are not in the answer."""
    timed: list[Timed] = []
    for number, smiles in enumerate(molecules):
        cpu, wall = time.process_time(), time.perf_counter()
        proposals = proposer.propose(smiles, top)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        if number >= warm_up:
            timed.append(Timed(smiles, 1_000 * cpu, 1_000 * wall, len(proposals)))
    return timed


def figures(timed: Sequence[Timed], seed: int) -> dict[str, Any]:
    """Median with its bootstrap interval, and the time that nine in ten stay under; CPU ms a molecule."""
    cpu = [one.milliseconds for one in timed]
    wall = [one.wall_milliseconds for one in timed]
    low, high = bootstrap(cpu, np.median, seed)
    return {
        "n": len(timed),
        "median_ms": round(float(np.median(cpu)), 2),
        "median_ms_low": round(low, 2),
        "median_ms_high": round(high, 2),
        "p90_ms": round(float(np.percentile(cpu, 90)), 2),
        "mean_ms": round(float(np.mean(cpu)), 2),
        "median_wall_ms": round(float(np.median(wall)), 2),
        "p90_wall_ms": round(float(np.percentile(wall, 90)), 2),
        "median_proposals": float(np.median([one.proposals for one in timed])),
    }


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, help=".csv or .tsv with a column rxn_smiles")
    parser.add_argument("--sample", type=int, default=500, help="molecules timed, drawn with the seed")
    parser.add_argument("--model", default="full", help="full, fast, or a model folder")
    parser.add_argument("--top", type=int, default=50, help="proposals a molecule")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="print one flat JSON object")
    parser.add_argument("--predictions", type=Path, help="write each molecule's times, one JSON a line")
    return parser.parse_args()


def main() -> None:
    """Run on a file of reactions."""
    arguments = _arguments()
    products = seeded_sample(distinct_products(arguments.file), arguments.sample + WARM_UP, arguments.seed)
    if len(products) <= WARM_UP:
        raise SystemExit(f"{arguments.file}: {len(products)} products; give more than the {WARM_UP} not counted")
    proposer = load_model(arguments.model)
    timed = time_expansions(proposer, products, arguments.top)
    if arguments.predictions:
        write_text(arguments.predictions, "".join(json.dumps(asdict(one)) + "\n" for one in timed))
    result = figures(timed, arguments.seed) | {"top": arguments.top, "seed": arguments.seed} | machine()
    if arguments.json:
        print(json.dumps(result | dict(proposer.identity)))
        return
    for name, value in result.items():
        print(f"{name:<20}{value}")


if __name__ == "__main__":
    run(main)
