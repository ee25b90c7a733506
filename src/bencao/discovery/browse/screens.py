"""A finished screen as a reader sees it: its stages and controls, its hits drawn, one hit's pose in its pocket."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rdkit import Chem, rdBase
from rdkit.Chem.Draw import rdMolDraw2D

from bencao.discovery.browse.shelf import Shelf
from bencao.discovery.browse.targets import OpenTargets
from bencao.discovery.funnel.task import Task
from bencao.kernel.errors import InputError

if TYPE_CHECKING:  # loaded by the process that answers, which takes seconds
    from bencao.discovery.docking.interactions import Interaction

# What a screen writes last: once it is there, the rest is.
LAST = "report.zh.html"
_WIDTH, _HEIGHT = 190, 130


@dataclass(frozen=True)
class Contact:
    """A contact of a pose: residue, kind, atom of the receptor, distance in Å."""

    residue: str
    kind: str
    atom: str
    distance: float


@dataclass(frozen=True)
class HitView:
    """A hit with its pose.

    Attributes
    ----------
    hit : dict
        As in ``screen.json``.
    contacts : tuple of Contact
    diagram : str
        The contacts drawn flat, as SVG.
    molfile : str
        The pose in the receptor's frame.
    """

    hit: dict[str, Any]
    contacts: tuple[Contact, ...]
    diagram: str
    molfile: str


def is_done(shelf: Shelf[Task], name: str) -> bool:
    """Whether a screen has come to its end."""
    return (shelf.place(name) / LAST).is_file()


def show_screen(opened: OpenTargets, name: str) -> dict[str, Any]:
    """What a screen found, as in ``screen.json``.

    Raises
    ------
    InputError
        There is no such screen, or it has not come to its end.
    """
    if not is_done(opened.shelf, name):
        raise InputError("the screen is not done", where=name, mend="wait, or let it go on")
    found: dict[str, Any] = json.loads((opened.shelf.place(name) / "screen.json").read_text(encoding="utf-8"))
    return found


def show_hit(opened: OpenTargets, name: str, rank: str, language: str) -> HitView:
    """A hit with its contacts, drawn.

    Parameters
    ----------
    opened : OpenTargets
    name : str
        Of the screen.
    rank : str
        Of the hit.
    language : {"en", "zh"}
        Of the drawing.

    Raises
    ------
    InputError
        There is no such hit.
    """
    from bencao.discovery.docking.diagram import interaction_diagram

    hit, pose, molfile = _hit(opened, name, rank)
    contacts = _contacts(hit)
    told = tuple(Contact(one.residue, one.kind, one.receptor_atom, one.distance) for one in contacts)
    return HitView(hit, told, interaction_diagram(pose, contacts, language), molfile)


def show_hit_scene(opened: OpenTargets, name: str, rank: str) -> str:
    """A hit's pose in its pocket as MolViewSpec JSON; raises as `show_hit`."""
    import numpy as np

    from bencao.discovery.browse.scenes import places_of, pose_scene

    hit, pose, _ = _hit(opened, name, rank)
    receptor = (opened.shelf.place(name) / "receptor.pdb").read_text(encoding="utf-8")
    atoms = places_of(receptor)
    contacts, ends = [], []
    for one in _contacts(hit):
        residue = atoms.get(one.residue, {})
        # A ring has no single atom: the side chain's middle stands for it.
        side = [place for atom, place in residue.items() if atom not in ("N", "C", "O", "CA") and atom[0] != "H"]
        end = residue[one.receptor_atom] if one.receptor_atom in residue else np.mean(side, axis=0) if side else None
        if end is not None:
            contacts.append(one)
            ends.append(end)
    return pose_scene(receptor, pose, contacts, ends)


def draw_molecules(opened: OpenTargets, smiles: str) -> tuple[str, ...]:
    """Molecules as small SVG drawings, in order; SMILES with line ends between. Empty where RDKit reads none."""
    return tuple(map(_drawn, smiles.splitlines()))


def _drawn(smiles: str) -> str:
    with rdBase.BlockLogs():
        molecule = Chem.MolFromSmiles(smiles)
        if molecule is None:
            return ""
        drawer = rdMolDraw2D.MolDraw2DSVG(_WIDTH, _HEIGHT)
        options: Any = drawer.drawOptions()
        options.clearBackground = False
        options.padding = 0.04
        rdMolDraw2D.PrepareAndDrawMolecule(drawer, molecule)
    drawer.FinishDrawing()
    return str(drawer.GetDrawingText())


def _hit(opened: OpenTargets, name: str, rank: str) -> tuple[dict[str, Any], Chem.Mol, str]:
    hits = show_screen(opened, name)["hits"]
    if not rank.isdecimal() or not 1 <= int(rank) <= len(hits):
        raise InputError(f"there is no hit {rank[:20]!r}", where=name, mend=f"there are {len(hits)}")
    molfile = _record(opened.shelf.place(name) / "hits.sdf", int(rank))
    return hits[int(rank) - 1], Chem.MolFromMolBlock(molfile, removeHs=False), molfile


def _record(path: Path, rank: int) -> str:
    """The molfile of a record, with its hydrogens in the order in which the contacts count them."""
    record = path.read_text(encoding="utf-8").split("$$$$\n")[rank - 1]
    return record.partition("M  END")[0] + "M  END\n"


def _contacts(hit: dict[str, Any]) -> tuple[Interaction, ...]:
    from bencao.discovery.docking.interactions import Interaction

    return tuple(
        Interaction(one["residue"], one["kind"], tuple(one["ligand_atoms"]), one["atom"], one["distance"])
        for one in hit["interactions"]
    )
