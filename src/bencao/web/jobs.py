"""The jobs of the workbench: a bounded queue before a few worker processes, each with the model loaded once."""

from __future__ import annotations

import contextlib
import pickle
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

from bencao.kernel.errors import BencaoError, ComputeError, EngineMissing, InputError, ModelError
from bencao.kernel.workers import Death, Failure, ProcessCrew, ProcessWorker
from bencao.synthesis.precedents import SHIPPED_INDEX
from bencao.synthesis.route import Plan
from bencao.web.errors import Busy, NotFinished, Stopped, UnknownJob
from bencao.web.orders import Figures, IdentityOrder, Load, Order, Progress, Slate, carry_out, load_worker

Status = Literal["waiting", "running", "done", "failed", "cancelled"]

# Seconds a cancelled job has to come to its next expansion; then its worker is killed.
GRACE = 5.0
_LOOK = 0.1  # seconds between looks at a running worker
# What can be wrong with what a worker loads.
_LOADING: dict[str, type[BencaoError]] = {kind.__name__: kind for kind in (EngineMissing, InputError, ModelError)}


@dataclass(frozen=True)
class Job:
    """A job as it stands now.

    Attributes
    ----------
    id : str
        Not to be guessed.
    order : Order
    owner : str
        Whose it is: owners share the workers fairly.
    status : {"waiting", "running", "done", "failed", "cancelled"}
    figures : (float, float, float)
        What the worker wrote last on its slate; what they mean the order says.
    submitted, started, ended : float or None
        Seconds of a clock that only serves to measure durations.
    result : object
        What the order gives, where it is done.
    failure : Failure or None
        Where it failed.
    """

    id: str
    order: Order
    owner: str
    status: Status = "waiting"
    figures: Figures = (0.0, 0.0, 0.0)
    submitted: float = field(default_factory=time.monotonic)
    started: float | None = None
    ended: float | None = None
    result: Any = None
    failure: Failure | None = None

    @property
    def over(self) -> bool:
        """Whether nothing more will come of it."""
        return self.ended is not None

    @property
    def seconds(self) -> float:
        """How long it has run."""
        return 0.0 if self.started is None else (self.ended or time.monotonic()) - self.started

    @property
    def progress(self) -> Progress:
        """How far a search is."""
        return Progress.of(self.figures)

    @property
    def plan(self) -> Plan:
        """The plan it made.

        Raises
        ------
        NotFinished
        """
        if not isinstance(self.result, Plan):
            mend = "wait until its status is done" if not self.over else "start another plan"
            raise NotFinished(f"the job is {self.status}, and has no plan", where=f"job {self.id}", mend=mend)
        return self.result


@dataclass(frozen=True)
class Capacity:
    """How much the board takes.

    Attributes
    ----------
    workers : int
        Worker processes. Where there are several, one owner's jobs leave one of them to others.
    waiting, waiting_each : int
        Jobs that may wait, in all and of one owner.
    kept : int
        Finished jobs that are kept at most.
    keep_seconds : float
        How long they are kept.
    """

    workers: int = 2
    waiting: int = 32
    waiting_each: int = 8
    kept: int = 200
    keep_seconds: float = 3600.0

    def __post_init__(self) -> None:
        if self.workers < 1:
            raise InputError(f"{self.workers} workers do nothing", where="workers", mend="take at least 1")


