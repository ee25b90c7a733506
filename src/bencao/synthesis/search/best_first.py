"""Best-first search in the manner of Retro* (Chen et al., ICML 2020), with limits that say which of them ended it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import inf

from bencao.kernel.errors import InputError
from bencao.synthesis.route import Plan, Route, StopReason
from bencao.synthesis.seams import Batch, Proposer, Stock
from bencao.synthesis.search.estimate import size_estimate
from bencao.synthesis.search.graph import Graph
from bencao.synthesis.search.routes import RoutePick, best_picks, best_routes

Progress = Callable[[int, int, float], None]

# The solved routes are ranked anew each time the search has grown by one part in so many.
RANK_EVERY = 50

DEEPEST = 50


@dataclass(frozen=True)
class Limits:
    """What ends a search, and how wide it is.

    Attributes
    ----------
    expansions : int or None
        Number of times the proposer is asked at most, each for a batch of proposals: a molecule may be asked about
        more than once. None for no limit. This is the reproducible budget.
    seconds : float or None
        Wall-clock time, looked at between expansions; None for no limit.
    depth : int
        Most reactions on the longest line, up to 50.
    proposals : int
        Number of proposals for each molecule at most, over all its batches.

    Raises
    ------
    InputError
        A limit that leaves nothing to search.
    """

    expansions: int | None = None
    seconds: float | None = None
    depth: int = 8
    proposals: int = 50

    def __post_init__(self) -> None:
        if self.expansions is not None and self.expansions < 1:
            raise InputError(f"{self.expansions} expansions find nothing", where="expansions", mend="allow at least 1")
        if self.seconds is not None and not self.seconds > 0:
            raise InputError(f"{self.seconds} seconds find nothing", where="seconds", mend="allow more than 0")
        if not 1 <= self.depth <= DEEPEST:
            raise InputError(f"depth {self.depth} is out of range", where="depth", mend=f"take 1 to {DEEPEST}")
        if self.proposals < 1:
            raise InputError(f"{self.proposals} proposals find nothing", where="proposals", mend="ask for at least 1")


def search(
    target: str,
    proposer: Proposer,
    stock: Stock,
    *,
    limits: Limits,
    routes: int = 5,
    first: bool = False,
    estimate: Callable[[str], float] = size_estimate,
    progress: Progress | None = None,
    accept: Callable[[Route], bool] | None = None,
) -> Plan:
    """Search for routes from stock to a target.

    A step costs ``-log(probability)`` and a small fixed amount, a molecule in stock nothing, a molecule not yet asked
    about its estimate; a step that a route uses twice counts twice. Each expansion asks for one batch of proposals: for
    a molecule of the cheapest partial route that can still be worked on, be it new or one whose proposals so far look
    dearer than those to come (see `Graph.expand`). The search ends with ``routes`` once it has as many solved routes as
    asked for and no open route is cheaper than the last of them (with an estimate of 0 they are then the best there
    are; with a higher one, a route that looked dearer than it is may be missed); with ``exhausted`` once nothing is
    left to ask; or at a limit. Ties go to what was met first, so the same input gives the same plan unless the clock
    ended it.

    Parameters
    ----------
    target : str
        Canonical SMILES. It is planned even if it is in stock, and no step needs it.
    proposer : Proposer
        Asked for the batches of each molecule only as they are needed. A proposal whose forward check failed is not
        used.
    stock : Stock
        Asked once about each molecule. An entry of tier ``perhaps`` solves nothing; an unsolved leaf shows it.
    limits : Limits
    routes : int
        Number of routes at most.
    first : bool
        End at the first solved route.
    estimate : callable
        Cost, 0 or more, that a molecule is guessed to have before the proposer is asked about it.
    progress : callable, optional
        Called after each expansion with the number of expansions, the number of solved routes known (up to `routes`;
        the first is reported at once, further ones, and any where there is `accept`, may be late by 2 % of the
        expansions) and the cost of the best of them (``inf`` while there is none).
    accept : callable, optional
        Whether a route may be given; others are passed over, see `best_picks`. It must give the same answer each time.

    Returns
    -------
    Plan
        Solved routes, cheapest first, distinct in their steps, no molecule twice on a line and each made in one way;
        where there is none, the best partial routes. `given` is the target, for the caller to replace.

    Raises
    ------
    InputError
        `routes` below 1, or an estimate that is no cost.
    """
    if routes < 1:
        raise InputError(f"{routes} routes were asked for", where="routes", mend="ask for at least 1")
    deadline = inf if limits.seconds is None else time.monotonic() + limits.seconds
    graph = Graph(target, stock.find, estimate, limits.depth)
    batches: dict[int, Iterator[Batch]] = {}
    found: list[RoutePick] = []
    expansions = ranked_at = 0
    while (stopped := _stop_reason(graph, found, routes, first, expansions, limits, deadline)) is None:
        leaf = graph.next_leaf()
        if leaf is None:
            continue  # the last open routes failed their forward check: the graph is exhausted
        coming = batches.pop(leaf.index, None) or proposer.batches(leaf.smiles, limits.proposals)
        batch = next(coming)
        if batch.bound > 0:
            batches[leaf.index] = coming
        graph.expand(leaf, batch)
        expansions += 1
        # Where routes may be passed over, a ranking can be long and give none: it is not done at every change.
        at_once = not found and accept is None
        if graph.solutions_changed and (at_once or (expansions - ranked_at) * RANK_EVERY >= expansions):
            found = best_picks(graph, 1 if first else routes, limits.depth, solved=True, accept=accept)
            graph.solutions_changed = False
            ranked_at = expansions
        if progress:
            progress(expansions, len(found), found[0].cost if found else inf)
    best = best_routes(graph, routes, limits.depth, accept)
    if stopped == "exhausted" and len(best) == routes and best[0].solved:
        stopped = "routes"
    settings = (
        ("expansions", limits.expansions),
        ("seconds", limits.seconds),
        ("depth", limits.depth),
        ("proposals", limits.proposals),
        ("routes", routes),
        ("first", first),
    )
    return Plan(
        target=target,
        given=target,
        routes=best,
        stopped=stopped,
        expansions=expansions,
        reproducible=stopped != "time",
        provenance=(
            *proposer.identity,
            *stock.identity,
            *((f"search.{name}", "none" if value is None else str(value)) for name, value in settings),
        ),
    )


def _stop_reason(
    graph: Graph,
    found: list[RoutePick],
    routes: int,
    first: bool,
    expansions: int,
    limits: Limits,
    deadline: float,
) -> StopReason | None:
    if found and (first or (len(found) == routes and graph.root.open >= found[-1].cost)):
        return "routes"
    if graph.root.open == inf:
        return "exhausted"
    if limits.expansions is not None and expansions >= limits.expansions:
        return "expansions"
    if time.monotonic() >= deadline:
        return "time"
    return None
