"""How many proposed steps cite a precedent, and how long a lookup takes.

python benchmarks/synthesis/precedents.py FILE.csv [--sample 200] [--model full|fast|DIR] [--index DIR] [--json]
                                          [--predictions FILE]

The products of the file must not be in the index: of the shipped index this holds for uspto50k-valid. One process, one
thread; model and index are open and the first 10 products are not timed. Blocks stay unpacked from step to step, as in
use.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
from command import run
from intervals import bootstrap, percent
from machine import machine
from reported_reactions import ReportedReaction, product_and_reactants, read_reported, seeded_sample
from rich.console import Console
from rich.table import Table

from bencao.kernel.files import write_text
from bencao.synthesis.ensemble import FAST, load_model
from bencao.synthesis.precedents import SHIPPED_INDEX, PrecedentIndex, load_precedents
from bencao.synthesis.route import Proposal

TOP = 10
WARM_UP = 10


@dataclass(frozen=True)
class Cited:
    """A proposed step with its precedents.

    Attributes
    ----------
    reaction : ReportedReaction
        Row of the file whose product was expanded.
    product : str
    rank : int
        Of the proposal, from 1.
    proposal : Proposal
    reported : bool
        Whether it is the reactant set that the file reports.
    milliseconds, wall_milliseconds : float
        CPU and wall time of the lookup.
    """

    reaction: ReportedReaction
    product: str
    rank: int
    proposal: Proposal
    reported: bool
    milliseconds: float
    wall_milliseconds: float

    @property
    def has_precedent(self) -> bool:
        return bool(self.proposal.precedents)

    def as_json(self) -> dict[str, Any]:
        """What ``--predictions`` writes; nothing of it depends on the machine."""
        return {
            "id": self.reaction.name,
            "class": self.reaction.reaction_class,
            "product": self.product,
            "rank": self.rank,
            "reactants": self.proposal.reactants,
            "probability": round(self.proposal.probability, 6),
            "reported": self.reported,
            "mapped": self.proposal.forward.mapped,
            "precedents": [one.as_json() for one in self.proposal.precedents or ()],
        }


def cite(reaction: ReportedReaction, model: str, index: PrecedentIndex) -> list[Cited]:
    """Expand the product of a reaction and look each proposal up; nothing where the row cannot be read."""
    try:
        product, truth = product_and_reactants(reaction.rxn_smiles)
    except ValueError:
        return []
    cited = []
    for rank, proposal in enumerate(load_model(model).propose(product, TOP), start=1):
        cpu, wall = time.process_time(), time.perf_counter()
        with_precedents = index.cite(proposal)
        cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
        reported = proposal.reactants == truth
        cited.append(Cited(reaction, product, rank, with_precedents, reported, 1_000 * cpu, 1_000 * wall))
    return cited


def figures(cited: Sequence[Cited], timed: Sequence[Cited], seed: int) -> dict[str, Any]:
    """Shares in percent with Wilson intervals, and the time of a lookup with a bootstrap interval of its median."""
    groups = {
        "top1": [one for one in cited if one.rank == 1],
        "top3": [one for one in cited if one.rank <= 3],
        "top10": list(cited),
        "reported": [one for one in cited if one.reported],
    }
    result: dict[str, Any] = {"n": len({one.reaction.row for one in cited})}
    for name, some in groups.items():
        result |= {f"{name}_n": len(some)} | percent(name, sum(one.has_precedent for one in some), len(some))
    weight = sum(one.proposal.probability for one in cited)
    having = sum(one.proposal.probability for one in cited if one.has_precedent)
    result["by_probability"] = round(100 * having / weight, 3) if weight else 0.0
    best = [one.proposal.precedents[0].similarity for one in groups["top1"] if one.proposal.precedents]
    result["top1_median_similarity"] = round(median(best), 3) if best else None
    cpu = [one.milliseconds for one in timed]
    if cpu:
        low, high = bootstrap(cpu, np.median, seed)
        result |= {"median_ms": round(median(cpu), 2), "median_ms_low": round(low, 2), "median_ms_high": round(high, 2)}
        result["p90_ms"] = round(float(np.percentile(cpu, 90)), 2)
        result["median_wall_ms"] = round(median(one.wall_milliseconds for one in timed), 2)
    return result


def show(result: dict[str, Any]) -> None:
    """Print the shares, and the time of a lookup."""
    table = Table(title="share of proposed steps with a precedent, % (95 % Wilson interval)")
    for heading in ("steps", "n", "share", "from", "to"):
        table.add_column(heading, justify="left" if heading == "steps" else "right")
    for name in ("top1", "top3", "top10", "reported"):
        shares = (f"{result[name + end]:.1f}" for end in ("", "_low", "_high"))
        table.add_row(name, str(result[f"{name}_n"]), *shares)
    console = Console()
    console.print(table)
    console.print(f"weighted by probability: {result['by_probability']:.1f} %")
    if "median_ms" in result:
        console.print(f"a lookup: median {result['median_ms']} CPU ms, nine in ten under {result['p90_ms']}")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter, usage="%(prog)s FILE [options]"
    )
    parser.add_argument("file", type=Path, help=".csv or .tsv with columns class, id, rxn_smiles")
    parser.add_argument("--sample", type=int, default=200, help="products expanded, drawn with the seed")
    parser.add_argument("--model", default=FAST, help="full, fast, or a model folder")
    parser.add_argument("--index", type=Path, default=SHIPPED_INDEX, help="index folder, else the shipped one")
    parser.add_argument("--seed", type=int, default=7, help="of the sample")
    parser.add_argument("--json", action="store_true", help="print one flat JSON object")
    parser.add_argument("--predictions", type=Path, help="write each proposal with its precedents, one JSON a line")
    return parser.parse_args()


def main() -> None:
    """Run on a file of reactions."""
    arguments = _arguments()
    index = load_precedents(arguments.index)
    reactions = seeded_sample(read_reported(arguments.file), arguments.sample, arguments.seed)
    by_target = [cite(reaction, arguments.model, index) for reaction in reactions]
    cited = [one for some in by_target for one in some]
    timed = [one for some in by_target[WARM_UP:] for one in some]
    if arguments.predictions:
        write_text(arguments.predictions, "".join(json.dumps(one.as_json()) + "\n" for one in cited))
    result = figures(cited, timed, arguments.seed)
    if arguments.json:
        identity = dict((*load_model(arguments.model).identity, *index.identity))
        print(json.dumps(result | {"seed": arguments.seed} | machine() | identity))
    else:
        show(result)


if __name__ == "__main__":
    run(main)
