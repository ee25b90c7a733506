"""The k best routes of a search graph, and their trees."""

# A route gives each molecule in it one reaction. The next best route is found by splitting what is left after the
# best one into disjoint parts, each with some choices held and one forbidden (Lawler, Management Science 1972, 18,
# 401). The best of a part follows from a recursion over molecule and reactions left on the line, which keeps to the
# depth limit and to lines without a molecule twice. Only where that limit makes a molecule come out in two ways is a
# part split once more, on that molecule.

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from heapq import heappop, heappush
from itertools import islice
from math import inf, prod

from bencao.synthesis.route import Proposal, Route, RouteNode
from bencao.synthesis.search.graph import Graph, Molecule, Reaction

# Leaving a molecule unmade that has reactions is the last resort: it costs more than any route could.
LEFT_UNMADE = 1e6

# Routes that are not accepted and passed over before the ranking is given up: each costs about a millisecond.
PASSED_OVER = 100


@dataclass(frozen=True)
class RoutePick:
    """A route as the choice of one reaction for each molecule that is made; keys are indices of molecules."""

    cost: float
    reactions: Mapping[int, Reaction]


@dataclass(frozen=True)
class _Option:
    """A way to have a molecule: by a reaction, or as a leaf. `bound` is the least it can cost."""

    bound: float
    reaction: Reaction | None


@dataclass(frozen=True)
class _Part:
    """Routes that hold some choices and avoid others, with the best of them."""

    held: Mapping[int, _Option]
    avoided: Mapping[int, frozenset[_Option]]
    cost: float
    choices: tuple[tuple[Molecule, _Option], ...]
    torn: tuple[Molecule, _Option] | None  # a molecule that has another choice elsewhere in the same tree


class RouteRanking:
    """Routes of a graph as it stands, cheapest first.

    Parameters
    ----------
    graph : Graph
    depth : int
        Most reactions on a line.
    solved : bool
        Only routes whose leaves are all in stock. Otherwise a molecule that is not expanded, or cannot be made, is a
        leaf at its estimate.
    """

    def __init__(self, graph: Graph, depth: int, *, solved: bool) -> None:
        self._root = graph.root
        self._depth = depth
        self._solved = solved
        self._least = {} if solved else _least_partial_costs(graph)
        self._options: dict[int, tuple[_Option, ...]] = {}

    def __iter__(self) -> Iterator[RoutePick]:
        """Distinct routes by rising cost; equal costs in the order in which the search met them."""
        queue: list[tuple[float, int, _Part]] = []
        pushed = 0
        seen: set[frozenset[Reaction]] = set()
        parts = iter([self._best_of({}, {})])
        while True:
            for part in parts:
                if part.cost < inf:
                    heappush(queue, (part.cost, pushed, part))
                    pushed += 1
            if not queue:
                return
            part = heappop(queue)[2]
            if part.torn:
                parts = self._mend(part)
                continue
            made = {molecule.index: option.reaction for molecule, option in part.choices if option.reaction}
            if frozenset(made.values()) not in seen:
                seen.add(frozenset(made.values()))
                yield RoutePick(part.cost, made)
            parts = self._split(part)

    def _split(self, part: _Part) -> Iterator[_Part]:
        """All routes of a part but its best, as disjoint parts."""
        held = dict(part.held)
        for molecule, option in part.choices:
            if molecule.index in held:
                continue
            avoided = part.avoided.get(molecule.index, frozenset()) | {option}
            if len(avoided) < len(self._ways(molecule)):
                yield self._best_of(held, {**part.avoided, molecule.index: avoided})
            held = {**held, molecule.index: option}

    def _mend(self, part: _Part) -> Iterator[_Part]:
        """All routes of a part whose best tree makes a molecule in two ways: hold one of them, or avoid it."""
        assert part.torn
        molecule, option = part.torn
        yield self._best_of({**part.held, molecule.index: option}, part.avoided)
        avoided = part.avoided.get(molecule.index, frozenset()) | {option}
        yield self._best_of(part.held, {**part.avoided, molecule.index: avoided})

    def _best_of(self, held: Mapping[int, _Option], avoided: Mapping[int, frozenset[_Option]]) -> _Part:
        known: dict[tuple[int, int], tuple[float, _Option | None]] = {}
        cost = self._cheapest(self._root, self._depth, held, avoided, known)
        if cost == inf:
            return _Part(held, avoided, inf, (), None)
        choices: dict[int, tuple[Molecule, _Option]] = {}
        torn = None
        waiting = [(self._root, self._depth)]
        while waiting:
            molecule, left = waiting.pop()
            option = known[molecule.index, left][1]
            assert option
            if choices.setdefault(molecule.index, (molecule, option))[1] is not option:
                torn = torn or choices[molecule.index]
            if option.reaction:
                waiting.extend((reactant, left - 1) for reactant in reversed(option.reaction.reactants))
        return _Part(held, avoided, cost, tuple(choices.values()), torn)

    def _cheapest(
        self,
        molecule: Molecule,
        left: int,
        held: Mapping[int, _Option],
        avoided: Mapping[int, frozenset[_Option]],
        known: dict[tuple[int, int], tuple[float, _Option | None]],
    ) -> float:
        """Cost of the cheapest tree for a molecule with `left` reactions on its line; noted in `known`.

        More reactions left never cost more, so the cheapest tree never has a molecule below itself.
        """
        key = (molecule.index, left)
        if key in known:
            return known[key][0]
        best, choice = inf, None
        not_these = avoided.get(molecule.index, frozenset())
        options = (held[molecule.index],) if molecule.index in held else self._ways(molecule)
        for option in options:
            if option.bound >= best:
                break
            if option in not_these or (option.reaction and left == 0):
                continue
            cost = option.reaction.cost if option.reaction else option.bound
            for reactant in option.reaction.reactants if option.reaction else ():
                cost += self._cheapest(reactant, left - 1, held, avoided, known)
                if cost >= best:
                    break
            if cost < best:
                best, choice = cost, option
        known[key] = (best, choice)
        return best

    def _ways(self, molecule: Molecule) -> tuple[_Option, ...]:
        """What can be done for a molecule, by rising bound."""
        options = self._options.get(molecule.index)
        if options is None:
            options = tuple(sorted(self._all_ways(molecule), key=lambda option: option.bound))
            self._options[molecule.index] = options
        return options

    def _all_ways(self, molecule: Molecule) -> Iterator[_Option]:
        if molecule.in_stock:
            yield _Option(0.0, None)
            return
        for reaction in molecule.reactions:
            bound = reaction.solved_cost() if self._solved else _cost_over(reaction, self._least)
            if bound < inf:
                yield _Option(bound, reaction)
        if not self._solved:
            cost = _leaf_cost(molecule)
            if cost < inf:
                yield _Option(cost, None)


