"""Make a receptor from a structure: what stays, what is mended, where its hydrogens are."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import KDTree

from bencao.discovery.errors import StructureError
from bencao.discovery.receptor.mending import mend_polymer
from bencao.discovery.receptor.structure import DOCKED_METALS, Residue, Structure, read_structure
from bencao.discovery.receptor.typing import ReceptorAtom, as_pdb, as_pdbqt, typed_hetero, typed_polymer

# Heavy atoms of a hetero residue nearer than this to the ligand's are the ligand itself.
_SAME_PLACE = 1.2
# A chain whose atoms are all further than this from the ligand, in ångström, is no part of its site: Vina sees no
# further than 8 Å, and a box reaches some 10 Å beyond the ligand.
_FAR = 20.0


@dataclass(frozen=True)
class Change:
    """What was done to the structure, and why.

    Attributes
    ----------
    kind : str
        ``alternate``, ``model``, ``removed``, ``kept``, ``substituted``, ``completed``, ``gap``,
        ``metal-bound`` or ``far``.
    where : str
        Residues, as ``A:MET318``, or how many.
    """

    kind: str
    where: str


@dataclass(frozen=True)
class Receptor:
    """A receptor that can be docked to: every heavy atom there, hydrogens at the given pH.

    Attributes
    ----------
    source : str
    atoms : tuple of ReceptorAtom
    changes : tuple of Change
    ph : float
    """

    source: str
    atoms: tuple[ReceptorAtom, ...]
    changes: tuple[Change, ...]
    ph: float

    @property
    def coordinates(self) -> NDArray[np.float64]:
        """Places of all atoms, shape (atoms, 3), in ångström."""
        return np.array([atom.place for atom in self.atoms])

    @property
    def pdb(self) -> str:
        """The receptor as a PDB file."""
        return as_pdb(self.atoms)

    @property
    def pdbqt(self) -> str:
        """The receptor as Vina reads it: polar hydrogens only, AutoDock's atom types."""
        return as_pdbqt(self.atoms)


def prepare_receptor(
    path: Path,
    *,
    chains: Collection[str] = (),
    keep: Collection[str] = (),
    ph: float = 7.4,
    ligand: NDArray[np.float64] | None = None,
) -> Receptor:
    """Clean a structure for docking.

    Of alternate places the most occupied is taken, of models the first. Waters, additives and ligands go; polymers,
    metals that Vina knows, and well-known cofactors stay. Modified residues become the standard ones they came from.
    Missing side-chain atoms are built (PDBFixer); missing loops are not, but told. Hydrogens in the file are replaced
    by ones placed for the pH (OpenMM), except where a metal is bound.

    Parameters
    ----------
    path : Path
        PDB or mmCIF.
    chains : collection of str
        Chains to keep; all where empty.
    keep : collection of str
        Names of further hetero residues to keep, ``HOH`` for the waters.
    ph : float
    ligand : ndarray of float, shape (atoms, 3), optional
        Heavy atoms of a ligand whose place is to be free: what overlaps it is removed, and
        so are chains none of whose atoms is within 20 Å of it, unless chains are named.

    Returns
    -------
    Receptor

    Raises
    ------
    StructureError
        Where the structure cannot be used, or has no such chain.

    Notes
    -----
    PDBFixer and OpenMM: Eastman et al., J. Phys. Chem. B 2024, 128, 109.
    """
    if not 0 <= ph <= 14:
        raise StructureError(f"a pH of {ph:g} was asked for", where="ph", mend="give 0 to 14, e.g. 7.4")
    structure = read_structure(path)
    far: list[Change] = []
    if ligand is not None and not chains:
        structure, far = _near_chains(structure, ligand)
    chosen, changes = _chosen(structure, frozenset(chains), frozenset(keep), ligand)
    changes += far
    polymer = [residue for residue in chosen if residue.kind == "polymer"]
    hetero = [residue for residue in chosen if residue.kind != "polymer"]
    metals = np.concatenate(
        [np.empty((0, 3)), *(residue.coordinates for residue in hetero if residue.kind == "metal")], axis=0
    )
    mended = mend_polymer(polymer, metals, ph, structure.source)
    changes += [Change(kind, where) for kind, where in mended.changes]
    atoms = [*typed_polymer(mended.topology, mended.positions), *typed_hetero(hetero)]
    return Receptor(structure.source, tuple(atoms), tuple(changes), ph)


def _near_chains(structure: Structure, ligand: NDArray[np.float64]) -> tuple[Structure, list[Change]]:
    """The structure without chains that are far from the ligand, all of it where none is near; and what was left out.

    An assembly of eight copies would else cost eight preparations for one site.
    """
    within = KDTree(ligand)
    near = {
        residue.chain
        for residue in structure.residues
        if np.isfinite(within.query(residue.coordinates, distance_upper_bound=_FAR)[0]).any()
    }
    if not near.intersection(structure.chains):
        return structure, []
    left = tuple(residue for residue in structure.residues if residue.chain in near)
    far = [Change("far", f"chain {chain}") for chain in structure.chains if chain not in near]
    return replace(structure, residues=left), far


def _chosen(
    structure: Structure, chains: frozenset[str], keep: frozenset[str], ligand: NDArray[np.float64] | None
) -> tuple[list[Residue], list[Change]]:
    missing = sorted(chains - set(structure.chains))
    if missing:
        raise StructureError(
            f"has no chain {', '.join(missing)}",
            where=structure.source,
            mend=f"its chains are {', '.join(structure.chains)}",
        )
    changes = [Change("alternate", label) for label in structure.alternate]
    if structure.models > 1:
        changes.append(Change("model", f"1 / {structure.models}"))
    chosen, removed = [], []
    for residue in structure.residues:
        wanted = not chains or residue.chain in chains
        in_the_way = ligand is not None and _overlaps(residue, ligand)
        if wanted and not in_the_way and _stays(residue, keep):
            chosen.append(residue)
            if residue.kind != "polymer":
                changes.append(Change("kept", residue.label))
        elif residue.kind != "water" and (wanted or residue.kind == "polymer"):
            removed.append(residue)
    changes += [Change("removed", residue.label) for residue in removed if residue.kind != "polymer"]
    if not any(residue.kind == "polymer" for residue in chosen):
        raise StructureError("nothing of the polymer is left", where=structure.source, mend="name other chains")
    return chosen, changes


def _stays(residue: Residue, keep: frozenset[str]) -> bool:
    if residue.name in keep or residue.kind in ("polymer", "cofactor"):
        return True
    return residue.kind == "metal" and residue.elements[0] in DOCKED_METALS and residue.elements[0] not in ("NA", "K")


def _overlaps(residue: Residue, ligand: NDArray[np.float64]) -> bool:
    gaps = np.linalg.norm(residue.coordinates[:, None] - ligand[None], axis=2).min(axis=1)
    return bool((gaps < _SAME_PLACE).mean() > 0.3)
