"""A screen as files and settings, quick to load."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bencao.discovery.errors import BoxError
from bencao.discovery.funnel.plan import Plan


@dataclass(frozen=True)
class Target:
    """Where to dock.

    Attributes
    ----------
    structure : Path
        PDB or mmCIF.
    chains, keep : tuple of str
        See `prepare_receptor`.
    ph : float
        For the receptor's hydrogens.
    ligand : Path or None
    bound, center, size : str
    residues : tuple of str
    pocket : int
        The box is around one of these: a ligand's file, a ligand of the structure (``A:STI201``), residues
        (``A:315``), a pocket by its rank, or a center (``15,53,17``) with its size.
    """

    structure: Path
    chains: tuple[str, ...] = ()
    keep: tuple[str, ...] = ()
    ph: float = 7.4
    ligand: Path | None = None
    bound: str = ""
    residues: tuple[str, ...] = ()
    pocket: int = 0
    center: str = ""
    size: str = "22,22,22"

    @property
    def places(self) -> Any:
        """Heavy atoms of the ligand that the box is around: ndarray of shape (atoms, 3), in ångström, or None.

        Raises
        ------
        LigandError, StructureError
            It cannot be read.
        BoxError
            The structure has no such ligand, or two were named.
        """
        if self.ligand and self.bound:
            raise BoxError("two ligands were named", where="box", mend="name one of them")
        if self.ligand:
            from bencao.discovery.docking.site import read_ligand

            return read_ligand(self.ligand).GetConformer().GetPositions()
        if not self.bound:
            return None
        from bencao.discovery.receptor.structure import read_structure

        structure = read_structure(self.structure)
        others = {residue.label: residue for residue in structure.residues if residue.kind == "other"}
        if self.bound not in others:
            shown = ", ".join([*others][:10]) or "none"
            raise BoxError(f"has no ligand {self.bound}", where=structure.source, mend=f"its ligands are {shown}")
        return others[self.bound].coordinates


@dataclass(frozen=True)
class Task:
    """A screen that can be run, and run again.

    Attributes
    ----------
    target : Target
    library : Path
    actives, decoys : Path or None
        Molecules known to bind, and held not to.
    plan : Plan
    """

    target: Target
    library: Path
    actives: Path | None = None
    decoys: Path | None = None
    plan: Plan = field(default_factory=Plan)

    @property
    def files(self) -> tuple[Path, ...]:
        """All that it reads."""
        given = (self.target.structure, self.library, self.target.ligand, self.actives, self.decoys)
        return tuple(one for one in given if one is not None)
