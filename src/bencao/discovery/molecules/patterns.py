"""Which of many SMARTS patterns a molecule could hold, from counts of its atoms and bonds, before any is matched."""

# An atom of a pattern admits some kinds of atom. Where k atoms of it admit no kind outside a set, a molecule that holds
# the pattern has at least k atoms of these kinds; so for bonds. Every set that some pattern's atom or bond admits is
# counted; what a molecule has too few for cannot match, and what is left is few enough to be matched.

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem

Flags = NDArray[np.bool_]
_ORDERS = (1, 2, 3, 12, 0)  # of RDKit: single, double, triple, aromatic; 0 stands for all others
_HYDROGENS, _DEGREES = 4, 5  # the last of them means as many or more
_LEAF = re.compile(r"(\w+) (-?\d+) (!?=) val")


@dataclass(frozen=True)
class _Query:
    """An atom's or bond's query as a tree."""

    kind: str
    value: int = 0
    negated: bool = False
    parts: tuple[_Query, ...] = ()

    @property
    def elements(self) -> set[int]:
        """Atomic numbers that occur in it."""
        own = {self.value % 1000} if self.kind in ("AtomAtomicNum", "AtomType") else set()
        return own.union(*(part.elements for part in self.parts))


def _read(lines: list[str]) -> _Query:
    """RDKit's description of a query, which indents what is joined."""
    head, depth = lines[0].strip(), len(lines[0]) - len(lines[0].lstrip())
    lines.pop(0)
    parts = []
    while lines and len(lines[0]) - len(lines[0].lstrip()) > depth:
        parts.append(_read(lines))
    leaf = _LEAF.fullmatch(head)
    name = leaf[1] if leaf else head.split()[0]
    return _Query(name, int(leaf[2]) if leaf else 0, bool(leaf and leaf[3] == "!="), tuple(parts))


class _Kinds:
    """Every kind of atom that is told apart, as arrays of one value a kind."""

    def __init__(self, elements: Iterable[int]) -> None:
        self._elements = {number: place for place, number in enumerate(sorted(elements), start=1)}
        sizes = (len(self._elements) + 1, 2, _HYDROGENS, _DEGREES, 2, 3, 2)
        axes = np.unravel_index(np.arange(np.prod(sizes)), sizes)
        self._sizes = sizes
        self.element = np.array([-1, *self._elements])[axes[0]]
        self.aromatic, self.ring, self.labelled = axes[1] == 1, axes[4] == 1, axes[6] == 1
        self.hydrogens, self.degree, self.charge = axes[2], axes[3], axes[5] - 1

    def place(self, atom: Chem.Atom) -> tuple[int, ...]:
        """Where the kind of an atom stands on each axis."""
        charge = atom.GetFormalCharge()
        return (
            self._elements.get(atom.GetAtomicNum(), 0),
            int(atom.GetIsAromatic()),
            min(atom.GetTotalNumHs(True), _HYDROGENS - 1),
            min(atom.GetDegree(), _DEGREES - 1),
            int(atom.IsInRing()),
            (charge > 0) - (charge < 0) + 1,
            int(atom.GetIsotope() > 0),
        )

    def number(self, place: tuple[int, ...]) -> int:
        """The same as one number."""
        return int(np.ravel_multi_index(place, self._sizes))

    def admitted(self, query: _Query) -> Flags:
        """Kinds that could match a query; of what is not understood here, all."""
        return np.asarray(self._admitted(query), dtype=bool)

    def _admitted(self, query: _Query) -> Any:
        value, everything = query.value, np.ones(len(self.element), dtype=bool)
        if query.kind == "AtomAnd":
            return np.logical_and.reduce([self.admitted(part) for part in query.parts])
        if query.kind == "AtomOr":
            return np.logical_or.reduce([self.admitted(part) for part in query.parts])
        exact = {
            "AtomAtomicNum": lambda: self.element == value,
            "AtomType": lambda: (self.element == value % 1000) & (self.aromatic == (value >= 1000)),
            "AtomIsAromatic": lambda: self.aromatic == bool(value),
            "AtomIsAliphatic": lambda: self.aromatic != bool(value),
        }
        if query.kind in exact:
            return exact[query.kind]() ^ query.negated
        if query.kind == "AtomHCount":
            return self._counted(self.hydrogens, _HYDROGENS - 1, query)
        if query.kind == "AtomExplicitDegree":
            return self._counted(self.degree, _DEGREES - 1, query)
        if query.kind == "AtomInNRings" and value == 0:
            return self.ring == query.negated
        if query.kind == "AtomInNRings" and value > 0 and not query.negated:
            return self.ring
        if query.kind == "AtomFormalCharge" and value == 0:
            return (self.charge == 0) ^ query.negated
        if query.kind == "AtomFormalCharge" and not query.negated:
            return self.charge == np.sign(value)
        if query.kind == "AtomIsotope" and value > 0 and not query.negated:
            return self.labelled
        return everything

    @staticmethod
    def _counted(found: Any, last: int, query: _Query) -> Any:
        open_ = (found == last) if query.value >= last else np.zeros(len(found), dtype=bool)
        return open_ | ((found == query.value) ^ query.negated)


