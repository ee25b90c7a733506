"""The box that is searched: around a ligand, around residues, around a pocket, or given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bencao.discovery.errors import BoxError
from bencao.discovery.receptor.preparing import Receptor

# Vina warns beyond this volume, since its search is then no longer thorough (J. Comput. Chem. 2010, 31, 455).
_LARGEST = 60.0
_SMALLEST = 6.0
# An atom of the receptor has to be this near to the box, in ångström, for a ligand to touch it.
_TOUCH = 4.0
_FEWEST = 20


@dataclass(frozen=True)
class Box:
    """A box along the axes of the file.

    Attributes
    ----------
    center, size : tuple of float
        Ångström.
    """

    center: tuple[float, float, float]
    size: tuple[float, float, float]

    def holds(self, places: NDArray[np.float64], margin: float = 0.0) -> NDArray[np.bool_]:
        """Which places, shape (n, 3), lie inside, or outside by no more than the margin."""
        half = np.array(self.size) / 2 + margin
        inside: NDArray[np.bool_] = (np.abs(places - np.array(self.center)) <= half).all(axis=1)
        return inside


def box_around(places: NDArray[np.float64], padding: float = 5.0) -> Box:
    """The box around points.

    Parameters
    ----------
    places : ndarray of float, shape (n, 3)
        Ångström; of a ligand, of residues, of a pocket's alpha spheres.
    padding : float
        Added on each side.

    Returns
    -------
    Box
        At least 18 Å each way, so that a ligand other than the one it is built on can turn in it.

    Raises
    ------
    BoxError
        Where there is no point.
    """
    if not len(places):
        raise BoxError(
            "there is nothing to build a box around", where="box", mend="name a ligand, residues or a pocket"
        )
    low, high = places.min(axis=0), places.max(axis=0)
    x, y, z = ((low + high) / 2).round(3).tolist()
    width, depth, height = np.clip(high - low + 2 * padding, 18.0, _LARGEST).round(3).tolist()
    return Box((x, y, z), (width, depth, height))


def box_around_residues(receptor: Receptor, residues: Sequence[str], padding: float = 5.0) -> Box:
    """The box around residues named as ``A:318`` or ``A:MET318``.

    Raises
    ------
    BoxError
        Where the receptor has no such residue.
    """
    places: list[tuple[float, float, float]] = []
    for name in residues:
        chain, _, number = name.partition(":")
        found = [
            atom.place
            for atom in receptor.atoms
            if atom.chain == chain
            and number.upper() in (f"{atom.number}{atom.insertion}", f"{atom.residue}{atom.number}{atom.insertion}")
        ]
        if not found:
            shown = ", ".join(dict.fromkeys(atom.chain for atom in receptor.atoms))
            raise BoxError(
                f"has no residue {name}", where=receptor.source, mend=f"write chain:number, as A:318; chains: {shown}"
            )
        places += found
    return box_around(np.array(places), padding)


def check_box(box: Box, receptor: Receptor) -> None:
    """Refuse a box that no ligand could be docked in.

    Raises
    ------
    BoxError
        Where the box is too small, too large, no box, or does not lie at the receptor.
    """
    shown = "center {:.1f},{:.1f},{:.1f} size {:.1f},{:.1f},{:.1f}".format(*box.center, *box.size)
    if not np.isfinite([*box.center, *box.size]).all():
        raise BoxError("a side or the center is no number", where=shown, mend="give numbers in ångström")
    if min(box.size) < _SMALLEST or max(box.size) > _LARGEST:
        raise BoxError(
            "a side is too short or too long",
            where=shown,
            mend=f"give sides of {_SMALLEST:g} to {_LARGEST:g} Å; search a larger surface pocket by pocket",
        )
    places = receptor.coordinates
    near = int(box.holds(places, _TOUCH).sum())
    if near < _FEWEST:
        low, high = places.min(axis=0), places.max(axis=0)
        spans = ", ".join(f"{axis} {a:.1f} to {b:.1f}" for axis, a, b in zip("xyz", low, high, strict=True))
        raise BoxError(
            f"the box lies outside the receptor: {near} atoms touch it", where=shown, mend=f"the receptor spans {spans}"
        )
