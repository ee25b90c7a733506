"""Stereoisomers of a molecule where its drawing leaves centres or double bonds open."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from rdkit import Chem, rdBase
from rdkit.Chem import EnumerateStereoisomers

_SEED = 1


@dataclass(frozen=True)
class Stereoisomers:
    """Stereoisomers of a molecule.

    Attributes
    ----------
    smiles : tuple of str
        In alphabetical order.
    possible : int
        How many the open centres and double bonds make, two each: twins such as meso forms, and strained ones, counted.
    capped : bool
        Whether some were not looked at.
    """

    smiles: tuple[str, ...]
    possible: int
    capped: bool


def stereoisomers(molecule: Chem.Mol, most: int = 8) -> Stereoisomers:
    """Stereoisomers that agree with what is drawn.

    Parameters
    ----------
    molecule : Mol
    most : int
        At most so many; where there are more, these are drawn at random, always the same.

    Returns
    -------
    Stereoisomers

    Examples
    --------
    >>> stereoisomers(Chem.MolFromSmiles("OC(C(=O)O)C(O)C(=O)O")).smiles  # tartaric acid: one is meso
    ('O=C(O)[C@@H](O)[C@@H](O)C(=O)O', 'O=C(O)[C@@H](O)[C@H](O)C(=O)O', 'O=C(O)[C@H](O)[C@H](O)C(=O)O')
    """
    enumeration: Any = EnumerateStereoisomers  # RDKit's Python part is not typed
    with rdBase.BlockLogs():
        possible = int(enumeration.GetStereoisomerCount(molecule))
        if possible == 1:
            return Stereoisomers((str(Chem.MolToSmiles(molecule)),), 1, False)
        # Up to a bound all are made, so that twins do not use up the cap.
        largest = most if possible > 8 * most else 0
        wanted = enumeration.StereoEnumerationOptions(onlyUnassigned=True, unique=True, maxIsomers=largest, rand=_SEED)
        found = {str(Chem.MolToSmiles(one)) for one in enumeration.EnumerateStereoisomers(molecule, options=wanted)}
    kept = tuple(sorted(found)[:most])
    return Stereoisomers(kept, possible, len(found) > most or possible > 8 * most)
