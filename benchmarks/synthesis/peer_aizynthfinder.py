"""Times our search against AiZynthFinder's on the same targets, with the same policy and the same stock.

How AiZynthFinder 4.4.1 is run: see `aizynth_policy` (what it asks our network) and `aizynth_worker` (its settings).
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
os.environ.update(ONE_THREAD)  # read when NumPy is imported

import numpy as np  # noqa: E402
from exported_policy import ExportedPolicy  # noqa: E402
from numpy.typing import NDArray  # noqa: E402
from rich.console import Console  # noqa: E402
from rich.table import Table  # noqa: E402

from bencao.synthesis.chemistry import features  # noqa: E402
from bencao.synthesis.chemistry.molecule import Target, inchikey, read_targets  # noqa: E402
from bencao.synthesis.chemistry.template import canonical, parsed  # noqa: E402
from bencao.synthesis.proposer import SHIPPED_MODEL, load_proposer  # noqa: E402
from bencao.synthesis.route import Plan  # noqa: E402
from bencao.synthesis.seams import Proposer  # noqa: E402
from bencao.synthesis.search import Limits, search  # noqa: E402
from bencao.synthesis.stock import KeyTier, Stock  # noqa: E402

PEER_VERSION = "4.4.1"
WARM_UP = "CC(=O)Nc1ccc(O)cc1"
FEWEST_TO_COMPARE = 20
DRAWS = 10_000
FEATURES = str(features.__file__)


@dataclass(frozen=True)
class Settings:
    """What both planners get.

    Attributes
    ----------
    seconds : float
        CPU time for each target.
    top : int
        Templates tried on each molecule at most.
    depth : int
        Most reactions on the longest line.
    seed : int
        Of AiZynthFinder's random choices and of the bootstrap; our search makes none.
    """

    seconds: float
    top: int
    depth: int
    seed: int


@dataclass(frozen=True)
class Attempt:
    """One planner on one target: CPU seconds to its first solved route, or to where it stopped without one."""

    solved: bool
    seconds: float
    rounds: int
    route: tuple[str, ...]


class _TimeLimitError(Exception):
    pass


def plan_with_bencao(smiles: str, proposer: Proposer, stock: Stock, settings: Settings) -> Attempt:
    """Our search from the SMILES to its first solved route, limited by CPU time instead of the clock."""
    # What was learnt of molecules with the last target must not help: AiZynthFinder forgets it too.
    inchikey.cache_clear()
    canonical.cache_clear()
    parsed.cache_clear()
    gc.collect()  # nor what it left to be freed, on either side
    began = time.process_time()
    rounds = 0

    def stop_in_time(expansions: int, routes: int, cost: float) -> None:
        nonlocal rounds
        rounds = expansions
        if time.process_time() - began > settings.seconds:
            raise _TimeLimitError

    limits = Limits(depth=settings.depth, proposals=settings.top)
    try:
        plan = search(smiles, proposer, stock, limits=limits, routes=1, first=True, progress=stop_in_time)
    except _TimeLimitError:
        return Attempt(False, time.process_time() - began, rounds, ())
    seconds = time.process_time() - began
    solved = plan.solved and seconds <= settings.seconds
    return Attempt(solved, seconds, rounds, _reactions(plan) if solved else ())


def _reactions(plan: Plan) -> tuple[str, ...]:
    return tuple(f"{node.smiles}>>{node.step.reactants}" for node in plan.routes[0].root.walk() if node.step)


class Peer:
    """AiZynthFinder in its own process and environment, models loaded, waiting for targets."""

    def __init__(self, python: Path, model: Path, stock_keys: Path, settings: Settings, cumulative: float) -> None:
        worker = Path(__file__).with_name("aizynth_worker.py")
        self._process = subprocess.Popen(
            [str(python), str(worker)],
            env={**os.environ, **ONE_THREAD},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._limit = settings.seconds
        paths = {"folder": str(model), "features": FEATURES, "stock": str(stock_keys)}
        self.versions = self._ask({**asdict(settings), **paths, "cumulative": cumulative})
        if self.versions["aizynthfinder"] != PEER_VERSION:
            raise SystemExit(f"{python}: AiZynthFinder {self.versions['aizynthfinder']}; install {PEER_VERSION}")

    def _ask(self, question: dict[str, Any]) -> dict[str, Any]:
        assert self._process.stdin and self._process.stdout
        print(json.dumps(question), file=self._process.stdin, flush=True)
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit("AiZynthFinder's process ended; its message stands above")
        answer: dict[str, Any] = json.loads(line)
        return answer

    def plan(self, smiles: str) -> tuple[Attempt, list[int]]:
        """Its attempt, and the templates our policy ranks for the target in its environment."""
        answer = self._ask({"smiles": smiles})
        solved = answer["solved"] and answer["seconds"] <= self._limit
        route = tuple(answer["route"]) if solved else ()
        return Attempt(solved, answer["seconds"], answer["iterations"], route), answer["templates"]

    def close(self) -> None:
        """End the process."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