class Board:
    """Takes jobs, has them done in worker processes, and keeps their results for a while.

    Parameters
    ----------
    set_up : callable
        Gives what orders are carried out with, from the path of the worker's slate, once in each worker; defined at the
        top of a module, or a ``partial`` of such.
    capacity : Capacity
    leads : bool
        Whether a job may start worker processes of its own.
    """

    def __init__(self, set_up: Callable[[Path], Any], capacity: Capacity | None = None, *, leads: bool = False) -> None:
        self.capacity = capacity or Capacity()
        self._jobs: dict[str, Job] = {}
        self._desks = [_Desk(self, set_up, leads) for _ in range(self.capacity.workers)]
        self._changed = threading.Condition()
        self._started = self._closed = False

    def start(self) -> None:
        """Start the workers, if they have not been; what they cannot load the first job says."""
        with self._changed:
            if self._started:
                return
            self._started = True
        for desk in self._desks:
            desk.thread.start()

    def close(self) -> None:
        """Kill the workers; what is running is lost."""
        with self._changed:
            self._closed = True
            self._changed.notify_all()
        for desk in self._desks:
            desk.close()

    def submit(self, order: Order, owner: str, job_id: str = "") -> Job:
        """Put an order in the queue.

        Parameters
        ----------
        order : Order
        owner : str
        job_id : str
            Of a job that is to go on; one that is not over stays as it is. A new one where not given.

        Returns
        -------
        Job

        Raises
        ------
        Busy
            Too many jobs wait, of all or of this owner.
        """
        with self._changed:
            self._forget()
            if job_id in self._jobs and not self._jobs[job_id].over:
                return self._jobs[job_id]
            waiting = [job for job in self._jobs.values() if job.status == "waiting"]
            own = sum(job.owner == owner for job in waiting)
            if len(waiting) >= self.capacity.waiting or own >= self.capacity.waiting_each:
                mend = "try again when one of them has ended, or cancel one"
                raise Busy(f"{len(waiting)} jobs are waiting, {own} of them yours", mend=mend)
            job = Job(job_id or secrets.token_urlsafe(12), order, owner)
            self._jobs[job.id] = job
            self._changed.notify_all()
            return job

    def get(self, job_id: str) -> Job:
        """A job as it stands now.

        Raises
        ------
        UnknownJob
        """
        with self._changed:
            self._forget()
            job = self._known(job_id)
            desk = next((desk for desk in self._desks if desk.job_id == job_id), None)
            return replace(job, figures=desk.slate.read()) if desk and not job.over else job

    def wait(self, job_id: str, seconds: float) -> Job:
        """A job once it is over, or as it stands when the time is.

        Raises
        ------
        UnknownJob
        """
        with self._changed:
            self._changed.wait_for(lambda: self._known(job_id).over or self._closed, seconds)
        return self.get(job_id)

    def cancel(self, job_id: str) -> Job:
        """Have a job end without a result; one that is over stays as it is.

        Raises
        ------
        UnknownJob
        """
        with self._changed:
            job = self._known(job_id)
            if job.status == "waiting":
                self._jobs[job_id] = replace(job, status="cancelled", ended=time.monotonic())
            for desk in self._desks:
                if desk.job_id == job_id:
                    desk.stop()
            self._changed.notify_all()
            return self._jobs[job_id]

    def load_now(self) -> dict[str, int]:
        """How many workers there are, how many are at work, and how many jobs wait."""
        with self._changed:
            states = [job.status for job in self._jobs.values()]
        return {
            "workers": self.capacity.workers,
            "running": states.count("running"),
            "waiting": states.count("waiting"),
        }

    def _known(self, job_id: str) -> Job:
        if job_id not in self._jobs:
            mend = f"start it again; results are kept for {self.capacity.keep_seconds / 60:.0f} minutes"
            raise UnknownJob(f"no job {job_id!r} is kept here", where="job", mend=mend)
        return self._jobs[job_id]

    def _forget(self) -> None:
        """Drop what was kept long enough, and the oldest of what is too many."""
        over = sorted((job for job in self._jobs.values() if job.over), key=lambda job: job.ended or 0.0)
        too_many = max(0, len(over) - self.capacity.kept)
        old = time.monotonic() - self.capacity.keep_seconds
        for number, job in enumerate(over):
            if number < too_many or (job.ended or 0.0) < old:
                del self._jobs[job.id]

    def take(self, desk: _Desk) -> Job | None:
        """The next job for a worker, once there is one; None when the board is closed."""
        with self._changed:
            while not self._closed:
                if job := self._next():
                    desk.begin(job.id)
                    job = replace(job, status="running", started=time.monotonic())
                    self._jobs[job.id] = job
                    return job
                self._changed.wait()
            return None

    def _next(self) -> Job | None:
        """The first waiting job of whoever has fewest running; one worker is left to others where there are more."""
        running: dict[str, int] = {}
        for job in self._jobs.values():
            if job.status == "running":
                running[job.owner] = running.get(job.owner, 0) + 1
        most = max(1, self.capacity.workers - 1)
        waiting = [job for job in self._jobs.values() if job.status == "waiting" and running.get(job.owner, 0) < most]
        return min(waiting, key=lambda job: running.get(job.owner, 0), default=None)

    def end(self, desk: _Desk, answer: Any) -> None:
        """Write down what became of a worker's job."""
        with self._changed:
            job = replace(self._jobs[desk.job_id], ended=time.monotonic(), figures=desk.slate.read())
            if not isinstance(answer, Failure):
                job = replace(job, status="done", result=answer)
            elif answer.kind == Stopped.__name__:
                job = replace(job, status="cancelled")
            else:
                job = replace(job, status="failed", failure=answer)
            self._jobs[job.id] = job
            desk.job_id = ""
            self._changed.notify_all()


