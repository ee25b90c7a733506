"""Starting shapes for docking: one conformer for every shape of what the docking itself does not turn."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem, rdBase
from rdkit.Chem import rdDistGeom, rdForceFieldHelpers, rdMolTransforms

from bencao.discovery.errors import LigandError

# Embeddings tried; the issue of ring shapes needs tens (Hawkins et al., J. Chem. Inf. Model. 2017, 57, 1747).
_TRIED = 30
# Strain above the best shape, in kcal/mol of MMFF94 in vacuo, beyond which a shape is not docked.
_STRAIN = 6.0
_MOST_HEAVY_ATOMS = 150
# Ångström by which a distance differs where two shapes differ; a ring flip changes some by 0.5 or more.
_SAME_SHAPE = 0.4
# Bonds whose torsion Vina does not turn but which have two shapes: amides and thioamides.
_AMIDE = Chem.MolFromSmarts("[#6,#1:1][NX3:2]-!@[CX3:3]=[O,S:4]")


def starting_shapes(smiles: str, *, seed: int = 1, most: int = 3) -> Chem.Mol:
    """Conformers that differ in what docking keeps rigid: rings smaller than seven, amides, pyramidal nitrogens.

    Embedded with ETKDGv3, relaxed with MMFF94; of each shape the one with the lowest energy.

    Parameters
    ----------
    smiles : str
        One molecule; stereocentres that are not given are taken as they come.
    seed : int
    most : int
        At most so many, the least strained first.

    Returns
    -------
    Mol
        With hydrogens; conformers numbered from 0, the property ``strain`` in kcal/mol on each.

    Raises
    ------
    LigandError
        Where the SMILES cannot be read, the molecule is too large, or no three-dimensional shape is found.
    """
    molecule = _read(smiles)
    settings: Any = rdDistGeom.ETKDGv3()
    settings.randomSeed = seed
    settings.useSmallRingTorsions = True
    with rdBase.BlockLogs():
        found = list(rdDistGeom.EmbedMultipleConfs(molecule, _TRIED, settings))
        if not found:
            settings.useRandomCoords = True
            found = list(rdDistGeom.EmbedMultipleConfs(molecule, _TRIED, settings))
        energies = _relaxed(molecule) if found else []
    if not found:
        raise LigandError("no three-dimensional shape was found", where=smiles, mend="check its stereochemistry")
    return _kept(molecule, energies, most)


def _read(smiles: str) -> Chem.Mol:
    molecule = Chem.MolFromSmiles(smiles)
    if molecule is None or not molecule.GetNumAtoms():
        raise LigandError("is no SMILES", where=smiles, mend="check the row")
    if molecule.GetNumHeavyAtoms() > _MOST_HEAVY_ATOMS:
        raise LigandError(
            f"has {molecule.GetNumHeavyAtoms()} heavy atoms, at most {_MOST_HEAVY_ATOMS} are docked",
            where=smiles[:60],
            mend="dock smaller ligands",
        )
    if len(Chem.GetMolFrags(molecule)) > 1:
        raise LigandError("holds more than one molecule", where=smiles, mend="standardise it first")
    return Chem.AddHs(molecule)


def _relaxed(molecule: Chem.Mol) -> list[float]:
    if rdForceFieldHelpers.MMFFHasAllMoleculeParams(molecule):
        return [energy for _, energy in rdForceFieldHelpers.MMFFOptimizeMoleculeConfs(molecule, maxIters=1000)]
    return [energy for _, energy in rdForceFieldHelpers.UFFOptimizeMoleculeConfs(molecule, maxIters=1000)]


def _kept(molecule: Chem.Mol, energies: list[float], most: int) -> Chem.Mol:
    conformers = list(molecule.GetConformers())
    order = sorted(range(len(conformers)), key=lambda index: (round(energies[index], 4), index))
    least = energies[order[0]]
    kept = Chem.Mol(molecule)
    kept.RemoveAllConformers()
    shapes: list[NDArray[np.float64]] = []
    for index in order:
        shape = _shape(molecule, conformers[index])
        if energies[index] - least > _STRAIN or len(shapes) == most:
            break
        if all(np.abs(shape - other).max(initial=0.0) > _SAME_SHAPE for other in shapes):
            shapes.append(shape)
            conformer = Chem.Conformer(conformers[index])
            conformer.SetDoubleProp("strain", energies[index] - least)
            kept.AddConformer(conformer, assignId=True)
    return kept


def _shape(molecule: Chem.Mol, conformer: Any) -> NDArray[np.float64]:
    """Distances that docking cannot change: within each small ring and what hangs on it, and across amides.

    Of atoms that are alike by symmetry the distances are sorted, so that a ring turned onto itself is one shape.
    """
    places = conformer.GetPositions()
    ranks = list(Chem.CanonicalRankAtoms(molecule, breakTies=False))
    distances: list[float] = []
    for ring in molecule.GetRingInfo().AtomRings():
        if not 4 < len(ring) < 7 or all(molecule.GetAtomWithIdx(atom).GetIsAromatic() for atom in ring):
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