def write_keys(stock: Stock, path: Path) -> None:
    """Write the InChIKeys of our stock, from which AiZynthFinder's process makes its HDF5 file."""
    keys = (key for tier in stock.tiers if isinstance(tier, KeyTier) for key in tier)
    path.write_text("".join(f"{key}\n" for key in ("inchi_key", *keys)), encoding="utf-8")


@dataclass(frozen=True)
class Row:
    """Both planners on one target."""

    name: str
    smiles: str
    ours: Attempt
    peer: Attempt
    same_ranking: bool


def compare(
    targets: Sequence[Target],
    proposer: Proposer,
    stock: Stock,
    peer: Peer,
    policy: ExportedPolicy,
    settings: Settings,
) -> Iterator[Row]:
    """Both planners on each target in turn, each after a molecule that warms it up and is not counted.

    While one planner works for half a minute the other waits, and the processor forgets it: without the warm-up its
    next target would take a third longer.
    """
    for target in targets:
        plan_with_bencao(WARM_UP, proposer, stock, settings)
        ours = plan_with_bencao(target.smiles, proposer, stock, settings)
        peer.plan(WARM_UP)
        theirs, their_ranking = peer.plan(target.smiles)
        ranking = [found.number for found in policy.rank(target.smiles, settings.top)]
        row = Row(target.name, target.smiles, ours, theirs, ranking == their_ranking)
        print(f"{row.name or row.smiles}: {_outcome(ours)}; AiZynthFinder {_outcome(theirs)}", file=sys.stderr)
        yield row


def _outcome(attempt: Attempt) -> str:
    return f"{'solved' if attempt.solved else 'not solved'} in {attempt.seconds:.2f} CPU s"


def figures(rows: Sequence[Row], seed: int) -> dict[str, Any]:
    """Solved counts over all targets; times over the targets that both solve.

    `time_ratio` is our median time over AiZynthFinder's; `median_ratio` the median of the targets' own ratios. The
    intervals are the 2.5th and 97.5th percentiles of a bootstrap over targets.
    """
    both = [row for row in rows if row.ours.solved and row.peer.solved]
    result: dict[str, Any] = {
        "n": len(rows),
        "solved_ours": sum(row.ours.solved for row in rows),
        "solved_peer": sum(row.peer.solved for row in rows),
        "solved_both": len(both),
        "same_ranking": sum(row.same_ranking for row in rows),
    }
    if not both:
        return result
    ours = np.array([row.ours.seconds for row in both])
    peer = np.array([row.peer.seconds for row in both])
    drawn = np.random.default_rng(seed).integers(len(both), size=(DRAWS, len(both)))
    result["median_seconds_ours"] = float(np.median(ours))
    result["median_seconds_peer"] = float(np.median(peer))
    result["time_ratio"] = float(np.median(ours) / np.median(peer))
    result |= _interval("time_ratio", np.median(ours[drawn], axis=1) / np.median(peer[drawn], axis=1))
    result["median_ratio"] = float(np.median(ours / peer))
    result |= _interval("median_ratio", np.median((ours / peer)[drawn], axis=1))
    return result


