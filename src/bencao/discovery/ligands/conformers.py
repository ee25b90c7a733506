"""Shapes of a molecule: chains and rings sampled, relaxed, and no two alike."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem, rdBase
from rdkit.Chem import rdDistGeom, rdForceFieldHelpers, rdMolAlign, rdMolTransforms

from bencao.discovery.errors import LigandError
from bencao.discovery.molecules.standardising import MOST_HEAVY_ATOMS

# Embeddings tried; the issue of ring shapes needs tens (Hawkins et al., J. Chem. Inf. Model. 2017, 57, 1747), rings of
# eight atoms and more several times as many.
TRIED, _TRIED_LARGE = 30, 150
_LARGE_RING = 8
# Ångström by which a distance differs where two shapes differ; a ring flip changes some by 0.5 or more. A bare chair
# and its twist form differ in their torsions only, by 25 degrees.
_SAME_SHAPE, _SAME_TORSION = 0.4, 15.0
_DOCKED_RINGS = 6  # Vina opens larger ones
# Matches of a molecule onto itself that are tried for a distance: more takes long and hardly lowers it.
_SYMMETRIES = 100
# Bonds that have two shapes and are seldom turned in docking: amides and thioamides.
_AMIDE = Chem.MolFromSmarts("[#6,#1:1][NX3:2]-!@[CX3:3]=[O,S:4]")


def conformers(
    smiles: str, *, most: int = 10, window: float = 10.0, apart: float = 0.5, seed: int = 1, tried: int | None = None
) -> Chem.Mol:
    """Low shapes of a molecule, ring shapes among them.

    Half the embeddings follow ETKDGv3 (Wang et al., J. Chem. Inf. Model. 2020, 60, 2044), which knows the usual
    torsions of chains and rings; half are bare distance geometry, which also finds the unusual. All are relaxed with
    MMFF94, UFF where that lacks an atom.

    Parameters
    ----------
    smiles : str
        One molecule; stereocentres that are not given are taken as they come.
    most : int
        At most so many, the lowest first.
    window : float
        Strain above the lowest beyond which none is kept, kcal/mol in vacuo.
    apart : float
        Two are alike below this distance of their heavy atoms (RMSD, symmetry counted), ångström, unless a ring or an
        amide has another shape.
    seed : int
    tried : int, optional
        Embeddings; by its rings where not given.

    Returns
    -------
    Mol
        With hydrogens; conformers numbered from 0, the property ``strain`` in kcal/mol on each.

    Raises
    ------
    LigandError
        Where the SMILES cannot be read, the molecule is too large, or no three-dimensional shape is found.
    """
    molecule = read_ligand(smiles)
    largest = max((len(ring) for ring in molecule.GetRingInfo().AtomRings()), default=0)
    tried = tried or (_TRIED_LARGE if largest >= _LARGE_RING else TRIED)
    energies = embed(molecule, smiles, tried - tried // 2, seed)
    bare = Chem.Mol(molecule)
    energies += embed(bare, smiles, tried // 2, seed, bare=True) if tried > 1 else []
    for conformer in bare.GetConformers() if tried > 1 else ():
        molecule.AddConformer(conformer, assignId=True)
    return distinct(molecule, energies, most, window, apart)


def read_ligand(smiles: str) -> Chem.Mol:
    """One molecule with hydrogens; raises `LigandError`."""
    with rdBase.BlockLogs():
        molecule = Chem.MolFromSmiles(smiles)
    if molecule is None or not molecule.GetNumAtoms():
        raise LigandError("is no SMILES", where=smiles, mend="check the row")
    if molecule.GetNumHeavyAtoms() > MOST_HEAVY_ATOMS:
        raise LigandError(
            f"has {molecule.GetNumHeavyAtoms()} heavy atoms, at most {MOST_HEAVY_ATOMS} are docked",
            where=smiles[:60],
            mend="dock smaller ligands",
        )
    if len(Chem.GetMolFrags(molecule)) > 1:
        raise LigandError("holds more than one molecule", where=smiles, mend="standardise it first")
    return Chem.AddHs(molecule)


def embed(molecule: Chem.Mol, smiles: str, tried: int, seed: int, *, bare: bool = False) -> list[float]:
    """Embed a molecule in place and relax it.

    Parameters
    ----------
    molecule : Mol
        With hydrogens; its conformers are replaced.
    smiles : str
        For the message.
    tried : int
    seed : int
    bare : bool
        Distance geometry without the knowledge of torsions.

    Returns
    -------
    list of float
        Energies of the conformers, kcal/mol.

    Raises
    ------
    LigandError
        Where no three-dimensional shape is found.
    """
    place(molecule, smiles, tried, seed, bare=bare)
    with rdBase.BlockLogs():
        if rdForceFieldHelpers.MMFFHasAllMoleculeParams(molecule):
            relaxed = rdForceFieldHelpers.MMFFOptimizeMoleculeConfs(molecule, maxIters=1000)
        else:
            relaxed = rdForceFieldHelpers.UFFOptimizeMoleculeConfs(molecule, maxIters=1000)
    return [energy for _, energy in relaxed]


def place(molecule: Chem.Mol, smiles: str, tried: int, seed: int, *, bare: bool = False) -> None:
    """Embed a molecule in place, not relaxed; parameters and errors as of `embed`."""
    settings: Any = rdDistGeom.ETKDGv3()
    settings.randomSeed = seed
    settings.useSmallRingTorsions = True
    if bare:
        settings.useExpTorsionAnglePrefs = settings.useSmallRingTorsions = settings.useMacrocycleTorsions = False
    with rdBase.BlockLogs():
        # One first: what cannot be embedded, such as a trans bridge, would fail at every try.
        if rdDistGeom.EmbedMolecule(Chem.Mol(molecule), settings) < 0:
            settings.useRandomCoords = True
        found: list[int] = []
        if not settings.useRandomCoords or rdDistGeom.EmbedMolecule(Chem.Mol(molecule), settings) >= 0:
            found = list(rdDistGeom.EmbedMultipleConfs(molecule, tried, settings))
        if not found:
            raise LigandError("no three-dimensional shape was found", where=smiles, mend="check its stereochemistry")


def distinct(
    molecule: Chem.Mol, energies: list[float], most: int, window: float, apart: float | None = None
) -> Chem.Mol:
    """Keep of conformers the lowest of each kind.

    Parameters
    ----------
    molecule : Mol
    energies : list of float
        Of its conformers, kcal/mol.
    most : int
    window : float
        kcal/mol above the lowest.
    apart : float, optional
        Two of one shape of rings and amides are of one kind below this RMSD, ångström; where not given always, and only
        of rings that docking keeps rigid.

    Returns
    -------
    Mol
        Conformers numbered from 0, lowest first, each with its ``strain``.
    """
    conformers = list(molecule.GetConformers())
    order = sorted(range(len(conformers)), key=lambda index: (round(energies[index], 4), index))
    least = energies[order[0]]
    kept = Chem.Mol(molecule)
    kept.RemoveAllConformers()
    heavy = Chem.RemoveHs(molecule)
    largest = _DOCKED_RINGS if apart is None else molecule.GetNumAtoms()
    seen: list[tuple[NDArray[np.float64], int]] = []
    for index in order:
        if energies[index] - least > window or len(seen) == most:
            break
        shape, own = _distances(molecule, conformers[index], largest), conformers[index].GetId()
        if apart is not None:
            shape = np.concatenate([shape, _torsions(molecule, conformers[index]) * (_SAME_SHAPE / _SAME_TORSION)])
        if any(
            np.abs(shape - other).max(initial=0.0) <= _SAME_SHAPE
            and (apart is None or _distance(heavy, own, before) < apart)
            for other, before in seen
        ):
            continue
        seen.append((shape, own))
        conformer = Chem.Conformer(conformers[index])
        conformer.SetDoubleProp("strain", energies[index] - least)
        kept.AddConformer(conformer, assignId=True)
    return kept


def _distance(heavy: Chem.Mol, one: int, other: int) -> float:
    with rdBase.BlockLogs():
        return float(rdMolAlign.GetBestRMS(Chem.Mol(heavy), heavy, one, other, maxMatches=_SYMMETRIES))


def _distances(molecule: Chem.Mol, conformer: Any, largest: int) -> NDArray[np.float64]:
    """Distances within each ring of five to `largest` atoms and what hangs on it, and across amides.

    Of atoms that are alike by symmetry the distances are sorted, so that a ring turned onto itself is one shape.
    """
    places = conformer.GetPositions()
    ranks = list(Chem.CanonicalRankAtoms(molecule, breakTies=False))
    distances: list[float] = []
    for ring in molecule.GetRingInfo().AtomRings():
        if not 4 < len(ring) <= largest or all(molecule.GetAtomWithIdx(atom).GetIsAromatic() for atom in ring):
            continue
        hanging = {other.GetIdx() for atom in ring for other in molecule.GetAtomWithIdx(atom).GetNeighbors()}
        members = sorted(atom for atom in hanging.union(ring) if molecule.GetAtomWithIdx(atom).GetAtomicNum() > 1)
        pairs = sorted(
            (*sorted((ranks[a], ranks[b])), float(np.linalg.norm(places[a] - places[b])))
            for a, b in itertools.combinations(members, 2)
        )
        distances += [pair[2] for pair in pairs]
    for match in molecule.GetSubstructMatches(_AMIDE):
        turned = abs(rdMolTransforms.GetDihedralDeg(conformer, *match)) > 90
        distances.append(9.0 if turned else 0.0)
    return np.array(distances)


def _torsions(molecule: Chem.Mol, conformer: Any) -> NDArray[np.float64]:
    """Torsions round each ring of five atoms and more that is not aromatic, degrees without their sign, sorted."""
    found: list[float] = []
    for ring in molecule.GetRingInfo().AtomRings():
        if len(ring) > 4 and not all(molecule.GetAtomWithIdx(atom).GetIsAromatic() for atom in ring):
            turns = [tuple(ring[(start + step) % len(ring)] for step in range(4)) for start in range(len(ring))]
            found += sorted(abs(rdMolTransforms.GetDihedralDeg(conformer, *turn)) for turn in turns)
    return np.array(found)
