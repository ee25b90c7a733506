"""How the cost of a search grows with its expansions.

python benchmarks/synthesis/cost_curve.py TARGETS [--expansions 125 250 500 1000] [--sample N] [--json]
                                          [--predictions FILE]

One thread, warm, CPU seconds, each budget a search of its own. Only targets whose search goes on to the largest budget
count: one that ends early costs nothing more.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from peer_aizynthfinder import WARM_UP

import numpy as np  # isort: skip  # after the import above, which sets one thread
import time

from command import run
from intervals import bootstrap
from machine import machine
from rich.console import Console
from rich.table import Table

from bencao.kernel.errors import InputError
from bencao.kernel.files import write_text
from bencao.synthesis.chemistry.molecule import Target, inchikey, read_targets
from bencao.synthesis.chemistry.template import canonical, parsed
from bencao.synthesis.proposer import SHIPPED_MODEL, load_proposer
from bencao.synthesis.search import Limits, search
from bencao.synthesis.stock import Stock


@dataclass(frozen=True)
class Curve:
    """CPU seconds of the searches for one target, one for each budget."""

    name: str
    smiles: str
    seconds: tuple[float, ...]


def curves(targets: Sequence[Target], budgets: Sequence[int], model: Path) -> list[Curve]:
    """Those of the targets whose search goes on to the largest budget."""
    proposer, stock = load_proposer(model), Stock.default()

    def spent(smiles: str, budget: int) -> tuple[float, int]:
        for cache in (inchikey, canonical, parsed):
            cache.cache_clear()
        began = time.process_time()
        plan = search(smiles, proposer, stock, limits=Limits(expansions=budget), routes=5)
        return time.process_time() - began, plan.expansions

    spent(WARM_UP, 5)
    found = []
    for target in targets:
        seconds, expansions = spent(target.smiles, budgets[-1])
        if expansions == budgets[-1]:
            lower = [spent(target.smiles, budget)[0] for budget in budgets[:-1]]
            found.append(Curve(target.name, target.smiles, (*lower, seconds)))
    return found


def figures(found: Sequence[Curve], budgets: Sequence[int], seed: int) -> dict[str, Any]:
    """Median cost by budget, and the exponent of cost against expansions: 1 is linear."""
    result: dict[str, Any] = {"n": len(found)}
    for place, budget in enumerate(budgets):
        result[f"median_s_{budget}"] = float(np.median([curve.seconds[place] for curve in found]))
    logs = np.log(np.array(budgets, dtype=np.float64))
    exponents = [float(np.polyfit(logs, np.log(curve.seconds), 1)[0]) for curve in found]
    low, high = bootstrap(exponents, np.median, seed)
    return result | {"exponent": float(np.median(exponents)), "exponent_low": low, "exponent_high": high}


def main() -> None:
    """Measure the curve on a file of targets."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", type=Path)
    parser.add_argument("--expansions", type=int, nargs="+", default=[125, 250, 500, 1000])
    parser.add_argument("--model", type=Path, default=SHIPPED_MODEL)
    parser.add_argument("--sample", type=int, help="only the first so many targets")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    arguments = parser.parse_args()
    budgets = sorted(arguments.expansions)
    targets = [one for one in read_targets(arguments.targets) if isinstance(one, Target)][: arguments.sample]
    found = curves(targets, budgets, arguments.model)
    if not found:
        raise InputError("every search ended early", where=str(arguments.targets), mend="allow fewer expansions")
    if arguments.predictions:
        write_text(arguments.predictions, "".join(json.dumps(asdict(one)) + "\n" for one in found))
    result = figures(found, budgets, arguments.seed) | {"seed": arguments.seed} | machine()
    if arguments.json:
        print(json.dumps(result))
        return
    table = Table("expansions", "median CPU s", title=f"{result['n']} targets")
    for budget in budgets:
        table.add_row(str(budget), f"{result[f'median_s_{budget}']:.2f}")
    Console().print(table)
    print("exponent {exponent:.2f} ({exponent_low:.2f} to {exponent_high:.2f}); 1 is linear".format(**result))


if __name__ == "__main__":
    run(main)
