"""How like what has worked: how easily a molecule might be made, and how well it fits drugs that reach the brain."""

from __future__ import annotations

import math
from dataclasses import dataclass

from rdkit.Chem import rdMolDescriptors
from rdkit.Contrib.SA_Score import sascorer

from bencao.discovery.ligands.acidity import sites
from bencao.discovery.molecules.properties import Properties, properties_of
from bencao.discovery.molecules.reading import LibraryRow

_BLOOD = 7.4


@dataclass(frozen=True)
class Likeness:
    """Scores of a molecule against others that were made, or that act in the brain.

    Attributes
    ----------
    sa : float
        Synthetic accessibility from 1 (easy) to 10 (Ertl and Schuffenhauer, J. Cheminform. 2009, 1, 8).
    pka : float or None
        Of the strongest base, a typical value of its group (see `ligands.acidity.sites`); None without a base.
    logd : float
        At pH 7.4, from Crippen's logP and the typical pKa of the strongest base and the strongest acid; charged forms
        are taken not to leave the water at all, so strong acids and bases come out too low.
    cns_mpo : float
        From 0 to 6, 4 and more as most drugs of the brain (Wager et al., ACS Chem. Neurosci. 2010, 1, 435), with these
        approximations of its ClogP, ClogD and pKa.
    """

    sa: float
    pka: float | None
    logd: float
    cns_mpo: float


def properties_and_likeness(row: LibraryRow) -> tuple[Properties, Likeness]:
    """Properties, alerts and likeness of a molecule as it is drawn.

    Parameters
    ----------
    row : LibraryRow

    Returns
    -------
    Properties
    Likeness

    Raises
    ------
    MoleculeError
        RDKit does not read it.

    Examples
    --------
    >>> properties_and_likeness(LibraryRow(1, "Cc1ccccc1"))[1].cns_mpo  # toluene: all but a polar surface
    5.0
    """
    molecule = row.molecule()
    found = properties_of(molecule)
    groups = sites(molecule)
    base = max((one.pka for one in groups if one.charge > 0), default=None)
    acid = min((one.pka for one in groups if one.charge < 0), default=math.inf)
    charged = (0.0 if base is None else 10 ** (base - _BLOOD)) + 10 ** (_BLOOD - acid)
    logd = found.logp - math.log10(1 + charged)
    parts = (
        _falling(found.logp, 3, 5),
        _falling(logd, 2, 4),
        _falling(found.weight, 360, 500),
        min(1 - _falling(found.tpsa, 20, 40), _falling(found.tpsa, 90, 120)),
        _falling(rdMolDescriptors.CalcNumHBD(molecule), 0.5, 3.5),
        1.0 if base is None else _falling(base, 8, 10),
    )
    return found, Likeness(float(sascorer.calculateScore(molecule)), base, logd, sum(parts))


def _falling(value: float, best: float, worst: float) -> float:
    """1 up to the best value, 0 from the worst, a straight line between."""
    return min(1.0, max(0.0, (worst - value) / (worst - best)))