class JobBoard(Board):
    """The board of the synthesis room, whose workers hold the model.

    Parameters
    ----------
    load : callable
        Gives proposer and stock, once in each worker; defined at the top of a module, or a ``partial`` of such.
    index : Path
        Index of precedents.
    capacity : Capacity
    """

    def __init__(self, load: Load, *, index: Path = SHIPPED_INDEX, capacity: Capacity | None = None) -> None:
        super().__init__(partial(load_worker, load, index), capacity)
        self.identity: tuple[tuple[str, str], ...] = ()

    def start(self) -> None:
        """Start the workers, and return once the first has loaded the model.

        Raises
        ------
        ModelError, InputError, ComputeError
            What the worker could not load.
        """
        first = self._desks[0]
        try:
            first.open()
            self.identity = first.ask(IdentityOrder())
        except BaseException:
            first.close()
            raise
        super().start()


class _Desk:
    """A worker process with the thread that gives it jobs."""

    def __init__(self, board: Board, set_up: Callable[[Path], Any], leads: bool) -> None:
        self.slate = Slate.new()
        self.job_id = ""
        self.thread = threading.Thread(target=self._serve, name="bencao-desk", daemon=True)
        self._board = board
        self._crew = ProcessCrew(pickle.dumps((carry_out, partial(set_up, self.slate.path))), leads)
        self._worker: ProcessWorker | None = None
        self._stop_by: float | None = None

    def open(self) -> None:
        """Start the worker; return once it has loaded what it needs.

        Raises
        ------
        BencaoError
            What it could not load.
        """
        if self._worker and not self._worker.process.is_alive():
            self._crew.dismiss(self._worker)
            self._worker = None
        if self._worker is None:
            worker = self._crew.hire()
            answer = self._hear()
            if answer:
                failure: Failure = pickle.loads(answer)
                self._crew.dismiss(worker)
                kind = _LOADING.get(failure.kind, ComputeError)
                raise kind(failure.cause, where=failure.where, mend=failure.mend)
            self._worker = worker

    def ask(self, order: Order) -> Any:
        """Have an order carried out.

        Returns
        -------
        object
            What the order gives, or a Failure.

        Raises
        ------
        ComputeError
            Where the worker died, or was killed because it did not stop.
        """
        assert self._worker
        self._worker.send(pickle.dumps(("job", pickle.dumps(order))))
        return pickle.loads(self._hear())

    def begin(self, job_id: str) -> None:
        """Take up a job."""
        self.job_id, self._stop_by = job_id, None
        self.slate.wipe()

    def stop(self) -> None:
        """Have the job at work end soon."""
        self._stop_by = self._stop_by or time.monotonic() + GRACE
        self.slate.ask_to_stop()

    def close(self) -> None:
        """Kill the worker, and let its thread end."""
        if self.thread.is_alive():
            if worker := self._worker:
                worker.process.kill()
            self.thread.join(GRACE)
        self._crew.close()
        self.slate.remove()

    def _hear(self) -> bytes:
        while True:
            for _, answer in self._crew.wait(_LOOK):
                if isinstance(answer, Death):
                    self._worker = None
                    mend = "start the job again; see how much memory there is if it ends so twice"
                    raise ComputeError(answer.cause, where="worker", mend=mend)
                return answer
            if self._stop_by is not None and time.monotonic() > self._stop_by and self._worker:
                self._crew.dismiss(self._worker)
                self._worker = None
                raise Stopped("the job was cancelled, and its worker killed")

    def _serve(self) -> None:
        with contextlib.suppress(BencaoError):
            self.open()  # where it fails, the first job says so
        while job := self._board.take(self):
            try:
                self.open()
                answer = self.ask(job.order)
            except BencaoError as error:
                answer = Failure.of(error, "worker")
            self._board.end(self, answer)
