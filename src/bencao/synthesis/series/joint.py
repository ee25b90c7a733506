"""Choose a route for each target so that all together need few distinct steps, and likely ones."""

# Finding the fewest distinct steps is NP-hard (it holds set cover). So several starts are made better one route at a
# time, each route by the best answer to the others: their steps cost it nothing. No start ends worse than it began, and
# one of them is the separate routes, so the joint routes never need more steps than those.

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import chain

from bencao.synthesis.series.network import PURCHASE_WORTH, Network, Step, Tree

# Shared intermediates tried as starts: looked at, and worked out.
_LOOKED_AT = 60
_WORKED_OUT = 6

Choice = dict[str, Tree]
"""A tree for each target."""


def routes_alone(network: Network, targets: Sequence[str], separate: Mapping[str, Tree], depth: int) -> Choice:
    """The shortest route that each target would have alone.

    Parameters
    ----------
    network, targets, separate, depth
        See `joint_routes`.

    Returns
    -------
    dict of str to Tree
        For each target that can be made: its own route, or the cheapest of the network where that has fewer steps.
    """
    found: Choice = {}
    for target in targets:
        cheapest = _response(network, target, frozenset(), depth)
        either = [tree for tree in (separate.get(target), cheapest) if tree]
        if either:
            found[target] = min(either, key=lambda tree: len(steps_of(tree)))
    return found


def joint_routes(
    network: Network, targets: Sequence[str], separate: Mapping[str, Tree], alone: Mapping[str, Tree], depth: int
) -> Choice:
    """Choose a route for each target.

    Wanted is the least sum over the distinct steps of all routes and the distinct things to buy for them, each at its
    cost (see `network.STEP_WORTH` and `PURCHASE_WORTH`).

    Parameters
    ----------
    network : Network
    targets : sequence of str
        Distinct.
    separate : mapping of str to Tree
        The routes of the targets that have one of their own.
    alone : mapping of str to Tree
        See `routes_alone`.
    depth : int
        Most steps on a line.

    Returns
    -------
    dict of str to Tree
        For each target that can be made. All of them together have no more distinct steps than the routes alone have
        in sum.
    """
    made = [target for target in targets if target in alone]
    allowed = sum(len(steps_of(alone[target])) for target in made)
    best = {target: alone[target] for target in made}
    least = _cost(best)
    for start in _starts(network, made, separate, best, depth):
        choice = _improved(network, made, start, depth)
        cost = _cost(choice)
        if cost < least - 1e-9 and len(distinct_steps(choice)) <= allowed:
            best, least = choice, cost
    return best


def made_on_the_way(network: Network, target: str) -> dict[str, None]:
    """What the network makes on any way to a target, itself included, nearest first; what is in stock is not made."""
    met = {target: None} if target in network.steps else {}
    waiting = list(met)
    for smiles in waiting:
        for step in network.steps[smiles]:
            for reactant in step.reactants:
                if reactant in network.steps and reactant not in met and reactant not in network.stock:
                    met[reactant] = None
                    waiting.append(reactant)
    return met


def steps_of(tree: Tree) -> set[Step]:
    """The distinct steps of a tree."""
    return set(tree.values())


def distinct_steps(choice: Mapping[str, Tree]) -> set[Step]:
    """The distinct steps of all trees together."""
    return set(chain.from_iterable(tree.values() for tree in choice.values()))


def distinct_purchases(choice: Mapping[str, Tree]) -> set[str]:
    """What is bought for all trees together."""
    steps = ((tree, step) for tree in choice.values() for step in tree.values())
    return {reactant for tree, step in steps for reactant in step.reactants if reactant not in tree}


def _cost(choice: Mapping[str, Tree]) -> float:
    steps = sum(sorted(step.cost for step in distinct_steps(choice)))
    return steps + PURCHASE_WORTH * len(distinct_purchases(choice))


def _starts(
    network: Network, targets: Sequence[str], separate: Mapping[str, Tree], alone: Choice, depth: int
) -> Iterator[Choice]:
    yield alone
    yield {target: separate.get(target, alone[target]) for target in targets}
    for first in range(len(targets)):
        yield _in_turn(network, (*targets[first:], *targets[:first]), frozenset(), alone, depth)
    for hub in _hubs(network, targets):
        yield _in_turn(network, targets, hub, alone, depth)


def _in_turn(network: Network, targets: Sequence[str], at_hand: Set[Step], otherwise: Choice, depth: int) -> Choice:
    """A route for one target after another, each with the steps of those before it for nothing."""
    choice: Choice = {}
    for target in targets:
        choice[target] = _response(network, target, distinct_steps(choice) | at_hand, depth) or otherwise[target]
    return choice


def _improved(network: Network, targets: Sequence[str], start: Choice, depth: int) -> Choice:
    """Exchange one route after another for a better answer to the others, until none is found."""
    choice = dict(start)
    cost = _cost(choice)
    unchanged = 0
    while unchanged < len(targets):
        for target in targets:
            others = {other: tree for other, tree in choice.items() if other != target}
            tree = _response(network, target, distinct_steps(others), depth)
            exchanged = {**others, target: tree} if tree else choice
            if _cost(exchanged) < cost - 1e-9:
                choice, cost, unchanged = exchanged, _cost(exchanged), 0
            else:
                unchanged += 1
    return choice


def _response(network: Network, target: str, free: Set[Step], depth: int) -> Tree | None:
    """The cheapest tree to a target; None where there is none, or it is too deep."""
    best = network.cheapest(target, free)
    if target not in best:
        return None
    tree = _tree(target, {smiles: step for smiles, (_, step) in best.items()})
    return tree if line_of(target, tree) <= depth else None


def _tree(root: str, steps: Mapping[str, Step]) -> Tree:
    tree: dict[str, Step] = {}
    waiting = [root]
    while waiting:
        smiles = waiting.pop()
        if smiles in steps and smiles not in tree:
            tree[smiles] = steps[smiles]
            waiting.extend(steps[smiles].reactants)
    return tree


def line_of(smiles: str, tree: Tree) -> int:
    """Steps on the longest line of a tree down to stock."""
    return 1 + max(line_of(reactant, tree) for reactant in tree[smiles].reactants) if smiles in tree else 0


def _hubs(network: Network, targets: Sequence[str]) -> Iterator[frozenset[Step]]:
    """The steps to some intermediates that several targets could share, those first that promise most."""
    reached = [made_on_the_way(network, target) for target in targets]
    met = dict.fromkeys(chain.from_iterable(reached))
    shares = {smiles: sum(smiles in below for below in reached) for smiles in met if smiles not in targets}
    likely = sorted((smiles for smiles in shares if shares[smiles] > 1), key=lambda smiles: -shares[smiles])
    promised = []
    for place, smiles in enumerate(likely[:_LOOKED_AT]):
        steps = {product: step for product, (_, step) in network.cheapest(smiles).items()}
        tree = _tree(smiles, steps)
        hub = frozenset(steps_of(tree))
        found = network.cheapest("", hub)
        total = _cost({smiles: tree}) + sum(found[target][0] for target in targets if target in found)
        promised.append((total, place, hub))
    yield from (hub for _, _, hub in sorted(promised, key=lambda one: one[:2])[:_WORKED_OUT])