def best_routes(
    graph: Graph, count: int, depth: int, accept: Callable[[Route], bool] | None = None
) -> tuple[Route, ...]:
    """The best solved routes of a graph; the best partial routes where none is solved.

    Parameters
    ----------
    graph : Graph
    count : int
        Number of routes at most.
    depth : int
        Most reactions on a line.
    accept : callable, optional
        See `best_picks`.

    Returns
    -------
    tuple of Route
        By rising cost; empty where the target has no usable proposal.
    """
    for solved in (True, False):
        picks = best_picks(graph, count, depth, solved=solved, accept=accept)
        # A route cut short is shown only where every route has to be.
        picks = [pick for pick in picks if pick.cost < LEFT_UNMADE] or picks[:1]
        if picks:
            return tuple(_route(graph, pick, solved) for pick in picks)
    return ()


def best_picks(
    graph: Graph, count: int, depth: int, *, solved: bool, accept: Callable[[Route], bool] | None = None
) -> list[RoutePick]:
    """The first `count` routes of a `RouteRanking`, or of those that are accepted among its first.

    With `accept`, `PASSED_OVER` routes more than `count` are looked at, at most. Where a step fails its forward check,
    the ranking begins anew without it; only steps of partial routes still can.
    """
    looked_at = count + (PASSED_OVER if accept else 0)
    while True:
        picks: list[RoutePick] = []
        for pick in islice(RouteRanking(graph, depth, solved=solved), looked_at):
            if not graph.stands(pick.reactions.values()):
                break
            if accept is None or accept(_route(graph, pick, solved)):
                picks.append(pick)
            if len(picks) == count:
                return picks
        else:
            return picks


def _leaf_cost(molecule: Molecule) -> float:
    """What a molecule costs as an unsolved leaf; the target is none."""
    if molecule.index == 0:
        return inf
    return molecule.estimate + (LEFT_UNMADE if molecule.reactions else 0.0)


def _cost_over(reaction: Reaction, costs: Mapping[int, float]) -> float:
    cost = reaction.cost
    for reactant in reaction.reactants:
        cost += costs[reactant.index]
    return cost


def _least_partial_costs(graph: Graph) -> dict[int, float]:
    """Cheapest partial route of each molecule, at any depth: a bound for the ranking."""
    costs = {m.index: 0.0 if m.in_stock else _leaf_cost(m) for m in graph.molecules}
    # Reactants mostly stand before their products in this order, so few molecules come up again.
    waiting = {m.index: m for m in reversed(graph.molecules) if m.reactions}
    while waiting:
        again: dict[int, Molecule] = {}
        for molecule in waiting.values():
            again.pop(molecule.index, None)
            cost = min(_cost_over(reaction, costs) for reaction in molecule.reactions)
            if cost < costs[molecule.index]:
                costs[molecule.index] = cost
                again |= {use.product.index: use.product for use in molecule.uses}
        waiting = again
    return costs


def _route(graph: Graph, pick: RoutePick, solved: bool) -> Route:
    root = _tree(graph.root, pick.reactions)
    steps = [node.step.probability for node in root.walk() if node.step]
    return Route(root, solved, prod(steps))


def _tree(molecule: Molecule, reactions: Mapping[int, Reaction]) -> RouteNode:
    reaction = reactions.get(molecule.index)
    if reaction is None:
        return RouteNode(molecule.smiles, molecule.stock)
    precursors = tuple(_tree(reactant, reactions) for reactant in reaction.reactants)
    assert isinstance(reaction.step, Proposal)  # `best_picks` let it be checked
    return RouteNode(molecule.smiles, None, reaction.step, precursors)
