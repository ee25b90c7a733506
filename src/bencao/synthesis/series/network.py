"""All steps that the searches of a series met, as far as they lead from stock; and the cheapest trees in them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from heapq import heappop, heappush
from math import log

from bencao.synthesis.route import Proposal, StockEntry
from bencao.synthesis.seams import Unchecked

# What one step more is worth, in nats of probability: a step is saved where that makes the others less than some seven
# times less likely.
STEP_WORTH = 2.0
# What one more thing to buy is worth: it is saved where that makes the steps at most some 1.6 times less likely.
PURCHASE_WORTH = 0.5


@dataclass(frozen=True, eq=False)
class Step:
    """A reaction of the network; `cost` is `STEP_WORTH` and ``-log(probability)``."""

    product: str
    reactants: tuple[str, ...]
    proposal: Proposal
    cost: float


Tree = Mapping[str, Step]
"""The step to each molecule that a route makes."""


@dataclass(frozen=True)
class Network:
    """Steps all of whose reactants can be made from stock by other steps of it.

    Attributes
    ----------
    steps : mapping of str to tuple of Step
        By product, in the order in which they were met.
    stock : mapping of str to StockEntry
        The molecules that are in stock.
    """

    steps: Mapping[str, tuple[Step, ...]]
    stock: Mapping[str, StockEntry]

    def step(self, product: str, reactants: Iterable[str]) -> Step | None:
        """The step to a product from these reactants."""
        wanted = sorted(reactants)
        return next((one for one in self.steps.get(product, ()) if sorted(one.reactants) == wanted), None)

    def cheapest(self, root: str, free: Set[Step] = frozenset()) -> dict[str, tuple[float, Step]]:
        """The cheapest tree to each molecule, by Knuth's generalisation of Dijkstra's algorithm.

        Knuth, Inf. Process. Lett. 1977, 6, 1. A step that one tree needs twice counts twice in its cost; so does what
        two of its steps buy.

        Parameters
        ----------
        root : str
            Not taken from stock.
        free : set of Step
            Steps that cost nothing; what they buy costs the others nothing either.

        Returns
        -------
        dict of str to (float, Step)
            Cost and last step of each molecule that can be made; what is in stock is not made.
        """
        bought = self.stock.keys() - {root}
        paid = bought - {reactant for step in free for reactant in step.reactants}
        uses: dict[str, list[Step]] = {}
        missing: dict[Step, int] = {}
        sums: dict[Step, float] = {}
        queue: list[tuple[float, int, Step]] = []
        order: dict[Step, int] = {}
        for steps in self.steps.values():
            for step in steps:
                order[step] = len(order)
                sums[step] = (
                    0.0 if step in free else step.cost + PURCHASE_WORTH * len(paid.intersection(step.reactants))
                )
                made = [reactant for reactant in step.reactants if reactant not in bought]
                missing[step] = len(made)
                for reactant in made:
                    uses.setdefault(reactant, []).append(step)
                if not made and step.product not in bought:
                    heappush(queue, (sums[step], order[step], step))
        best: dict[str, tuple[float, Step]] = {}
        while queue:
            cost, _, step = heappop(queue)
            if step.product in best:
                continue
            best[step.product] = (cost, step)
            for use in uses.get(step.product, ()):
                sums[use] += cost
                missing[use] -= 1
                if not missing[use] and use.product not in best and use.product not in bought:
                    heappush(queue, (sums[use], order[use], use))
        return best


def read_network(
    met: Iterable[tuple[str, Proposal | Unchecked]], find: Callable[[str], StockEntry | None], roots: Set[str]
) -> Network:
    """Put together what the searches of a series met.

    Parameters
    ----------
    met : iterable of (str, Proposal or Unchecked)
        Molecule and a proposal for it; run forwards here where its reactants can all be had.
    find : callable
        Stock entry of a SMILES.
    roots : set of str
        The targets, which are made even if they are in stock.

    Returns
    -------
    Network
    """
    proposals: dict[tuple[str, tuple[str, ...]], Proposal | Unchecked] = {}
    for smiles, proposal in met:
        reactants = tuple(proposal.reactants.split("."))
        if smiles not in reactants and proposal.probability > 0:
            proposals.setdefault((smiles, reactants), proposal)
    molecules = dict.fromkeys(reactant for _, reactants in proposals for reactant in reactants)
    stock = {smiles: entry for smiles in molecules if (entry := find(smiles)) and entry.tier != "perhaps"}
    checked: dict[tuple[str, tuple[str, ...]], Proposal] = {}
    while True:
        had = _can_be_had(proposals, stock.keys())
        usable = [key for key in proposals if key[0] not in stock or key[0] in roots]
        usable = [key for key in usable if all(reactant in had for reactant in key[1])]
        failed = [key for key in usable if key not in checked and not _passes(key, proposals[key], checked)]
        if not failed:
            break
        for key in failed:
            del proposals[key]
    steps: dict[str, list[Step]] = {}
    for product, reactants in usable:
        proposal = checked[product, reactants]
        cost = STEP_WORTH + max(0.0, -log(proposal.probability))
        steps.setdefault(product, []).append(Step(product, reactants, proposal, cost))
    return Network({product: tuple(ways) for product, ways in steps.items()}, stock)


def _passes(
    key: tuple[str, tuple[str, ...]],
    proposal: Proposal | Unchecked,
    checked: dict[tuple[str, tuple[str, ...]], Proposal],
) -> bool:
    found = proposal.check() if isinstance(proposal, Unchecked) else proposal
    if found is None or not found.forward.ok:
        return False
    checked[key] = found
    return True


def _can_be_had(steps: Iterable[tuple[str, tuple[str, ...]]], stock: Set[str]) -> set[str]:
    """What can be made from stock, and the stock."""
    uses: dict[str, list[tuple[str, tuple[str, ...]]]] = {}
    missing: dict[tuple[str, tuple[str, ...]], int] = {}
    for key in steps:
        wanted = set(key[1])
        missing[key] = len(wanted)
        for reactant in wanted:
            uses.setdefault(reactant, []).append(key)
    had = set(stock)
    waiting = list(stock)
    while waiting:
        for key in uses.get(waiting.pop(), ()):
            missing[key] -= 1
            if not missing[key] and key[0] not in had:
                had.add(key[0])
                waiting.append(key[0])
    return had
