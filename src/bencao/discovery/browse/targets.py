"""A target as a reader sees it before a screen: what was done to the structure, its ligands, its pockets."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from bencao.discovery.browse.folds import FoldTask
from bencao.discovery.browse.shelf import Shelf
from bencao.discovery.errors import BoxError
from bencao.discovery.funnel.task import Target, Task

if TYPE_CHECKING:  # loaded by the process that answers, which takes seconds
    from bencao.discovery.receptor.box import Box
    from bencao.discovery.receptor.pockets import Pocket
    from bencao.discovery.receptor.preparing import Receptor
    from bencao.discovery.receptor.structure import Structure

_KEPT = 4  # prepared receptors
_SHOWN = 12  # pockets
_FEWEST = 6  # heavy atoms of a ligand that a box can be around


@dataclass(frozen=True)
class PocketRow:
    """A pocket: rank, fpocket's druggability (0 to 1), volume in Å³, center in Å, lining residues."""

    rank: int
    druggability: float
    volume: float
    center: tuple[float, float, float]
    residues: tuple[str, ...]


@dataclass(frozen=True)
class TargetView:
    """A structure made ready.

    Attributes
    ----------
    name : str
    atoms : int
        With the hydrogens that were placed.
    chains : tuple of str
        Polymer chains of the file.
    ligands : tuple of (str, int)
        Label and heavy atoms of what may be a bound ligand.
    changes : tuple of (str, str)
        Kind and place, see `Change`.
    pockets : tuple of PocketRow
        The first dozen.
    pockets_in_all : int
    """

    name: str
    atoms: int
    chains: tuple[str, ...]
    ligands: tuple[tuple[str, int], ...]
    changes: tuple[tuple[str, str], ...]
    pockets: tuple[PocketRow, ...]
    pockets_in_all: int


@dataclass(frozen=True)
class Ready:
    """A receptor with the structure that it came from, and its pockets."""

    structure: Structure
    receptor: Receptor
    pockets: tuple[Pocket, ...]


@dataclass
class OpenTargets:
    """Receptors prepared for readers; the last few are kept.

    Attributes
    ----------
    shelf : Shelf
        Of screens.
    folds : Shelf
    """

    shelf: Shelf[Task]
    folds: Shelf[FoldTask]
    _ready: OrderedDict[tuple[str, ...], Ready] = field(default_factory=OrderedDict)

    def prepare(self, file: str, chains: str, keep: str, ph: str) -> Ready:
        """A receptor, prepared where it is not kept; raises as `prepare_receptor` and `find_pockets`."""
        from bencao.discovery.receptor.pockets import find_pockets
        from bencao.discovery.receptor.preparing import prepare_receptor
        from bencao.discovery.receptor.structure import read_structure

        asked = (file, chains, keep, ph)
        if asked not in self._ready:
            path = self.shelf.file(file)
            receptor = prepare_receptor(path, chains=_split(chains), keep=_split(keep), ph=float(ph))
            self._ready[asked] = Ready(read_structure(path), receptor, find_pockets(receptor))
            while len(self._ready) > _KEPT:
                self._ready.popitem(last=False)
        self._ready.move_to_end(asked)
        return self._ready[asked]


def show_target(opened: OpenTargets, file: str, chains: str, keep: str, ph: str) -> TargetView:
    """Prepare a structure and find its pockets.

    Parameters
    ----------
    opened : OpenTargets
    file : str
        As the shelf calls it.
    chains, keep : str
        Names with commas between; see `prepare_receptor`.
    ph : str
        A number.

    Returns
    -------
    TargetView

    Raises
    ------
    StructureError, InputError, EngineMissing
    """
    ready = opened.prepare(file, chains, keep, ph)
    ligands = tuple(
        (residue.label, len(residue.atoms))
        for residue in ready.structure.residues
        if residue.kind == "other" and len(residue.atoms) >= _FEWEST
    )
    return TargetView(
        ready.structure.source,
        len(ready.receptor.atoms),
        ready.structure.chains,
        ligands,
        tuple((change.kind, change.where) for change in ready.receptor.changes),
        tuple(_row(pocket) for pocket in ready.pockets[:_SHOWN]),
        len(ready.pockets),
    )


