"""Where to dock: read a bound ligand, and turn what the user names into a box."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem, rdBase

from bencao.discovery.errors import BoxError, LigandError
from bencao.discovery.receptor.box import Box, box_around, box_around_residues
from bencao.discovery.receptor.pockets import find_pockets
from bencao.discovery.receptor.preparing import Receptor


def read_ligand(path: Path) -> Chem.Mol:
    """The first molecule of an SD or Mol file, heavy atoms with their places.

    Raises
    ------
    LigandError
        Where it cannot be read, or is flat.
    """
    try:
        with rdBase.BlockLogs():
            molecule = next(iter(Chem.SDMolSupplier(str(path), removeHs=True)), None)
    except OSError as error:
        raise LigandError("cannot be read", where=str(path), mend="check the path") from error
    if molecule is None or not molecule.GetNumAtoms():
        raise LigandError("RDKit reads no molecule from it", where=str(path), mend="give an SD or Mol file")
    places = molecule.GetConformer().GetPositions()
    if not np.isfinite(places).all() or (molecule.GetNumAtoms() > 3 and not np.ptp(places, axis=0).all()):
        raise LigandError("has no three-dimensional places", where=str(path), mend="give the ligand as it is bound")
    return molecule


def site_box(
    receptor: Receptor,
    *,
    ligand: NDArray[np.float64] | None = None,
    residues: Sequence[str] = (),
    pocket: int = 0,
    center: str = "",
    size: str = "22,22,22",
) -> Box:
    """The box from the one thing that was named: a ligand, residues, a pocket, or a center.

    Raises
    ------
    BoxError
        Where none or several were named, or there is no such residue or pocket.
    """
    named = [ligand is not None, bool(residues), pocket != 0, bool(center)]
    if sum(named) != 1:
        raise BoxError(
            f"{sum(named)} ways to place the box were given",
            where="box",
            mend="give one of --ligand, --residues, --pocket, --center",
        )
    if ligand is not None:
        return box_around(ligand)
    if residues:
        return box_around_residues(receptor, residues)
    if center:
        return Box(_three(center, "--center"), _three(size, "--size"))
    pockets = find_pockets(receptor)
    if not 1 <= pocket <= len(pockets):
        raise BoxError(f"there is no pocket {pocket}", where=receptor.source, mend=f"there are {len(pockets)}")
    return box_around(pockets[pocket - 1].spheres[:, :3])


def _three(told: str, where: str) -> tuple[float, float, float]:
    try:
        x, y, z = (float(part) for part in told.split(","))
    except ValueError:
        raise BoxError(f"{told!r} is not three numbers", where=where, mend="write it as 15,53.9,17") from None
    return x, y, z
