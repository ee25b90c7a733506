"""Build what a polymer lacks: side-chain atoms by PDBFixer, hydrogens by OpenMM, mindful of metals."""

from __future__ import annotations

import io
import itertools
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bencao.discovery.errors import StructureError
from bencao.discovery.receptor.structure import Residue

_BACKBONE = frozenset({"N", "CA", "C"})
# A ligand atom of a metal is nearer than this (Harding, Acta Cryst. D 2006, 62, 678, and a margin).
_BOUND = 2.9
# Ångström between C and the next N that are bonded, with a margin; beyond, residues are missing between them.
_PEPTIDE = 2.0
_SEED = 1


@dataclass(frozen=True)
class Mended:
    """A polymer as OpenMM holds it.

    Attributes
    ----------
    topology, positions : openmm objects
    changes : tuple of (str, str)
        Kind and place of what was mended.
    """

    topology: Any
    positions: Any
    changes: tuple[tuple[str, str], ...]


def mend_polymer(residues: Sequence[Residue], metals: NDArray[np.float64], ph: float, source: str) -> Mended:
    """Complete a polymer and place its hydrogens.

    Parameters
    ----------
    residues : sequence of Residue
    metals : ndarray of float, shape (metals, 3)
        Ions near which no hydrogen may stand.
    ph : float
    source : str
        The file's name, for errors.

    Returns
    -------
    Mended

    Raises
    ------
    StructureError
        Where only a trace is there, or PDBFixer cannot complete it.
    """
    from pdbfixer import PDBFixer

    _refuse_trace(residues, source)
    changes = [("gap", f"{before.label} .. {after.label}") for before, after in _gaps(residues)]
    fixer = PDBFixer(pdbfile=io.StringIO(_as_pdb(residues)), platform=_platform())
    fixer.missingResidues = {}
    try:
        fixer.findNonstandardResidues()
        changes += [("substituted", f"{_label(old)} > {new}") for old, new in fixer.nonstandardResidues]
        fixer.replaceNonstandardResidues()
        unknown = [residue for residue in fixer.topology.residues() if residue.name not in fixer.templates]
        if unknown:
            changes += [("removed", _label(residue)) for residue in unknown]
            fixer.topology, fixer.positions = _without(fixer.topology, fixer.positions, unknown)
        fixer.findMissingAtoms()
        changes += [("completed", _label(residue)) for residue in fixer.missingAtoms]
        fixer.addMissingAtoms(seed=_SEED)
        topology, positions, bound = _with_hydrogens(fixer.topology, fixer.positions, metals, ph)
    except StructureError:
        raise
    except Exception as error:  # OpenMM raises bare exceptions
        raise StructureError(
            f"cannot be completed: {error}", where=source, mend="name the chains that matter, or mend the file"
        ) from error
    return Mended(topology, positions, (*changes, *(("metal-bound", label) for label in bound)))


def _refuse_trace(residues: Sequence[Residue], source: str) -> None:
    proteins = [residue for residue in residues if "CA" in residue.atoms]
    bare = [residue for residue in proteins if not set(residue.atoms) >= _BACKBONE]
    if len(bare) > len(proteins) / 2:
        raise StructureError(
            f"{len(bare)} of {len(proteins)} residues have no whole backbone",
            where=source,
            mend="give a structure of all atoms, not a trace",
        )


def _gaps(residues: Sequence[Residue]) -> list[tuple[Residue, Residue]]:
    found = []
    for before, after in itertools.pairwise(residues):
        if before.chain != after.chain or "C" not in before.atoms or "N" not in after.atoms:
            continue
        reach = before.coordinates[before.atoms.index("C")] - after.coordinates[after.atoms.index("N")]
        if np.linalg.norm(reach) > _PEPTIDE:
            found.append((before, after))
    return found


def _with_hydrogens(
    topology: Any, positions: Any, metals: NDArray[np.float64], ph: float
) -> tuple[Any, Any, list[str]]:
    from openmm import unit
    from openmm.app import Modeller

    places = np.array(positions.value_in_unit(unit.angstrom), dtype=float)
    variants = [_variant(residue, places, metals) for residue in topology.residues()]
    bound = [_label(residue) for residue, variant in zip(topology.residues(), variants, strict=True) if variant]
    modeller = Modeller(topology, positions)
    # OpenMM starts hydrogens in random directions drawn from Python's own generator.
    state = random.getstate()
    try:
        random.seed(_SEED)
        modeller.addHydrogens(pH=ph, variants=variants, platform=_platform())
    finally:
        random.setstate(state)
    return modeller.topology, modeller.positions, bound


def _variant(residue: Any, places: NDArray[np.float64], metals: NDArray[np.float64]) -> str | None:
    """The protonation that leaves a metal's ligands bare; None leaves it to the pH."""
    if not len(metals) or residue.name not in ("HIS", "CYS"):
        return None
    gaps = {
        atom.name: float(np.linalg.norm(metals - places[atom.index], axis=1).min())
        for atom in residue.atoms()
        if atom.name in ("ND1", "NE2", "SG")
    }
    if not gaps or min(gaps.values()) > _BOUND:
        return None
    if residue.name == "CYS":
        return "CYX"
    return "HIE" if gaps.get("ND1", 9.0) < gaps.get("NE2", 9.0) else "HID"


def _without(topology: Any, positions: Any, residues: list[Any]) -> tuple[Any, Any]:
    from openmm.app import Modeller

    modeller = Modeller(topology, positions)
    modeller.delete(residues)
    return modeller.topology, modeller.positions


def _label(residue: Any) -> str:
    return f"{residue.chain.id}:{residue.name}{residue.id}{residue.insertionCode.strip()}"


def _platform() -> Any:
    from openmm import Platform

    # The platform whose sums do not depend on the number of threads.
    return Platform.getPlatform("Reference")


def _as_pdb(residues: Sequence[Residue]) -> str:
    lines, serial, chain = [], 0, residues[0].chain
    for residue in residues:
        if residue.chain != chain:
            lines.append("TER")
            chain = residue.chain
        for name, element, place in zip(residue.atoms, residue.elements, residue.coordinates, strict=True):
            serial += 1
            lines.append(_atom_line("ATOM", serial, name, residue, element, place))
    return "\n".join([*lines, "TER", "END", ""])


def _atom_line(record: str, serial: int, name: str, residue: Residue, element: str, place: NDArray[np.float64]) -> str:
    """One atom as a PDB file has it (format 3.3)."""
    shown = name if len(name) == 4 or len(element) == 2 else f" {name}"
    head = f"{record:<6}{serial % 100000:5d} {shown:<4} {residue.name[:3]:>3} {residue.chain[:1]}"
    x, y, z = place
    return (
        f"{head}{residue.number % 10000:4d}{residue.insertion or ' '}   {x:8.3f}{y:8.3f}{z:8.3f}"
        f"  1.00  0.00          {element:>2}  "
    )
