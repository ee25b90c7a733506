"""Crippen's logP and refractivity at half of RDKit's cost: hydrogens are counted instead of drawn."""

from __future__ import annotations

import functools
from typing import Any

from rdkit import Chem
from rdkit.Chem import rdMolDescriptors

# Contributions of a hydrogen to logP and refractivity (Wildman and Crippen, J. Chem. Inf. Comput. Sci. 1999, 39, 868,
# table 1): of a hydrocarbon, an alcohol an amine or azole, an acid, and of any other kind.
_HYDROCARBON, _ALCOHOL, _AMINE, _ACID, _OTHER = (
    (0.123, 1.057),
    (-0.2677, 1.395),
    (0.2142, 0.9627),
    (0.298, 1.805),
    (0.1125, 1.112),
)
_HYDROGEN = 1.008  # g/mol


@functools.cache
def _patterns() -> tuple[Any, ...]:
    """What is left to RDKit; hydroxyls, and those of alcohols, hydroxylamines, acids."""
    odd = "[#1,$([!#6;!#7;!#8;!H0]),$([#8;!H0;!$([OX2H1][*])])]"
    of = ("[OX2H]", "[OX2H][CX4,!C;!#7;!O;!S]", "[OX2H][#7]", "[OX2H;$(OC=[#6,#7,O,S]),$(O[O,S])]")
    return tuple(map(Chem.MolFromSmarts, (odd, *of)))


def logp_and_refractivity(molecule: Chem.Mol) -> tuple[float, float]:
    """Crippen's logP and molar refractivity, what RDKit's `CalcCrippenDescriptors` gives.

    Parameters
    ----------
    molecule : Mol

    Returns
    -------
    logp, refractivity : float
        Equal to RDKit's but for the order in which they are summed.

    Notes
    -----
    The contributions of the other atoms do not depend on whether hydrogens are drawn.

    Examples
    --------
    >>> [round(value, 3) for value in logp_and_refractivity(Chem.MolFromSmiles("CCO"))]
    [-0.001, 12.76]
    """
    of = rdMolDescriptors
    odd, hydroxyl, *kinds = _patterns()
    if molecule.HasSubstructMatch(odd):
        logp, refractivity = of.CalcCrippenDescriptors(molecule)
        return float(logp), float(refractivity)
    hydrogens = round((of._CalcMolWt(molecule) - of._CalcMolWt(molecule, True)) / _HYDROGEN)
    polar = of.CalcNumLipinskiHBD(molecule)
    hydroxyls = _count(molecule, hydroxyl) if polar else 0
    alcohols, hydroxylamines, acids = [_count(molecule, kind) for kind in kinds] if hydroxyls else (0, 0, 0)
    found = (
        (_HYDROCARBON, hydrogens - polar),
        (_ALCOHOL, alcohols),
        (_AMINE, polar - hydroxyls + hydroxylamines),
        (_ACID, acids),
        (_OTHER, hydroxyls - alcohols - hydroxylamines - acids),
    )
    heavy = of._CalcCrippenContribs(molecule)
    logp, refractivity = (
        sum(one[part] for one in heavy) + sum(kind[part] * count for kind, count in found) for part in (0, 1)
    )
    return logp, refractivity


def _count(molecule: Chem.Mol, pattern: Chem.Mol) -> int:
    return len(molecule.GetSubstructMatches(pattern))
