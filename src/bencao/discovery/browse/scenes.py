"""Scenes in three dimensions as MolViewSpec JSON, each complete: a target with its site, a pose in its pocket."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import gemmi
import numpy as np
from numpy.typing import NDArray
from rdkit import Chem

from bencao.discovery.docking.diagram import COLOURS
from bencao.discovery.docking.interactions import Interaction
from bencao.discovery.receptor.box import Box

Node = dict[str, Any]

_CHAIN, _SIDE, _LIGAND, _SITE, _OTHER = "#cfd8d3", "#9fb0a8", "#2c6e54", "#d98a1e", "#b9c7d6"
_ELEMENTS = {"N": "#3050f8", "O": "#e0301e", "S": "#c9a227", "F": "#5a9e34", "CL": "#1f9e1f", "BR": "#a62929"}
# Of a residue's confidence, from what on; blue for what can be relied on.
CONFIDENCE = ((70.0, "#2c5d9e"), (50.0, "#6fa8dc"), (30.0, "#e8b93c"), (0.0, "#d1603d"))
# The version of the format that the nodes below are written in.
_VERSION = "1.4"
_STICKS = {"type": "ball_and_stick", "ignore_hydrogens": True}


@dataclass(frozen=True)
class Spot:
    """Points that are drawn as one cloud of spheres, such as a pocket's.

    Attributes
    ----------
    points : ndarray of float, shape (n, 3)
        Ångström.
    chosen : bool
        Whether it is the site.
    """

    points: NDArray[np.float64]
    chosen: bool


def target_scene(pdb: str, spots: Sequence[Spot], box: Box | None, residues: Iterable[str] = ()) -> str:
    """A receptor with what could be its site.

    Parameters
    ----------
    pdb : str
        The receptor.
    spots : sequence of Spot
    box : Box or None
        Drawn where it is given.
    residues : iterable of str
        Drawn with their side chains, as ``A:MET318``.

    Returns
    -------
    str
        MolViewSpec JSON.
    """
    shown = list(residues)
    parts = [_component("polymer", {"type": "cartoon"}, _CHAIN, focus=box is None and not any(s.chosen for s in spots))]
    if shown:
        parts.append(_component(_selected(pdb, shown), {**_STICKS, "size_factor": 0.6}, _SIDE, elements=True))
    nodes = [_structure(pdb, parts)]
    for spot in spots:
        colour, opacity = (_SITE, 0.6) if spot.chosen else (_OTHER, 0.3)
        looks = {"type": "spacefill", "size_factor": 0.7}
        cloud = _component("all", looks, colour, opacity=opacity, focus=spot.chosen)
        nodes.append(_structure(_points_pdb(spot.points), [cloud]))
    if box is not None:
        nodes.append(_box(box))
    return _scene(nodes)


def pose_scene(pdb: str, pose: Chem.Mol, contacts: Sequence[Interaction], ends: Sequence[NDArray[np.float64]]) -> str:
    """A pose in its pocket, with a dashed line for each contact.

    Parameters
    ----------
    pdb : str
        The receptor.
    pose : Mol
        In the receptor's frame.
    contacts : sequence of Interaction
    ends : sequence of ndarray of float, shape (3,)
        Where each contact ends in the receptor, in ångström.

    Returns
    -------
    str
        MolViewSpec JSON.
    """
    lining = list(dict.fromkeys(one.residue for one in contacts))
    parts = [_component("polymer", {"type": "cartoon"}, _CHAIN, opacity=0.85)]
    if lining:
        parts.append(_component(_selected(pdb, lining), {**_STICKS, "size_factor": 0.6}, _SIDE, elements=True))
    others = [_component(kind, _STICKS, _SIDE, elements=True) for kind in ("ion", "ligand")]
    places = pose.GetConformer().GetPositions()
    lines = [
        {
            "kind": "primitive",
            "params": {
                "kind": "tube",
                "start": np.mean([places[atom] for atom in one.ligand_atoms], axis=0).round(3).tolist(),
                "end": end.round(3).tolist(),
                "radius": 0.05,
                "dash_length": 0.25,
                "color": COLOURS[one.kind],
                "tooltip": f"{one.kind} {one.residue} {one.distance:.1f} Å",
            },
        }
        for one, end in zip(contacts, ends, strict=True)
    ]
    ligand = _component("all", _STICKS, _LIGAND, elements=True, focus=True)
    return _scene(
        [
            _structure(pdb, [*parts, *others]),
            _structure(ligand_cif(pose), [ligand], "mmcif"),
            {"kind": "primitives", "params": {}, "children": lines},
        ]
    )


def fold_scene(pdb: str, confidence: Sequence[float]) -> str:
    """A folded chain, numbered from 1, coloured by the confidence of its residues from 0 to 100.

    Returns
    -------
    str
        MolViewSpec JSON.
    """
    chain = _component("polymer", {"type": "cartoon"}, CONFIDENCE[-1][1], focus=True)
    for number, value in enumerate(confidence, 1):
        colour = next(colour for least, colour in CONFIDENCE if value >= least)
        chosen = {"auth_asym_id": "A", "auth_seq_id": number}
        chain["children"][0]["children"].append({"kind": "color", "params": {"color": colour, "selector": chosen}})
    return _scene([_structure(pdb, [chain])])


def ligand_cif(pose: Chem.Mol) -> str:
    """A molecule with its bond orders as mmCIF, which a PDB file could not hold."""
    flat = Chem.RemoveHs(pose)
    Chem.Kekulize(flat)
    places = flat.GetConformer().GetPositions()
    document = gemmi.cif.Document()
    block = document.add_new_block("ligand")
    names = [f"{atom.GetSymbol().upper()}{atom.GetIdx() + 1}" for atom in flat.GetAtoms()]
    tags = ["group_PDB", "id", "type_symbol", "label_atom_id", "label_alt_id", "label_comp_id", "label_asym_id"]
    tags += ["label_entity_id", "label_seq_id", "Cartn_x", "Cartn_y", "Cartn_z", "auth_seq_id", "auth_asym_id"]
    atoms = block.init_loop("_atom_site.", tags)
    for number, (name, atom, place) in enumerate(zip(names, flat.GetAtoms(), places, strict=True), 1):
        x, y, z = (f"{value:.3f}" for value in place)
        symbol = atom.GetSymbol().upper()
        atoms.add_row(["HETATM", str(number), symbol, name, ".", "LIG", "L", "1", ".", x, y, z, "1", "L"])
    bonds = block.init_loop("_chem_comp_bond.", ["comp_id", "atom_id_1", "atom_id_2", "value_order"])
    orders = {1.0: "SING", 2.0: "DOUB", 3.0: "TRIP"}
    for bond in flat.GetBonds():
        order = orders.get(bond.GetBondTypeAsDouble(), "SING")
        bonds.add_row(["LIG", names[bond.GetBeginAtomIdx()], names[bond.GetEndAtomIdx()], order])
    return str(document.as_string())


def _scene(nodes: list[Node]) -> str:
    canvas = {"kind": "canvas", "params": {"background_color": "#ffffff"}}
    root = {"kind": "root", "children": [*nodes, canvas]}
    return json.dumps({"kind": "single", "root": root, "metadata": {"version": _VERSION, "timestamp": ""}})


def _structure(text: str, parts: list[Node], form: str = "pdb") -> Node:
    address = "data:text/plain;base64," + base64.b64encode(text.encode()).decode()
    structure = {"kind": "structure", "params": {"type": "model"}, "children": parts}
    parse = {"kind": "parse", "params": {"format": form}, "children": [structure]}
    return {"kind": "download", "params": {"url": address}, "children": [parse]}


def _component(
    selector: str | list[Node],
    looks: Node,
    colour: str,
    *,
    elements: bool = False,
    opacity: float = 1.0,
    focus: bool = False,
) -> Node:
    children = [_looks(looks, colour, elements=elements, opacity=opacity)]
    if focus:
        children.append({"kind": "focus", "params": {}})
    return {"kind": "component", "params": {"selector": selector}, "children": children}


def _looks(looks: Node, colour: str, *, elements: bool = False, opacity: float = 1.0) -> Node:
    children: list[Node] = [{"kind": "color", "params": {"color": colour}}]
    if elements:
        children += [
            {"kind": "color", "params": {"color": other, "selector": {"type_symbol": symbol}}}
            for symbol, other in _ELEMENTS.items()
        ]
    if opacity < 1:
        children.append({"kind": "opacity", "params": {"opacity": opacity}})
    return {"kind": "representation", "params": looks, "children": children}


def places_of(pdb: str) -> dict[str, dict[str, NDArray[np.float64]]]:
    """Places in ångström by residue, as ``A:MET318``, and by name of the atom."""
    found: dict[str, dict[str, NDArray[np.float64]]] = {}
    for line in _atom_lines(pdb):
        found.setdefault(_label(line), {})[line[12:16].strip()] = np.array(
            [float(line[at : at + 8]) for at in (30, 38, 46)]
        )
    return found


def _selected(pdb: str, residues: Iterable[str]) -> list[Node]:
    """What selects residues named as ``A:MET318``."""
    wanted = set(residues)
    chosen: dict[str, Node] = {}
    for line in _atom_lines(pdb):
        if (label := _label(line)) in wanted:
            one: Node = {"auth_asym_id": line[21], "auth_seq_id": int(line[22:26])}
            chosen[label] = one | ({"pdbx_PDB_ins_code": line[26]} if line[26] != " " else {})
    return list(chosen.values())


def _atom_lines(pdb: str) -> Iterator[str]:
    return (line for line in pdb.splitlines() if line.startswith(("ATOM", "HETATM")))


def _label(line: str) -> str:
    return f"{line[21].strip()}:{line[17:20].strip()}{line[22:27].strip()}"


def _points_pdb(points: NDArray[np.float64]) -> str:
    lines = [
        f"HETATM{number:5d}  C   PNT P{number % 10_000:4d}    {x:8.3f}{y:8.3f}{z:8.3f}  1.00  0.00           C  "
        for number, (x, y, z) in enumerate(points, 1)
    ]
    return "\n".join([*lines, "END", ""])


def _box(box: Box) -> Node:
    corners = [
        [middle + sign * side / 2 for middle, side, sign in zip(box.center, box.size, signs, strict=True)]
        for signs in np.array(np.meshgrid([-1, 1], [-1, 1], [-1, 1], indexing="ij")).reshape(3, -1).T.tolist()
    ]
    pairs = [(one, other) for one in range(8) for other in range(one) if (one ^ other) in (1, 2, 4)]
    edges = [
        {
            "kind": "primitive",
            "params": {"kind": "tube", "start": corners[one], "end": corners[other], "radius": 0.04, "color": _SITE},
        }
        for one, other in pairs
    ]
    return {"kind": "primitives", "params": {}, "children": edges}
