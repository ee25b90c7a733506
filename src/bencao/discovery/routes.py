"""The door to the room `synthesis`: whether a molecule can be made, and in how many steps."""

from __future__ import annotations

from dataclasses import dataclass

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
    """

    solved: bool
    steps: int | None = None
    score: float | None = None
    reason: str = ""


def find_route(
    smiles: str, *, proposer: Proposer | None = None, stock: Stock | None = None, expansions: int = 100
) -> RouteAnswer:
    """Look for a route with a budget that is counted in work, so that the answer is the same on any machine.

    Parameters
    ----------
    smiles : str
    proposer, stock : optional
        Those shipped with the room `synthesis` where not given.
    expansions : int
        Most questions to the proposer.

    Returns
    -------
    RouteAnswer
        A molecule that the planner refuses (a chemical weapon, a metal complex) has no route, and the reason.
    """
    try:
        found = plan(
            smiles,
            proposer=proposer or load_proposer(),
            stock=stock or Stock.default(),
            limits=Limits(expansions=expansions),
            routes=1,
        )
    except InputError as refused:
        return RouteAnswer(False, reason=f"{refused.kind}: {refused.cause}")
    best = next((route for route in found.routes if route.solved), None)
    if best is None:
        return RouteAnswer(False, reason=f"no route found ({found.stopped})")
    return RouteAnswer(True, best.steps, best.score)
