"""Routes beside one another: what each is worth, how alike two are, and a choice that is not all the same."""

from bencao.synthesis.compare.choice import DEFAULT_ORDER, ORDERS, Order, compare_routes
from bencao.synthesis.compare.clusters import clustered
from bencao.synthesis.compare.criteria import WEIGHTS, Criteria, criteria_of, route_scores
from bencao.synthesis.compare.similarity import route_distances, route_similarity

__all__ = [
    "DEFAULT_ORDER",
    "ORDERS",
    "WEIGHTS",
    "Criteria",
    "Order",
    "clustered",
    "compare_routes",
    "criteria_of",
    "route_distances",
    "route_scores",
    "route_similarity",
]
