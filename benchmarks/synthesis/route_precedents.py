"""How many steps of the routes that a plan shows cite a precedent.

python benchmarks/synthesis/route_precedents.py FILE.csv [--sample 60] [--seconds 30 | --expansions N] [--routes 5]
                                                [--model full|fast|DIR] [--index DIR] [--json] [--predictions FILE]

Products of the file are planned as `bencao synthesis plan` plans them; they must not be in the index: of the shipped
index this holds for uspto50k-valid. A step that several routes to one target share counts once.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))  # before NumPy

import numpy as np
from command import run
from intervals import bootstrap, percent
from machine import machine
from numpy.typing import NDArray
from reported_reactions import product_and_reactants, read_reported, seeded_sample
from rich.console import Console

from bencao.kernel.errors import BencaoError
from bencao.kernel.files import write_text
from bencao.synthesis import plan
from bencao.synthesis.ensemble import FAST, load_model
from bencao.synthesis.precedents import SHIPPED_INDEX, load_precedents
from bencao.synthesis.route import Plan, Proposal, Route
from bencao.synthesis.search import Limits


@dataclass(frozen=True)
class Shown:
    """The plan of a product; None where there is none, with the reason."""

    name: str
    plan: Plan | None
    reason: str = ""

    @property
    def solved(self) -> bool:
        return self.plan is not None and self.plan.solved

    @property
    def routes(self) -> tuple[Route, ...]:
        return self.plan.routes if self.plan else ()

    def as_json(self) -> dict[str, Any]:
        """What ``--predictions`` writes."""
        return {"id": self.name, "reason": self.reason, "plan": self.plan.as_json() if self.plan else None}


def steps_of(routes: Iterable[Route]) -> list[Proposal]:
    """The distinct steps of some routes to one target."""
    found: dict[tuple[str, str], Proposal] = {}
    for route in routes:
        for node in route.root.walk():
            if node.step:
                found.setdefault((node.smiles, node.step.reactants), node.step)
    return list(found.values())


def is_cited(route: Route) -> bool:
    """Whether every step of a route has a precedent."""
    return all(step.precedents for step in steps_of([route]))


def figures(shown: Sequence[Shown], seed: int) -> dict[str, Any]:
    """Shares in percent: of the steps with an interval by bootstrap over targets, of the routes by Wilson."""
    solved = [one for one in shown if one.solved]
    result: dict[str, Any] = {"n": len(shown), "solved": len(solved)}
    groups = {
        "steps": [steps_of(one.routes) for one in solved],
        "first_route_steps": [steps_of(one.routes[:1]) for one in solved],
        "unsolved_steps": [steps_of(one.routes) for one in shown if not one.solved],
    }
    for name, by_target in groups.items():
        counts = [(sum(bool(step.precedents) for step in steps), len(steps)) for steps in by_target if steps]
        result |= {f"{name}_n": sum(n for _, n in counts)} | share(name, counts, seed)
    firsts = [one.routes[0] for one in solved]
    return result | percent("first_routes_all_cited", sum(map(is_cited, firsts)), len(firsts))


def share(name: str, counts: Sequence[tuple[int, int]], seed: int) -> dict[str, float]:
    """Share of the hits in percent; the pairs (hits, number) are drawn anew as a whole."""
    if not counts:
        return {name: 0.0, f"{name}_low": 0.0, f"{name}_high": 100.0}

    def pooled(pairs: NDArray[np.float64], axis: int) -> NDArray[np.float64]:
        sums = pairs.sum(axis=axis)
        ratio: NDArray[np.float64] = 100 * sums[..., 0] / sums[..., 1]
        return ratio

    low, high = bootstrap(counts, pooled, seed)  # type: ignore[arg-type]  # pairs are drawn as well as numbers
    value = 100 * sum(hits for hits, _ in counts) / sum(n for _, n in counts)
    return {name: round(value, 3), f"{name}_low": round(low, 3), f"{name}_high": round(high, 3)}


def _planned(name: str, rxn_smiles: str, ask: Callable[[str], Plan]) -> Shown:
    try:
        return Shown(name, ask(product_and_reactants(rxn_smiles)[0]))
    except (ValueError, BencaoError) as error:
        return Shown(name, None, str(error))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, usage="%(prog)s FILE [options]"
    )
    parser.add_argument("file", type=Path, help=".csv or .tsv with columns class, id, rxn_smiles")
    parser.add_argument("--sample", type=int, default=60, help="products planned, drawn with the seed")
    budget = parser.add_mutually_exclusive_group()
    budget.add_argument("--seconds", type=float, default=30.0, help="of each plan, by the clock on the wall")
    budget.add_argument("--expansions", type=int, help="of each plan, in place of the clock")
    parser.add_argument("--routes", type=int, default=5, help="shown of each plan")
    parser.add_argument("--model", default=FAST, help="full, fast, or a model folder")
    parser.add_argument("--index", type=Path, default=SHIPPED_INDEX, help="index folder, else the shipped one")
    parser.add_argument("--seed", type=int, default=7, help="of the sample")
    parser.add_argument("--json", action="store_true", help="print one flat JSON object")
    parser.add_argument("--predictions", type=Path, help="write each plan with its precedents, one JSON a line")
    return parser.parse_args()


def main() -> None:
    """Run on a file of reactions."""
    arguments = _arguments()
    limits = Limits(seconds=None if arguments.expansions else arguments.seconds, expansions=arguments.expansions)
    proposer, index = load_model(arguments.model), load_precedents(arguments.index)

    def ask(smiles: str) -> Plan:
        return plan(smiles, proposer=proposer, limits=limits, routes=arguments.routes, precedents=index)

    shown = []
    for reaction in seeded_sample(read_reported(arguments.file), arguments.sample, arguments.seed):
        shown.append(_planned(reaction.name, reaction.rxn_smiles, ask))
        print(f"{len(shown)} planned, {sum(one.solved for one in shown)} solved", file=sys.stderr, flush=True)
    if arguments.predictions:
        write_text(arguments.predictions, "".join(json.dumps(one.as_json()) + "\n" for one in shown))
    result = figures(shown, arguments.seed)
    result |= {"expansions": limits.expansions, "seconds": limits.seconds, "routes": arguments.routes}
    result |= {"seed": arguments.seed} | machine()
    if arguments.json:
        print(json.dumps(result | dict((*proposer.identity, *index.identity))))
    else:
        console = Console()
        for key, value in result.items():
            console.print(f"{key:<30}{value}")


if __name__ == "__main__":
    run(main)