def _orders(query: _Query) -> Flags:
    """Orders of bonds that could match a query, shape (5,)."""
    if query.kind == "BondAnd":
        return np.asarray(np.array([_orders(part) for part in query.parts]).all(axis=0), dtype=bool)
    if query.kind == "BondOr":
        return np.asarray(np.array([_orders(part) for part in query.parts]).any(axis=0), dtype=bool)
    if query.kind == "BondOrder" and query.value in _ORDERS[:-1]:
        return np.equal(_ORDERS, query.value) ^ query.negated
    if query.kind == "SingleOrAromaticBond" and not query.negated:
        return np.isin(_ORDERS, (1, 12))
    return np.ones(len(_ORDERS), dtype=bool)


def _within(sets: Flags) -> Flags:
    """[a, b]: whether set a has nothing that is not in set b."""
    one = sets.astype(np.float32)
    return np.asarray(one @ (1 - one).T == 0, dtype=bool)


class Screen:
    """Patterns, with what a molecule must have to hold each.

    Parameters
    ----------
    patterns : sequence of Mol
        Made from SMARTS.
    """

    def __init__(self, patterns: Sequence[Chem.Mol]) -> None:
        queries = [[_read(atom.DescribeQuery().splitlines()) for atom in one.GetAtoms()] for one in patterns]
        self._kinds = _Kinds(set().union(*(query.elements for one in queries for query in one)))
        sets: dict[tuple[_Query, int], int] = {}
        bonds: dict[tuple[int, int, bytes], int] = {}
        holds = []
        for pattern, trees in zip(patterns, queries, strict=True):
            atoms = [
                sets.setdefault((tree, min(atom.GetDegree(), _DEGREES - 1)), len(sets))
                for tree, atom in zip(trees, pattern.GetAtoms(), strict=True)
            ]
            joined = []
            for bond in pattern.GetBonds():
                ends = sorted((atoms[bond.GetBeginAtomIdx()], atoms[bond.GetEndAtomIdx()]))
                orders = _orders(_read(bond.DescribeQuery().splitlines())).tobytes()
                joined.append(bonds.setdefault((ends[0], ends[1], orders), len(bonds)))
            holds.append((atoms, joined))
        self._sets = np.array([self._kinds.admitted(tree) & (self._kinds.degree >= least) for tree, least in sets])
        self._first, self._second = (np.array([key[end] for key in bonds]) for end in (0, 1))
        self._orders = np.array([np.frombuffer(key[2], dtype=bool) for key in bonds])
        needed = self._requirements(holds)
        # For each set and count of it, the patterns that need more: a bit each.
        more = needed.T[:, None, :] > np.arange(int(needed.max()) + 1)[None, :, None]
        packed = np.packbits(np.pad(more, ((0, 0), (0, 0), (0, -len(patterns) % 64))), axis=2)
        self._short = np.ascontiguousarray(packed).view(np.uint64)
        self._columns, self._patterns = np.arange(needed.shape[1]), len(patterns)
        # What atoms and bonds that were met add to the counts, a row each, and the row of each.
        self._rows = np.zeros((1024, needed.shape[1]), dtype=np.int16)
        self._known: dict[Any, int] = {}
        self._numbers: list[int] = []

    def candidates(self, molecule: Chem.Mol) -> list[int]:
        """Places of the patterns that the molecule could hold; every one that it holds is among them."""
        atoms = [self._row(self._kinds.place(atom)) for atom in molecule.GetAtoms()]
        bonds = [
            self._row((atoms[bond.GetBeginAtomIdx()], atoms[bond.GetEndAtomIdx()], int(bond.GetBondType())))
            for bond in molecule.GetBonds()
        ]
        counts = self._rows[atoms + bonds].sum(axis=0, dtype=np.int16)
        np.minimum(counts, self._short.shape[1] - 1, out=counts)
        short = np.bitwise_or.reduce(self._short[self._columns, counts], axis=0)
        return [int(place) for place in np.flatnonzero(np.unpackbits(short.view(np.uint8), count=self._patterns) == 0)]

    def _requirements(self, holds: list[tuple[list[int], list[int]]]) -> NDArray[np.int16]:
        """How many of each set a molecule needs for each pattern, shape (patterns, sets of atoms and of bonds)."""
        within = _within(self._sets)
        straight = within[self._first][:, self._first] & within[self._second][:, self._second]
        crossed = within[self._first][:, self._second] & within[self._second][:, self._first]
        bonds = _within(self._orders) & (straight | crossed)
        counted = [np.concatenate([within[own].sum(axis=0), bonds[joined].sum(axis=0)]) for own, joined in holds]
        return np.array(counted, dtype=np.int16)

    def _row(self, key: tuple[int, ...]) -> int:
        """Row of what an atom of a kind, or a bond between two rows of atoms, adds to the counts."""
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = len(self._known)
            if found == len(self._rows):
                self._rows = np.concatenate([self._rows, np.zeros_like(self._rows)])
            sets = len(self._sets)
            if len(key) > 3:
                self._rows[found, :sets] = self._sets[:, self._kinds.number(key)]
            else:
                one, other = self._rows[key[0], :sets] > 0, self._rows[key[1], :sets] > 0
                order = self._orders[:, _ORDERS.index(key[2]) if key[2] in _ORDERS else -1]
                ends = (one[self._first] & other[self._second]) | (one[self._second] & other[self._first])
                self._rows[found, sets:] = order & ends
        return found