def _interval(name: str, draws: NDArray[np.float64]) -> dict[str, float]:
    low, high = np.percentile(draws, [2.5, 97.5])
    return {f"{name}_low": float(low), f"{name}_high": float(high)}


def show(result: dict[str, Any], settings: Settings) -> None:
    """Print the figures as a table."""
    table = Table(title=f"{result['n']} targets, {settings.seconds:g} CPU s each, top {settings.top}, one thread")
    for heading in ("", "bencao", f"AiZynthFinder {PEER_VERSION}", "ratio (95 % interval)"):
        table.add_column(heading, justify="left" if not heading else "right")
    table.add_row("solved", str(result["solved_ours"]), str(result["solved_peer"]), "")
    if result["solved_both"]:
        table.add_row(
            f"median CPU s to the first route, {result['solved_both']} solved by both",
            f"{result['median_seconds_ours']:.2f}",
            f"{result['median_seconds_peer']:.2f}",
            "{time_ratio:.3f} ({time_ratio_low:.3f} to {time_ratio_high:.3f})".format(**result),
        )
    console = Console()
    console.print(table)
    if result["solved_both"] < FEWEST_TO_COMPARE:
        console.print(f"fewer than {FEWEST_TO_COMPARE} targets solved by both: no claim about time can rest on this")
    if result["same_ranking"] < result["n"]:
        console.print(f"the policy ranked alike in both environments for {result['same_ranking']} of {result['n']}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("targets", type=Path, help=".smi, or .csv/.tsv with a column smiles")
    parser.add_argument("--peer-python", type=Path, required=True, help="Python of AiZynthFinder's environment")
    parser.add_argument("--model", type=Path, default=SHIPPED_MODEL, help="model folder, else the shipped one")
    parser.add_argument("--seconds", type=float, default=30, help="CPU seconds for each target")
    parser.add_argument("--top", type=int, default=50, help="templates for each molecule")
    parser.add_argument("--depth", type=int, default=6, help="reactions on the longest line (AiZynthFinder's default)")
    parser.add_argument(
        "--cumulative", type=float, default=0.995, help="AiZynthFinder's cut on summed probability (its default)"
    )
    parser.add_argument("--sample", type=int, help="only the first so many targets")
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--json", action="store_true", help="print one flat JSON object")
    parser.add_argument("--predictions", type=Path, help="write each target's outcome and routes, one JSON a line")
    return parser.parse_args()


def main() -> None:
    """Run the comparison on a file of targets."""
    arguments = _arguments()
    settings = Settings(arguments.seconds, arguments.top, arguments.depth, arguments.seed)
    read = list(read_targets(arguments.targets))[: arguments.sample]
    targets = [target for target in read if isinstance(target, Target)]
    for error in read:
        if not isinstance(error, Target):
            print(f"left out: {error}", file=sys.stderr)
    proposer, stock = load_proposer(arguments.model), Stock.default()
    with tempfile.TemporaryDirectory() as name:
        keys = Path(name) / "stock.csv"
        write_keys(stock, keys)
        peer = Peer(arguments.peer_python, arguments.model, keys, settings, arguments.cumulative)
        policy = ExportedPolicy(arguments.model, Path(FEATURES))
        rows = list(compare(targets, proposer, stock, peer, policy, settings))
        peer.close()
    if arguments.predictions:
        arguments.predictions.write_text("".join(json.dumps(asdict(row)) + "\n" for row in rows), encoding="utf-8")
    versions = {"version_rdkit": version("rdkit")}
    versions |= {f"version_peer_{name}": peer.versions[name] for name in ("aizynthfinder", "rdkit", "rdchiral")}
    identity = dict((*proposer.identity, *stock.identity))
    result = figures(rows, settings.seed) | asdict(settings) | versions | identity
    if arguments.json:
        print(json.dumps(result))
    else:
        show(result, settings)


if __name__ == "__main__":
    main()