def show_target_scene(opened: OpenTargets, file: str, chains: str, keep: str, ph: str, site: str) -> str:
    """A scene of the receptor with its pockets and the box that a site would give.

    Parameters
    ----------
    opened, file, chains, keep, ph
        See `show_target`.
    site : str
        ``pocket 1``, ``bound A:STI201``, ``residues A:315,A:318``, ``ligand FILE``, ``center 15,53,17 22,22,22``, or
        empty for none.

    Returns
    -------
    str
        MolViewSpec JSON.

    Raises
    ------
    BoxError
        A site that cannot be.
    """
    from bencao.discovery.browse.scenes import Spot, target_scene
    from bencao.discovery.receptor.box import check_box

    ready = opened.prepare(file, chains, keep, ph)
    kind, _, told = site.partition(" ")
    places = target_of(opened.shelf, file, site=site).places
    box = _box(ready, kind, told, places)
    if box is not None:
        check_box(box, ready.receptor)
    spots = [
        Spot(pocket.spheres[:, :3], kind == "pocket" and told == str(pocket.rank))
        for pocket in ready.pockets[:_SHOWN]
        if kind in ("", "pocket")
    ]
    lining: tuple[str, ...] = ()
    if kind == "pocket" and box is not None:
        lining = ready.pockets[int(told) - 1].residues
    if places is not None:
        spots.append(Spot(places, True))
    return target_scene(ready.receptor.pdb, spots, box, lining)


def target_of(
    shelf: Shelf[Task], file: str, *, chains: str = "", keep: str = "", ph: float = 7.4, site: str = ""
) -> Target:
    """The target of a task, from what a reader named; see `show_target_scene` for `site`.

    Raises
    ------
    InputError
        A file that is not kept.
    BoxError
        A site of no known kind.
    """
    kind, _, told = site.partition(" ")
    if kind not in ("", "pocket", "bound", "residues", "ligand", "center"):
        raise BoxError(f"{kind!r} is no kind of site", where="site", mend="see the manual of the API")
    center, _, size = told.partition(" ") if kind == "center" else ("", "", "")
    if kind == "pocket" and not told.isdecimal():
        raise BoxError(f"{told!r} is no rank of a pocket", where="site", mend="write it as: pocket 1")
    return Target(
        shelf.file(file),
        _split(chains),
        _split(keep),
        ph,
        shelf.file(told) if kind == "ligand" else None,
        told if kind == "bound" else "",
        _split(told) if kind == "residues" else (),
        int(told) if kind == "pocket" else 0,
        center,
        size or "22,22,22",
    )


def _box(ready: Ready, kind: str, told: str, places: Any) -> Box | None:
    from bencao.discovery.docking.site import site_box
    from bencao.discovery.receptor.box import box_around

    if not kind:
        return None
    if places is not None:
        return box_around(places)
    if kind == "pocket" and 1 <= int(told) <= len(ready.pockets):  # not looked for again
        return box_around(ready.pockets[int(told) - 1].spheres[:, :3])
    center, _, size = told.partition(" ")
    named = {"residues": _split(told)} if kind == "residues" else {"center": center, "size": size or "22,22,22"}
    return site_box(ready.receptor, **named) if kind != "pocket" else site_box(ready.receptor, pocket=int(told))


def _row(pocket: Pocket) -> PocketRow:
    x, y, z = (round(value, 1) for value in pocket.center)
    return PocketRow(pocket.rank, pocket.druggability, pocket.volume, (x, y, z), pocket.residues)


def _split(told: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in told.split(",") if part.strip())
