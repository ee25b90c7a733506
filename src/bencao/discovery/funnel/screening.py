"""The whole funnel as one function: filter, likeness, controls, docking of what is worth it, and the short list."""

from __future__ import annotations

import functools
from collections.abc import Generator, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rdkit import Chem

from bencao.discovery.docking.docking import Docked, dock
from bencao.discovery.funnel.controls import Controls, judge_controls
from bencao.discovery.funnel.hits import Hit, assess, ranked
from bencao.discovery.funnel.plan import Plan
from bencao.discovery.funnel.sieve import Candidate, Dropped, Stage, sieve
from bencao.discovery.funnel.watching import Watch, unwatched, watched
from bencao.discovery.funnel.worth import Docking, dock_worth
from bencao.discovery.molecules.reading import LibraryRow
from bencao.discovery.receptor.box import Box
from bencao.discovery.receptor.preparing import Receptor
from bencao.kernel.compute import Failure
from bencao.kernel.errors import InputError
from bencao.kernel.files import make_folder


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
    watch: Watch = unwatched,
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
    watch : Watch
        Told how far it is.

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
    how: dict[str, Any] = {"workers": workers, "ray": ray, "progress": progress, "watch": watch}
    sieved = sieve(rows, plan.bounds, actives, nearest=plan.nearest, **how)
    controls = _controls(actives, decoys, docking, folder, watch) if actives and decoys else None
    found = dock_worth(
        sieved.candidates,
        _Watched(docking, watch, "docking", min(plan.effort.most, len(sieved.candidates))),
        plan.effort,
        folder,
        sieved.prints,
        workers=workers,
        ray=ray,
        progress=progress,
    )
    order = ranked(sieved.candidates, found.answers)
    if not order:
        raise InputError("no molecule could be docked", where="library", mend="look at the errors in molecules.csv")
    best = order[: plan.hits]
    hits = assess(best, receptor, folder, expansions=plan.expansions, **how)
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
) -> Generator[Docked | Failure, None, None]:
    return dock(
        receptor,
        ligands,
        box,
        search=plan.search,
        states=plan.states,
        ph=plan.ph,
        workers=workers,
        ray=ray,
        timeout=timeout,
        checkpoint=checkpoint,
        progress=progress,
    )


@dataclass
class _Watched:
    """Docks batch after batch, and tells how many of all are done."""

    dock: functools.partial[Generator[Docked | Failure, None, None]]
    watch: Watch
    stage: Literal["controls", "docking"]
    total: int
    done: int = 0

    def __call__(self, ligands: Sequence[tuple[str, str]], checkpoint: Path) -> list[Docked | Failure]:
        found = list(watched(self.dock(ligands, checkpoint), self.watch, self.stage, self.total, self.done))
        self.done += len(found)
        return found


def _controls(
    actives: Sequence[tuple[str, str]],
    decoys: Sequence[tuple[str, str]],
    docking: functools.partial[Generator[Docked | Failure, None, None]],
    folder: Path,
    watch: Watch,
) -> Controls:
    both = [*actives, *decoys]
    answers = _Watched(docking, watch, "controls", len(both))(both, folder / "controls.checkpoint")
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
