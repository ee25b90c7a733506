"""Times several planners on the same targets and stock, and audits their first routes alike.

python benchmarks/synthesis/planners.py TARGETS [--aizynthfinder PYTHON] [--syntheseus PYTHON]
                                        [--renkin PYTHON --stock-smiles FILE] [--seconds 60] [--routes 5 --more 5]
                                        [--sample N] [--json] [--predictions FILE]

Each peer runs in an environment of its own, which is named by its Python; one that is not named is left out. See
README.md for the protocol.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from pathlib import Path
from statistics import mean
from typing import Any

from peer_aizynthfinder import FEATURES, ONE_THREAD, WARM_UP, Settings, plan_with_bencao, write_keys

import numpy as np  # isort: skip  # after the import above, which sets one thread
from command import run
from intervals import bootstrap, percent
from machine import machine
from rich.console import Console
from rich.table import Table

from bencao.kernel.errors import InputError
from bencao.kernel.files import write_text
from bencao.synthesis.audit import NO_PRECEDENT, audit_routes, routes_in
from bencao.synthesis.chemistry.molecule import Target, read_targets
from bencao.synthesis.precedents import load_precedents
from bencao.synthesis.proposer import SHIPPED_MODEL, load_proposer
from bencao.synthesis.seams import Proposer
from bencao.synthesis.search import Limits, search
from bencao.synthesis.stock import Stock

OURS = "bencao"
RANKED_FROM = 20.0  # percent solved below which a peer is shown but not ranked
RETRO_STAR = "aizynthfinder.search.retrostar.search_tree.SearchTree"


@dataclass(frozen=True)
class Attempt:
    """One planner on one target.

    Attributes
    ----------
    planner, name, smiles : str
    solved : bool
    seconds : float
        CPU time to the first solved route, or to where the planner stopped without one.
    route : list of str
        Steps of the first solved route, ``product>>reactants``.
    routes : list of list of str
        Up to `--routes` routes of a second, longer search.
    steps_passed, steps_cited : int
        Steps of `route` that the audit passes, and for which our index of reported reactions has a precedent.
    """

    planner: str
    name: str
    smiles: str
    solved: bool
    seconds: float
    route: list[str]
    routes: list[list[str]]
    steps_passed: int
    steps_cited: int


class Ours:
    """Our planner, in this process."""

    def __init__(self, proposer: Proposer, stock: Stock, settings: Settings) -> None:
        self._proposer, self._stock, self._settings = proposer, stock, settings
        self.versions: dict[str, str] = {}

    def first(self, smiles: str) -> dict[str, Any]:
        """Whether, when and how the target is solved first."""
        found = plan_with_bencao(smiles, self._proposer, self._stock, self._settings)
        return {"solved": found.solved, "seconds": found.seconds, "routes": [list(found.route)] if found.solved else []}

    def several(self, smiles: str, seconds: float, most: int) -> list[list[str]]:
        """Routes of a search of so many seconds."""
        limits = Limits(seconds=seconds, depth=self._settings.depth, proposals=self._settings.top)
        plan = search(smiles, self._proposer, self._stock, limits=limits, routes=most)
        nodes = ([node for node in route.root.walk() if node.step] for route in plan.routes if route.solved)
        return [[f"{node.smiles}>>{node.step.reactants}" for node in route if node.step] for route in nodes]

    def close(self) -> None:
        """Nothing to end."""


class Worker:
    """A peer in its own process and environment, models loaded, waiting for targets."""

    def __init__(self, python: Path, script: str, settings: dict[str, Any], source: bool = False) -> None:
        here = Path(__file__).parent
        path = {"PYTHONPATH": str(here.parents[1] / "src")} if source else {}
        without = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
        self._process = subprocess.Popen(
            [str(python), str(here / script)],
            env={**without, **ONE_THREAD, "RAYON_NUM_THREADS": "1", **path},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._seconds = settings["seconds"]
        self.versions = self._ask(settings)

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin and self._process.stdout
        print(json.dumps(question), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        if not line:
            raise InputError("the peer's process ended; its message stands above", where=str(self._process.args))
        answer: dict[str, Any] = json.loads(line)
        return answer

    def first(self, smiles: str) -> dict[str, Any]:
        """See `Ours.first`."""
        answer = self._ask({"smiles": smiles})
        answer["solved"] = answer["solved"] and answer["seconds"] <= self._seconds
        if "route" in answer:
            answer["routes"] = [[_product_first(step) for step in answer["route"]]]
        return answer

    def several(self, smiles: str, seconds: float, most: int) -> list[list[str]]:
        """See `Ours.several`."""
        routes: list[list[str]] = self._ask({"smiles": smiles, "seconds": seconds, "routes": most})["routes"]
        return routes

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


def _product_first(step: str) -> str:
    """AiZynthFinder's retro reaction, ``product>>reactants``; without atom maps."""
    from rdkit import Chem

    sides = []
    for side in step.split(">>"):
        molecule = Chem.MolFromSmiles(side)
        for atom in molecule.GetAtoms():
            atom.SetAtomMapNum(0)
        sides.append(Chem.MolToSmiles(molecule))
    return ">>".join(sides)


