"""How far a fold may be trusted, residue by residue: by how well folds of independently trained networks agree."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bencao.discovery.folding.embedding import Places

# lDDT: pairs nearer than this in the one structure, and how far their distance may be off in the other (Mariani et al.,
# Bioinformatics 2013, 29, 2722).
_NEAR = 15.0
_TOLERANCES = (0.5, 1.0, 2.0, 4.0)


def local_agreement(places: Places, other: Places) -> NDArray[np.float64]:
    """lDDT of the Cα, without superposing.

    Parameters
    ----------
    places, other : ndarray of float, shape (length, 3)
        Cα of the same residues in ångström; which pairs are near is told by `places`.

    Returns
    -------
    ndarray of float, shape (length,)
        From 0 to 1.
    """
    here = np.linalg.norm(places[:, None] - places[None], axis=-1)
    there = np.linalg.norm(other[:, None] - other[None], axis=-1)
    near = here < _NEAR
    np.fill_diagonal(near, False)
    kept = np.mean([np.abs(here - there) < tolerance for tolerance in _TOLERANCES], axis=0)
    shared: NDArray[np.float64] = (kept * near).sum(axis=1) / np.maximum(near.sum(axis=1), 1)
    return shared


def agreement(chosen: Places, others: Sequence[Places]) -> NDArray[np.float64]:
    """Mean `local_agreement` of a fold with others of the same sequence.

    Parameters
    ----------
    chosen : ndarray of float, shape (length, 3)
    others : sequence of ndarray of float, shape (length, 3)
        At least one.

    Returns
    -------
    ndarray of float, shape (length,)
        From 0 to 1: 1 where all agree.
    """
    mean: NDArray[np.float64] = np.mean([local_agreement(chosen, other) for other in others], axis=0)
    return mean
