"""Screens and folds at work: on a board of their own, so that none holds up a plan; they outlive the server."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Literal

from bencao.discovery.browse import FoldTask, Shelf
from bencao.discovery.browse.folds import FOLD_STAGES, is_folded, run_fold
from bencao.discovery.browse.screens import is_done
from bencao.discovery.funnel.task import Task
from bencao.discovery.funnel.watching import STAGES, Stage
from bencao.kernel.workers import Failure
from bencao.web.errors import UnknownJob
from bencao.web.jobs import Board, Capacity, Job
from bencao.web.orders import Figures, Slate

# What stands where nothing runs and nothing has been found: the server was stopped meanwhile, or the reader stopped it.
State = Literal["waiting", "running", "done", "failed", "stopped"]


@dataclass(frozen=True)
class Bench:
    """What a worker needs.

    Attributes
    ----------
    shelf : Shelf
        Of screens.
    folds : Shelf
    processes : int
        That a screen docks with, or a fold folds with.
    slate : Slate
    """

    shelf: Shelf[Task]
    folds: Shelf[FoldTask]
    processes: int
    slate: Slate

    def watch(self, stage: Stage, done: int, total: int) -> None:
        """Write how far a screen is; raises `Stopped` where it was cancelled."""
        self.slate.write(STAGES.index(stage), done, total)


@dataclass(frozen=True)
class ScreenOrder:
    """A screen to run, or to go on with."""

    name: str

    def carry_out(self, tools: Bench) -> str:
        """Run it; its name."""
        task, place = tools.shelf.task(self.name), tools.shelf.place(self.name)
        from bencao.discovery.funnel.running import run_task  # takes seconds

        run_task(
            task,
            place,
            languages=("en", "zh"),
            command="serve discovery screen",
            workers=tools.processes,
            progress=False,
            watch=tools.watch,
        )
        return self.name


@dataclass(frozen=True)
class FoldOrder:
    """A protein to fold."""

    name: str

    def carry_out(self, tools: Bench) -> str:
        """Fold it; its name."""
        run_fold(tools.folds.task(self.name), tools.folds.place(self.name), tools.processes, tools.slate.write)
        return self.name


@dataclass(frozen=True)
class Standing:
    """How a screen or a fold stands.

    Attributes
    ----------
    name : str
    state : {"waiting", "running", "done", "failed", "stopped"}
    stage : str
        See `STAGES` and `FOLD_STAGES`; that it is at.
    done, total : int
        Items of the stage; 0 in all where that is not known.
    seconds : float
        How long it has run since it was started last; 0 where this server has not run it.
    failure : Failure or None
    """

    name: str
    state: State
    stage: str
    done: int = 0
    total: int = 0
    seconds: float = 0.0
    failure: Failure | None = None


class ScreenBoard(Board):
    """Runs screens and folds; its workers start with the first of them.

    Parameters
    ----------
    shelf : Shelf
        Of screens.
    folds : Shelf
    processes : int
        That each uses.
    capacity : Capacity
    """

    def __init__(
        self, shelf: Shelf[Task], folds: Shelf[FoldTask], processes: int = 1, capacity: Capacity | None = None
    ) -> None:
        super().__init__(partial(_bench, shelf, folds, processes), capacity, leads=True)
        self.shelf, self.folds = shelf, folds

    def run(self, name: str, owner: str) -> Standing:
        """Have a kept screen run, or go on; one that runs or is done stays as it is.

        Raises
        ------
        InputError
            No such screen is kept.
        Busy
            Too many wait.
        """
        standing = self.standing(name)
        if standing.state in ("waiting", "running", "done"):
            return standing
        self._begin(ScreenOrder(name), owner)
        return self.standing(name)

    def fold(self, name: str, owner: str) -> Standing:
        """Have a kept protein folded; one that is at work or done stays as it is. Raises as `run`."""
        standing = self.standing_of_fold(name)
        if standing.state in ("waiting", "running", "done"):
            return standing
        self._begin(FoldOrder(name), owner)
        return self.standing_of_fold(name)

    def _begin(self, order: ScreenOrder | FoldOrder, owner: str) -> None:
        self.start()
        self.submit(order, owner, order.name)

    def standing(self, name: str) -> Standing:
        """How a screen stands, also one that another server began.

        Raises
        ------
        InputError
            No such screen is kept.
        """
        self.shelf.place(name)
        return self._standing(name, partial(is_done, self.shelf), STAGES)

    def standing_of_fold(self, name: str) -> Standing:
        """How a fold stands, also one that another server began; raises as `standing`."""
        self.folds.place(name)
        return self._standing(name, partial(is_folded, self.folds), FOLD_STAGES)

    def _standing(self, name: str, is_ready: Callable[[str], bool], stages: Sequence[str]) -> Standing:
        try:
            job: Job | None = self.get(name)
        except UnknownJob:
            job = None
        if job is None or job.over:
            failure = job.failure if job else None
            # Only now: had it ended after a look at its files, it would pass for stopped.
            state: State = "done" if is_ready(name) else "failed" if failure else "stopped"
            return Standing(name, state, stages[0], seconds=job.seconds if job else 0.0, failure=failure)
        return _at(job, name, stages)


def _at(job: Job, name: str, stages: Sequence[str]) -> Standing:
    stage, done, total = read_figures(job.figures, stages)
    return Standing(name, "running" if job.status == "running" else "waiting", stage, done, total, job.seconds)


def read_figures(figures: Figures, stages: Sequence[str] = STAGES) -> tuple[str, int, int]:
    """What a screen or a fold wrote on its slate: stage, items done in it, and of how many."""
    place, done, total = figures
    return stages[int(place)], int(done), int(total)


def _bench(shelf: Shelf[Task], folds: Shelf[FoldTask], processes: int, slate: Path) -> Bench:
    return Bench(shelf, folds, processes, Slate(slate))
