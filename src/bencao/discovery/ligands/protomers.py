"""The charges that a ligand carries at a pH, and in what share of its molecules."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass

from rdkit import Chem, rdBase

from bencao.discovery.ligands.acidity import Site, sites

# By how many units of pKa a charge makes a like one harder to form, by the bonds between: from the two constants of
# oxalic acid and aminals, diaminoethane, -propane, -butane and -pentane (CRC Handbook), an opposite one easier.
_REPULSION = {1: 12.0, 2: 5.0, 3: 2.5, 4: 1.1, 5: 0.8, 6: 0.4, 7: 0.2}
# Two paths round a ring, as in piperazine (9.7 and 5.3); two bases that share a charge, as biguanide's (12.4 and 2.8).
_IN_RING, _SHARED, _SHARING = 1.5, 9.0, 4
# States that are carried on while the groups are gone through.
_CARRIED = 256
_GROUND = 1.987204e-3 * 298.15  # kcal/mol


@dataclass(frozen=True)
class Protomer:
    """A state of charge.

    Attributes
    ----------
    smiles : str
        Canonical.
    share : float
        Of the molecules at the pH that are in it, in [0, 1].
    charge : int
        Net.
    """

    smiles: str
    share: float
    charge: int

    @property
    def penalty(self) -> float:
        """Free energy above the mixture, kcal/mol at 25 °C."""
        return -_GROUND * math.log(self.share)


def protomers(molecule: Chem.Mol, ph: float = 7.4, *, least: float = 0.1, most: int = 4) -> tuple[Protomer, ...]:
    """States of charge of a molecule at a pH, the most frequent first.

    Each group is charged as its pKa says, and less readily where a like charge is near.

    Parameters
    ----------
    molecule : Mol
        Charges that are drawn stay.
    ph : float
    least : float
        States of a smaller share are left out; the most frequent never is.
    most : int
        At most so many.

    Returns
    -------
    tuple of Protomer

    Examples
    --------
    >>> [(one.smiles, round(one.share, 2)) for one in protomers(Chem.MolFromSmiles("NCCC(=O)O"))]
    [('[NH3+]CCC(=O)[O-]', 1.0)]
    """
    found = sites(molecule)
    drawn = [atom.GetIdx() for atom in molecule.GetAtoms() if _is_lone_charge(atom)]
    repulsion = _Repulsion(molecule)
    fixed = [
        sum(
            repulsion.between(site.atom, place) * site.charge * molecule.GetAtomWithIdx(place).GetFormalCharge()
            for place in drawn
        )
        for site in found
    ]
    states: list[tuple[float, tuple[int, ...]]] = [(0.0, ())]
    for number, site in enumerate(found):
        own = site.charge * (site.pka - ph) - fixed[number]
        charged = [
            (
                weight
                + own
                - sum(
                    repulsion.between(site.atom, found[one].atom) * site.charge * found[one].charge for one in members
                ),
                (*members, number),
            )
            for weight, members in states
        ]
        states = sorted([*states, *charged], key=lambda state: (-state[0], state[1]))[:_CARRIED]
    shares: dict[str, float] = {}
    highest = states[0][0]
    for weight, members in itertools.takewhile(lambda state: state[0] > highest - 6, states):
        smiles = _charged(molecule, [found[one] for one in members])
        shares[smiles] = shares.get(smiles, 0.0) + 10 ** (weight - highest)
    whole = sum(shares.values())
    order = sorted(shares.items(), key=lambda entry: (-round(entry[1] / whole, 6), entry[0]))
    kept = [entry for place, entry in enumerate(order[:most]) if not place or entry[1] / whole >= least]
    return tuple(Protomer(smiles, weight / whole, _net(smiles)) for smiles, weight in kept)


class _Repulsion:
    """What a charge at one atom costs a like one at another, in units of pKa."""

    def __init__(self, molecule: Chem.Mol) -> None:
        self._molecule = molecule
        self._distances = Chem.GetDistanceMatrix(molecule)

    def between(self, one: int, other: int) -> float:
        """Of two atoms, 0 where they are far apart."""
        apart = int(self._distances[one, other])
        cost = _REPULSION.get(apart, 0.0)
        if not cost:
            return 0.0
        if any(one in ring and other in ring for ring in self._molecule.GetRingInfo().AtomRings()):
            cost *= _IN_RING
        if apart > _SHARING or any(self._molecule.GetAtomWithIdx(place).GetAtomicNum() != 7 for place in (one, other)):
            return cost
        path = Chem.GetShortestPath(self._molecule, one, other)
        bonds = [self._molecule.GetBondBetweenAtoms(*pair) for pair in itertools.pairwise(path)]
        return cost + _SHARED if all(bond.GetIsConjugated() for bond in bonds) else cost


def _is_lone_charge(atom: Chem.Atom) -> bool:
    """Whether an atom is charged and no neighbour has the opposite charge, as in a nitro group."""
    charge = atom.GetFormalCharge()
    return charge != 0 and all(charge * other.GetFormalCharge() >= 0 for other in atom.GetNeighbors())


def _charged(molecule: Chem.Mol, members: list[Site]) -> str:
    copy = Chem.RWMol(molecule)
    for site in members:
        atom = copy.GetAtomWithIdx(site.atom)
        hydrogens = atom.GetTotalNumHs() + site.charge
        atom.SetFormalCharge(site.charge)
        atom.SetNoImplicit(True)
        atom.SetNumExplicitHs(hydrogens)
    with rdBase.BlockLogs():
        Chem.SanitizeMol(copy)
    return str(Chem.MolToSmiles(copy))


def _net(smiles: str) -> int:
    return int(Chem.GetFormalCharge(Chem.MolFromSmiles(smiles)))
