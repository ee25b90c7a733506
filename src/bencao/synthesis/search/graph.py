"""The AND-OR graph of the search: every molecule once, the reactions that make it, and what each costs at best."""

# A molecule is expanded a batch of proposals at a time (partial expansion, Yoshizumi et al., AAAI 2000): beside its
# reactions it keeps one more way to be made, by what the proposer has not given yet. That way costs its `rest`.
#
# Two costs are kept for each molecule. `solved` is the cost of its cheapest route from stock; it only ever falls.
# `open` is the cost of its cheapest partial route with at least one molecule whose rest is still to come; it falls
# and rises. The second is kept up to date by the algorithm of Ramalingam and Reps (J. Algorithms 1996, 21, 267),
# which is right on cyclic graphs and touches only molecules whose cost changes.

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from math import inf, isfinite, log

from bencao.kernel.errors import InputError
from bencao.synthesis.route import Proposal, StockEntry
from bencao.synthesis.seams import Batch, Unchecked

# Added to -log(probability) of each step. It has to be positive: a free step would let a cycle cost nothing.
STEP_COST = 0.1


@dataclass(slots=True, eq=False)
class Molecule:
    """OR node: a molecule, made by any one of its reactions.

    Attributes
    ----------
    index : int
        Place in `Graph.molecules`, in the order of discovery: what ties are broken by.
    stock : StockEntry or None
    depth : int
        Fewest reactions between the target and this molecule.
    estimate : float
        What it is guessed to cost before the proposer is asked about it; 0 in stock.
    easiest : float
        Least that the reactants of one step to it are guessed to cost: the smallest sum of estimates among its
        reactions, and before there is a smaller one its own estimate.
    rest : float
        What it is guessed to cost by the proposals that have not come: its estimate before the first batch, after it
        the least cost of such a step and `easiest`; ``inf`` once none will come, and where it is not to be expanded.
    solved, open : float
        Cost of the cheapest route from stock, and of the cheapest partial route that can still be worked on.
    due : float
        What `open` should be by `rest` and the present costs of the reactions; they differ only during an update.
    reactions : list of Reaction
        Ways to make it, in the order of the proposals.
    open_costs : list of float
        What each of `reactions` gives for `open`.
    uses : list of Reaction
        Reactions it is a reactant of.
    """

    index: int
    smiles: str
    stock: StockEntry | None
    depth: int
    estimate: float
    easiest: float
    solved: float
    reactions: list[Reaction]
    open_costs: list[float]
    rest: float = inf
    open: float = inf
    due: float = inf
    uses: list[Reaction] = field(default_factory=list)

    @property
    def in_stock(self) -> bool:
        """Whether a route may end here; the target never does, nor does what is only perhaps in stock."""
        return self.stock is not None and self.stock.tier != "perhaps"


@dataclass(slots=True, eq=False)
class Reaction:
    """AND node: a step, which needs all its reactants; `place` is its index in the product's reactions.

    Its step is run forwards once the search would use it: see `Graph.stands`. One that fails costs ``inf``.
    """

    product: Molecule
    place: int
    step: Proposal | Unchecked
    cost: float
    reactants: tuple[Molecule, ...]

    def solved_cost(self) -> float:
        """Cost of the cheapest route from stock that ends with this step."""
        cost = self.cost
        for molecule in self.reactants:
            cost += molecule.solved
        return cost

    def open_cost(self) -> float:
        """Cost of the cheapest partial route that ends with this step and can still be worked on."""
        cost = self.cost
        extra = inf  # what it costs to take an open route for one reactant instead of its cheapest
        for molecule in self.reactants:
            cheapest = molecule.solved if molecule.solved < molecule.open else molecule.open
            if cheapest == inf:
                return inf
            cost += cheapest
            if molecule.open - cheapest < extra:
                extra = molecule.open - cheapest
        return cost + extra

    def open_reactant(self) -> Molecule:
        """The reactant to work on next: the dearest of those whose cheapest route is open, for it fails first."""
        return min(self.reactants, key=lambda m: (m.open - min(m.open, m.solved), -m.open))


