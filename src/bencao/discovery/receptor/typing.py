"""Give receptor atoms the types that AutoDock Vina scores by, and write them as PDB and PDBQT."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bencao.discovery.receptor.structure import Residue

_AROMATIC = {
    "PHE": {"CG", "CD1", "CD2", "CE1", "CE2", "CZ"},
    "TYR": {"CG", "CD1", "CD2", "CE1", "CE2", "CZ"},
    "HIS": {"CG", "CD2", "CE1"},
    "TRP": {"CG", "CD1", "CD2", "CE2", "CE3", "CZ2", "CZ3", "CH2"},
}
_TYPES = {"C": "C", "O": "OA", "S": "SA", "N": "N", "P": "P", "F": "F", "CL": "Cl", "BR": "Br", "I": "I"}
_HYDROGEN_BONDS = {"C": 1.09, "N": 1.01, "O": 0.97, "S": 1.34}
# Longest bond of two heavy atoms in a cofactor, in ångström.
_BOND = 1.95


@dataclass(frozen=True)
class ReceptorAtom:
    """An atom of a receptor.

    Attributes
    ----------
    name, residue, chain, number, insertion, element : str
    type : str
        AutoDock's atom type; empty for a hydrogen on carbon, which Vina leaves out.
    place : tuple of float
        x, y, z in ångström.
    hetero : bool
    """

    name: str
    residue: str
    chain: str
    number: str
    insertion: str
    element: str
    type: str
    place: tuple[float, float, float]
    hetero: bool = False

    @property
    def label(self) -> str:
        """Its residue, as ``A:MET318``."""
        return f"{self.chain}:{self.residue}{self.number}{self.insertion}"


def typed_polymer(topology: Any, positions: Any) -> list[ReceptorAtom]:
    """Atoms of an OpenMM structure with hydrogens, in its order."""
    from openmm import unit

    places = np.array(positions.value_in_unit(unit.angstrom), dtype=float)
    partners: dict[int, list[Any]] = {}
    for bond in topology.bonds():
        partners.setdefault(bond.atom1.index, []).append(bond.atom2)
        partners.setdefault(bond.atom2.index, []).append(bond.atom1)
    atoms = []
    for atom in topology.atoms():
        residue, place = atom.residue, places[atom.index]
        if atom.element.symbol == "H" and len(partners.get(atom.index, ())) == 1:
            (heavy,) = partners[atom.index]
            place = _at_bond_length(places[heavy.index], place, heavy.element.symbol)
        atoms.append(
            ReceptorAtom(
                atom.name,
                residue.name,
                residue.chain.id,
                residue.id,
                residue.insertionCode.strip(),
                atom.element.symbol.upper(),
                _polymer_type(atom, partners.get(atom.index, [])),
                (float(place[0]), float(place[1]), float(place[2])),
            )
        )
    return atoms


def _at_bond_length(heavy: NDArray[np.float64], hydrogen: NDArray[np.float64], element: str) -> NDArray[np.float64]:
    """OpenMM places hydrogens in the right direction with a bond of 1.2 Å; see Allen et al., Int. Tables C, 9.5."""
    along = hydrogen - heavy
    place: NDArray[np.float64] = heavy + along * (_HYDROGEN_BONDS.get(element, 1.09) / np.linalg.norm(along))
    return place


def _polymer_type(atom: Any, partners: list[Any]) -> str:
    symbol, residue = atom.element.symbol.upper(), atom.residue.name
    if symbol == "H":
        return "HD" if any(other.element.symbol != "C" for other in partners) else ""
    if symbol == "C" and atom.name in _AROMATIC.get(residue, ()):
        return "A"
    bare = not any(other.element.symbol == "H" for other in partners)
    if symbol == "N" and bare and len(partners) == 2 and atom.name != "N":
        return "NA"
    return _TYPES.get(symbol, "C")


def typed_hetero(residues: Sequence[Residue]) -> list[ReceptorAtom]:
    """Atoms of metals, cofactors and kept waters, which have no hydrogens."""
    atoms = []
    for residue in residues:
        gaps = np.linalg.norm(residue.coordinates[:, None] - residue.coordinates[None], axis=2)
        degrees = ((gaps < _BOND).sum(axis=1) - 1).tolist()
        for name, element, place, degree in zip(
            residue.atoms, residue.elements, residue.coordinates, degrees, strict=True
        ):
            kind = "NA" if element == "N" and degree <= 2 else _TYPES.get(element, element.capitalize())
            x, y, z = (float(value) for value in place)
            atoms.append(
                ReceptorAtom(
                    name,
                    residue.name,
                    residue.chain,
                    str(residue.number),
                    residue.insertion,
                    element,
                    kind,
                    (x, y, z),
                    True,
                )
            )
    return atoms


def as_pdb(atoms: Iterable[ReceptorAtom]) -> str:
    """All atoms as a PDB file (format 3.3)."""
    return _written(atoms, lambda atom: f"          {atom.element:>2}  ")


def as_pdbqt(atoms: Iterable[ReceptorAtom]) -> str:
    """Atoms that Vina sees as a rigid PDBQT file; Vina's scoring uses no charge, so all are 0."""
    return _written((atom for atom in atoms if atom.type), lambda atom: f"    {0:6.3f} {atom.type:<2}")


def _written(atoms: Iterable[ReceptorAtom], tail: Callable[[ReceptorAtom], str]) -> str:
    lines: list[str] = []
    chain = None
    for serial, atom in enumerate(atoms, 1):
        if chain is not None and (atom.chain, atom.hetero) != chain:
            lines.append("TER")
        chain = (atom.chain, atom.hetero)
        shown = atom.name if len(atom.name) == 4 or len(atom.element) == 2 else f" {atom.name}"
        x, y, z = atom.place
        lines.append(
            f"{'HETATM' if atom.hetero else 'ATOM':<6}{serial % 100000:5d} {shown:<4} {atom.residue[:3]:>3} "
            f"{atom.chain[:1]}{int(atom.number) % 10000:4d}{atom.insertion or ' '}   {x:8.3f}{y:8.3f}{z:8.3f}"
            f"  1.00  0.00{tail(atom)}"
        )
    return "\n".join([*lines, "TER", "END", ""])
