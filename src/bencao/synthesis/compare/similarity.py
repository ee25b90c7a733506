"""How alike two routes to one target are, by the bonds they make and how they hold its atoms together on the way."""

# Genheden and Shields, Digital Discovery 2025, 4, 46. Where they compare atom numbers, classes of equivalent atoms of
# the target are compared here, as multisets: a route that breaks the left one of two equal bonds first is then the same
# as one that breaks the right one first.

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem

from bencao.synthesis.constraints.bonds import Bond, bond, places_in_reactants
from bencao.synthesis.route import Route, RouteNode

# A bond of the target by the classes of its atoms; or the text of a step whose atoms cannot be followed.
_Mark = tuple[int, int] | str


@dataclass(frozen=True)
class Strategy:
    """What of a route is compared.

    Attributes
    ----------
    atoms : numpy.ndarray, shape (molecules, atoms of the target)
        For each molecule of the route, the target left out, that holds atoms of it: how many of each class of
        equivalent atoms.
    bonds : Counter
        How often each class of bonds of the target is made. A step whose atoms cannot be followed counts as a bond of
        its own, and what lies below it holds no atom.
    """

    atoms: NDArray[np.int64]
    bonds: Counter[_Mark]


def strategy_of(route: Route) -> Strategy:
    """What of a route is compared; its steps are followed by their atom maps."""
    target = Chem.MolFromSmiles(route.root.smiles)
    classes = np.array(Chem.CanonicalRankAtoms(target, breakTies=False), dtype=np.int64)
    atoms: list[NDArray[np.int64]] = []
    bonds: Counter[_Mark] = Counter()
    waiting = [(route.root, {atom: atom for atom in range(target.GetNumAtoms())})]
    while waiting:
        node, places = waiting.pop()
        if node is not route.root and places:
            atoms.append(np.bincount(classes[list(places)], minlength=len(classes)))
        if node.step is None:
            continue
        below = _handed_on(node, places)
        if below is None:
            bonds[f"{node.step.reactants}>>{node.smiles}"] += 1
            continue
        bonds.update(_class_of(one, classes) for one in _made(node, places, below))
        waiting.extend(zip(node.precursors, below, strict=True))
    return Strategy(np.array(atoms, dtype=np.int64).reshape(len(atoms), len(classes)), bonds)


def _handed_on(node: RouteNode, places: Mapping[int, int]) -> list[dict[int, int]] | None:
    """Place of each atom of the target in each precursor; None where the step cannot be followed."""
    assert node.step
    origins = places_in_reactants(node.step)
    if origins is None:
        return None
    return [{atom: origin[place] for atom, place in places.items() if place in origin} for origin in origins]


def _made(node: RouteNode, places: Mapping[int, int], below: Sequence[Mapping[int, int]]) -> Iterator[Bond]:
    """Bonds of the target that a molecule has and none of its precursors."""
    before = {one for precursor, held in zip(node.precursors, below, strict=True) for one in _bonds(precursor, held)}
    yield from (one for one in _bonds(node, places) if one not in before)


def _bonds(node: RouteNode, places: Mapping[int, int]) -> Iterator[Bond]:
    """Bonds of a molecule between atoms of the target, in the target's count."""
    atom_of = {place: atom for atom, place in places.items()}
    for one in Chem.MolFromSmiles(node.smiles).GetBonds():
        ends = one.GetBeginAtomIdx(), one.GetEndAtomIdx()
        if ends[0] in atom_of and ends[1] in atom_of:
            yield bond(atom_of[ends[0]], atom_of[ends[1]])


def _class_of(one: Bond, classes: NDArray[np.int64]) -> tuple[int, int]:
    return bond(int(classes[one[0]]), int(classes[one[1]]))


def route_similarity(one: Strategy, other: Strategy) -> float:
    """How alike two routes to the same target are.

    The geometric mean of two shares. Bonds: what both make, over what the one makes that makes more. Atoms: for each
    molecule of either route the largest share of atoms it has in common with a molecule of the other (common atoms over
    the atoms of the larger), averaged.

    Parameters
    ----------
    one, other : Strategy

    Returns
    -------
    float
        In [0, 1]; 1 where they make the same bonds in the same order, by whatever reagents.
    """
    return sqrt(_bond_similarity(one.bonds, other.bonds) * _atom_similarity(one.atoms, other.atoms))


def _bond_similarity(one: Counter[_Mark], other: Counter[_Mark]) -> float:
    most = max(one.total(), other.total())
    return (one & other).total() / most if most else 1.0


def _atom_similarity(one: NDArray[np.int64], other: NDArray[np.int64]) -> float:
    if not (len(one) and len(other)):
        return float(len(one) == len(other))
    common = np.minimum(one[:, None], other[None]).sum(axis=2)
    share = common / np.maximum(one.sum(axis=1)[:, None], other.sum(axis=1)[None])
    return float((share.max(axis=1).sum() + share.max(axis=0).sum()) / (len(one) + len(other)))


def route_distances(routes: Sequence[Route]) -> NDArray[np.float64]:
    """How far routes lie apart: 1 less their similarity.

    Parameters
    ----------
    routes : sequence of Route
        To the same target.

    Returns
    -------
    numpy.ndarray, shape (routes, routes)
        Symmetric, 0 on the diagonal, in [0, 1].
    """
    strategies = [strategy_of(route) for route in routes]
    distances = np.zeros((len(routes), len(routes)))
    for first, one in enumerate(strategies):
        for second, other in enumerate(strategies[:first]):
            distances[first, second] = distances[second, first] = max(0.0, 1 - route_similarity(one, other))
    return distances
