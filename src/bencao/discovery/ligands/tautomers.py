"""Tautomers that a molecule could be bound as."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import Any

from rdkit import Chem, rdBase
from rdkit.Chem.MolStandardize import rdMolStandardize

# What is looked through at most, of molecules with very many.
_LOOKED_AT = 200


@dataclass(frozen=True)
class Tautomers:
    """Tautomers of a molecule.

    Attributes
    ----------
    smiles : tuple of str
        The one that is drawn first, then by falling score.
    found : int
        How many before the cap.
    """

    smiles: tuple[str, ...]
    found: int


def tautomers(molecule: Chem.Mol, most: int = 4) -> Tautomers:
    """The tautomer that is drawn, and those that no other has a better score than.

    Parameters
    ----------
    molecule : Mol
    most : int
        At most so many, the one drawn counted.

    Returns
    -------
    Tautomers

    Notes
    -----
    The score rewards aromatic rings and carbonyls: an enol or an imidic acid lies below its ketone or amide, the two
    forms of an imidazole or an amidine are equal (Sitzmann, Ihlenfeldt, Nicklaus, J. Comput. Aided Mol. Des. 2010, 24,
    521, as RDKit has it). It is a rule of thumb, and leaves out the enols of 1,3-diketones, which can prevail, unless
    they are drawn.

    Examples
    --------
    >>> tautomers(Chem.MolFromSmiles("Cc1c[nH]cn1")).smiles
    ('Cc1c[nH]cn1', 'Cc1cnc[nH]1')
    >>> tautomers(Chem.MolFromSmiles("CC(C)=O")).smiles
    ('CC(C)=O',)
    """
    drawn = str(Chem.MolToSmiles(molecule))
    if most == 1:
        return Tautomers((drawn,), 1)
    with rdBase.BlockLogs():
        found = {str(Chem.MolToSmiles(one)): one for one in _enumerator().Enumerate(molecule)}
        scores = {smiles: rdMolStandardize.TautomerEnumerator.ScoreTautomer(one) for smiles, one in found.items()}
    best = max(scores.values(), default=0)
    others = [smiles for smiles, score in scores.items() if score == best and smiles != drawn]
    others.sort(key=lambda smiles: (-scores[smiles], smiles))
    return Tautomers((drawn, *others[: most - 1]), 1 + len(others))


@functools.cache
def _enumerator() -> Any:
    wanted: Any = rdMolStandardize.CleanupParameters()
    wanted.maxTautomers = _LOOKED_AT
    wanted.tautomerRemoveSp3Stereo = False
    wanted.tautomerRemoveBondStereo = False
    return rdMolStandardize.TautomerEnumerator(wanted)
