"""The reaction centre of a mapped reaction, as a number that like reactions share."""

from __future__ import annotations

import hashlib
from collections import defaultdict

from rdkit import Chem

from bencao.synthesis.chemistry.template import atoms_of

_ROUNDS = 6
_KEY_BYTES = 6
_NOTHING = "."  # what stands for an atom or a bond on the side where it is not

Edges = dict[int, dict[int, str]]


def centre_key(mapped: str) -> int | None:
    """Key of the reaction centre at radius 1.

    Product and reactants are laid over each other by their atom maps (a condensed graph of reaction; Varnek et al., J.
    Comput.-Aided Mol. Des. 2005, 19, 693). Kept are the atoms whose bonds, hydrogens or charge change, with hydrogens,
    charge and number of neighbours on both sides; their neighbours, by element and aromaticity; and whatever leaves,
    whole. The graph is hashed after refinement by neighbours (Weisfeiler and Leman, 1968). Stereo is not seen.

    Parameters
    ----------
    mapped : str
        ``reactants>>product`` with atom maps; a map that stands on one side only is no map.

    Returns
    -------
    int or None
        48 bits. None where nothing changes, a side does not parse, a map stands twice on a side, or a heavy atom of
        the product has no map.
    """
    sides = [Chem.MolFromSmiles(text) for text in mapped.split(">>")]
    if len(sides) != 2 or any(side is None for side in sides):
        return None
    reactants, product = sides
    after = _numbers(product)
    before = _numbers(reactants)
    if len(after) != len(set(after.values())) or len(before) != len(set(before.values())):
        return None
    if any(atom.GetAtomicNum() > 1 and atom.GetIdx() not in after for atom in atoms_of(product)):
        return None
    shared = set(after.values()) & set(before.values())
    if len(shared) != len(after):
        return None
    # Atoms of the reactants that are not in the product get numbers below 0.
    names = {
        atom.GetIdx(): number if (number := before.get(atom.GetIdx(), 0)) in shared else -1 - atom.GetIdx()
        for atom in atoms_of(reactants)
    }
    left, right = _edges(reactants, names), _edges(product, after)
    atoms_left = {names[atom.GetIdx()]: atom for atom in atoms_of(reactants)}
    atoms_right = {after[atom.GetIdx()]: atom for atom in atoms_of(product) if atom.GetIdx() in after}
    changed = {
        number
        for number in shared
        if left[number] != right[number] or _state(atoms_left[number]) != _state(atoms_right[number])
    }
    if not changed:
        return None
    labels = {number: f"*{_kind(atoms_left[number])}" for number in names.values() if number < 0}
    labels = _with_leaving_only(labels, left, changed)
    for number in changed:
        for other in (*left[number], *right[number]):
            if other > 0:
                labels.setdefault(other, _kind(atoms_right[other]))
    for number in changed:
        one, other = atoms_left[number], atoms_right[number]
        labels[number] = (
            f"{_kind(one)}{_state(one)}D{len(left[number])}>{_kind(other)}{_state(other)}D{len(right[number])}"
        )
    return _hashed(labels, left, right)


def _numbers(molecule: Chem.Mol) -> dict[int, int]:
    return {atom.GetIdx(): number for atom in atoms_of(molecule) if (number := atom.GetAtomMapNum())}


def _edges(molecule: Chem.Mol, names: dict[int, int]) -> Edges:
    """Bonds of each atom, by its number: the number of the other atom, and the kind of the bond."""
    edges: Edges = defaultdict(dict)
    for bond in molecule.GetBonds():
        begin, end = bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()
        if begin in names and end in names:
            kind = f"{bond.GetBondTypeAsDouble():g}"
            edges[names[begin]][names[end]] = edges[names[end]][names[begin]] = kind
    return edges


def _kind(atom: Chem.Atom) -> str:
    symbol = str(atom.GetSymbol())
    return symbol.lower() if atom.GetIsAromatic() else symbol


def _state(atom: Chem.Atom) -> str:
    return f"H{atom.GetTotalNumHs()}{atom.GetFormalCharge():+d}"


def _with_leaving_only(labels: dict[int, str], left: Edges, changed: set[int]) -> dict[int, str]:
    """Of the atoms that are not in the product, those of a molecule or group that reaches the centre."""
    reached = [other for number in changed for other in left[number] if other < 0]
    seen = set(reached)
    for number in reached:
        fresh = {other for other in left[number] if other < 0} - seen
        seen |= fresh
        reached += fresh
    return {number: label for number, label in labels.items() if number in seen}


def _hashed(labels: dict[int, str], left: Edges, right: Edges) -> int:
    bonds = {
        number: [
            (f"{left[number].get(other, _NOTHING)}>{right[number].get(other, _NOTHING)}", other)
            for other in {*left[number], *right[number]}
            if other in labels
        ]
        for number in labels
    }
    marks = {number: label.encode() for number, label in labels.items()}
    for _ in range(_ROUNDS):
        marks = {
            number: _digest(mark, *sorted(kind.encode() + marks[other] for kind, other in bonds[number]))
            for number, mark in marks.items()
        }
    return int.from_bytes(_digest(*sorted(marks.values()))[:_KEY_BYTES], "little")


def _digest(*parts: bytes) -> bytes:
    return hashlib.blake2b(b"|".join(parts), digest_size=8).digest()
