"""What the one-step network sees of a molecule: hashed circular substructures with their counts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem
from rdkit.Chem import rdFingerprintGenerator

_RADIUS = 3
_COUNT_STEPS = (1, 2, 4)
_MORGAN = rdFingerprintGenerator.GetMorganGenerator(radius=_RADIUS, includeChirality=True)


def feature_ids(molecule: Chem.Mol, size: int) -> NDArray[np.int64]:
    """Hash the circular substructures of a molecule into `size` slots.

    A substructure (Morgan, radius 0 to 3, with chirality; Rogers and Hahn, J. Chem. Inf. Model. 2010,
    50, 742) that occurs c times sets one slot for each count step not above c.

    Parameters
    ----------
    molecule : rdkit Mol
    size : int
        Number of slots.

    Returns
    -------
    ndarray of int64, shape (number of set slots,)
        Sorted, each slot once; never empty for a molecule with atoms.
    """
    counts = _MORGAN.GetSparseCountFingerprint(molecule).GetNonzeroElements()
    slots = {
        (identifier * 2654435761 + step * 40503) % 4294967291 % size
        for identifier, count in counts.items()
        for step in _COUNT_STEPS
        if count >= step
    }
    return np.array(sorted(slots), dtype=np.int64)
