"""What a mapped reaction changes: keys from narrow to wide, and features for the network."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem, rdBase

from bencao.synthesis.route import EvidenceLevel

# Levels of `Change.keys`, the most alike first.
LEVELS: tuple[EvidenceLevel, ...] = ("surroundings", "neighbours", "change", "bonds")
_RADII = (2, 1, 0)
_LARGEST_RADIUS = 3
_COUNTS = (1, 2, 4)
_MOST_LEAVING = 24  # heavy atoms of a leaving group that is still named whole

_Label = tuple[int, ...]  # element, aromatic, charge, hydrogens; empty where the atom is not on that side


class UnreadableReaction(ValueError):
    """A mapped reaction in which nothing changes, whose product has atoms of no origin, or that does not parse."""


@dataclass(frozen=True)
class Change:
    """A reaction as its changed atoms with their surroundings, both sides in one graph.

    Attributes
    ----------
    keys : tuple of int, length 4
        Hashes of the change, by `LEVELS`: with all atoms within two bonds of it, within one bond, the changed atoms
        alone, each together with the leaving groups; and the changed atoms without them.
    features : tuple of int
        Hashes of every circular surrounding of radius 0 to 3 in the graph of both sides, with its count step and
        whether the change is near; sorted.
    """

    keys: tuple[int, int, int, int]
    features: tuple[int, ...]

    def slots(self, size: int) -> NDArray[np.int64]:
        """The features folded into `size` slots, each once, sorted."""
        return np.unique(np.array(self.features, dtype=np.int64) % size)


@dataclass(frozen=True)
class _Graph:
    """Atoms of both sides joined by their maps; a bond is (order before, order after), in halves."""

    before: list[_Label]
    after: list[_Label]
    bonds: list[dict[int, tuple[int, int]]]

    @property
    def changed(self) -> list[int]:
        """Atoms of the product that lose, gain or alter a bond, a charge or a hydrogen."""
        return [
            atom
            for atom, label in enumerate(self.after)
            if label and (self.before[atom] != label or any(one != other for one, other in self.bonds[atom].values()))
        ]


def change_of(mapped: str) -> Change:
    """Read what a mapped reaction changes.

    The graph of both sides in one is the condensed graph of reaction (Varnek et al., J. Comput. Aided Mol. Des. 2005,
    19, 693); its surroundings are refined as in Rogers and Hahn, J. Chem. Inf. Model. 2010, 50, 742.

    Parameters
    ----------
    mapped : str
        ``reactants>>product``; an atom without a map, or with one that is not in the product, leaves.

    Returns
    -------
    Change

    Raises
    ------
    UnreadableReaction
    """
    left, _, right = mapped.partition(">>")
    with rdBase.BlockLogs():
        reactants, product = Chem.MolFromSmiles(left), Chem.MolFromSmiles(right)
    if reactants is None or product is None:
        raise UnreadableReaction("a side does not parse")
    graph, nodes = _joined(reactants, product)
    changed = graph.changed
    if not changed:
        raise UnreadableReaction("nothing changes")
    if any(not graph.before[atom] for atom in changed):
        raise UnreadableReaction("an atom of the product has no origin")
    layers = _refined(graph)
    leaving = _leaving(reactants, nodes, graph)
    wide, narrow, bare = (_key([layers[radius][atom] for atom in changed], leaving) for radius in _RADII)
    bonds = _key([layers[0][atom] for atom in changed], [])
    return Change((wide, narrow, bare, bonds), _features(graph, layers, changed))


def _joined(reactants: Chem.Mol, product: Chem.Mol) -> tuple[_Graph, list[int]]:
    """The graph of both sides, and the node of each reactant atom."""
    after: list[_Label] = [_label(atom) for atom in product.GetAtoms()]
    before: list[_Label] = [() for _ in after]
    place = {atom.GetAtomMapNum(): atom.GetIdx() for atom in product.GetAtoms() if atom.GetAtomMapNum()}
    nodes: list[int] = []
    for atom in reactants.GetAtoms():
        node = place.pop(atom.GetAtomMapNum(), None)
        if node is None:  # it leaves, or its map was taken by an atom before it
            node = len(before)
            before.append(())
            after.append(())
        # Water or hydroxide, ammonia or ammonium: how a lone atom is drawn says nothing.
        before[node] = _label(atom) if atom.GetDegree() else (atom.GetAtomicNum(), 0, 0, 0)
        nodes.append(node)
    bonds: list[dict[int, tuple[int, int]]] = [{} for _ in before]
    for bond in reactants.GetBonds():
        one, other = nodes[bond.GetBeginAtomIdx()], nodes[bond.GetEndAtomIdx()]
        bonds[one][other] = bonds[other][one] = (_order(bond), 0)
    for bond in product.GetBonds():
        one, other = bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()
        bonds[one][other] = bonds[other][one] = (bonds[one].get(other, (0, 0))[0], _order(bond))
    return _Graph(before, after, bonds), nodes


def _label(atom: Chem.Atom) -> _Label:
    return (atom.GetAtomicNum(), int(atom.GetIsAromatic()), atom.GetFormalCharge(), atom.GetTotalNumHs())


def _order(bond: Chem.Bond) -> int:
    return int(2 * bond.GetBondTypeAsDouble())


def _hash(value: object) -> int:
    return crc32(repr(value).encode())


def _refined(graph: _Graph) -> list[list[int]]:
    """Hash of every atom's surroundings, by radius; at radius 0 the atom with those of its bonds that change."""
    layers = [
        [
            _hash(
                (graph.before[atom], graph.after[atom], sorted(bond for bond in bonds.values() if bond[0] != bond[1]))
            )
            for atom, bonds in enumerate(graph.bonds)
        ]
    ]
    for _ in range(_LARGEST_RADIUS):
        last = layers[-1]
        layers.append(
            [
                _hash((last[atom], sorted((bond, last[other]) for other, bond in bonds.items())))
                for atom, bonds in enumerate(graph.bonds)
            ]
        )
    return layers


def _leaving(reactants: Chem.Mol, nodes: list[int], graph: _Graph) -> list[str]:
    """SMILES of the connected pieces of the reactants that are not in the product; a large one is not told apart."""
    bare = Chem.Mol(reactants)
    loose: set[int] = set()
    for atom in bare.GetAtoms():
        atom.SetAtomMapNum(0)
        if not graph.after[nodes[atom.GetIdx()]]:
            loose.add(atom.GetIdx())
    pieces = []
    while loose:
        piece = [loose.pop()]
        for index in piece:
            for neighbour in bare.GetAtomWithIdx(index).GetNeighbors():
                if neighbour.GetIdx() in loose:
                    loose.remove(neighbour.GetIdx())
                    piece.append(neighbour.GetIdx())
        small = len(piece) <= _MOST_LEAVING
        pieces.append(Chem.MolFragmentToSmiles(bare, piece, isomericSmiles=False) if small else "large")
    return pieces


def _key(surroundings: list[int], leaving: Iterable[str]) -> int:
    return _hash((sorted(surroundings), sorted(leaving)))


def _features(graph: _Graph, layers: list[list[int]], changed: list[int]) -> tuple[int, ...]:
    """Surroundings with their counts; those of the changed atoms and their neighbours are told from the others."""
    near = {*changed, *(other for atom in changed for other in graph.bonds[atom])}
    counts = Counter(
        (radius, code, atom in near) for radius, layer in enumerate(layers) for atom, code in enumerate(layer)
    )
    return tuple(sorted({_hash((what, step)) for what, count in counts.items() for step in _COUNTS if count >= step}))
