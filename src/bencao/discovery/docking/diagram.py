"""Draw a pose's interactions flat: the ligand in the middle, its residues around, a line for each contact."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem
from rdkit.Chem import rdDepictor
from rdkit.Chem.Draw import rdMolDraw2D

from bencao.discovery.docking.interactions import Interaction

# Of each kind of contact, here and in three dimensions.
COLOURS = {
    "hydrogen bond": "#1f6feb",
    "salt bridge": "#b0179c",
    "stacking": "#1a7f37",
    "cation-pi": "#bc6c00",
    "halogen bond": "#0b8f8f",
    "metal": "#6e40c9",
    "hydrophobic": "#8c959f",
}
_CHINESE = {
    "hydrogen bond": "氢键",
    "salt bridge": "盐桥",
    "stacking": "π堆积",
    "cation-pi": "阳离子-π",
    "halogen bond": "卤键",
    "metal": "金属配位",
    "hydrophobic": "疏水接触",
}
_WIDTH, _HEIGHT, _EDGE = 760, 560, 150


def interaction_diagram(pose: Chem.Mol, interactions: Sequence[Interaction], lang: str = "en") -> str:
    """An SVG drawing.

    Parameters
    ----------
    pose : Mol
        With hydrogens, as the interactions' indices count.
    interactions : sequence of Interaction
    lang : {"en", "zh"}
        Language of the legend.

    Returns
    -------
    str
        A whole SVG document.
    """
    drawing, places = _ligand(pose)
    residues = _around(interactions, places)
    lines, labels = [], []
    for label, (x, y) in residues.items():
        for one in (one for one in interactions if one.residue == label):
            a, b = np.mean([places[atom] for atom in one.ligand_atoms], axis=0)
            dash = ' stroke-dasharray="2 5"' if one.kind == "hydrophobic" else ' stroke-dasharray="7 4"'
            lines.append(
                f'<line x1="{a:.1f}" y1="{b:.1f}" x2="{x:.1f}" y2="{y:.1f}" stroke="{COLOURS[one.kind]}" '
                f'stroke-width="1.6"{dash}/>'
            )
        labels.append(
            f'<rect x="{x - 38:.1f}" y="{y - 11:.1f}" width="76" height="22" rx="6" fill="#ffffff" stroke="#57606a"/>'
            f'<text x="{x:.1f}" y="{y + 4:.1f}" font-size="12" text-anchor="middle">{escape(label)}</text>'
        )
    body = drawing[: drawing.rindex("</svg>")]
    return body + "".join([*lines, *labels, *_legend(interactions, lang)]) + "</svg>\n"


def _ligand(pose: Chem.Mol) -> tuple[str, list[NDArray[np.float64]]]:
    """The flat ligand, and where each atom of the pose stands in the drawing."""
    flat = Chem.Mol(pose)
    for atom in flat.GetAtoms():
        atom.SetIntProp("of_pose", atom.GetIdx())
    flat = Chem.RemoveHs(flat)
    rdDepictor.Compute2DCoords(flat)
    drawer = rdMolDraw2D.MolDraw2DSVG(_WIDTH, _HEIGHT)
    options: Any = drawer.drawOptions()
    options.padding = _EDGE / _WIDTH + 0.04
    options.prepareMolsBeforeDrawing = True
    drawer.DrawMolecule(flat)
    drawer.FinishDrawing()
    spots: dict[int, NDArray[np.float64]] = {}
    for atom in flat.GetAtoms():
        point = drawer.GetDrawCoords(atom.GetIdx())
        spots[atom.GetIntProp("of_pose")] = np.array([point.x, point.y])
    places = []
    for atom in pose.GetAtoms():
        bearer = atom if atom.GetIdx() in spots else atom.GetNeighbors()[0]
        places.append(spots[bearer.GetIdx()])
    return drawer.GetDrawingText(), places


def _around(interactions: Sequence[Interaction], places: list[NDArray[np.float64]]) -> dict[str, tuple[float, float]]:
    """A place on an ellipse for each residue, as near as may be to the direction of its contacts, none on another."""
    middle = np.array([_WIDTH / 2, _HEIGHT / 2 - 15])
    wanted: dict[str, list[NDArray[np.float64]]] = {}
    for one in interactions:
        wanted.setdefault(one.residue, []).append(np.mean([places[atom] for atom in one.ligand_atoms], axis=0))
    angles = {
        label: math.atan2(*((np.mean(points, axis=0) - middle)[::-1].tolist())) for label, points in wanted.items()
    }
    order = sorted(angles, key=lambda label: (angles[label], label))
    step = 2 * math.pi / max(1, len(order))
    start = float(np.mean([angles[label] - index * step for index, label in enumerate(order)])) if order else 0.0
    spread = {label: start + index * step for index, label in enumerate(order)}
    return {
        label: (
            float(middle[0] + (_WIDTH / 2 - 50) * math.cos(angle)),
            float(middle[1] + (_HEIGHT / 2 - 40) * math.sin(angle)),
        )
        for label, angle in spread.items()
    }


def _legend(interactions: Sequence[Interaction], lang: str) -> list[str]:
    kinds = [kind for kind in COLOURS if any(one.kind == kind for one in interactions)]
    parts = []
    for index, kind in enumerate(kinds):
        x = 20 + index * 105
        parts.append(
            f'<line x1="{x}" y1="{_HEIGHT - 8}" x2="{x + 18}" y2="{_HEIGHT - 8}" stroke="{COLOURS[kind]}" '
            f'stroke-width="2"/><text x="{x + 22}" y="{_HEIGHT - 4}" font-size="11">'
            f"{_CHINESE[kind] if lang == 'zh' else kind}</text>"
        )
    return parts
