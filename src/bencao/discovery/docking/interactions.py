"""What holds a pose in its site, by geometry: hydrogen bonds, salt bridges, stacking, metals, hydrophobic contacts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem

from bencao.discovery.receptor.preparing import Receptor
from bencao.discovery.receptor.typing import ReceptorAtom

Kind = Literal["hydrogen bond", "salt bridge", "stacking", "cation-pi", "halogen bond", "metal", "hydrophobic"]

# Distances in ångström and angles in degrees, after Salentin et al. (PLIP), Nucleic Acids Res. 2015, 43, W443.
_REACH = 8.0
_HYDROGEN, _SALT, _HYDROPHOBIC, _METAL, _HALOGEN = 3.6, 5.0, 4.0, 2.8, 3.6
_RINGS_APART, _RINGS_TURNED, _RINGS_SHIFTED = 5.5, 30.0, 2.0
_CATION_PI = 6.0
_DONOR_ANGLE = 120.0
_METALS = frozenset(["MG", "MN", "ZN", "CA", "FE", "CU", "NI", "CO", "CD"])
_CHARGED = {"ARG": "CZ", "LYS": "NZ", "ASP": "CG", "GLU": "CD"}
_RINGS = {
    "PHE": ("CG", "CD1", "CD2", "CE1", "CE2", "CZ"),
    "TYR": ("CG", "CD1", "CD2", "CE1", "CE2", "CZ"),
    "HIS": ("CG", "ND1", "CD2", "CE1", "NE2"),
    "TRP": ("CD2", "CE2", "CE3", "CZ2", "CZ3", "CH2"),
}
_ACCEPTOR = Chem.MolFromSmarts("[$([O;!$([OX3,OX2+])]),$([#7;X2,X1;!+]),$([NX3;!$(N-C=[O,S,N]);!$(N-a);!$(N-S=O);!+])]")
_CATION = Chem.MolFromSmarts("[$([N,n;+]);!$([N+]-[O-])]")
_ANION = Chem.MolFromSmarts("[$([CX3](=O)[O-]),$(P(=O)[O-]),$(S(=O)(=O)[O-])]")
_HALOGENS = Chem.MolFromSmarts("[#6]-[Cl,Br,I]")


@dataclass(frozen=True, order=True)
class Interaction:
    """A contact of the ligand with a residue.

    Attributes
    ----------
    residue : str
        As ``A:MET318``.
    kind : str
    ligand_atoms : tuple of int
        Indices from 0; a ring has all of its own.
    receptor_atom : str
        Name, or ``ring``.
    distance : float
        Ångström.
    """

    residue: str
    kind: Kind
    ligand_atoms: tuple[int, ...]
    receptor_atom: str
    distance: float


def interactions_of(pose: Chem.Mol, receptor: Receptor) -> tuple[Interaction, ...]:
    """Contacts of a pose, sorted by residue; of several like ones with a residue the shortest.

    Parameters
    ----------
    pose : Mol
        With hydrogens and one conformer.
    receptor : Receptor

    Returns
    -------
    tuple of Interaction
    """
    places = pose.GetConformer().GetPositions()
    middle, reach = places.mean(axis=0), np.linalg.norm(places - places.mean(axis=0), axis=1).max() + _REACH
    near = [atom for atom in receptor.atoms if np.linalg.norm(np.array(atom.place) - middle) < reach]
    if not near:
        return ()
    site = _Site(pose, places, tuple(near), np.array([atom.place for atom in near]))
    rules = (_hydrogen_bonds, _salt_bridges, _rings, _metals, _halogens, _hydrophobic)
    best: dict[tuple[str, str, tuple[int, ...]], Interaction] = {}
    for found in (one for rule in rules for one in rule(site)):
        key = (found.residue, found.kind, () if found.kind == "hydrophobic" else found.ligand_atoms)
        if key not in best or found.distance < best[key].distance:
            best[key] = found
    return tuple(sorted(best.values()))


@dataclass(frozen=True)
class _Site:
    """A pose and the receptor's atoms about it."""

    pose: Chem.Mol
    places: NDArray[np.float64]
    atoms: tuple[ReceptorAtom, ...]
    receptor: NDArray[np.float64]

    def between(self, ligand: int, limit: float) -> Iterator[tuple[ReceptorAtom, float]]:
        """Receptor atoms within a distance of a ligand atom."""
        gaps = np.linalg.norm(self.receptor - self.places[ligand], axis=1)
        for index in np.flatnonzero(gaps <= limit):
            yield self.atoms[index], round(float(gaps[index]), 2)

    def matches(self, pattern: Chem.Mol) -> Iterator[tuple[int, ...]]:
        """Ligand atoms of a pattern."""
        yield from self.pose.GetSubstructMatches(pattern)


