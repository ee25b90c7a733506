"""Plans with AiZynthFinder for `peer_aizynthfinder.py`: settings and targets in, a line each; JSON answers out."""

from __future__ import annotations

import gc
import json
import random
import sys
import time
from importlib.metadata import version
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import aizynthfinder.aizynthfinder as search_module
import numpy as np
import pandas as pd
from aizynthfinder.aizynthfinder import AiZynthFinder
from exported_policy import ExportedPolicy

# AiZynthFinder's loop asks time.time() whether its limit is reached: with this clock the limit is CPU seconds.
search_module.time = SimpleNamespace(time=time.process_time)


def load(settings: dict[str, Any]) -> AiZynthFinder:
    """AiZynthFinder with our policy and our stock, its own defaults for all else."""
    stock = Path(settings["stock"]).with_suffix(".hdf5")
    pd.read_csv(settings["stock"]).to_hdf(stock, key="table")
    finder = AiZynthFinder(
        configdict={
            "expansion": {
                "bencao": {
                    "type": "aizynth_policy.BencaoExpansion",
                    "folder": settings["folder"],
                    "features": settings["features"],
                    "cutoff_number": settings["top"],
                    "cutoff_cumulative": settings["cumulative"],
                }
            },
            "stock": {"bencao": str(stock)},
            "search": {
                "return_first": True,
                "time_limit": settings["seconds"],
                "iteration_limit": 10**9,  # its default of 100 would end most searches long before the time limit
                "max_transforms": settings["depth"],
            },
        }
    )
    finder.expansion_policy.select("bencao")
    finder.stock.select("bencao")
    return finder


def plan(finder: AiZynthFinder, smiles: str, seed: int) -> dict[str, Any]:
    """One search, from the SMILES to the first solved state or the limit."""
    random.seed(seed)  # AiZynthFinder draws from both global generators
    np.random.seed(seed)
    gc.collect()
    began = time.process_time()
    finder.target_smiles = smiles
    finder.prepare_tree()
    finder.tree_search()
    seconds = time.process_time() - began
    route: list[str] = []
    if finder.search_stats["returned_first"]:
        solved = next(node for node in finder.tree.nodes() if node.state.is_solved)
        route = [action.reaction_smiles() for action in solved.actions_to()]
    return {
        "solved": finder.search_stats["returned_first"],
        "seconds": seconds,
        "iterations": finder.search_stats["iterations"],
        "route": route,
    }


def main() -> None:
    """Answer each line of standard input; the first holds the settings."""
    answers, sys.stdout = sys.stdout, sys.stderr  # what AiZynthFinder prints must not mix with the answers
    settings = json.loads(sys.stdin.readline())
    finder = load(settings)
    policy = ExportedPolicy(Path(settings["folder"]), Path(settings["features"]))
    hello = {name: version(name) for name in ("aizynthfinder", "rdkit", "rdchiral")}
    print(json.dumps({**hello, "stock": len(finder.stock)}), file=answers, flush=True)
    for line in sys.stdin:
        smiles = json.loads(line)["smiles"]
        answer = plan(finder, smiles, settings["seed"])
        answer["templates"] = [found.number for found in policy.rank(smiles, settings["top"])]
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
