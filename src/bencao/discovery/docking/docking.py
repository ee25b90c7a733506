"""Dock many ligands to one receptor: from SMILES to checked poses, at any number of workers the same."""

from __future__ import annotations

import functools
from collections.abc import Generator, Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from rdkit import Chem

from bencao.discovery.docking.conformers import starting_shapes
from bencao.discovery.docking.ligand import ligand_pdbqt, poses_from
from bencao.discovery.docking.vina import Search, VinaEngine
from bencao.discovery.errors import LigandError, MoleculeError
from bencao.discovery.ligands.preparing import Preparation, prepare_ligand
from bencao.discovery.molecules.reading import LibraryRow
from bencao.discovery.receptor.box import Box, check_box
from bencao.discovery.receptor.preparing import Receptor
from bencao.kernel import compute

# Poses nearer than this to a better one are the same pose, in ångström.
_SAME_POSE = 1.0


@dataclass(frozen=True)
class Pose:
    """A ligand in the receptor.

    Attributes
    ----------
    score : float
        Vina's estimate in kcal/mol; it ranks poses, and is no affinity.
    shape : int
        Which starting shape it came from.
    block : str
        Molfile with hydrogens, in the receptor's frame.
    """

    score: float
    shape: int
    block: str

    @property
    def molecule(self) -> Chem.Mol:
        """The pose as RDKit holds it, with hydrogens."""
        return Chem.MolFromMolBlock(self.block, removeHs=False)


@dataclass(frozen=True)
class Docked:
    """A ligand with its poses, best first.

    Attributes
    ----------
    name : str
    smiles : str
        State that was docked; of several the one with the best score.
    shapes : int
        Starting shapes of it that were docked.
    poses : tuple of Pose
    share : float or None
        Of the molecules of its tautomer at the pH that are in that state; None where it was docked as drawn.
    states : int
        That were docked.
    """

    name: str
    smiles: str
    shapes: int
    poses: tuple[Pose, ...]
    share: float | None = None
    states: int = 1

    @property
    def score(self) -> float:
        """Score of the best pose, in kcal/mol."""
        return self.poses[0].score


def dock(
    receptor: Receptor,
    ligands: Iterable[tuple[str, str]],
    box: Box,
    *,
    search: Search | None = None,
    shapes: int = 3,
    states: int = 0,
    ph: float = 7.4,
    workers: int = 1,
    ray: str | None = None,
    timeout: float | None = None,
    checkpoint: Path | None = None,
    progress: bool = True,
) -> Generator[Docked | compute.Failure, None, None]:
    """Dock ligands in a box of a receptor with AutoDock Vina.

    Each worker reads the receptor and computes its grids once. Each starting shape of a ligand (ring conformers, cis
    and trans amides) is docked with its share of the runs, and the poses are ranked together.

    Parameters
    ----------
    receptor : Receptor
    ligands : iterable of (str, str)
        Name and SMILES.
    box : Box
    search : Search, optional
    shapes : int
        At most so many starting shapes of each state.
    states : int
        At most so many states of a ligand, as `prepare_ligand` makes them, are docked, and the one with the best score
        is taken; 0 docks it as it is drawn.
    ph : float
        For the states.
    workers : int
    ray : str, optional
        Address of a Ray cluster, or ``local``.
    timeout : float, optional
        Seconds a ligand may take.
    checkpoint : Path, optional
        Where finished ligands are kept, so that a killed run goes on.
    progress : bool

    Yields
    ------
    Docked or Failure
        In the order of the ligands; a ligand that cannot be docked does not end the run.

    Raises
    ------
    BoxError
        Where the box does not lie at the receptor.
    EngineMissing
        Where Vina is not installed.
    """
    check_box(box, receptor)
    setup = functools.partial(_worker, receptor.pdbqt, box, search or Search(), shapes, states, ph)
    results = compute.imap(
        _dock_one,
        ligands,
        workers=workers,
        engine="ray" if ray else "processes",
        address=ray,
        timeout=timeout,
        checkpoint=checkpoint,
        setup=setup,
        progress=progress,
        label="ligands",
    )
    return (result for _, result in results)


@dataclass(frozen=True)
class _Worker:
    engine: VinaEngine
    search: Search
    shapes: int
    states: int
    ph: float

    def forms(self, smiles: str) -> tuple[tuple[str, float | None], ...]:
        """What of a ligand is docked, and the share of each."""
        if not self.states:
            return ((smiles, None),)
        told = Preparation(ph=self.ph, states=self.states, shapes=0)
        try:
            found = prepare_ligand(LibraryRow(0, smiles), told).states
            return tuple((state.smiles, state.share) for state in found)
        except MoleculeError as error:
            raise LigandError(error.cause, where=smiles[:60], mend=error.mend) from error


def _worker(receptor: str, box: Box, search: Search, shapes: int, states: int, ph: float) -> _Worker:
    return _Worker(VinaEngine(receptor, box, search), search, shapes, states, ph)


def _dock_one(worker: _Worker, ligand: tuple[str, str]) -> Docked:
    name, smiles = ligand
    docked: list[Docked] = []
    refused: LigandError | None = None
    for form, share in worker.forms(smiles):
        try:
            docked.append(replace(_dock_state(worker, name, form), share=share))
        except LigandError as error:  # as a stereoisomer that has no shape
            refused = refused or error
    if not docked:
        raise refused or LigandError("has no state", where=name, mend="check the row")
    best = min(docked, key=lambda one: one.score)  # of equal ones the first
    return replace(best, states=len(docked))


def _dock_state(worker: _Worker, name: str, smiles: str) -> Docked:
    start = starting_shapes(smiles, seed=worker.search.seed, most=worker.shapes)
    found: list[tuple[float, int, Chem.Mol, int]] = []
    for shape in range(start.GetNumConformers()):
        text, scores = worker.engine.dock(ligand_pdbqt(start, shape), start.GetNumConformers())
        molecule = poses_from(text)
        found += [(score, shape, molecule, index) for index, score in enumerate(scores)]
    found.sort(key=lambda entry: entry[:2] + entry[3:])
    poses = _distinct(
        [Pose(score, shape, _block(mol, name, index)) for score, shape, mol, index in found], worker.search
    )
    if not poses:
        raise LigandError("no pose was found", where=name, mend="enlarge the box")
    return Docked(name, smiles, start.GetNumConformers(), poses)


def _block(molecule: Chem.Mol, name: str, conformer: int) -> str:
    named = Chem.Mol(molecule)
    named.SetProp("_Name", name)
    return str(Chem.MolToMolBlock(named, confId=conformer))


def _distinct(poses: list[Pose], search: Search) -> tuple[Pose, ...]:
    from bencao.discovery.docking.rmsd import symmetric_rmsd

    kept: list[Pose] = []
    for pose in poses:
        if len(kept) == search.poses or pose.score > poses[0].score + search.window:
            break
        if all(symmetric_rmsd(pose.molecule, other.molecule) >= _SAME_POSE for other in kept):
            kept.append(pose)
    return tuple(kept)
