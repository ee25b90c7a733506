"""The whole funnel as one function: filter, likeness, controls, docking of what is worth it, and the short list."""

from __future__ import annotations

import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from rdkit import Chem

from bencao.discovery.docking.docking import Docked, dock
from bencao.discovery.docking.vina import Search
from bencao.discovery.funnel.controls import Controls, judge_controls
from bencao.discovery.funnel.hits import Hit, assess, ranked
from bencao.discovery.funnel.sieve import Bounds, Candidate, Dropped, Stage, sieve
from bencao.discovery.funnel.worth import Docking, Effort, dock_worth
from bencao.discovery.ligands.protomers import protonated
from bencao.discovery.molecules.reading import LibraryRow
from bencao.discovery.receptor.box import Box
from bencao.discovery.receptor.preparing import Receptor
from bencao.kernel.compute import Failure
from bencao.kernel.errors import InputError
from bencao.kernel.files import make_folder


@dataclass(frozen=True)
class Plan:
    """What a screen is told.

    Attributes
    ----------
    bounds : Bounds
    effort : Effort
    search : Search
    hits : int
        Length of the short list.
    nearest : int or None
        See `sieve`.
    ph : float
        For which ligands are charged before they are docked.
    expansions : int
        Budget of the route planner for each hit; 0 asks for no routes.
    """

    bounds: Bounds = field(default_factory=Bounds)
    effort: Effort = field(default_factory=Effort)
    search: Search = field(default_factory=Search)
    hits: int = 20
    nearest: int | None = None
    ph: float = 7.4
    expansions: int = 100

    def __post_init__(self) -> None:
        if self.hits < 1:
            raise InputError(f"{self.hits} hits", where="hits", mend="give 1 or more")


@dataclass(frozen=True)
class Screened:
    """What a screen found.

    Attributes
    ----------
    stages : tuple of Stage
        From the library to the short list.
    controls : Controls or None
        None where no actives and decoys were given.
    hits : tuple of Hit
    candidates : tuple of Candidate
        That came to docking.
    docking : Docking
    dropped : tuple of Dropped
    """

    stages: tuple[Stage, ...]
    controls: Controls | None
    hits: tuple[Hit, ...]
    candidates: tuple[Candidate, ...]
    docking: Docking
    dropped: tuple[Dropped, ...]


def screen(
    receptor: Receptor,
    box: Box,
    rows: Iterable[LibraryRow],
    folder: Path,
    plan: Plan | None = None,
    *,
    actives: Sequence[tuple[str, str]] = (),
    decoys: Sequence[tuple[str, str]] = (),
    workers: int = 1,
    ray: str | None = None,
    timeout: float | None = None,
    progress: bool = True,
) -> Screened:
    """Find the molecules of a library that are worth making for a target.

    Parameters
    ----------
    receptor : Receptor
    box : Box
    rows : iterable of LibraryRow
    folder : Path
        Holds what is finished; the same screen run again goes on there, with the result of one never stopped.
    plan : Plan, optional
    actives, decoys : sequence of (str, str)
        Name and SMILES. Actives alone serve for likeness; with decoys both are docked first, as controls.
    workers, ray, timeout, progress
        See `bencao.kernel.compute.map`; the timeout is of one ligand's docking.

    Returns
    -------
    Screened

    Raises
    ------
    InputError
        Where no molecule is left to dock, none could be docked, or the plan leaves nothing to do.
    BoxError, EngineMissing, ComputeError
        As `dock`.
    """
    plan = plan or Plan()
    if decoys and not actives:
        raise InputError("decoys without actives", where="decoys", mend="give both, or neither")
    make_folder(folder)
    docking = functools.partial(
        _dock, receptor, box, plan, workers=workers, ray=ray, timeout=timeout, progress=progress
    )
    sieved = sieve(rows, plan.bounds, actives, nearest=plan.nearest, workers=workers, ray=ray, progress=progress)
    controls = _controls(actives, decoys, docking, folder) if actives and decoys else None
    found = dock_worth(sieved.candidates, docking, plan.effort, folder)
    order = ranked(sieved.candidates, found.answers)
    if not order:
        raise InputError("no molecule could be docked", where="library", mend="look at the errors in molecules.csv")
    best = order[: plan.hits]
    hits = assess(best, receptor, folder, expansions=plan.expansions, workers=workers, ray=ray, progress=progress)
    return Screened(
        (*sieved.stages, *_stages(len(sieved.candidates), found, len(order), len(hits))),
        controls,
        hits,
        sieved.candidates,
        found,
        sieved.dropped,
    )


def _dock(
    receptor: Receptor,
    box: Box,
    plan: Plan,
    ligands: Sequence[tuple[str, str]],
    checkpoint: Path,
    *,
    workers: int,
    ray: str | None,
    timeout: float | None,
    progress: bool,
) -> list[Docked | Failure]:
    charged = [(name, protonated(smiles, plan.ph)) for name, smiles in ligands]
    return list(
        dock(
            receptor,
            charged,
            box,
            search=plan.search,
            workers=workers,
            ray=ray,
            timeout=timeout,
            checkpoint=checkpoint,
            progress=progress,
        )
    )


def _controls(
    actives: Sequence[tuple[str, str]],
    decoys: Sequence[tuple[str, str]],
    docking: functools.partial[list[Docked | Failure]],
    folder: Path,
) -> Controls:
    answers = docking([*actives, *decoys], folder / "controls.checkpoint")
    sizes = {
        one.smiles: Chem.MolFromSmiles(one.smiles).GetNumHeavyAtoms() for one in answers if isinstance(one, Docked)
    }
    return judge_controls(answers[: len(actives)], answers[len(actives) :], sizes)


def _stages(candidates: int, found: Docking, docked: int, hits: int) -> tuple[Stage, ...]:
    tried = len(found.answers)
    skipped = (("not worth it", candidates - tried),) if tried < candidates else ()
    failed = (("not docked", tried - docked),) if docked < tried else ()
    return (
        *((Stage("surrogate", candidates, tried, skipped),) if found.surrogate else ()),
        Stage("docking", tried, docked, failed),
        Stage("short list", docked, hits, (("ranked lower", docked - hits),) if hits < docked else ()),
    )