def audited(route: Sequence[str], stock: Stock) -> tuple[int, int]:
    """How many steps of a route our audit passes, and how many have a precedent.

    Template and mapping are withheld for every planner alike.
    """
    turned = [">>".join(reversed(step.split(">>"))) for step in route]
    (found,) = audit_routes(routes_in([turned]), stock, load_precedents().precedent_of).routes
    cited = sum(step.precedent != NO_PRECEDENT for step in found.steps)
    return sum(found.step_passed(step.number) for step in found.steps), cited


def diversity(routes: Sequence[Sequence[str]]) -> float | None:
    """Mean share of steps that two routes do not have in common (1 less Jaccard); None of fewer than two."""
    pairs = list(combinations([frozenset(route) for route in routes], 2))
    return mean(1 - len(one & other) / len(one | other) for one, other in pairs) if pairs else None


def attempts(
    planners: dict[str, Any], targets: Sequence[Target], stock: Stock, more: float, most: int
) -> Iterator[Attempt]:
    """Every planner on each target in turn, each after one target that is not counted."""
    for target in targets:
        said = []
        for name, planner in planners.items():
            planner.first(WARM_UP)
            answer = planner.first(target.smiles)
            solved = bool(answer["solved"])
            route = answer["routes"][0] if solved else []
            routes = planner.several(target.smiles, more, most) if solved and most > 1 else []
            passed, cited = audited(route, stock) if solved else (0, 0)
            said.append(f"{name} {answer['seconds']:.2f}{'' if solved else ' no'}")
            yield Attempt(name, target.name, target.smiles, solved, answer["seconds"], route, routes, passed, cited)
        print(f"{target.name or target.smiles}: {', '.join(said)}", file=sys.stderr)


def figures(found: Sequence[Attempt], seed: int) -> dict[str, Any]:
    """Flat figures by planner; times are paired with ours on the targets that both solve."""
    by_planner: dict[str, dict[str, Attempt]] = {}
    for one in found:
        by_planner.setdefault(one.planner, {})[one.smiles] = one
    ours = by_planner[OURS]
    result: dict[str, Any] = {"n": len(ours)}
    for planner, rows in by_planner.items():
        solved = [row for row in rows.values() if row.solved]
        steps = sum(len(row.route) for row in solved)
        several = [value for row in solved if (value := diversity(row.routes)) is not None]
        result |= percent(f"{planner}_solved", len(solved), len(rows))
        result[f"{planner}_ranked"] = 100 * len(solved) >= RANKED_FROM * len(rows)
        if not solved:
            continue
        result[f"{planner}_median_s"] = float(np.median([row.seconds for row in solved]))
        result[f"{planner}_mean_steps"] = steps / len(solved)
        result |= percent(f"{planner}_steps_passed", sum(row.steps_passed for row in solved), steps)
        result |= percent(f"{planner}_steps_cited", sum(row.steps_cited for row in solved), steps)
        result[f"{planner}_diversity"] = mean(several) if several else None
        both = [(ours[smiles], row) for smiles, row in rows.items() if row.solved and ours[smiles].solved]
        if planner != OURS and both:
            result |= _paired(planner, both, seed)
    return result


def _paired(planner: str, both: Sequence[tuple[Attempt, Attempt]], seed: int) -> dict[str, Any]:
    ratios = [(mine.seconds, its.seconds) for mine, its in both]
    places = np.arange(len(ratios), dtype=np.float64)
    table = np.array(ratios)

    def ratio(picks: Any, axis: int) -> Any:
        drawn = table[picks.astype(int)]
        return np.median(drawn[..., 0], axis=axis) / np.median(drawn[..., 1], axis=axis)

    low, high = bootstrap(places.tolist(), ratio, seed)
    return {
        f"{planner}_both": len(both),
        f"{planner}_median_s_both": float(np.median(table[:, 1])),
        f"{OURS}_median_s_with_{planner}": float(np.median(table[:, 0])),
        f"{planner}_time_ratio": float(np.median(table[:, 0]) / np.median(table[:, 1])),
        f"{planner}_time_ratio_low": low,
        f"{planner}_time_ratio_high": high,
    }


