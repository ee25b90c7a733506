"""Read a structure from PDB or mmCIF, one model, one place for every atom, and sort its residues by what they are."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import gemmi
import numpy as np
from numpy.typing import NDArray

from bencao.discovery.errors import StructureError

Kind = Literal["polymer", "water", "metal", "cofactor", "other"]

# A file above this is no receptor to dock to (the ribosome has 0.3 million atoms).
_MOST_ATOMS = 400_000
# Metals that Vina has a radius for; see AutoDock Vina 1.2, atom_constants.h.
DOCKED_METALS = frozenset({"MG", "MN", "ZN", "CA", "FE", "CU", "NA", "K", "HG", "CO", "CD", "NI"})
# Prosthetic groups and cosubstrates that are part of the site they stand in.
_COFACTORS = frozenset(
    "HEM HEC HEA HEB NAD NAI NAP NDP FAD FMN COA ACO SAM SAH PLP TPP TDP H4B BTN B12 MGD F3S SF4 FES".split()  # noqa: SIM905
)


@dataclass(frozen=True)
class Residue:
    """One residue with its heavy atoms.

    Attributes
    ----------
    chain, name : str
    number : int
    insertion : str
    kind : {"polymer", "water", "metal", "cofactor", "other"}
    atoms : tuple of str
        Names.
    elements : tuple of str
        Symbols in capitals.
    coordinates : ndarray of float, shape (atoms, 3)
        Ångström.
    """

    chain: str
    number: int
    insertion: str
    name: str
    kind: Kind
    atoms: tuple[str, ...]
    elements: tuple[str, ...]
    coordinates: NDArray[np.float64]

    @property
    def label(self) -> str:
        """As ``A:MET318``."""
        return f"{self.chain}:{self.name}{self.number}{self.insertion}"


@dataclass(frozen=True)
class Structure:
    """A file's first model: each atom once, no hydrogens.

    Attributes
    ----------
    source : str
        Name of the file.
    residues : tuple of Residue
    models : int
        Models in the file.
    alternate : tuple of str
        Labels of the residues that had alternate places; the one of highest occupancy was taken.
    """

    source: str
    residues: tuple[Residue, ...]
    models: int
    alternate: tuple[str, ...]

    @property
    def chains(self) -> tuple[str, ...]:
        """Chains that hold a polymer, in the order of the file."""
        return tuple(dict.fromkeys(residue.chain for residue in self.residues if residue.kind == "polymer"))


def read_structure(path: Path) -> Structure:
    """Read the first model of a PDB or mmCIF file (gzipped or not).

    Parameters
    ----------
    path : Path

    Returns
    -------
    Structure

    Raises
    ------
    StructureError
        Where it cannot be read, has no atom, too many, coordinates that are no numbers, or no polymer.
    """
    where = path.name
    try:
        parsed = gemmi.read_structure(str(path), merge_chain_parts=True)
    except (OSError, RuntimeError, ValueError) as error:
        told = str(error).replace(str(path), where)
        raise StructureError(
            f"cannot be read as a structure: {told}", where=where, mend="give PDB or mmCIF, perhaps gzipped"
        ) from error
    if len(parsed) == 0 or parsed[0].count_atom_sites() == 0:
        raise StructureError("holds no atom", where=where, mend="give a PDB or mmCIF file with coordinates")
    atoms = parsed[0].count_atom_sites()
    if atoms > _MOST_ATOMS:
        raise StructureError(
            f"has {atoms:,} atoms, at most {_MOST_ATOMS:,} are taken", where=where, mend="cut out the chains you need"
        )
    parsed.setup_entities()
    parsed.shorten_chain_names()
    return _sorted(parsed, where)


def _sorted(parsed: Any, where: str) -> Structure:
    residues, alternate = [], []
    for chain in parsed[0]:
        for residue in chain:
            kept, had_others = _single_places(residue)
            if not kept:
                continue
            entry = Residue(
                chain.name,
                residue.seqid.num,
                residue.seqid.icode.strip(),
                residue.name,
                _kind(residue, [atom.element for atom in kept]),
                tuple(atom.name for atom in kept),
                tuple(atom.element.name.upper() for atom in kept),
                np.array([atom.pos.tolist() for atom in kept], dtype=float),
            )
            if not np.isfinite(entry.coordinates).all():
                raise StructureError("a coordinate is no number", where=f"{where}: {entry.label}", mend="mend the file")
            residues.append(entry)
            if had_others:
                alternate.append(entry.label)
    if not any(residue.kind == "polymer" for residue in residues):
        raise StructureError(
            "holds no protein or nucleic acid chain", where=where, mend="give the receptor's structure"
        )
    return Structure(where, tuple(residues), len(parsed), tuple(alternate))


def _single_places(residue: Any) -> tuple[list[Any], bool]:
    """Heavy atoms of a residue, all of one alternate place, the one that is occupied most."""
    weights: dict[str, float] = {}
    for atom in residue:
        if atom.has_altloc():
            weights[atom.altloc] = weights.get(atom.altloc, 0.0) + atom.occ
    best = min(weights, key=lambda name: (-round(weights[name], 3), name)) if weights else ""
    chosen: dict[str, Any] = {}
    for atom in residue:
        if atom.element.is_hydrogen:
            continue
        # An atom that the chosen place lacks is taken from another.
        if atom.name not in chosen or atom.altloc == best:
            chosen[atom.name] = atom
    return list(chosen.values()), len(weights) > 1


def _kind(residue: Any, elements: list[Any]) -> Kind:
    if residue.is_water():
        return "water"
    if len(elements) == 1 and (elements[0].is_metal or residue.name in DOCKED_METALS):
        return "metal"
    if residue.entity_type == gemmi.EntityType.Polymer:
        return "polymer"
    return "cofactor" if residue.name in _COFACTORS else "other"
