"""Precision and recall of duplicate detection on synthetic reports, with time and memory.

python benchmarks/safety/duplicates.py N [--seed 11] [--json] [--predictions FILE]

N is how many reports to make, or a file of cases (.jsonl, .xml …) with a table of true events beside it (--truth). The
weights and the threshold were tuned on seeds 1 to 3; report other seeds.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from collections import Counter
from itertools import combinations
from math import comb
from pathlib import Path

import numpy as np
import synthetic_reports
from intervals import wilson

from bencao.kernel.files import write_text
from bencao.safety.duplicates import Matched, Settings, find_duplicates, records_of_tables


def figures(event: np.ndarray, clusters: list[tuple[int, ...]]) -> dict[str, float]:
    """Pairwise: of the pairs within clusters those of one event, and of the pairs of one event those in a cluster."""
    found = sum(comb(len(each), 2) for each in clusters)
    right = sum(event[one] == event[other] for each in clusters for one, other in combinations(each, 2))
    true = sum(comb(count, 2) for count in Counter(event.tolist()).values())
    precision, recall = wilson(int(right), found), wilson(int(right), true)
    return {
        "pairs_true": true,
        "pairs_found": found,
        "precision": round(right / max(found, 1), 4),
        "precision_low": round(precision[0], 4),
        "precision_high": round(precision[1], 4),
        "recall": round(right / max(true, 1), 4),
        "recall_low": round(recall[0], 4),
        "recall_high": round(recall[1], 4),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("n", type=int)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--threshold", type=float, default=Settings().threshold)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--predictions", type=Path)
    arguments = parser.parse_args()
    began = time.perf_counter()
    world = synthetic_reports.make(arguments.n, arguments.seed)
    made = time.perf_counter() - began
    wall, cpu = time.perf_counter(), time.process_time()
    matched: Matched = find_duplicates(
        records_of_tables(world.cases, world.items), Settings(threshold=arguments.threshold)
    )
    result: dict[str, object] = {
        "n": arguments.n,
        "seed": arguments.seed,
        "threshold": arguments.threshold,
        "compared": matched.compared,
        **figures(world.event, [tuple(int(name[1:]) for name in each) for each in matched.clusters]),
        "wall_seconds": round(time.perf_counter() - wall, 1),
        "cpu_seconds": round(time.process_time() - cpu, 1),
        "generator_seconds": round(made, 1),
        "peak_megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }
    if arguments.predictions:
        lines = (json.dumps({"cluster": list(each)}) for each in matched.clusters)
        write_text(arguments.predictions, "".join(f"{line}\n" for line in lines))
    if arguments.json:
        print(json.dumps(result))
    else:
        for name, value in result.items():
            print(f"{name:20} {value}")


if __name__ == "__main__":
    main()