def show(result: dict[str, Any], planners: Sequence[str], seconds: float) -> None:
    """Print the figures as a table."""
    table = Table(title=f"{result['n']} targets, {seconds:g} CPU s each, one thread, first route")
    heads = ("planner", "solved %", "median s", "steps", "passed %", "cited %", "diversity", "both", "our / its time")
    for heading in heads:
        table.add_column(heading, justify="left" if heading == "planner" else "right")
    for planner in planners:
        ranked = "" if result[f"{planner}_ranked"] else " (not ranked)"
        ratio = f"{planner}_time_ratio"
        table.add_row(
            planner + ranked,
            "{:.1f} ({:.1f} to {:.1f})".format(*(result[f"{planner}_solved{end}"] for end in ("", "_low", "_high"))),
            _number(result.get(f"{planner}_median_s"), 3),
            _number(result.get(f"{planner}_mean_steps"), 1),
            _number(result.get(f"{planner}_steps_passed"), 1),
            _number(result.get(f"{planner}_steps_cited"), 1),
            _number(result.get(f"{planner}_diversity"), 2),
            str(result.get(f"{planner}_both", "")),
            f"{result[ratio]:.2f} ({result[f'{ratio}_low']:.2f} to {result[f'{ratio}_high']:.2f})"
            if ratio in result
            else "",
        )
    Console(width=140).print(table)


def _number(value: float | None, digits: int) -> str:
    return "" if value is None else f"{value:.{digits}f}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", type=Path)
    parser.add_argument("--aizynthfinder", type=Path, help="Python of an environment with AiZynthFinder 4.4.1")
    parser.add_argument("--syntheseus", type=Path, help="Python of one with Syntheseus 0.9 and our dependencies")
    parser.add_argument("--renkin", type=Path, help="Python of one with RENKIN; needs --stock-smiles")
    parser.add_argument("--stock-smiles", type=Path, help="what stock_smiles.py wrote")
    parser.add_argument("--model", type=Path, default=SHIPPED_MODEL)
    parser.add_argument("--seconds", type=float, default=60, help="CPU seconds for each target")
    parser.add_argument("--top", type=int, default=50)
    parser.add_argument("--depth", type=int, default=6)
    parser.add_argument("--routes", type=int, default=5, help="routes of the second search; 1 for none")
    parser.add_argument("--more", type=float, default=5, help="seconds of the second search")
    parser.add_argument("--sample", type=int, help="only the first so many targets")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    return parser.parse_args()


def _planners(arguments: argparse.Namespace, stock: Stock, keys: Path) -> dict[str, Any]:
    settings = Settings(arguments.seconds, arguments.top, arguments.depth, arguments.seed)
    planners: dict[str, Any] = {OURS: Ours(load_proposer(arguments.model), stock, settings)}
    asked = {**asdict(settings), "folder": str(arguments.model), "features": FEATURES, "stock": str(keys)}
    if arguments.aizynthfinder:
        for name, algorithm in (("aizynthfinder_mcts", "mcts"), ("aizynthfinder_retro_star", RETRO_STAR)):
            its = {**asked, "cumulative": 0.995, "algorithm": algorithm}
            planners[name] = Worker(arguments.aizynthfinder, "aizynth_worker.py", its)
    if arguments.syntheseus:
        planners["syntheseus_retro_star"] = Worker(arguments.syntheseus, "syntheseus_worker.py", asked, source=True)
    if arguments.renkin:
        if not arguments.stock_smiles:
            raise InputError(
                "RENKIN reads a stock of SMILES", where="--stock-smiles", mend="write it by stock_smiles.py"
            )
        its = {**asked, "stock_smiles": str(arguments.stock_smiles)}
        planners["renkin"] = Worker(arguments.renkin, "renkin_worker.py", its)
    return planners


def main() -> None:
    """Run the comparison on a file of targets."""
    arguments = _arguments()
    read = list(read_targets(arguments.targets))[: arguments.sample]
    targets = [target for target in read if isinstance(target, Target)]
    stock = Stock.default()
    with tempfile.TemporaryDirectory() as name:
        keys = Path(name) / "stock.csv"
        write_keys(stock, keys)
        planners = _planners(arguments, stock, keys)
        found = list(attempts(planners, targets, stock, arguments.more, arguments.routes))
        for planner in planners.values():
            planner.close()
    if arguments.predictions:
        write_text(arguments.predictions, "".join(json.dumps(asdict(one)) + "\n" for one in found))
    result = figures(found, arguments.seed) | {"seconds": arguments.seconds, "seed": arguments.seed} | machine()
    for planner, worker in planners.items():
        result |= {f"{planner}_version_{name}": value for name, value in worker.versions.items()}
    if arguments.json:
        print(json.dumps(result))
    else:
        show(result, list(planners), arguments.seconds)


if __name__ == "__main__":
    run(main)
