"""Parts of a set of molecules that share no scaffold, so that a figure on one part says something of new chemistry."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem, rdBase
from rdkit.Chem.Scaffolds import MurckoScaffold


def scaffold(molecule: Chem.Mol) -> str:
    """The rings of a molecule and what links them (Bemis and Murcko, J. Med. Chem. 1996, 39, 2887).

    Parameters
    ----------
    molecule : Mol

    Returns
    -------
    str
        SMILES without stereo. Of a molecule without rings its skeleton: each atom carbon, each bond single.

    Examples
    --------
    >>> scaffold(Chem.MolFromSmiles("CC(=O)Oc1ccccc1C(=O)O"))
    'c1ccccc1'
    >>> scaffold(Chem.MolFromSmiles("CC(=O)O"))
    'CC(C)C'
    """
    with rdBase.BlockLogs():
        found = MurckoScaffold.GetScaffoldForMol(molecule)  # type: ignore[no-untyped-call]
        if not found.GetNumAtoms():
            found = MurckoScaffold.MakeScaffoldGeneric(molecule)  # type: ignore[no-untyped-call]
        return str(Chem.MolToSmiles(found, isomericSmiles=False))


def scaffold_folds(scaffolds: Sequence[str], folds: int, seed: int) -> NDArray[np.uint8]:
    """Deal whole scaffolds, in an order drawn at random, each to the part that is smallest so far.

    Parameters
    ----------
    scaffolds : sequence of str, one a molecule
    folds : int
        At most 255.
    seed : int

    Returns
    -------
    ndarray of uint8, shape (molecules,)
        Part of each molecule, from 0.
    """
    _, group, sizes = np.unique(np.asarray(scaffolds), return_inverse=True, return_counts=True)
    dealt, filled = np.zeros(len(sizes), dtype=np.uint8), np.zeros(folds, dtype=np.int64)
    for one in np.random.default_rng(seed).permutation(len(sizes)):
        dealt[one] = filled.argmin()
        filled[dealt[one]] += sizes[one]
    return np.asarray(dealt[group], dtype=np.uint8)
