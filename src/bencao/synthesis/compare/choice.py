"""Put routes in order, and choose some that are not all the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import inf
from typing import Literal

from bencao.synthesis.compare.clusters import clustered
from bencao.synthesis.compare.criteria import Criteria, criteria_of, route_scores
from bencao.synthesis.compare.similarity import route_distances
from bencao.synthesis.route import Route, RouteComparison

Order = Literal["route-score", "probability", "steps", "longest-line", "convergence", "stock", "hazard", "price"]
DEFAULT_ORDER: Order = "route-score"

# Routes no further apart than this are variants of one strategy: about the same bonds, in about the same order.
SAME_STRATEGY = 0.25
# And routes no further apart than this differ in reagents only.
SAME_BONDS = 0.02

_UNKNOWN = inf  # stands behind all that is known
_KEYS: dict[Order, Callable[[Criteria], float]] = {
    "route-score": lambda one: 0.0,  # ties are broken by it in any case
    "probability": lambda one: -one.probability,
    "steps": lambda one: one.steps,
    "longest-line": lambda one: one.longest_line,
    "convergence": lambda one: -one.convergence,
    "stock": lambda one: -one.stock,
    "hazard": lambda one: _UNKNOWN if one.hazard is None else one.hazard,
    "price": lambda one: _UNKNOWN if one.price is None else one.price,
}
ORDERS: tuple[Order, ...] = tuple(_KEYS)


def compare_routes(
    routes: Sequence[Route], count: int, *, order: Order = DEFAULT_ORDER, diverse: bool = True
) -> tuple[Route, ...]:
    """Judge routes, group them by strategy, and choose some.

    Parameters
    ----------
    routes : sequence of Route
        To the same target, all solved or none.
    count : int
        Number of routes at most.
    order : str
        What to sort by, one of `ORDERS`; ties by route score, then by the order given. What is not known comes last.
        Unsolved routes keep the order given, since most criteria favour what is left undone.
    diverse : bool
        Choose the best of each strategy first; where there are fewer strategies than routes asked for, the best of
        what differs in more than reagents, then others.

    Returns
    -------
    tuple of Route
        Each with its `RouteComparison`; strategies are numbered from 1 in the order of their best routes.
    """
    criteria = [criteria_of(route) for route in routes]
    scores = route_scores(routes, criteria)

    def rank(place: int) -> tuple[float, float, int]:
        solved = routes[place].solved
        return (_KEYS[order](criteria[place]), -scores[place], place) if solved else (0.0, 0.0, place)

    ranked = sorted(range(len(routes)), key=rank)
    ordered = [routes[place] for place in ranked]
    distances = route_distances(ordered)
    groups = clustered(distances, SAME_STRATEGY)
    variants = clustered(distances, SAME_BONDS)
    chosen = _diverse(groups, variants, count) if diverse else range(min(count, len(ordered)))
    return tuple(
        replace(
            ordered[place],
            comparison=_comparison(criteria[ranked[place]], scores[ranked[place]], groups[place], groups),
        )
        for place in chosen
    )


def _diverse(groups: Sequence[int], variants: Sequence[int], count: int) -> list[int]:
    """Places of the first of each group, then of the first of each variant, then of the others, in their order."""
    places = range(len(groups))
    wanted = [place for place in places if groups[place] not in groups[:place]]
    shown = {variants[place] for place in wanted}
    for place in places:
        if variants[place] not in shown:
            shown.add(variants[place])
            wanted.append(place)
    wanted += [place for place in places if place not in wanted]
    return sorted(wanted[:count])


def _comparison(criteria: Criteria, score: float, group: int, groups: Sequence[int]) -> RouteComparison:
    return RouteComparison(
        route_score=score,
        feasibility=criteria.feasibility,
        convergence=criteria.convergence,
        stock=criteria.stock,
        hazard=criteria.hazard,
        hazard_known=criteria.hazard_known,
        molecules=criteria.molecules,
        price=criteria.price,
        strategy=group + 1,
        alike=groups.count(group) - 1,
    )
