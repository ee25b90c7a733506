"""What a route is worth by each criterion, and the one score made of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import log10

from bencao.synthesis.constraints.hazard import hazard_of
from bencao.synthesis.route import Route, RouteNode, StockEntry

# How much each criterion counts. They are a judgement, not fitted to anything: what the model believes of the steps
# goes first, then how many there are, then whether one can begin.
WEIGHTS: dict[str, float] = {
    "probability": 0.30,
    "feasibility": 0.10,
    "steps": 0.15,
    "longest_line": 0.10,
    "stock": 0.15,
    "hazard": 0.10,
    "price": 0.10,
}

# Steps beyond the first that halve the worth of a route's length.
_HALVING_STEPS = 4
# Patent reactions that lift a building block half way from the least evidence of its tier to the most.
_HALVING_USES = 10
_EVIDENCE = {"supplier": 1.0, "commodity": 0.9, "paroutes": 0.7, "seen": 0.3, "perhaps": 0.0}
_LEAST_BLOCK, _MOST_BLOCK = 0.5, 0.9


@dataclass(frozen=True)
class Criteria:
    """What a route is worth by each criterion, in its own unit.

    Attributes
    ----------
    probability : float
        Product of the probabilities of the steps, as `Route.score`.
    feasibility : float or None
        Of the least feasible step; None where the model judges no feasibility.
    steps, longest_line : int
        Reactions in all, and on the longest line.
    convergence : float
        Share of the reactions that stand beside the longest line: 0 for a linear route.
    stock : float
        Evidence, 0 to 1, that the least evidenced leaf can be had; see `stock_evidence`.
    hazard : float or None
        Highest hazard score among its molecules; None where none of them is in the table.
    hazard_known : int
        Its distinct molecules, the target left out, that are in the table of hazards.
    molecules : int
        Its distinct molecules, the target left out.
    price : float or None
        Sum of the list prices of its distinct leaves; None where one has no price.
    """

    probability: float
    feasibility: float | None
    steps: int
    longest_line: int
    convergence: float
    stock: float
    hazard: float | None
    hazard_known: int
    molecules: int
    price: float | None


def criteria_of(route: Route) -> Criteria:
    """Judge a route by each criterion.

    Parameters
    ----------
    route : Route

    Returns
    -------
    Criteria

    Raises
    ------
    ModelError
        The shipped table of hazards is absent or altered.
    """
    molecules = dict.fromkeys(node.smiles for below in route.root.precursors for node in below.walk())
    hazards = [found.score for smiles in molecules if (found := hazard_of(smiles))]
    leaves = {leaf.smiles: leaf.stock for leaf in route.leaves}
    prices = [entry.price if entry else None for entry in leaves.values()]
    known = [price for price in prices if price is not None]
    feasible = [node.step.feasibility for node in route.root.walk() if node.step]
    judged = [one for one in feasible if one is not None]
    return Criteria(
        probability=route.score,
        feasibility=min(judged, default=None) if len(judged) == len(feasible) else None,
        steps=route.steps,
        longest_line=route.longest_line,
        convergence=1 - route.longest_line / route.steps if route.steps else 0.0,
        stock=min(map(stock_evidence, leaves.values())),
        hazard=max(hazards, default=None),
        hazard_known=len(hazards),
        molecules=len(molecules),
        price=sum(known) if len(known) == len(prices) else None,
    )


def stock_evidence(entry: StockEntry | None) -> float:
    """How well it is evidenced that a starting material can be had.

    Parameters
    ----------
    entry : StockEntry or None

    Returns
    -------
    float
        1 for what a supplier lists, 0.9 for the reviewed list of commodities, 0.5 to 0.9 for a building block, rising
        with the patent reactions it serves in (0.7 at 10), 0.7 for the stock of PaRoutes, 0.3 for what was seen only, 0
        for what is not in stock.
    """
    if entry is None:
        return 0.0
    if entry.tier == "building-block":
        return _LEAST_BLOCK + (_MOST_BLOCK - _LEAST_BLOCK) * entry.uses / (entry.uses + _HALVING_USES)
    return _EVIDENCE[entry.tier]


def route_scores(routes: Sequence[Route], criteria: Sequence[Criteria]) -> tuple[float, ...]:
    """One score for each of some routes: the weighted mean of its criteria, each brought to [0, 1].

    - probability: ``1 / (1 - log10 p)``, so 1/2 at a tenth, 1/3 at a hundredth;
    - feasibility: of the least feasible step; it does not count where a route of them has none;
    - steps and longest line: ``1 / (1 + (n - 1) / 4)``, so 1 for one step, 1/2 for five;
    - stock: as it is; hazard: 1 less the highest one known, 1 where none is known;
    - price: the lowest price of a route among them over its own, 0 where a leaf has no price. Where no route of them
      has a price, it does not count.

    The weights of what counts make up the whole.
    It ranks. It is no chance of success, and no yield.

    Parameters
    ----------
    routes : sequence of Route
        To the same target.
    criteria : sequence of Criteria
        Of the same routes.

    Returns
    -------
    tuple of float
        In (0, 1], in the order of the routes. No step more, and no step less likely, gives a higher one.
    """
    prices = [one.price for one in criteria if one.price is not None]
    silent = set() if prices else {"price"}
    if any(one.feasibility is None for one in criteria):
        silent.add("feasibility")
    weights = {name: weight for name, weight in WEIGHTS.items() if name not in silent}
    whole = sum(weights.values())
    scores = []
    for route, one in zip(routes, criteria, strict=True):
        worth = {
            "probability": 1 / (1 - sum(log10(step) for step in _probabilities(route.root))),
            "steps": _worth_of_length(one.steps),
            "longest_line": _worth_of_length(one.longest_line),
            "stock": one.stock,
            "hazard": 1 - (one.hazard or 0.0),
            "feasibility": one.feasibility or 0.0,
        }
        if prices:
            worth["price"] = _worth_of_price(one.price, min(prices))
        scores.append(sum(weights[name] * worth[name] for name in weights) / whole)
    return tuple(scores)


def _probabilities(root: RouteNode) -> list[float]:
    # A sum of probabilities can end a hair above 1.
    return [min(node.step.probability, 1.0) for node in root.walk() if node.step]


def _worth_of_length(steps: int) -> float:
    return 1 / (1 + max(steps - 1, 0) / _HALVING_STEPS)


def _worth_of_price(price: float | None, lowest: float) -> float:
    if price is None:
        return 0.0
    return lowest / price if price > 0 else 1.0
