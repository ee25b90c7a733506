"""How many real targets are planned to the end, and in what time.

python benchmarks/synthesis/drugs.py TARGETS.tsv [--seconds 30] [--tier NAME ...] [--model DIR] [--routes 1] [--json]
                                     [--predictions FILE] [--exclude-training REACTIONS.tsv.xz]

One thread, CPU seconds, model and stock loaded, one target planned before that is not counted. The limit is looked at
after each expansion. A target that cannot be read, or is not solved in time, counts as not solved.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

os.environ.update(dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1"))  # before NumPy

import numpy as np
from command import run
from intervals import bootstrap, percent
from machine import machine
from rdkit import Chem, rdBase
from rich.console import Console
from rich.table import Table
from training_products import which_are_products

from bencao.kernel.files import write_text
from bencao.synthesis.chemistry.molecule import Target, inchikey, read_targets, unusual_charge
from bencao.synthesis.chemistry.template import canonical
from bencao.synthesis.planner import CleanProposer, load_tools
from bencao.synthesis.proposer import SHIPPED_MODEL
from bencao.synthesis.route import Plan, Route
from bencao.synthesis.seams import Proposer, Stock
from bencao.synthesis.search import Limits, search
from bencao.synthesis.stock import DEFAULT_TIERS, SHIPPED_TIERS

WARM_UP = "CC(=O)Nc1ccc(O)cc1"


@dataclass(frozen=True)
class Planned:
    """A target and what came of it.

    Attributes
    ----------
    name, smiles : str
        `smiles` is empty where the row cannot be read.
    solved : bool
        A route was found within the limit.
    seconds : float
        CPU time to the first solved route; where there is none, the time that was spent.
    expansions : int
        Molecules expanded up to then.
    routes : tuple of Route
        Solved routes, best first.
    faults : tuple of str
        Molecules of the routes that no clean drawing holds, with the reason.
    reason : str
        Why it is not solved: ``time``, ``exhausted``, or what is wrong with the row.
    in_training : bool
        It stands as a product in the training table, stereo ignored.
    """

    name: str
    smiles: str
    solved: bool = False
    seconds: float = 0.0
    expansions: int = 0
    routes: tuple[Route, ...] = ()
    faults: tuple[str, ...] = ()
    reason: str = ""
    in_training: bool = False

    def as_json(self) -> dict[str, Any]:
        """What ``--predictions`` writes."""
        return {
            "name": self.name,
            "smiles": self.smiles,
            "solved": self.solved,
            "seconds": round(self.seconds, 4),
            "expansions": self.expansions,
            "reason": self.reason,
            "in_training": self.in_training,
            "faults": list(self.faults),
            "routes": [route.as_json() for route in self.routes],
        }


class _TimeIsUpError(Exception):
    pass


class _Clock:
    """Watches a search: notes when the first route is there, and ends it at the limit."""

    def __init__(self, seconds: float) -> None:
        self.limit = seconds
        self.expansions = 0
        self.first_route: tuple[float, int] | None = None
        self._began = time.process_time()

    def spent(self) -> float:
        return time.process_time() - self._began

    def __call__(self, expansions: int, routes: int, cost: float) -> None:
        self.expansions = expansions
        spent = self.spent()
        if spent > self.limit:
            raise _TimeIsUpError
        if routes and not self.first_route:
            self.first_route = spent, expansions


def plan_target(target: Target, proposer: Proposer, stock: Stock, seconds: float, routes: int) -> Planned:
    """Plan one target; more than one route is looked for until the limit."""
    # What was learnt of molecules with the last target must not help this one; templates stay compiled.
    inchikey.cache_clear()
    canonical.cache_clear()
    clock = _Clock(seconds)
    first = routes == 1
    try:
        plan = search(target.smiles, proposer, stock, limits=Limits(), routes=routes, first=first, progress=clock)
    except _TimeIsUpError:
        if not clock.first_route:
            return Planned(target.name, target.smiles, False, clock.spent(), clock.expansions, reason="time")
        plan = _again(target, proposer, stock, clock.expansions, routes)
    if not clock.first_route:
        return Planned(target.name, target.smiles, False, clock.spent(), plan.expansions, reason=plan.stopped)
    spent, expansions = clock.first_route
    faults = tuple(fault for route in plan.routes for fault in faults_of(route))
    return Planned(target.name, target.smiles, True, spent, expansions, plan.routes, faults)


def _again(target: Target, proposer: Proposer, stock: Stock, expansions: int, routes: int) -> Plan:
    """The plan of a search that the limit broke off: the same search, ended by the same number of expansions."""
    return search(target.smiles, proposer, stock, limits=Limits(expansions=expansions), routes=routes)


def faults_of(route: Route) -> list[str]:
    """Molecules below the target with a radical, a bad valence, or a charge that is not usual.

    Usual are nitro groups, N-oxides, azides and quaternary nitrogen; and an ion whose counter-ion is another reactant
    of the same step, which makes a salt.
    """
    faults: list[str] = []
    for node in route.root.walk():
        with rdBase.BlockLogs():
            molecules = [Chem.MolFromSmiles(below.smiles) for below in node.precursors]
        charges = [Chem.GetFormalCharge(molecule) if molecule else 0 for molecule in molecules]
        is_salt = sum(charges) == 0 and any(charges)
        for below, molecule, charge in zip(node.precursors, molecules, charges, strict=True):
            fault = unusual_charge(molecule) if molecule else "bad valence"
            if fault and not (is_salt and charge and fault.startswith("charge")):
                faults.append(f"{below.smiles}: {fault}")
    return faults


def plan_all(
    path: Path, proposer: Proposer, stock: Stock, seconds: float, routes: int, training: Path | None
) -> list[Planned]:
    """Plan every row of a file, in its order, after one target that is not counted."""
    rows = list(read_targets(path))
    known = which_are_products([row.smiles for row in rows if isinstance(row, Target)], training) if training else set()
    plan_target(Target(WARM_UP, WARM_UP), proposer, stock, seconds, routes)
    planned: list[Planned] = []
    for row in rows:
        if isinstance(row, Target):
            result = plan_target(row, proposer, stock, seconds, routes)
            planned.append(replace(result, in_training=row.smiles in known))
        else:
            planned.append(Planned(row.name or row.given, "", reason=str(row)))
        print(_line(planned[-1]), file=sys.stderr, flush=True)
    return planned


def _line(one: Planned) -> str:
    what = f"solved, {one.routes[0].steps} steps" if one.solved else f"not solved ({one.reason})"
    known = ", a training product" if one.in_training else ""
    return f"{one.name or one.smiles}: {what}, {one.seconds:.2f} CPU s, {one.expansions} expansions{known}"


def figures(planned: Sequence[Planned], seconds: float, seed: int) -> dict[str, Any]:
    """Solved share in percent (Wilson) and times in CPU s (bootstrap over targets).

    `median_s` is over the solved targets; `median_all_s` over all, those not solved at the limit's time.
    """
    solved = [one for one in planned if one.solved]
    result: dict[str, Any] = {"n": len(planned), "n_solved": len(solved)}
    result |= percent("solved", len(solved), len(planned))
    everyone = [one.seconds if one.solved else seconds for one in planned]
    for name, times in (("median_s", [one.seconds for one in solved]), ("median_all_s", everyone)):
        if times:
            low, high = bootstrap(times, np.median, seed)
            result |= {
                name: round(float(np.median(times)), 3),
                f"{name}_low": round(low, 3),
                f"{name}_high": round(high, 3),
            }
    if solved:
        result["median_expansions"] = float(np.median([one.expansions for one in solved]))
        result["mean_steps"] = round(float(np.mean([one.routes[0].steps for one in solved])), 2)
    result["faults"] = sum(len(one.faults) for one in planned)
    return result


def all_figures(planned: Sequence[Planned], seconds: float, seed: int, training: bool) -> dict[str, Any]:
    """The figures; where the training table was given, those without its products too, as ``unseen_…``."""
    result = figures(planned, seconds, seed)
    if training:
        unseen = [one for one in planned if not one.in_training]
        result["in_training"] = len(planned) - len(unseen)
        result |= {f"unseen_{name}": value for name, value in figures(unseen, seconds, seed).items()}
    return result


def show(planned: Sequence[Planned], result: dict[str, Any], tiers: Sequence[str]) -> None:
    """Print a line a target and the figures."""
    table = Table(title=f"{result['n']} targets, stock tiers {', '.join(tiers)}")
    for heading in ("target", "solved", "CPU s", "expansions", "steps", "longest line", "training product"):
        table.add_column(heading, justify="left" if heading == "target" else "right")
    for one in planned:
        best = one.routes[0] if one.routes else None
        table.add_row(
            one.name or one.smiles,
            "yes" if one.solved else one.reason,
            f"{one.seconds:.2f}",
            str(one.expansions),
            str(best.steps) if best else "",
            str(best.longest_line) if best else "",
            "yes" if one.in_training else "",
        )
    console = Console()
    console.print(table)
    for name, value in result.items():
        console.print(f"{name:<28}{value}")
    for fault in (fault for one in planned for fault in one.faults):
        console.print(f"not clean: {fault}", markup=False)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", type=Path, help=".smi, or .csv/.tsv with a column smiles")
    parser.add_argument("--seconds", type=float, default=30.0, help="CPU seconds for each target")
    parser.add_argument("--tier", action="append", choices=SHIPPED_TIERS, help="stock tier; may be given repeatedly")
    parser.add_argument("--model", type=Path, default=SHIPPED_MODEL, help="model folder, else the shipped one")
    parser.add_argument("--routes", type=int, default=1, help="above 1, searches on to the limit or so many routes")
    parser.add_argument("--seed", type=int, default=7, help="of the bootstrap; the search makes no random choice")
    parser.add_argument("--json", action="store_true", help="print one flat JSON object")
    parser.add_argument("--predictions", type=Path, help="write each target's outcome and routes, one JSON a line")
    parser.add_argument("--exclude-training", type=Path, metavar="TABLE", help="reaction table the model learned from")
    return parser.parse_args()


def main() -> None:
    """Run on a file of targets."""
    arguments = _arguments()
    tiers = tuple(arguments.tier or DEFAULT_TIERS)
    proposer, stock = load_tools(arguments.model, tiers)
    planned = plan_all(
        arguments.targets,
        CleanProposer(proposer),
        stock,
        arguments.seconds,
        arguments.routes,
        arguments.exclude_training,
    )
    if arguments.predictions:
        write_text(arguments.predictions, "".join(json.dumps(one.as_json()) + "\n" for one in planned))
    result = all_figures(planned, arguments.seconds, arguments.seed, bool(arguments.exclude_training))
    result |= {"seconds": arguments.seconds, "tiers": " ".join(tiers), "seed": arguments.seed} | machine()
    if arguments.json:
        print(json.dumps(result | dict((*proposer.identity, *stock.identity))))
    else:
        show(planned, result, tiers)


if __name__ == "__main__":
    run(main)
