"""Does the tree scan find a group of events that no single event shows, err as often as it says, and how fast is it?

python benchmarks/safety/treescan.py [--events N] [--worlds W] [--reports R] [--excess X] [--draws D] [--model MODEL]
                                     [--seed S] [--json] [--predictions FILE]

A synthetic hierarchy as wide as MedDRA's (27 top groups, 330, 1,700, then the events), background counts by Zipf's law.
In half of the worlds one group of the third level is reported X times as often with a drug of R reports; in the others
nothing is. Power is the share of the former in which the group, one below or one above it has p at most 0.05;
`by_single_events` the same for scanning the events alone, without groups; the false rate is the share of the latter
with any node at p at most 0.05. Intervals are Wilson's, 95 %.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import polars as pl
from intervals import wilson

from bencao.kernel.files import write_text
from bencao.safety.signals.treescan import MODELS, Hierarchy, scan_tree

WIDTHS = (27, 330, 1_700)


def hierarchy(events: int, random: np.random.Generator) -> Hierarchy:
    """Events e0, e1, ... below three levels of groups, each parent drawn at random."""
    parents: dict[str, tuple[str, ...]] = {f"s{at}": () for at in range(WIDTHS[0])}
    for level, above, count, width in (("g", "s", WIDTHS[1], WIDTHS[0]), ("h", "g", WIDTHS[2], WIDTHS[1])):
        parents |= {f"{level}{at}": (f"{above}{random.integers(width)}",) for at in range(count)}
    return Hierarchy(parents | {f"e{at}": (f"h{random.integers(WIDTHS[2])}",) for at in range(events)})


def line(tree: Hierarchy, group: str) -> set[str]:
    """The group, what is below it and what is above."""
    found = {group} | {name for name, above in tree.parents.items() if group in above}
    while tree.parents[group]:
        (group,) = tree.parents[group]
        found.add(group)
    return found


def main() -> None:
    """Run on seeded worlds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--events", type=int, default=8_000)
    parser.add_argument("--worlds", type=int, default=100)
    parser.add_argument("--reports", type=int, default=5_000)
    parser.add_argument("--excess", type=float, default=3.0)
    parser.add_argument("--draws", type=int, default=999)
    parser.add_argument("--model", choices=MODELS, default="conditional-poisson")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", action="store_true", help="print one flat JSON object")
    parser.add_argument("--predictions", type=Path, help="write each world's nodes at p <= 0.05, one JSON a line")
    arguments = parser.parse_args()
    random = np.random.default_rng(arguments.seed)
    tree = hierarchy(arguments.events, random)
    events = [f"e{at}" for at in range(arguments.events)]
    alone = Hierarchy(dict.fromkeys(events, ()))
    weight = random.permutation(1.0 / np.arange(1, arguments.events + 1) ** 0.9)
    expected = arguments.reports * weight / weight.sum()
    base = np.maximum(np.ceil(expected * 20), 1.0) if "bernoulli" in arguments.model else expected
    settings: dict[str, Any] = {"draws": arguments.draws, "seed": arguments.seed, "probability": 0.05}
    tallies = {"power": 0, "by_single_events": 0, "false": 0}
    seconds, lines, nodes = [], [], 0
    groups = [f"h{at}" for at in range(WIDTHS[2])]
    own = {group: np.array([tree.parents[event][0] == group for event in events]) for group in groups[:300]}
    # Groups of three events at least of which 5 to 60 reports are expected.
    fit = [name for name, mine in own.items() if mine.sum() >= 3 and 5 <= expected[mine].sum() <= 60]
    for world in range(arguments.worlds):
        planted = str(random.choice(fit)) if world % 2 == 0 else ""
        mean = expected * np.where(own[planted], arguments.excess, 1.0) if planted else expected
        n = random.binomial(base.astype(int), mean / expected * 0.05) if base is not expected else random.poisson(mean)
        start = time.perf_counter()
        found = scan_tree(tree, events, n, base, arguments.model, **settings).table
        seconds.append(time.perf_counter() - start)
        nodes = found.height
        told = found.filter(pl.col("p") <= 0.05)
        lines += [{"world": world, "planted": planted, **row} for row in told.to_dicts()]
        if planted:
            tallies["power"] += bool(set(told["node"]) & line(tree, planted))
            single = scan_tree(alone, events, n, base, arguments.model, **settings).table.filter(pl.col("p") <= 0.05)
            tallies["by_single_events"] += bool(set(single["node"]) & line(tree, planted))
        else:
            tallies["false"] += told.height > 0
    each = {"power": (arguments.worlds + 1) // 2, "false": arguments.worlds // 2}
    result: dict[str, Any] = {"n": arguments.worlds, "nodes": nodes, "draws": arguments.draws, "groups": len(fit)}
    for name, hits in tallies.items():
        count = each["false" if name == "false" else "power"]
        result |= {name: hits / count}
        result |= dict(zip((f"{name}_low", f"{name}_high"), wilson(hits, count), strict=True))
    result |= {"seconds_a_scan": float(np.median(seconds))}
    if arguments.predictions:
        write_text(arguments.predictions, "".join(json.dumps(row) + "\n" for row in lines))
    if arguments.json:
        print(json.dumps(result))
        return
    for key, value in result.items():
        print(f"{key:24}{value:.4g}" if isinstance(value, float) else f"{key:24}{value}")


if __name__ == "__main__":
    main()
