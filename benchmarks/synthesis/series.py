"""How many steps a series of analogues needs planned together, and planned one by one.

python benchmarks/synthesis/series.py SERIES.csv [--expansions 100] [--depth 8] [--tier NAME ...] [--model DIR] [--json]
                                      [--predictions FILE]

SERIES.csv has columns series and smiles, as `analogue_series.py` writes it. Apart is the sum over the targets of the
shortest routes that each would have alone, among all the steps that were met.
"""

from __future__ import annotations

import argparse
import csv
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
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
from bencao.synthesis.planner import load_tools
from bencao.synthesis.proposer import SHIPPED_MODEL
from bencao.synthesis.search import Limits
from bencao.synthesis.series import Series, plan_series
from bencao.synthesis.stock import DEFAULT_TIERS, SHIPPED_TIERS


@dataclass(frozen=True)
class Planned:
    """A series and its joint plan."""

    name: str
    plan: Series

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
        counted = {"series": self.name, "targets_are_intermediates": self.targets_are_intermediates}
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


def figures(planned: Sequence[Planned], seed: int) -> dict[str, Any]:
    """Shares of the series in percent (Wilson), sums of steps, and the share of steps saved (bootstrap over series)."""
    pairs = [(one.plan.steps_together, one.plan.steps_apart) for one in planned]
    result: dict[str, Any] = {
        "n": len(planned),
        "targets": sum(len(one.plan.members) for one in planned),
        "solved_together": sum(one.plan.solved for one in planned),
        "solved_alone": sum(one.solved_alone for one in planned),
        "steps_together": sum(together for together, _ in pairs),
        "steps_apart": sum(apart for _, apart in pairs),
    }
    result |= percent("no_more", sum(together <= apart for together, apart in pairs), len(pairs))
    result |= percent("fewer", sum(together < apart for together, apart in pairs), len(pairs))
    shares = [100 * (1 - together / apart) if apart else 0.0 for together, apart in pairs]
    low, high = bootstrap(shares, np.mean, seed)
    result |= {"saved": round(float(np.mean(shares)), 2), "saved_low": round(low, 2), "saved_high": round(high, 2)}
    others = [one.plan for one in planned if not one.targets_are_intermediates]
    result["n_no_target_is_intermediate"] = len(others)
    fewer = sum(plan.steps_together < plan.steps_apart for plan in others)
    return result | percent("fewer_no_target_is_intermediate", fewer, len(others))


def show(planned: Sequence[Planned], result: dict[str, Any]) -> None:
    """Print a line a series and the figures."""
    table = Table(title=f"{result['n']} series")
    for heading in ("series", "targets", "solved together", "solved alone", "steps together", "steps apart", "shared"):
        table.add_column(heading, justify="left" if heading == "series" else "right")
    for one in planned:
        plan = one.plan
        numbers = (len(plan.members), plan.solved, one.solved_alone, plan.steps_together, plan.steps_apart)
        table.add_row(one.name, *map(str, (*numbers, len(plan.shared))))
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
    limits = Limits(expansions=arguments.expansions, depth=arguments.depth)
    proposer, stock = load_tools(arguments.model, tiers)
    planned = []
    for name, targets in read_series(arguments.series).items():
        found = plan_series(targets, proposer=proposer, stock=stock, limits=limits)
        planned.append(Planned(name, found))
        counts = f"{found.solved} of {len(targets)} solved, {found.steps_together} steps, {found.steps_apart} apart"
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
