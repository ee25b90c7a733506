"""Draw one molecule at a fixed scale, turned like the molecule it goes into, its changing atoms marked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem, rdBase
from rdkit.Chem import rdDepictor
from rdkit.Chem.Draw import rdMolDraw2D
from rdkit.Geometry import Point2D, Point3D

BOND = 21.0  # points on the page that a bond is long, in every molecule
_RDKIT_BOND = 1.5  # the same in RDKit's coordinates
_FONT = 12
_MARK = (0.98, 0.87, 0.55)
# RDKit's colours of fluorine, sulfur and chlorine are too pale for white paper.
_READABLE = {9: (0.05, 0.50, 0.50), 16: (0.58, 0.47, 0.0), 17: (0.05, 0.50, 0.10)}
_BODY = re.compile(r"<!-- END OF HEADER -->(.*)</svg>", re.DOTALL)
_BARE_PROPERTIES = re.compile(
    r"fill-rule:evenodd;|stroke-linejoin:miter;|stroke-opacity:1;?|stroke-miterlimit:10;|fill-opacity:1;"
    r"|(?<=[\"']) class=[\"'][^\"']*[\"']"
)
_CLASS = re.compile(r" class=('[^']*'|\"[^\"]*\")")


@dataclass(frozen=True)
class Depiction:
    """A drawn molecule.

    Attributes
    ----------
    body : str
        SVG elements, without the document around them.
    width, height : float
        In points of the page.
    places : tuple of (float, float)
        x and y of each atom in the drawing, by its index.
    """

    body: str
    width: float
    height: float
    places: tuple[tuple[float, float], ...]


def laid_out(molecule: Chem.Mol, like: Chem.Mol | None = None, pairs: tuple[tuple[int, int], ...] = ()) -> Chem.Mol:
    """A copy with 2D coordinates.

    Parameters
    ----------
    molecule : rdkit Mol
    like : rdkit Mol, optional
        A molecule with coordinates. The copy has the same atoms at the same places where that gives a clean drawing;
        else it is turned, and mirrored where that is nearer, to lie as `like` does.
    pairs : tuple of (int, int)
        Atoms that are the same in both: index in `molecule`, index in `like`.
    """
    drawn = Chem.Mol(molecule)
    if like is not None and len(pairs) > 1:
        other = like.GetConformer().GetPositions()[:, :2]
        if _same_places(drawn, other, pairs):
            return drawn
        _fresh(drawn)
        own = drawn.GetConformer().GetPositions()[:, :2]
        mine, theirs = np.array(pairs).T
        _place(drawn, _turned(own, own[mine], other[theirs]))
        return drawn
    _fresh(drawn)
    return drawn


def _fresh(molecule: Chem.Mol) -> None:
    with rdBase.BlockLogs():
        rdDepictor.Compute2DCoords(molecule, canonOrient=True)
        rdDepictor.StraightenDepiction(molecule)


def _same_places(molecule: Chem.Mol, other: NDArray[np.float64], pairs: tuple[tuple[int, int], ...]) -> bool:
    """Lay a molecule out on the places its atoms had; False where that is no clean drawing."""
    if any(bond.GetStereo() > Chem.BondStereo.STEREOANY for bond in molecule.GetBonds()):
        return False  # the places might say another geometry than the bond has
    fixed = {mine: Point2D(*map(float, other[theirs])) for mine, theirs in pairs}
    with rdBase.BlockLogs():
        rdDepictor.Compute2DCoords(molecule, canonOrient=False, coordMap=fixed)
    points = molecule.GetConformer().GetPositions()[:, :2]
    apart = np.linalg.norm(points[:, None] - points[None], axis=2)
    bonded = Chem.GetAdjacencyMatrix(molecule).astype(bool)
    lengths = apart[bonded]
    loose = apart[~bonded & ~np.eye(len(points), dtype=bool)]
    good_lengths = bool(((lengths > 0.75 * _RDKIT_BOND) & (lengths < 1.3 * _RDKIT_BOND)).all())
    return good_lengths and bool((loose > 0.75 * _RDKIT_BOND).all()) and not _bonds_cross(molecule, points)


def _bonds_cross(molecule: Chem.Mol, points: NDArray[np.float64]) -> bool:
    """Whether two bonds without a common atom cut each other."""
    ends = np.array([(bond.GetBeginAtomIdx(), bond.GetEndAtomIdx()) for bond in molecule.GetBonds()])
    if len(ends) < 2:
        return False
    start, stop = points[ends[:, 0]], points[ends[:, 1]]
    along = stop - start

    def side(of: NDArray[np.float64]) -> NDArray[np.float64]:
        """Side of each bond (rows) on which each point (columns) lies."""
        offset = of[None] - start[:, None]
        turned: NDArray[np.float64] = along[:, None, 0] * offset[:, :, 1] - along[:, None, 1] * offset[:, :, 0]
        return turned

    parted = side(start) * side(stop) < -1e-9
    shared = (ends[:, None, :, None] == ends[None, :, None, :]).any(axis=(2, 3))
    return bool((parted & parted.T & ~shared).any())


def _turned(points: NDArray[np.float64], mine: NDArray[np.float64], theirs: NDArray[np.float64]) -> NDArray[np.float64]:
    """All points after the motion (a reflection, and steps of 30 degrees) that brings `mine` nearest to `theirs`."""
    centred = mine - mine.mean(axis=0)
    left, _, right = np.linalg.svd(centred.T @ (theirs - theirs.mean(axis=0)))
    turn = left @ right
    mirror = np.diag([1.0, 1.0 if np.linalg.det(turn) > 0 else -1.0])
    angle = np.arctan2((mirror @ turn)[0, 1], (mirror @ turn)[0, 0])
    angle = np.round(angle / (np.pi / 6)) * (np.pi / 6)  # any other angle looks tilted
    rotation = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    moved: NDArray[np.float64] = points @ mirror @ rotation
    return moved


def _place(molecule: Chem.Mol, points: NDArray[np.float64]) -> None:
    conformer = molecule.GetConformer()
    for index, (x, y) in enumerate(points):
        conformer.SetAtomPosition(index, Point3D(float(x), float(y), 0.0))


def depict(molecule: Chem.Mol, atoms: tuple[int, ...] = (), bonds: tuple[int, ...] = ()) -> Depiction:
    """Draw a molecule that has coordinates.

    Parameters
    ----------
    molecule : rdkit Mol
    atoms, bonds : tuple of int
        Indices of what is marked.
    """
    drawer = rdMolDraw2D.MolDraw2DSVG(-1, -1)
    options: Any = drawer.drawOptions()  # RDKit's stubs type its attributes as the class itself
    options.scalingFactor = BOND / _RDKIT_BOND
    options.fixedFontSize = _FONT
    options.bondLineWidth = 1.5
    options.scaleBondWidth = False
    options.padding = 0.02
    options.clearBackground = False
    options.highlightRadius = 0.45
    options.highlightBondWidthMultiplier = 18
    options.atomHighlightsAreCircles = True
    options.standardColoursForHighlightedAtoms = True
    options.fillHighlights = True
    options.explicitMethyl = molecule.GetNumHeavyAtoms() < 4  # else a bare stroke would stand for ethane
    options.setHighlightColour(_MARK)
    options.updateAtomPalette(_READABLE)
    with rdBase.BlockLogs():
        rdMolDraw2D.PrepareAndDrawMolecule(
            drawer, molecule, highlightAtoms=list(atoms), highlightBonds=list(bonds), kekulize=True
        )
    drawer.FinishDrawing()
    found = _BODY.search(drawer.GetDrawingText())
    assert found  # RDKit has written this mark since 2018
    body = _CLASS.sub("", _BARE_PROPERTIES.sub("", found[1]))
    points = [drawer.GetDrawCoords(index) for index in range(molecule.GetNumAtoms())]
    places = tuple((float(point.x), float(point.y)) for point in points)
    return Depiction(re.sub(r"\s+", " ", body).strip(), float(drawer.Width()), float(drawer.Height()), places)
