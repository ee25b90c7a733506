"""A proposer and a stock that keep to constraints: what could break one is never put into the search."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import inf

from rdkit import Chem

from bencao.synthesis.chemistry.template import canonical
from bencao.synthesis.constraints.bonds import NO_BONDS, Bonds, follow
from bencao.synthesis.constraints.hazard import hazard_of
from bencao.synthesis.constraints.safety import fit_for_route
from bencao.synthesis.constraints.settings import Constraints, element, is_molecule, molecule_key, pattern
from bencao.synthesis.route import Proposal, StockEntry
from bencao.synthesis.seams import Batch, Proposer, Stock, Unchecked, checked


class HeldBonds:
    """Which bonds of each molecule of a search come from named bonds of the target.

    The search knows a molecule by its SMILES, so one that is met on several lines holds what it holds on any of them.

    Parameters
    ----------
    target : str
        Canonical SMILES.
    bonds : iterable of (int, int)
        Atoms counted from 0 in it.
    """

    def __init__(self, target: str, bonds: Bonds) -> None:
        self._held: dict[str, Bonds] = {canonical(target): bonds} if bonds else {}

    def of(self, smiles: str) -> Bonds:
        """Bonds held by a molecule; atoms counted from 0 in its canonical SMILES."""
        return self._held.get(canonical(smiles), NO_BONDS) if self._held else NO_BONDS

    def hand_on(self, smiles: str, step: Proposal) -> None:
        """Let the reactants of a step hold what its product holds."""
        held = self.of(smiles)
        if not held:
            return
        for reactant, kept in zip(step.reactants.split("."), follow(step, held).precursors, strict=True):
            if kept:
                self._held[canonical(reactant)] = self.of(reactant) | kept


class ConstrainedStock:
    """A stock without what may not be a starting material.

    Parameters
    ----------
    inner : Stock
    constraints : Constraints
    to_break : HeldBonds
        A molecule that holds one of these bonds is no leaf, so that a route ends only beyond the required break.
    """

    def __init__(self, inner: Stock, constraints: Constraints, to_break: HeldBonds) -> None:
        self._inner = inner
        self._highest_price = inf if constraints.highest_price is None else constraints.highest_price
        self._banned = frozenset(map(molecule_key, constraints.banned_leaves))
        self._to_break = to_break

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        """Names and digests of the tiers in use."""
        return self._inner.identity

    def find(self, smiles: str) -> StockEntry | None:
        """See `seams.Stock.find`."""
        if is_molecule(smiles, self._banned) or self._to_break.of(smiles):
            return None
        entry = self._inner.find(smiles)
        too_dear = entry is not None and entry.price is not None and entry.price > self._highest_price
        return None if too_dear else entry


@dataclass(frozen=True)
class _Bans:
    """What no reactant may be or hold, compiled once."""

    elements: frozenset[int]
    molecules: frozenset[str]
    patterns: tuple[Chem.Mol, ...]
    hazard: float | None

    def forbid(self, smiles: str) -> bool:
        if is_molecule(smiles, self.molecules):
            return True
        if self.hazard is not None and (known := hazard_of(smiles)) and known.score > self.hazard:
            return True
        if not (self.elements or self.patterns):
            return False
        molecule = Chem.MolFromSmiles(smiles)
        held = {atom.GetAtomicNum() for atom in molecule.GetAtoms()}
        return bool(held & self.elements) or any(molecule.HasSubstructMatch(one) for one in self.patterns)


class ConstrainedProposer:
    """A proposer without the proposals that break a constraint, or need what no route may hold.

    A proposal is dropped where it breaks a frozen bond, cannot be followed atom by atom although its product holds
    one, is of a banned class, or has a reactant that is banned, too hazardous, on the schedules of the Chemical
    Weapons Convention (Schedules 2 and 3 may be bought) or an explosive.

    Parameters
    ----------
    inner : Proposer
    stock : Stock
        Where a scheduled reactant would be bought.
    constraints : Constraints
    frozen, to_break : HeldBonds
        Of the same search; both are handed on to the reactants of every proposal that is given.
    """

    def __init__(
        self, inner: Proposer, stock: Stock, constraints: Constraints, frozen: HeldBonds, to_break: HeldBonds
    ) -> None:
        self._inner = inner
        self._stock = stock
        self._frozen = frozen
        self._to_break = to_break
        self._classes = frozenset(constraints.banned_classes)
        self._bans = _Bans(
            frozenset(map(element, constraints.banned_elements)),
            frozenset(map(molecule_key, constraints.banned_molecules)),
            tuple(map(pattern, constraints.banned_patterns)),
            constraints.highest_hazard,
        )

    @property
    def identity(self) -> tuple[tuple[str, str], ...]:
        """Name and digest of the model."""
        return self._inner.identity

    def propose(self, smiles: str, top: int = 50) -> tuple[Proposal, ...]:
        """See `seams.Proposer.propose`; there may be fewer than `top` although the model has more."""
        return tuple(self._kept(smiles, filter(self._allows, self._inner.propose(smiles, top))))

    def batches(self, smiles: str, top: int = 50) -> Iterator[Batch]:
        """See `seams.Proposer.batches`."""
        for part in self._inner.batches(smiles, top):
            allowed = tuple(filter(self._allows, part.proposals))
            if self._classes or self._frozen.of(smiles) or self._to_break.of(smiles):
                # Neither the class nor the atoms of a step are known before it is run forwards.
                allowed = tuple(self._kept(smiles, checked(allowed)))
            yield Batch(allowed, part.bound)

    def _allows(self, proposal: Proposal | Unchecked) -> bool:
        reactants = proposal.reactants.split(".")
        return not any(map(self._bans.forbid, reactants)) and all(map(self._fits, reactants))

    def _kept(self, smiles: str, proposals: Iterable[Proposal]) -> Iterator[Proposal]:
        for proposal in proposals:
            if proposal.reaction_class in self._classes:
                continue
            done = follow(proposal, self._frozen.of(smiles))
            if not (done.broken or done.lost):
                self._frozen.hand_on(smiles, proposal)
                self._to_break.hand_on(smiles, proposal)
                yield proposal

    def _fits(self, smiles: str) -> bool:
        return fit_for_route(smiles, bought=False) or (
            fit_for_route(smiles, bought=True) and _in_stock(self._stock.find(smiles))
        )


def _in_stock(entry: StockEntry | None) -> bool:
    return entry is not None and entry.tier != "perhaps"
