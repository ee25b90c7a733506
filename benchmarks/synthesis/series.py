"""How many steps a series of analogues needs planned together, and planned one by one.

python benchmarks/synthesis/series.py SERIES.csv [--expansions 100] [--depth 8] [--tier NAME ...] [--model DIR] [--json]
                                      [--predictions FILE]

SERIES.csv has columns series and smiles, as `analogue_series.py` writes it. Separate is what `plan` shows first for a
target, searched alone with the same number of expansions; evenly is the same with the budget in all that the joint plan
took: as many expansions as it asked the model for, shared evenly. Apart is stricter: the shortest routes that the
targets would have alone among all steps met, the joint searches' included.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path
from typing import Any

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))  # before NumPy

import numpy as np
from command import run
from intervals import bootstrap, percent
from machine import machine
from rich.console import Console
from rich.table import Table

from bencao.kernel.errors import InputError
from bencao.kernel.files import write_text
from bencao.synthesis.chemistry.molecule import TargetError
from bencao.synthesis.planner import load_tools, plan
from bencao.synthesis.proposer import SHIPPED_MODEL
from bencao.synthesis.remembering import RememberingProposer
from bencao.synthesis.route import Route
from bencao.synthesis.seams import Proposer, Stock
from bencao.synthesis.search import Limits
from bencao.synthesis.series import Series, plan_series
from bencao.synthesis.series.result import reactions_of
from bencao.synthesis.stock import DEFAULT_TIERS, SHIPPED_TIERS


@dataclass(frozen=True)
class Planned:
    """A series and what its targets get together and one by one.

    Attributes
    ----------
    name : str
    plan : Series
    separate, evenly : mapping of str to Route
        The first route that `plan` shows, for each target that it solves alone: with the expansions of one search of
        the series, and with an even share of what the joint plan asked the model for.
    asked : int
        Batches of proposals that the joint plan asked the model for.
    """

    name: str
    plan: Series
    separate: Mapping[str, Route]
    evenly: Mapping[str, Route]
    asked: int

    def steps(self, separate: Mapping[str, Route]) -> tuple[int, int]:
        """Steps of the joint plan and of separate routes.

        A target that only one of the two solves counts on both sides with the same steps: of its separate route, or
        of the shortest it would have alone among all steps met.
        """
        together, apart = self.plan.steps_together, 0
        for member in self.plan.members:
            route = separate.get(member.plan.target) if member.plan else None
            steps = len(reactions_of(route)) if route else member.steps_alone
            together += 0 if member.route else steps
            apart += steps
        return together, apart

    def purchases(self, separate: Mapping[str, Route]) -> tuple[int, int]:
        """Different things to buy, of the same two sides as `steps`."""
        together, apart = set[str](), set[str]()
        for member in self.plan.members:
            route = separate.get(member.plan.target) if member.plan else None
            for side, taken in ((together, member.route or route), (apart, route or member.alone)):
                if taken:
                    side.update(leaf.smiles for leaf in taken.leaves)
        return len(together), len(apart)

    @property
    def solved_alone(self) -> int:
        """Targets whose own search found a route."""
        return sum(member.solved_alone for member in self.plan.members)

    @property
    def targets_are_intermediates(self) -> bool:
        """Whether a target is made on the way to another."""
        targets = {member.plan.target for member in self.plan.members if member.plan}
        return any(step.product in targets and len(step.members) > 1 for step in self.plan.steps)

    def as_json(self) -> dict[str, Any]:
        """What ``--predictions`` writes."""
        counted = {
            "series": self.name,
            "targets_are_intermediates": self.targets_are_intermediates,
            "asked": self.asked,
            "steps_separate": self.steps(self.separate),
            "steps_evenly": self.steps(self.evenly),
            "purchases_separate": self.purchases(self.separate),
            "purchases_evenly": self.purchases(self.evenly),
            "separate": {target: route.as_json() for target, route in self.separate.items()},
            "evenly": {target: route.as_json() for target, route in self.evenly.items()},
        }
        return counted | self.plan.as_json()


def read_series(path: Path) -> dict[str, list[str]]:
    """Targets by series, in the order of the file."""
    try:
        with path.open(encoding="utf-8", newline="") as lines:
            found: dict[str, list[str]] = {}
            for row in csv.DictReader(lines):
                found.setdefault(row["series"], []).append(row["smiles"])
    except (OSError, KeyError) as error:
        raise InputError(
            f"no table of series: {error!r}", where=str(path), mend="give columns series, smiles"
        ) from None
    return found


def separate_routes(targets: Sequence[str], proposer: Proposer, stock: Stock, limits: Limits) -> dict[str, Route]:
    """The first route that `plan` shows for each target that it solves."""
    found = {}
    for smiles in targets:
        try:
            alone = plan(smiles, proposer=proposer, stock=stock, limits=limits)
        except TargetError:
            continue
        if alone.solved:
            found[alone.target] = alone.routes[0]
    return found


def planned_both_ways(
    name: str, targets: Sequence[str], proposer: Proposer, stock: Stock, expansions: int, depth: int
) -> Planned:
    """Plan a series together, then each of its targets alone."""
    known = RememberingProposer(proposer)
    limits = Limits(expansions=expansions, depth=depth)
    together = plan_series(targets, proposer=known, stock=stock, limits=limits)
    asked = known.asked
    share = replace(limits, expansions=max(expansions, ceil(asked / len(targets))))
    separate, evenly = (separate_routes(targets, known, stock, one) for one in (limits, share))
    return Planned(name, together, separate, evenly, asked)


def figures(planned: Sequence[Planned], seed: int) -> dict[str, Any]:
    """Shares of the series in percent (Wilson), sums of steps, and the share of steps saved (bootstrap over series)."""
    pairs = [(one.plan.steps_together, one.plan.steps_apart) for one in planned]
    result: dict[str, Any] = {
        "n": len(planned),
        "targets": sum(len(one.plan.members) for one in planned),
        "solved_together": sum(one.plan.solved for one in planned),
        "solved_alone": sum(one.solved_alone for one in planned),
        "asked": sum(one.asked for one in planned),
        "solved_separate": sum(len(one.separate) for one in planned),
        "solved_evenly": sum(len(one.evenly) for one in planned),
        "steps_together": sum(together for together, _ in pairs),
        "steps_apart": sum(apart for _, apart in pairs),
    }
    for kind, steps, bought in (
        ("separate", [one.steps(one.separate) for one in planned], [one.purchases(one.separate) for one in planned]),
        ("evenly", [one.steps(one.evenly) for one in planned], [one.purchases(one.evenly) for one in planned]),
    ):
        result |= {f"steps_joint_{kind}": sum(joint for joint, _ in steps), f"steps_{kind}": sum(n for _, n in steps)}
        result |= percent(f"no_more_{kind}", sum(joint <= apart for joint, apart in steps), len(steps))
        result |= percent(f"fewer_{kind}", sum(joint < apart for joint, apart in steps), len(steps))
        result |= {f"bought_joint_{kind}": sum(n for n, _ in bought), f"bought_{kind}": sum(n for _, n in bought)}
        less = [
            joint < apart or (joint == apart and buys < others)
            for (joint, apart), (buys, others) in zip(steps, bought, strict=True)
        ]
        result |= percent(f"fewer_steps_or_purchases_{kind}", sum(less), len(less))
    result |= percent("no_more", sum(together <= apart for together, apart in pairs), len(pairs))
    result |= percent("fewer", sum(together < apart for together, apart in pairs), len(pairs))
    shares = [100 * (1 - together / apart) if apart else 0.0 for together, apart in pairs]
    low, high = bootstrap(shares, np.mean, seed)
    result |= {"saved": round(float(np.mean(shares)), 2), "saved_low": round(low, 2), "saved_high": round(high, 2)}
    others = [one.plan for one in planned if not one.targets_are_intermediates]
    result["n_no_target_is_intermediate"] = len(others)
    fewer = sum(joint.steps_together < joint.steps_apart for joint in others)
    return result | percent("fewer_no_target_is_intermediate", fewer, len(others))


def show(planned: Sequence[Planned], result: dict[str, Any]) -> None:
    """Print a line a series and the figures."""
    table = Table(title=f"{result['n']} series")
    headings = ("targets", "solved", "separate", "evenly", "steps", "separate", "evenly", "apart", "shared")
    for heading in ("series", *headings):
        table.add_column(heading, justify="left" if heading == "series" else "right")
    for one in planned:
        joint = one.plan
        solved = (len(joint.members), joint.solved, len(one.separate), len(one.evenly), joint.steps_together)
        steps = ("/".join(map(str, one.steps(routes))) for routes in (one.separate, one.evenly))
        table.add_row(one.name, *map(str, (*solved, *steps, joint.steps_apart, len(joint.shared))))
    console = Console()
    console.print(table)
    for name, value in result.items():
        console.print(f"{name:<40}{value}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("series", type=Path, help=".csv with columns series and smiles")
    parser.add_argument("--expansions", type=int, default=100, help="of each search")
    parser.add_argument("--depth", type=int, default=8)
    parser.add_argument("--tier", action="append", choices=SHIPPED_TIERS, help="stock tier; may be given repeatedly")
    parser.add_argument("--model", type=Path, default=SHIPPED_MODEL, help="model folder, else the shipped one")
    parser.add_argument("--seed", type=int, default=7, help="of the bootstrap; the search makes no random choice")
    parser.add_argument("--json", action="store_true", help="print one flat JSON object")
    parser.add_argument("--predictions", type=Path, help="write each series' plans, one JSON a line")
    return parser.parse_args()


def main() -> None:
    """Run on a file of series."""
    arguments = _arguments()
    tiers = tuple(arguments.tier or DEFAULT_TIERS)
    proposer, stock = load_tools(arguments.model, tiers)
    planned = []
    for name, targets in read_series(arguments.series).items():
        found = planned_both_ways(name, targets, proposer, stock, arguments.expansions, arguments.depth)
        planned.append(found)
        both = f"{found.steps(found.separate)} separate, {found.steps(found.evenly)} evenly"
        counts = f"{found.plan.solved} of {len(targets)} solved, steps {both}, {found.plan.steps_apart} apart"
        print(f"{name}: {counts}", file=sys.stderr, flush=True)
    if arguments.predictions:
        write_text(arguments.predictions, "".join(json.dumps(one.as_json()) + "\n" for one in planned))
    result = figures(planned, arguments.seed)
    result |= {"expansions": arguments.expansions, "depth": arguments.depth, "tiers": " ".join(tiers)}
    result |= {"seed": arguments.seed} | machine()
    if arguments.json:
        print(json.dumps(result | dict((*proposer.identity, *stock.identity))))
    else:
        show(planned, result)


if __name__ == "__main__":
    run(main)
