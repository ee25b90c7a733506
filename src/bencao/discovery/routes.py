"""The door to the room `synthesis`: whether a molecule can be made, in how many steps, and from what."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from bencao.kernel.errors import InputError
from bencao.synthesis import Limits, Proposer, Stock, load_proposer, plan


@dataclass(frozen=True)
class RouteAnswer:
    """Whether the planner found a route.

    Attributes
    ----------
    solved : bool
    steps : int or None
        Reactions of the best route; None where there is none.
    score : float or None
        Of the best route.
    reason : str
        Why there is none: that the search ended without, or why the planner refuses the molecule.
    tiers : tuple of str
        Tiers of stock that its starting materials come from, e.g. ``commodity``, ``building-block``.
    price : float or None
        Sum of the starting materials' prices in the supplier's list's unit; None unless each has one.
    """

    solved: bool
    steps: int | None = None
    score: float | None = None
    reason: str = ""
    tiers: tuple[str, ...] = ()
    price: float | None = None

    def as_json(self) -> dict[str, Any]:
        """The answer as it stands in JSON."""
        return dataclasses.asdict(self) | {"tiers": list(self.tiers)}


def load_planner() -> tuple[Proposer, Stock]:
    """What a worker loads once to look for routes: the shipped proposer and stock."""
    return load_proposer(), Stock.default()


def route_with(planner: tuple[Proposer, Stock], asked: tuple[str, int]) -> RouteAnswer:
    """Look for a route with a budget that is counted in work, so that the answer is the same on any machine.

    Parameters
    ----------
    planner : tuple of Proposer and Stock
        See `load_planner`.
    asked : tuple of str and int
        SMILES, and most questions to the proposer.

    Returns
    -------
    RouteAnswer
        A molecule that the planner refuses (a chemical weapon, a metal complex) has no route, and the reason.
    """
    smiles, expansions = asked
    try:
        found = plan(
            smiles,
            proposer=planner[0],
            stock=planner[1],
            limits=Limits(expansions=expansions),
            routes=1,
        )
    except InputError as refused:
        return RouteAnswer(False, reason=f"{refused.kind}: {refused.cause}")
    best = next((route for route in found.routes if route.solved), None)
    if best is None:
        return RouteAnswer(False, reason=f"no route found ({found.stopped})")
    entries = [leaf.stock for leaf in best.leaves if leaf.stock is not None]
    prices = [entry.price for entry in entries if entry.price is not None]
    price = sum(prices) if entries and len(prices) == len(entries) else None
    return RouteAnswer(True, best.steps, best.score, "", tuple(sorted({entry.tier for entry in entries})), price)