def _angle(first: NDArray[np.float64], middle: NDArray[np.float64], last: NDArray[np.float64]) -> float:
    one, two = first - middle, last - middle
    cosine = one @ two / (np.linalg.norm(one) * np.linalg.norm(two))
    return float(np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def _hydrogen_bonds(site: _Site) -> Iterator[Interaction]:
    for atom in site.pose.GetAtoms():
        if atom.GetAtomicNum() not in (7, 8):
            continue
        hydrogens = [other.GetIdx() for other in atom.GetNeighbors() if other.GetAtomicNum() == 1]
        for partner, gap in site.between(atom.GetIdx(), _HYDROGEN):
            if partner.type not in ("OA", "NA"):
                continue
            place = np.array(partner.place)
            angles = [_angle(site.places[atom.GetIdx()], site.places[one], place) for one in hydrogens]
            if angles and max(angles) >= _DONOR_ANGLE:
                yield Interaction(partner.label, "hydrogen bond", (atom.GetIdx(),), partner.name, gap)
    for (index,) in site.matches(_ACCEPTOR):
        for hydrogen, gap in site.between(index, 2.7):
            if hydrogen.type != "HD":
                continue
            donor, reach = _bearer(site, hydrogen)
            if reach <= 1.5 and _angle(np.array(donor.place), np.array(hydrogen.place), site.places[index]) >= 120:
                apart = float(np.linalg.norm(np.array(donor.place) - site.places[index]))
                if apart <= _HYDROGEN and gap < apart:
                    yield Interaction(donor.label, "hydrogen bond", (index,), donor.name, round(apart, 2))


def _bearer(site: _Site, hydrogen: ReceptorAtom) -> tuple[ReceptorAtom, float]:
    gaps = np.linalg.norm(site.receptor - np.array(hydrogen.place), axis=1)
    gaps[[atom.element == "H" for atom in site.atoms]] = np.inf
    nearest = int(gaps.argmin())
    return site.atoms[nearest], float(gaps[nearest])


def _salt_bridges(site: _Site) -> Iterator[Interaction]:
    for pattern, partners in ((_CATION, ("ASP", "GLU")), (_ANION, ("ARG", "LYS"))):
        for match in site.matches(pattern):
            for atom, gap in site.between(match[0], _SALT):
                if atom.residue in partners and atom.name == _CHARGED[atom.residue]:
                    yield Interaction(atom.label, "salt bridge", (match[0],), atom.name, gap)


def _ligand_rings(site: _Site) -> list[tuple[int, ...]]:
    return [
        ring
        for ring in site.pose.GetRingInfo().AtomRings()
        if all(site.pose.GetAtomWithIdx(atom).GetIsAromatic() for atom in ring)
    ]


def _receptor_rings(site: _Site) -> Iterator[tuple[str, NDArray[np.float64]]]:
    residues: dict[str, dict[str, tuple[float, float, float]]] = {}
    for atom in site.atoms:
        if atom.name in _RINGS.get(atom.residue, ()):
            residues.setdefault(atom.label, {})[atom.name] = atom.place
    for label, members in residues.items():
        if len(members) >= 5:
            yield label, np.array(list(members.values()))


def _normal(ring: NDArray[np.float64]) -> NDArray[np.float64]:
    normal: NDArray[np.float64] = np.linalg.svd(ring - ring.mean(axis=0))[2][2]
    return normal


def _rings(site: _Site) -> Iterator[Interaction]:
    own = _ligand_rings(site)
    cations = [match[0] for match in site.matches(_CATION)]
    for label, ring in _receptor_rings(site):
        center, normal = ring.mean(axis=0), _normal(ring)
        for atoms in own:
            mine = site.places[list(atoms)]
            along = mine.mean(axis=0) - center
            gap = float(np.linalg.norm(along))
            turned = float(np.degrees(np.arccos(min(1.0, abs(float(_normal(mine) @ normal))))))
            shifted = min(float(np.linalg.norm(along - (along @ one) * one)) for one in (normal, _normal(mine)))
            if gap <= _RINGS_APART and shifted <= _RINGS_SHIFTED and (turned < _RINGS_TURNED or turned > 60):
                yield Interaction(label, "stacking", atoms, "ring", round(gap, 2))
        for cation in cations:
            gap = float(np.linalg.norm(site.places[cation] - center))
            if gap <= _CATION_PI and abs((site.places[cation] - center) @ normal) > 0.7 * gap:
                yield Interaction(label, "cation-pi", (cation,), "ring", round(gap, 2))
    for atoms in own:
        mine = site.places[list(atoms)]
        for atom in site.atoms:
            if (atom.residue, atom.name) in (("LYS", "NZ"), ("ARG", "CZ")):
                along = np.array(atom.place) - mine.mean(axis=0)
                gap = float(np.linalg.norm(along))
                if gap <= _CATION_PI and abs(along @ _normal(mine)) > 0.7 * gap:
                    yield Interaction(atom.label, "cation-pi", atoms, atom.name, round(gap, 2))


def _metals(site: _Site) -> Iterator[Interaction]:
    for atom in site.pose.GetAtoms():
        if atom.GetAtomicNum() in (7, 8, 16):
            for partner, gap in site.between(atom.GetIdx(), _METAL):
                if partner.hetero and partner.element in _METALS:
                    yield Interaction(partner.label, "metal", (atom.GetIdx(),), partner.name, gap)


def _halogens(site: _Site) -> Iterator[Interaction]:
    for carbon, halogen in site.matches(_HALOGENS):
        for partner, gap in site.between(halogen, _HALOGEN):
            straight = _angle(site.places[carbon], site.places[halogen], np.array(partner.place))
            if partner.element in ("O", "S") and straight >= 150:
                yield Interaction(partner.label, "halogen bond", (halogen,), partner.name, gap)


def _hydrophobic(site: _Site) -> Iterator[Interaction]:
    for atom in site.pose.GetAtoms():
        if atom.GetAtomicNum() != 6 or any(other.GetAtomicNum() not in (1, 6) for other in atom.GetNeighbors()):
            continue
        for partner, gap in site.between(atom.GetIdx(), _HYDROPHOBIC):
            if partner.type in ("C", "A") and partner.name not in ("C", "CA"):
                yield Interaction(partner.label, "hydrophobic", (atom.GetIdx(),), partner.name, gap)
