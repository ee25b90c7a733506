"""Find where a ligand could bind: fpocket's alpha spheres, ranked."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.spatial import cKDTree

from bencao.discovery.receptor.preparing import Receptor
from bencao.discovery.receptor.typing import as_pdb
from bencao.kernel.errors import EngineMissing

# An atom this near to an alpha sphere's center lines the pocket; the spheres have radii of 3.4 to 6.2 Å.
_LINING = 4.5
_GRID = 0.5


@dataclass(frozen=True)
class Pocket:
    """A pocket of a receptor.

    Attributes
    ----------
    rank : int
        1 for the one with the highest druggability.
    druggability : float
        fpocket's, from 0 to 1.
    volume : float
        Of the union of its alpha spheres, in Å³.
    residues : tuple of str
        Lining it, as ``A:MET318``.
    spheres : ndarray of float, shape (n, 4)
        Centers and radii of its alpha spheres in ångström.
    """

    rank: int
    druggability: float
    volume: float
    residues: tuple[str, ...]
    spheres: NDArray[np.float64]

    @property
    def center(self) -> tuple[float, float, float]:
        """Mean of its alpha spheres' centers."""
        x, y, z = self.spheres[:, :3].mean(axis=0).tolist()
        return x, y, z


def find_pockets(receptor: Receptor) -> tuple[Pocket, ...]:
    """Find the pockets of a receptor, best first.

    Parameters
    ----------
    receptor : Receptor

    Returns
    -------
    tuple of Pocket
        Perhaps empty.

    Raises
    ------
    EngineMissing
        Where fpocket-rs is not installed.

    Notes
    -----
    Le Guilloux, Schmidtke, Tuffery, BMC Bioinformatics 2009, 10, 168; druggability: Schmidtke, Barril,
    J. Med. Chem. 2010, 53, 5858.
    """
    try:
        from fpocket_rs import detect_pockets
    except ImportError as error:
        raise EngineMissing("fpocket-rs is not installed", mend="pip install 'bencao[discovery]'") from error
    # Hydrogens stay: fpocket-rs takes the accessible surface over the atoms it is given, and without hydrogens it puts
    # the largest pocket last (imatinib's site of Abl kinase: last of 23 without, first with).
    polymer = as_pdb(atom for atom in receptor.atoms if not atom.hetero)
    found = [_spheres(one) for one in detect_pockets(polymer)["pockets"]]
    found.sort(key=lambda one: (-round(one[1], 6), -len(one[0]), one[0].tolist()))
    return tuple(_pocket(rank, *one, receptor) for rank, one in enumerate(found, 1))


def _spheres(found: dict[str, Any]) -> tuple[NDArray[np.float64], float]:
    spheres = np.array(found["alpha_spheres"], dtype=float).reshape(-1, 4)
    return spheres[np.lexsort(spheres.T[::-1])], float(found["drug_score"])


def _pocket(rank: int, spheres: NDArray[np.float64], druggability: float, receptor: Receptor) -> Pocket:
    heavy = [atom for atom in receptor.atoms if atom.element != "H" and not atom.hetero]
    gaps = cKDTree(spheres[:, :3]).query([atom.place for atom in heavy])[0]
    lining = dict.fromkeys(atom.label for atom, gap in zip(heavy, gaps, strict=True) if gap < _LINING)
    return Pocket(rank, round(druggability, 4), _volume(spheres), tuple(lining), spheres)


def _volume(spheres: NDArray[np.float64]) -> float:
    """Volume of the union of spheres on a grid, since fpocket's own differs from run to run."""
    low = np.floor((spheres[:, :3] - spheres[:, 3:]).min(axis=0))
    high = np.ceil((spheres[:, :3] + spheres[:, 3:]).max(axis=0))
    axes = [np.arange(a, b, _GRID) + _GRID / 2 for a, b in zip(low, high, strict=True)]
    inside = np.zeros([len(axis) for axis in axes], dtype=bool)
    for x, y, z, radius in spheres:
        squares = [(axis - at) ** 2 for axis, at in zip(axes, (x, y, z), strict=True)]
        inside |= squares[0][:, None, None] + squares[1][None, :, None] + squares[2][None, None] <= radius**2
    return round(float(inside.sum()) * _GRID**3, 1)