def _passes(reaction: Reaction) -> bool:
    """Run the step of a reaction forwards if it has not been."""
    if isinstance(reaction.step, Unchecked):
        step = reaction.step.check()
        if step is None:
            reaction.cost = inf
            return False
        reaction.step = step
    return True


def _step_cost(probability: float) -> float:
    # A sum of probabilities can end a hair above 1.
    return STEP_COST + max(0.0, -log(probability))


# Most molecules are never expanded; they share these, which stay empty.
_NO_REACTIONS: list[Reaction] = []
_NO_COSTS: list[float] = []


class Graph:
    """All molecules and reactions seen so far below one target.

    Parameters
    ----------
    target : str
        Canonical SMILES; it never counts as stock.
    find : callable
        Stock entry of a SMILES, or None.
    estimate : callable
        Cost guessed for a molecule that the proposer was not asked about, at least 0.
    depth : int
        Most reactions on a line: a molecule that lies so deep is not expanded.
    """

    def __init__(
        self,
        target: str,
        find: Callable[[str], StockEntry | None],
        estimate: Callable[[str], float],
        depth: int,
    ) -> None:
        self.molecules: list[Molecule] = []
        self.solutions_changed = False
        self._by_smiles: dict[str, Molecule] = {}
        self._find = find
        self._estimate = estimate
        self._depth = depth
        self._queue: list[tuple[float, int]] = []
        self.root = self._add(target, None, 0)
        self._settle_open()

    def next_leaf(self) -> Molecule | None:
        """The molecule to get the next batch for, from the cheapest open route; None if no route is open.

        A known reaction goes before a rest of the same cost. Reactions on the way are run forwards, and passed over
        where they fail.
        """
        molecule = self.root
        while molecule.open in molecule.open_costs and molecule.open < inf:
            reaction = molecule.reactions[molecule.open_costs.index(molecule.open)]
            molecule = reaction.open_reactant() if self.stands((reaction,)) else self.root
        return molecule if molecule.open < inf else None

    def stands(self, reactions: Iterable[Reaction]) -> bool:
        """Whether steps pass their forward check; the first that does not is taken out of all costs."""
        for reaction in reactions:
            if not _passes(reaction):
                self._refresh(reaction)
                self._settle_open()
                return False
        return True

    def expand(self, molecule: Molecule, batch: Batch) -> None:
        """Put the usable proposals of a molecule's next batch under it, and bring all costs up to date.

        A proposal is not usable if its forward check failed or it needs the molecule itself or the target.
        `solutions_changed` is set if there may be other solved routes than before.

        The rest is guessed to be a step of the batch's bound whose reactants are as easy as the easiest seen so far
        looked at first. That changes with a batch only, not with what the search learns of those reactants: where they
        turn out dearer, the rest is what to turn to. It is never too high where the estimates are 0.
        """
        if molecule.reactions is _NO_REACTIONS:
            molecule.reactions, molecule.open_costs = [], []
        known = len(molecule.reactions)
        for proposal in batch.proposals:
            names = proposal.reactants.split(".")
            usable = isinstance(proposal, Unchecked) or proposal.forward.ok
            if usable and proposal.probability > 0 and molecule.smiles not in names and self.root.smiles not in names:
                self._add_reaction(molecule, proposal, names)
        molecule.rest = _step_cost(batch.bound) + molecule.easiest if batch.bound > 0 else inf
        molecule.due = min(molecule.rest, *molecule.open_costs, inf)
        added = molecule.reactions[known:]
        improved = self._settle_solved(added)
        for reaction in added:
            self._refresh(reaction)
        for other in improved:
            for reaction in other.uses:
                self._refresh(reaction)
        self._note(molecule)
        self._settle_open()

    def _add(self, smiles: str, stock: StockEntry | None, depth: int) -> Molecule:
        in_stock = stock is not None and stock.tier != "perhaps"
        estimate = 0.0 if in_stock else self._estimate(smiles)
        if not (isfinite(estimate) and estimate >= 0):
            raise InputError(f"the estimate {estimate!r} is no cost", where=smiles, mend="let it be 0 or more")
        solved = 0.0 if in_stock else inf
        index = len(self.molecules)
        molecule = Molecule(index, smiles, stock, depth, estimate, estimate, solved, _NO_REACTIONS, _NO_COSTS)
        self.molecules.append(molecule)
        self._by_smiles[smiles] = molecule
        if not in_stock and depth < self._depth:
            self._open(molecule)
        return molecule

    def _open(self, molecule: Molecule) -> None:
        """Let a molecule be expanded that has not been."""
        molecule.rest = molecule.due = molecule.estimate
        self._note(molecule)

    def _add_reaction(self, product: Molecule, proposal: Proposal | Unchecked, names: list[str]) -> None:
        reactants = []
        guess = 0.0
        for smiles in names:
            reactant = self._by_smiles.get(smiles)
            if reactant is None:
                reactant = self._add(smiles, self._find(smiles), product.depth + 1)
            elif product.depth + 1 < reactant.depth:
                self._raise_to(reactant, product.depth + 1)
            reactants.append(reactant)
            guess += reactant.estimate
        product.easiest = min(product.easiest, guess)
        cost = _step_cost(proposal.probability)
        reaction = Reaction(product, len(product.reactions), proposal, cost, tuple(reactants))
        product.reactions.append(reaction)
        product.open_costs.append(inf)
        for reactant in dict.fromkeys(reactants):
            reactant.uses.append(reaction)

    def _raise_to(self, molecule: Molecule, depth: int) -> None:
        """Note that a molecule was met on a shorter line; what lay too deep below it may open."""
        waiting = [(molecule, depth)]
        while waiting:
            molecule, depth = waiting.pop()
            if depth >= molecule.depth:
                continue
            opens = molecule.depth >= self._depth > depth and not molecule.in_stock
            molecule.depth = depth
            if opens:
                self._open(molecule)
            for reaction in molecule.reactions:
                waiting.extend((reactant, depth + 1) for reactant in reaction.reactants)

    def _settle_solved(self, reactions: list[Reaction]) -> list[Molecule]:
        """Carry the solved cost of new reactions upwards; return the molecules that became cheaper."""
        improved: dict[int, Molecule] = {}
        queue: list[tuple[float, int]] = []
        waiting = reactions
        while True:
            for reaction in waiting:
                cost = reaction.solved_cost()
                if cost < inf and not _passes(reaction):
                    cost = inf
                if cost < inf:
                    self.solutions_changed = True
                if cost < reaction.product.solved:
                    reaction.product.solved = cost
                    heappush(queue, (cost, reaction.product.index))
            if not queue:
                return list(improved.values())
            cost, index = heappop(queue)
            molecule = self.molecules[index]
            waiting = []
            if cost == molecule.solved:
                improved[index] = molecule
                waiting = molecule.uses

    def _settle_open(self) -> None:
        """Carry changed open costs upwards, cheapest first, until each molecule has the cost it is due."""
        while self._queue:
            key, index = heappop(self._queue)
            molecule = self.molecules[index]
            if molecule.open == molecule.due or key != min(molecule.open, molecule.due):
                continue  # settled, or queued again under another key, since this entry was made
            if molecule.due < molecule.open:
                molecule.open = molecule.due
            else:
                # Dearer than thought: forget the cost first, so that no cycle can hold itself up by it.
                molecule.open = inf
                self._note(molecule)
            for reaction in molecule.uses:
                self._refresh(reaction)

    def _refresh(self, reaction: Reaction) -> None:
        """Bring the open cost of a reaction, and with it what its product is due, up to date."""
        product = reaction.product
        before = product.open_costs[reaction.place]
        after = reaction.open_cost()
        if after == before:
            return
        product.open_costs[reaction.place] = after
        if after < product.due:
            product.due = after
        elif before == product.due:
            product.due = min(product.rest, *product.open_costs)
        else:
            return
        self._note(product)

    def _note(self, molecule: Molecule) -> None:
        if molecule.open != molecule.due:
            heappush(self._queue, (min(molecule.open, molecule.due), molecule.index))
