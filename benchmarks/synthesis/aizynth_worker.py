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
from aizynthfinder.analysis.utils import RouteSelectionArguments
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
                "algorithm": settings.get("algorithm", "mcts"),
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
    if finder.search_stats["returned_first"] and finder.config.search.algorithm == "mcts":
        solved = next(node for node in finder.tree.nodes() if node.state.is_solved)
        route = [action.reaction_smiles() for action in solved.actions_to()]
    elif finder.search_stats["returned_first"]:
        finder.build_routes()
        route = next(steps_of(tree.to_dict()) for tree in finder.routes.reaction_trees if tree.is_solved)
    return {
        "solved": finder.search_stats["returned_first"],
        "seconds": seconds,
        "iterations": finder.search_stats["iterations"],
        "route": route,
    }


def routes_within(finder: AiZynthFinder, smiles: str, seconds: float, most: int, seed: int) -> list[list[str]]:
    """Its best solved routes after a search that does not end at the first."""
    search = finder.config.search
    limit, search.return_first, search.time_limit = search.time_limit, False, seconds
    try:
        plan(finder, smiles, seed)
    finally:
        search.return_first, search.time_limit = True, limit
    finder.build_routes(RouteSelectionArguments(nmin=most, nmax=most))
    return [steps_of(tree.to_dict()) for tree in finder.routes.reaction_trees if tree.is_solved]


def steps_of(node: dict[str, Any]) -> list[str]:
    """Reactions of a tree of molecules and reactions, ``product>>reactants``, the target's first."""
    found: list[str] = []
    for reaction in node.get("children", []):
        found.append(f"{node['smiles']}>>{'.'.join(one['smiles'] for one in reaction['children'])}")
        found += [step for one in reaction["children"] for step in steps_of(one)]
    return found


def main() -> None:
    """Answer each line of standard input; the first holds the settings."""
    answers, sys.stdout = sys.stdout, sys.stderr  # what AiZynthFinder prints must not mix with the answers
    settings = json.loads(sys.stdin.readline())
    finder = load(settings)
    policy = ExportedPolicy(Path(settings["folder"]), Path(settings["features"]))
    hello = {name: version(name) for name in ("aizynthfinder", "rdkit", "rdchiral")}
    print(json.dumps({**hello, "stock": len(finder.stock)}), file=answers, flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        smiles = asked["smiles"]
        if "routes" in asked:
            found = routes_within(finder, smiles, asked["seconds"], asked["routes"], settings["seed"])
            print(json.dumps({"solved": bool(found), "routes": found}), file=answers, flush=True)
            continue
        answer = plan(finder, smiles, settings["seed"])
        answer["templates"] = [found.number for found in policy.rank(smiles, settings["top"])]
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
