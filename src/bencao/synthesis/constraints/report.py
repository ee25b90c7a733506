"""Check a finished route against constraints, each on its own, and say how it stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from rdkit import Chem

from bencao.synthesis.constraints.bonds import Bond, Bonds, follow
from bencao.synthesis.constraints.hazard import hazard_of
from bencao.synthesis.constraints.settings import (
    Constraints,
    bond_in_words,
    element,
    is_molecule,
    molecule_key,
    pattern,
)
from bencao.synthesis.route import ConstraintOutcome, Route, RouteNode

Fate = Literal["kept", "broken", "unknown"]

WISHES = frozenset({"require-break", "require-leaf"})


@dataclass(frozen=True)
class TargetBonds:
    """The bonds that constraints name, in the target's canonical SMILES, atoms counted from 0."""

    frozen: tuple[Bond, ...] = ()
    to_break: Bond | None = None


def outcomes(route: Route, constraints: Constraints, bonds: TargetBonds) -> tuple[ConstraintOutcome, ...]:
    """How a route stands to each constraint.

    Nothing is taken over from the search: bonds are followed through every step again, and every molecule is looked
    at.

    Parameters
    ----------
    route : Route
    constraints : Constraints
    bonds : TargetBonds
        Where the bonds of `constraints` lie.

    Returns
    -------
    tuple of ConstraintOutcome
        In the order of the fields of `Constraints`.
    """
    return (
        *_of_bonds(route, constraints, bonds),
        *_of_leaves(route, constraints),
        *_of_reactants(route, constraints),
        *_of_sums(route, constraints),
    )


def holds(found: tuple[ConstraintOutcome, ...]) -> bool:
    """Whether a route may be given: no ban, freeze or ceiling is broken, and no frozen bond is out of sight."""
    return all(
        one.met is True if one.constraint == "freeze" else one.met is not False
        for one in found
        if one.constraint not in WISHES
    )


def wished_for(found: tuple[ConstraintOutcome, ...]) -> bool:
    """Whether a route has what is required of it: the disconnection, the starting materials."""
    return all(one.met for one in found if one.constraint in WISHES)


def fate_of(node: RouteNode, bonds: Bonds) -> Fate:
    """What becomes of one bond in the steps that make a molecule.

    Parameters
    ----------
    node : RouteNode
    bonds : frozenset of (int, int)
        The bond, atoms counted from 0 in the molecule's canonical SMILES; or each that it may be.
    """
    if not bonds or node.step is None:
        return "kept"
    done = follow(node.step, bonds)
    if done.broken == bonds:
        return "broken"
    if done.broken or done.lost:
        return "unknown"
    fates = {fate_of(below, kept) for below, kept in zip(node.precursors, done.precursors, strict=True)}
    return "unknown" if "unknown" in fates else "broken" if "broken" in fates else "kept"


def _of_bonds(route: Route, constraints: Constraints, bonds: TargetBonds) -> Iterator[ConstraintOutcome]:
    met: dict[Fate, bool | None] = {"kept": True, "broken": False, "unknown": None}
    for named, place in zip(constraints.frozen_bonds, bonds.frozen, strict=True):
        yield ConstraintOutcome("freeze", bond_in_words(named), met[fate_of(route.root, frozenset({place}))])
    if constraints.required_break and bonds.to_break:
        is_kept = met[fate_of(route.root, frozenset({bonds.to_break}))]
        broken = None if is_kept is None else not is_kept
        yield ConstraintOutcome("require-break", bond_in_words(constraints.required_break), broken)


def _of_leaves(route: Route, constraints: Constraints) -> Iterator[ConstraintOutcome]:
    for name, asked in (("require-leaf", constraints.required_leaves), ("ban-leaf", constraints.banned_leaves)):
        for smiles in asked:
            keys = frozenset({molecule_key(smiles)})
            # A leaf that is not in stock is yet to be made, and no starting material.
            used = any(leaf.stock is not None and is_molecule(leaf.smiles, keys) for leaf in route.leaves)
            yield ConstraintOutcome(name, smiles, used == (name == "require-leaf"))


def _of_reactants(route: Route, constraints: Constraints) -> Iterator[ConstraintOutcome]:
    reactants = _reactants(route)
    molecules = {smiles: Chem.MolFromSmiles(smiles) for smiles in reactants}
    for symbol in constraints.banned_elements:
        number = element(symbol)
        holding = [
            smiles for smiles, one in molecules.items() if any(atom.GetAtomicNum() == number for atom in one.GetAtoms())
        ]
        yield _banned("ban-element", symbol, holding)
    for banned in constraints.banned_molecules:
        keys = frozenset({molecule_key(banned)})
        yield _banned("ban", banned, [smiles for smiles in reactants if is_molecule(smiles, keys)])
    for smarts in constraints.banned_patterns:
        query = pattern(smarts)
        matching = [smiles for smiles, one in molecules.items() if one.HasSubstructMatch(query)]
        yield _banned("ban-pattern", smarts, matching)
    steps = [node.step for node in route.root.walk() if node.step]
    for number in constraints.banned_classes:
        used = [step.reactants for step in steps if step.reaction_class == number]
        yield _banned("ban-class", str(number), used)


def _banned(name: str, asked: str, found: list[str]) -> ConstraintOutcome:
    return ConstraintOutcome(name, asked, not found, ", ".join(found))


def _of_sums(route: Route, constraints: Constraints) -> Iterator[ConstraintOutcome]:
    if constraints.highest_hazard is not None:
        known = {smiles: one.score for smiles in _reactants(route) if (one := hazard_of(smiles))}
        unknown = [smiles for smiles in _reactants(route) if smiles not in known]
        yield _ceiling("hazard", constraints.highest_hazard, known, unknown, "not in the table")
    if constraints.most_steps is not None:
        met = route.steps <= constraints.most_steps
        yield ConstraintOutcome("max-steps", str(constraints.most_steps), met, str(route.steps))
    if constraints.highest_price is not None:
        bought = {leaf.smiles: leaf.stock.price for leaf in route.leaves if leaf.stock}
        prices = {smiles: price for smiles, price in bought.items() if price is not None}
        unknown = [smiles for smiles in bought if smiles not in prices]
        yield _ceiling("max-price", constraints.highest_price, prices, unknown, "without a price")


def _ceiling(name: str, highest: float, known: dict[str, float], unknown: list[str], lacking: str) -> ConstraintOutcome:
    """Whether known values keep below a ceiling; not known where any is lacking."""
    above = any(value > highest for value in known.values())
    parts = []
    if known:
        dearest = max(known, key=lambda smiles: known[smiles])
        parts.append(f"highest: {known[dearest]:g} ({dearest})")
    if unknown:
        parts.append(f"{lacking}: {', '.join(unknown)}")
    return ConstraintOutcome(name, f"{highest:g}", False if above else None if unknown else True, "; ".join(parts))


def _reactants(route: Route) -> tuple[str, ...]:
    """Every molecule of a route but the target, each once."""
    return tuple(dict.fromkeys(node.smiles for node in route.root.walk() if node is not route.root))
