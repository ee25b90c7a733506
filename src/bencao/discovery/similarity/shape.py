"""How well molecules fill the shape of known ones, with like groups in like places."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem, rdBase
from rdkit.Chem import rdShapeAlign

from bencao.discovery.errors import LigandError
from bencao.discovery.ligands.conformers import conformers, place, read_ligand
from bencao.discovery.molecules.reading import LibraryRow
from bencao.discovery.similarity.tanimoto import fingerprint, tanimoto

SHAPES = 10
# Volume and groups weigh alike while one molecule is turned onto another; steps of the coarse and of the fine search.
_BALANCE, _COARSE, _FINE = 0.5, 10, 30


@dataclass(frozen=True)
class Reference:
    """Known molecules, each in one shape or several.

    Attributes
    ----------
    blocks : tuple of str
        A mol block of each shape, in ångström.
    """

    blocks: tuple[str, ...]


@dataclass(frozen=True)
class Overlay:
    """The best that shapes of a molecule do on a reference.

    Attributes
    ----------
    shape : float
        Tanimoto of the volumes, 0 to 1.
    colour : float
        Tanimoto of donors, acceptors, charges, rings and hydrophobic groups in their places, 0 to 1.
    ecfp4 : float
        Tanimoto of the drawn structures, to the nearest reference.
    reference : int
        Place of the reference's shape in `Reference.blocks`, from 0.
    conformer : int
        Of the molecule, from 0, as `shape_overlay` makes them.
    block : str
        The molecule laid on the reference, a mol block without hydrogens; empty where not asked for.
    """

    shape: float
    colour: float
    ecfp4: float
    reference: int
    conformer: int
    block: str = ""

    @property
    def combined(self) -> float:
        """Shape and colour together, 0 to 2."""
        return self.shape + self.colour


def read_reference(given: str, *, seed: int = 1) -> Reference:
    """Known molecules from a file of bound shapes, or low shapes of one SMILES.

    Parameters
    ----------
    given : str
        Path of an SD file or mol file in three dimensions, or a SMILES.
    seed : int
        Of the shapes made for a SMILES.

    Returns
    -------
    Reference

    Raises
    ------
    LigandError
        Nothing readable in it, a record without three dimensions, or a SMILES without a shape.
    """
    path = Path(given)
    if path.suffix.lower() not in (".sdf", ".sd", ".mol"):
        made = conformers(given, most=3, seed=seed)
        _require_volume(made, given)
        return Reference(tuple(_block(made, one.GetId()) for one in made.GetConformers()))
    try:
        text = path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise LigandError(f"cannot be read: {error.strerror}", where=given, mend="check the path") from None
    if not text.strip():
        raise LigandError("holds no molecule", where=given, mend="give an SD file, or a SMILES")
    supplier = Chem.SDMolSupplier()
    supplier.SetData(text, removeHs=True)
    blocks = []
    with rdBase.BlockLogs():
        for number, molecule in enumerate(supplier, 1):
            if molecule is None or not molecule.GetNumAtoms():
                raise LigandError("is no molecule", where=f"{given}, record {number}", mend="mend or remove the record")
            if not molecule.GetConformer().Is3D():
                raise LigandError(
                    "is flat", where=f"{given}, record {number}", mend="give its bound shape, or its SMILES instead"
                )
            _require_volume(molecule, f"{given}, record {number}")
            blocks.append(_block(molecule, -1))
    return Reference(tuple(blocks))


def shape_overlay(
    row: LibraryRow, *, reference: Reference, shapes: int = SHAPES, seed: int = 1, laid: bool = False
) -> Overlay:
    """Lay shapes of a molecule on those of a reference, and tell how well the best does.

    Volumes are those of Gaussian atoms (Grant and Pickup, J. Phys. Chem. 1995, 99, 3503), groups those of PubChem3D
    (Bolton et al., J. Cheminform. 2011, 3, 32), both as RDKit computes them. Shapes are embedded with ETKDGv3 and not
    relaxed, which changes how they rank little and costs half.

    Parameters
    ----------
    row : LibraryRow
    reference : Reference
    shapes : int
        Conformers of the molecule that are tried.
    seed : int
    laid : bool
        Give the molecule as it lies on the reference.

    Returns
    -------
    Overlay

    Raises
    ------
    MoleculeError
        RDKit does not read the row.
    LigandError
        No three-dimensional shape, more than one molecule, or too large.
    """
    molecule = _shaped(row, shapes, seed)
    known = _known(reference)
    found = _best(known, molecule)
    number = max(range(len(known)), key=lambda one: (sum(found[one][:2]), -one))
    shape, colour, conformer = found[number]
    block = _laid(known[number].molecule, molecule, conformer) if laid else ""
    return Overlay(shape, colour, _likeness(molecule, known), number, conformer, block)


def overlay_scores(
    row: LibraryRow, *, reference: Reference, shapes: int = SHAPES, seed: int = 1
) -> NDArray[np.float64]:
    """Shape and colour of a molecule's best overlay on each shape of a reference; parameters as of `shape_overlay`.

    Returns
    -------
    ndarray of float, shape (reference shapes, 2)
    """
    return np.array([one[:2] for one in _best(_known(reference), _shaped(row, shapes, seed))])


def _shaped(row: LibraryRow, shapes: int, seed: int) -> Chem.Mol:
    row.molecule()
    molecule = read_ligand(row.smiles)
    place(molecule, row.smiles, shapes, seed)
    molecule = Chem.RemoveHs(molecule)
    _require_volume(molecule, row.smiles)
    return molecule


def _require_volume(molecule: Chem.Mol, where: str) -> None:
    try:
        rdShapeAlign.PrepareConformer(molecule, 0)
    except ValueError:  # such as gold
        raise LigandError("holds an element without a known radius", where=where, mend="leave it out") from None


@dataclass(frozen=True)
class _Known:
    molecule: Chem.Mol
    shape: Any  # rdShapeAlign.ShapeInput
    bits: NDArray[np.uint64]


@functools.lru_cache(maxsize=4)
def _known(reference: Reference) -> tuple[_Known, ...]:
    molecules = [Chem.MolFromMolBlock(block) for block in reference.blocks]
    return tuple(_Known(one, rdShapeAlign.PrepareConformer(one), fingerprint(one)) for one in molecules)


def _best(known: tuple[_Known, ...], molecule: Chem.Mol) -> list[tuple[float, float, int]]:
    """Shape, colour and conformer of the best overlay on each."""
    found = []
    for one in known:
        tried = []
        for conformer in range(molecule.GetNumConformers()):
            # Prepared anew each time: what is aligned is moved.
            own = rdShapeAlign.PrepareConformer(molecule, conformer)
            shape, colour, _ = rdShapeAlign.AlignShapes(one.shape, own, _BALANCE, _COARSE, _FINE)
            tried.append((shape, colour, conformer))
        found.append(max(tried, key=lambda scores: (scores[0] + scores[1], -scores[2])))
    return found


def _likeness(molecule: Chem.Mol, known: tuple[_Known, ...]) -> float:
    prints = np.array([one.bits for one in known])
    bits = np.bitwise_count(prints).sum(axis=1, dtype=np.uint16)
    return float(tanimoto(prints, bits, fingerprint(molecule)).max())


def _laid(known: Chem.Mol, molecule: Chem.Mol, conformer: int) -> str:
    turned = Chem.Mol(molecule, confId=conformer)
    rdShapeAlign.AlignMol(known, turned, -1, -1, True, _BALANCE, _COARSE, _FINE)
    return Chem.MolToMolBlock(turned)


def _block(molecule: Chem.Mol, conformer: int) -> str:
    return Chem.MolToMolBlock(Chem.RemoveHs(molecule), confId=conformer)
