"""What the graph network sees of a molecule: its atoms, its bonds, and which bond joins which atoms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem

from bencao.synthesis.chemistry.template import atoms_of

_ELEMENTS = (1, 5, 6, 7, 8, 9, 14, 15, 16, 17, 34, 35, 50, 53, 3, 11, 12, 30)  # any other shares one slot
_RING_SIZES = (3, 4, 5, 6, 7)
_BOND_KINDS = (Chem.BondType.SINGLE, Chem.BondType.DOUBLE, Chem.BondType.TRIPLE, Chem.BondType.AROMATIC)

# Values of each column; a column's slots follow those of the one before it.
_ATOM_COLUMNS = (len(_ELEMENTS) + 1, 7, 5, 5, 7, 2, len(_RING_SIZES) + 2, 4, 3)
_BOND_COLUMNS = (len(_BOND_KINDS) + 1, 2, 2, 3)
ATOM_SLOTS = sum(_ATOM_COLUMNS)
BOND_SLOTS = sum(_BOND_COLUMNS)
_ATOM_STARTS = np.concatenate([[0], np.cumsum(_ATOM_COLUMNS)[:-1]])
_BOND_STARTS = np.concatenate([[0], np.cumsum(_BOND_COLUMNS)[:-1]])
_CIP = {"R": 1, "S": 2}


@dataclass(frozen=True)
class MolecularGraph:
    """A molecule as slots to look up, each bond in both directions.

    Attributes
    ----------
    atoms : ndarray of uint8, shape (atoms, 9)
        Element, neighbours, hydrogens, charge, hybridisation, aromaticity, smallest ring, rings, CIP label.
    bonds : ndarray of uint8, shape (2 x bonds, 4)
        Kind, conjugation, in a ring, stereo.
    ends : ndarray of uint8, shape (2, 2 x bonds)
        Atom a bond comes from, and atom it goes to.
    """

    atoms: NDArray[np.uint8]
    bonds: NDArray[np.uint8]
    ends: NDArray[np.uint8]


def molecular_graph(molecule: Chem.Mol) -> MolecularGraph:
    """Slots of the atoms and bonds of a molecule of at most 255 atoms."""
    rings = molecule.GetRingInfo()
    atoms = np.array([_atom(atom, rings) for atom in atoms_of(molecule)], dtype=np.int64) + _ATOM_STARTS
    pairs = [molecule.GetBondWithIdx(index) for index in range(molecule.GetNumBonds())]
    bonds = (np.array([_bond(bond) for bond in pairs], dtype=np.int64) + _BOND_STARTS) if pairs else np.zeros((0, 4))
    ends = np.array([(b.GetBeginAtomIdx(), b.GetEndAtomIdx()) for b in pairs], dtype=np.uint8).reshape(-1, 2).T
    return MolecularGraph(
        atoms.astype(np.uint8),
        np.concatenate([bonds, bonds]).astype(np.uint8),
        np.concatenate([ends, ends[::-1]], axis=1),
    )


def _atom(atom: Chem.Atom, rings: Chem.RingInfo) -> Sequence[int]:
    index, element = atom.GetIdx(), atom.GetAtomicNum()
    ring = rings.MinAtomRingSize(index)
    sized = _RING_SIZES.index(ring) + 1 if ring in _RING_SIZES else (len(_RING_SIZES) + 1 if ring else 0)
    label = _CIP.get(atom.GetProp("_CIPCode"), 0) if atom.HasProp("_CIPCode") else 0
    return (
        _ELEMENTS.index(element) if element in _ELEMENTS else len(_ELEMENTS),
        min(atom.GetDegree(), 6),
        min(atom.GetTotalNumHs(), 4),
        min(max(atom.GetFormalCharge(), -2), 2) + 2,
        min(int(atom.GetHybridization()), 6),
        int(atom.GetIsAromatic()),
        sized,
        min(rings.NumAtomRings(index), 3),
        label,
    )


def _bond(bond: Chem.Bond) -> Sequence[int]:
    kind, stereo = bond.GetBondType(), bond.GetStereo()
    return (
        _BOND_KINDS.index(kind) if kind in _BOND_KINDS else len(_BOND_KINDS),
        int(bond.GetIsConjugated()),
        int(bond.IsInRing()),
        0 if stereo <= Chem.BondStereo.STEREOANY else 1 + int(stereo in _CIS),
    )


_CIS = (Chem.BondStereo.STEREOZ, Chem.BondStereo.STEREOCIS)
