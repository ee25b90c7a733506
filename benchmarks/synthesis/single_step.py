"""Top-k accuracy of the one-step model on reported reactions.

python benchmarks/synthesis/single_step.py FILE.csv [--sample N] [--model full|fast|DIR] [--workers N] [--json]
                                           [--predictions FILE]

A reaction counts as found at k if its whole reactant set (canonical, stereo kept, no atom maps) is among the first k
proposals for its product. The class is never an input. What cannot be read or fails is a miss, not left out.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any

from command import run
from intervals import percent
from reported_reactions import ReportedReaction, product_and_reactants, read_reported, seeded_sample
from rich.console import Console
from rich.table import Table

from bencao.kernel import compute
from bencao.kernel.files import write_text
from bencao.synthesis.chemistry.template import canonical_set
from bencao.synthesis.ensemble import load_model
from bencao.synthesis.seams import Proposer

RANKS = (1, 3, 5, 10, 20, 50)
ITEM_SECONDS = 300.0  # wall time after which a molecule that hangs is a miss


@dataclass(frozen=True)
class Scored:
    """A reaction, what was proposed for its product, and where the truth stands among it.

    Attributes
    ----------
    reaction : ReportedReaction
    product, truth : str
        Canonical; empty where the row cannot be read.
    proposals : tuple of (str, float)
        Reactant sets with their probabilities, best first.
    milliseconds : float
        CPU time of the proposals.
    failure : str
        Why there is no answer; empty where there is one.
    """

    reaction: ReportedReaction
    product: str = ""
    truth: str = ""
    proposals: tuple[tuple[str, float], ...] = ()
    milliseconds: float = 0.0
    failure: str = ""

    @property
    def rank(self) -> int:
        """Place of the truth among the proposals, from 1; 0 where it is not."""
        reactants = [text for text, _ in self.proposals]
        return reactants.index(self.truth) + 1 if self.truth in reactants else 0

    def as_json(self) -> dict[str, Any]:
        """What ``--predictions`` writes: nothing of it depends on the machine or on the number of workers."""
        return {
            "id": self.reaction.name,
            "class": self.reaction.reaction_class,
            "product": self.product,
            "truth": self.truth,
            "rank": self.rank,
            "failure": self.failure,
            "proposals": [{"reactants": text, "probability": round(chance, 6)} for text, chance in self.proposals],
        }


def score(proposer: Proposer, reaction: ReportedReaction, top: int) -> Scored:
    """Ask for the product of a reaction and look for its reactants."""
    try:
        product, truth = product_and_reactants(reaction.rxn_smiles)
    except ValueError as error:
        return Scored(reaction, failure=str(error))
    began = time.process_time()
    proposals = proposer.propose(product, top)
    spent = 1_000 * (time.process_time() - began)
    ranked = tuple((canonical_set(one.reactants), one.probability) for one in proposals)
    return Scored(reaction, product, truth, ranked, spent)


def score_all(
    reactions: Sequence[ReportedReaction], model: str | Path = "full", top: int = 50, workers: int = 2
) -> list[Scored]:
    """Score every reaction, in the order given."""
    results = compute.map(
        partial(_score_with, top),
        reactions,
        workers=workers,
        setup=partial(load_model, model),
        timeout=ITEM_SECONDS,
        label="molecules expanded",
    )
    return [
        Scored(reaction, failure=f"{result.kind}: {result.cause}") if isinstance(result, compute.Failure) else result
        for reaction, result in zip(reactions, results, strict=True)
    ]


def _score_with(top: int, proposer: Proposer, reaction: ReportedReaction) -> Scored:
    return score(proposer, reaction, top)


def figures(scored: Sequence[Scored], top: int = 50) -> dict[str, Any]:
    """Shares in percent with their intervals; a reaction without an answer is a miss."""
    n = len(scored)
    result: dict[str, Any] = {"n": n}
    for k in RANKS:
        if k <= top:
            result |= percent(f"top{k}", sum(0 < one.rank <= k for one in scored), n)
    result |= percent("without_proposal", sum(not one.proposals for one in scored), n)
    result["failed"] = sum(bool(one.failure) for one in scored)
    times = [one.milliseconds for one in scored if not one.failure]
    result["median_ms"] = round(median(times), 2) if times else None
    return result


def show(scored: Sequence[Scored], top: int) -> None:
    """Print the shares of each class, and of all reactions with their intervals."""
    names = [*(f"top{k}" for k in RANKS if k <= top), "without_proposal"]
    table = Table(title="share of reactions whose reactant set is found, % (95 % Wilson interval)")
    for heading in ("class", "n", *(name.replace("_", " ") for name in names)):
        table.add_column(heading, justify="left" if heading == "class" else "right")
    groups: dict[str, list[Scored]] = defaultdict(list)
    for one in scored:
        groups[one.reaction.reaction_class].append(one)
    for name in sorted(groups, key=lambda text: (len(text), text)):
        _add_row(table, name, figures(groups[name], top), names)
    table.add_section()
    overall = figures(scored, top)
    _add_row(table, "all", overall, names)
    for end, words in (("_low", "from"), ("_high", "to")):
        _add_row(table, words, overall, [name + end for name in names])
    console = Console()
    console.print(table)
    console.print(f"median {overall['median_ms']} CPU ms a molecule; {overall['failed']} reactions failed: misses")


def _add_row(table: Table, label: str, result: dict[str, Any], names: Iterable[str]) -> None:
    table.add_row(label, str(result["n"]), *(f"{result[name]:.1f}" for name in names))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, usage="%(prog)s FILE [options]"
    )
    parser.add_argument("file", type=Path, help=".csv or .tsv with columns class, id, rxn_smiles")
    parser.add_argument("--sample", type=int, help="score so many, drawn with the seed")
    parser.add_argument("--model", default="full", help="full, fast, or a model folder")
    parser.add_argument("--top", type=int, default=50, help="proposals a molecule")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--seed", type=int, default=7, help="of the sample")
    parser.add_argument("--json", action="store_true", help="print one flat JSON object")
    parser.add_argument("--predictions", type=Path, help="write each reaction's proposals and rank, one JSON a line")
    return parser.parse_args()


def main() -> None:
    """Run on a file of reactions."""
    arguments = _arguments()
    identity = dict(load_model(arguments.model).identity)  # a wrong model folder is told of before any work
    reactions = seeded_sample(read_reported(arguments.file), arguments.sample, arguments.seed)
    scored = score_all(reactions, arguments.model, arguments.top, arguments.workers)
    if arguments.predictions:
        write_text(arguments.predictions, "".join(json.dumps(one.as_json()) + "\n" for one in scored))
    if arguments.json:
        print(json.dumps(figures(scored, arguments.top) | {"top": arguments.top, "seed": arguments.seed} | identity))
    else:
        show(scored, arguments.top)


if __name__ == "__main__":
    run(main)
