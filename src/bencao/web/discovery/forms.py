"""What the room's calls of ``/api/v1`` take and give, as pydantic models."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field

from bencao.discovery.browse import FoldTask, FoldView, Shelf
from bencao.discovery.browse.targets import target_of
from bencao.discovery.docking.vina import Search
from bencao.discovery.errors import BoxError
from bencao.discovery.folding.alignment import read_alignment
from bencao.discovery.funnel.plan import Bounds, Effort, Plan
from bencao.discovery.funnel.task import Task
from bencao.kernel.errors import InputError
from bencao.web.http.forms import Form, Problem

_LONGEST = 20_000_000
_MOLECULES = "As a kept file, or SMILES with a name behind each, one a line."


class Kept(BaseModel):
    """A file that is kept."""

    file: str = Field(description="What it is called in other calls.")
    name: str
    bytes: int


class ScreenForm(Form):
    """A screen to run; the options are those of ``bencao discovery screen``."""

    structure: str = Field(max_length=64, description="The target's PDB or mmCIF, as a kept file.")
    chains: str = Field("", max_length=200, description="Chains to keep, as A,B; all where empty.")
    keep: str = Field("", max_length=200, description="Further hetero residues to keep, as HOH,GTP.")
    ph: float = Field(7.4, ge=0, le=14, description="For hydrogens and charges.")
    site: str = Field(
        max_length=2000,
        description="Where to dock: pocket 1, bound A:STI201, residues A:315,A:318, ligand FILE, or center X,Y,Z"
        " [SIZE], in ångström.",
    )
    library: str = Field(max_length=_LONGEST, description=_MOLECULES)
    actives: str = Field("", max_length=_LONGEST, description=f"Known to bind. {_MOLECULES}")
    decoys: str = Field("", max_length=_LONGEST, description=f"Held not to bind. {_MOLECULES}")
    most: int = Field(1000, ge=1, description="Molecules docked at most.")
    best: int = Field(100, ge=1, description="Of how many best the surrogate looks for.")
    enough: float = Field(0.9, gt=0, le=1, description="Share of these at whose lower bound docking stops.")
    hits: int = Field(20, ge=1, le=500, description="Length of the short list.")
    nearest: int | None = Field(None, ge=1, description="Only so many, most like an active, are docked.")
    no_pains: bool = Field(False, description="Leave out what matches a PAINS pattern.")
    expansions: int = Field(100, ge=0, le=20_000, description="Route planner's budget for each hit; 0 for no routes.")
    states: int = Field(
        4, ge=0, le=64, description="Docked of a molecule at most, as charges and tautomers; 0: as drawn."
    )
    exhaustiveness: int = Field(8, ge=1, le=128, description="Vina's runs for each ligand.")
    seed: int = Field(1, ge=1)

    def read(self, shelf: Shelf[Task]) -> Task:
        """The task.

        Raises
        ------
        InputError
            A file that is not kept, no molecule, or no site.
        """
        if not self.site.strip():
            raise BoxError("no site was given", where="site", mend="choose a pocket, a ligand, residues or a center")
        library = _molecules(shelf, self.library, "library")
        if library is None:
            raise InputError("no molecule was given", where="library", mend="give a file or SMILES")
        actives, decoys = _molecules(shelf, self.actives, "actives"), _molecules(shelf, self.decoys, "decoys")
        if decoys and not actives:
            raise InputError("decoys without actives", where="decoys", mend="give both, or neither")
        if self.nearest and not actives:
            raise InputError("no known active to be like", where="nearest", mend="give actives, or leave it out")
        target = target_of(
            shelf, self.structure, chains=self.chains, keep=self.keep, ph=self.ph, site=self.site.strip()
        )
        plan = Plan(
            Bounds(pains=self.no_pains),
            Effort(self.most, self.best, self.enough, seed=self.seed),
            Search(exhaustiveness=self.exhaustiveness, seed=self.seed),
            self.hits,
            self.nearest,
            self.ph,
            self.expansions,
            self.states,
        )
        return Task(target, library, actives, decoys, plan)


def _molecules(shelf: Shelf[Task], told: str, name: str) -> Path | None:
    """A kept file, or the lines themselves as one; None where nothing was told."""
    told = told.strip()
    if not told:
        return None
    if "\n" not in told:
        try:
            return shelf.file(told)
        except InputError:
            pass  # a molecule alone
    return shelf.file(shelf.keep(f"{name}.smi", f"{told}\n".encode()))


class FoldForm(Form):
    """A protein to fold."""

    sequence: str = Field(
        max_length=_LONGEST, description="One letter an amino acid, FASTA, or an alignment (A3M) with the target first."
    )
    seed: int = Field(1, ge=0)

    def read(self, shelf: Shelf[FoldTask]) -> FoldTask:
        """The task.

        Raises
        ------
        SequenceError
            It cannot be folded.
        """
        text = self.sequence.strip() + "\n"
        path = shelf.file(shelf.keep("sequence.fasta", text.encode()))
        read_alignment(path)  # what is wrong with it is said at once
        return FoldTask(path, self.seed)


class FoldAnswer(BaseModel):
    """A fold as it stands."""

    fold: str
    status: Literal["waiting", "running", "done", "failed", "stopped"]
    stage: str = Field(description="networks, backbones or side chains.")
    done: int = Field(description="Backbones that are folded.")
    total: int = Field(description="Of how many; 0 where that is not known.")
    seconds: float
    result: FoldView | None = Field(description="Confidence of each residue, 0 to 100, once done.")
    error: Problem | None = Field(description="Why it failed.")
    links: dict[str, str] = Field(description="Where to look again, to stop, and the structure.")


class ScreenAnswer(BaseModel):
    """A screen as it stands."""

    screen: str
    status: Literal["waiting", "running", "done", "failed", "stopped"] = Field(
        description="A stopped or failed one can go on where it was."
    )
    stage: str = Field(description="receptor, filter, controls, docking, checks or routes.")
    done: int = Field(description="Items of the stage that are done.")
    total: int = Field(description="Of how many; 0 where that is not known.")
    seconds: float
    result: dict[str, Any] | None = Field(description="As in screen.json, once done.")
    error: Problem | None = Field(description="Why it failed.")
    links: dict[str, str] = Field(description="Where to look again, to stop, go on, and download.")
