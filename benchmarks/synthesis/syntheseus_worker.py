"""Plans with Syntheseus' Retro* for `planners.py`: settings and targets in, a line each; JSON answers out.

Runs in an environment with Syntheseus and this package: our one-step model and our stock stand behind its interfaces.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

import syntheseus.search.algorithms.base as search_module
from syntheseus.interface.bag import Bag
from syntheseus.interface.models import BackwardReactionModel
from syntheseus.interface.molecule import Molecule
from syntheseus.interface.reaction import SingleProductReaction
from syntheseus.search.algorithms.best_first.retro_star import RetroStarSearch
from syntheseus.search.analysis.route_extraction import iter_routes_cost_order
from syntheseus.search.graph.and_or import AndNode, AndOrGraph
from syntheseus.search.mol_inventory import BaseMolInventory
from syntheseus.search.node_evaluation.common import ConstantNodeEvaluator, ReactionModelLogProbCost

from bencao.synthesis.chemistry.molecule import inchikey
from bencao.synthesis.chemistry.template import canonical, parsed
from bencao.synthesis.proposer import load_proposer
from bencao.synthesis.stock import Stock


class _CpuClock(datetime):
    """Tells CPU time: Syntheseus asks ``datetime.now()`` whether its limit is reached."""

    @classmethod
    def now(cls, tz: Any = None) -> datetime:
        return datetime.fromtimestamp(time.process_time(), tz)


search_module.datetime = _CpuClock  # type: ignore[misc]


class Proposer(BackwardReactionModel):
    """Our one-step model: ranked reactant sets that pass the forward check, with their probabilities."""

    def __init__(self, folder: Path) -> None:
        super().__init__(use_cache=True, remove_product_in_reactants=True)
        self._proposer = load_proposer(folder)

    def _get_reactions(self, inputs: list[Molecule], num_results: int) -> list[Sequence[SingleProductReaction]]:
        return [self._proposed(molecule, num_results) for molecule in inputs]

    def _proposed(self, molecule: Molecule, count: int) -> list[SingleProductReaction]:
        return [
            SingleProductReaction(
                reactants=Bag(Molecule(part) for part in proposal.reactants.split(".")),
                product=molecule,
                metadata={"probability": proposal.probability},
            )
            for proposal in self._proposer.propose(molecule.smiles, count)
        ]


class Inventory(BaseMolInventory):
    """Our stock; what is there only perhaps is not, nor is the target, which no planner here takes from stock."""

    def __init__(self) -> None:
        self._stock = Stock.default()
        self.target = ""

    def is_purchasable(self, mol: Molecule) -> bool:
        """Whether a route may end at the molecule."""
        entry = self._stock.find(mol.smiles)
        return entry is not None and entry.tier != "perhaps" and mol.smiles != self.target


def _steps(route: Any) -> list[str]:
    reactions = (node.reaction for node in route if isinstance(node, AndNode))
    return [
        f"{reaction.product.smiles}>>{'.'.join(one.smiles for one in reaction.reactants)}" for reaction in reactions
    ]


def _routes(graph: AndOrGraph, most: int) -> list[list[str]]:
    """Routes from stock, cheapest first."""
    for node in graph.nodes():
        node.data["route_cost"] = node.data["retro_star_rxn_cost"] if isinstance(node, AndNode) else 0.0
    return [_steps(route) for route in islice(iter_routes_cost_order(graph, max_routes=most), most)]


class Planner:
    """Retro* with a constant estimate of 0, as Syntheseus' own tutorial and its command line run it.

    Parameters
    ----------
    settings : dict
        ``folder``, ``seconds``, ``top``, ``depth``.
    """

    def __init__(self, settings: dict[str, Any]) -> None:
        self._model, self._inventory, self._settings = Proposer(Path(settings["folder"])), Inventory(), settings

    def plan(self, smiles: str, seconds: float, first: bool) -> tuple[AndOrGraph, dict[str, Any]]:
        """One search, with its graph; `first` ends it at the first solution."""
        inchikey.cache_clear()
        canonical.cache_clear()
        parsed.cache_clear()
        self._model.reset()
        gc.collect()
        target = Molecule(smiles)
        self._inventory.target = target.smiles
        began = time.process_time()
        search = RetroStarSearch(
            reaction_model=self._model,
            mol_inventory=self._inventory,
            and_node_cost_fn=ReactionModelLogProbCost(normalize=False),
            value_function=ConstantNodeEvaluator(0.0),
            time_limit_s=seconds,
            max_expansion_depth=2 * self._settings["depth"],  # reactions are nodes of its graph too
            stop_on_first_solution=first,
            prevent_repeat_mol_in_trees=True,
        )
        self._model.default_num_results = self._settings["top"]
        graph, iterations = search.run_from_mol(target)
        spent = time.process_time() - began
        return graph, {"solved": graph.root_node.has_solution, "seconds": spent, "rounds": iterations}


def main() -> None:
    """Answer each line of standard input; the first holds the settings."""
    answers, sys.stdout = sys.stdout, sys.stderr
    settings = json.loads(sys.stdin.readline())
    planner = Planner(settings)
    print(json.dumps({name: version(name) for name in ("syntheseus", "rdkit")}), file=answers, flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        graph, answer = planner.plan(asked["smiles"], asked.get("seconds", settings["seconds"]), "routes" not in asked)
        answer["routes"] = _routes(graph, asked.get("routes", 1)) if answer["solved"] else []
        print(json.dumps(answer), file=answers, flush=True)


if __name__ == "__main__":
    main()
