"""Map a function over many items: worker processes here, Ray where an address is given."""

from __future__ import annotations

import contextlib
import math
import os
import pickle
import sys
import time
from collections import deque
from collections.abc import Callable, Generator, Iterable, Sized
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from bencao.kernel.checkpoint import Checkpoint
from bencao.kernel.errors import ComputeError
from bencao.kernel.workers import Crew, Death, Failure, ProcessCrew, RayCrew, Worker

__all__ = ["Failure", "imap", "map"]

# Results that may wait for an earlier, slower item: bounds the memory, and keeps the workers busy
# where the times of items differ much.
_AHEAD = 32
# Seconds between progress lines where stderr is no terminal.
_LINE_EVERY = 30.0


def map(  # the builtin's name on purpose: one writes compute.map
    function: Callable[..., Any],
    items: Iterable[Any],
    *,
    workers: int = 1,
    engine: Literal["processes", "ray"] = "processes",
    address: str | None = None,
    timeout: float | None = None,
    checkpoint: str | os.PathLike[str] | None = None,
    setup: Callable[[], Any] | None = None,
    progress: bool = True,
    label: str = "",
) -> list[Any]:
    """Apply a function to each item, in parallel; results in the order of the items.

    An item that fails, hangs or kills its worker has a `Failure` in the place of its result, and the rest
    goes on. The same items give the same results at any number of workers and on either engine.

    Parameters
    ----------
    function : callable
        A pure function of one item, defined at the top of a module; of (what `setup` returns, item) where
        `setup` is given.
    items : iterable
        Anything that pickles; read as the workers need it.
    workers : int
        Number of worker processes, or of Ray actors of one CPU each.
    engine : {"processes", "ray"}
    address : str, optional
        Ray cluster, as for ``ray.init``, or ``local`` for one started here and ended with the job. A cluster
        that this process has already joined is used as it is.
    timeout : float, optional
        Seconds of wall time an item may take, from when a ready worker has it; its worker is then killed.
    checkpoint : path-like, optional
        File that finished items are written to, and read from when the same job is run again. Items that
        timed out or lost their worker are not in it: the next run tries them again.
    setup : callable, optional
        Run once in each worker, e.g. to load a model.
    progress : bool
        Show progress on stderr.
    label : str
        What the progress line says the items are.

    Returns
    -------
    list
        One result, or `Failure`, per item.

    Raises
    ------
    ComputeError
        Where the workers cannot be started, or the checkpoint is another job's.
    EngineMissing
        Where Ray is asked for and not installed.

    Examples
    --------
    >>> from bencao.kernel import compute
    >>> compute.map(abs, [-3, "three"], workers=2, progress=False)
    [3, Failure(kind='TypeError', where='item 2', cause="bad operand type for abs(): 'str'", mend='')]
    """
    results = imap(
        function,
        items,
        workers=workers,
        engine=engine,
        address=address,
        timeout=timeout,
        checkpoint=checkpoint,
        setup=setup,
        progress=progress,
        label=label,
    )
    with contextlib.closing(results):
        return [result for _, result in results]


def imap(
    function: Callable[..., Any],
    items: Iterable[Any],
    *,
    workers: int = 1,
    engine: Literal["processes", "ray"] = "processes",
    address: str | None = None,
    timeout: float | None = None,
    checkpoint: str | os.PathLike[str] | None = None,
    setup: Callable[[], Any] | None = None,
    progress: bool = True,
    label: str = "",
) -> Generator[tuple[int, Any], None, None]:
    """As `map`, but gives each (index, result) as soon as it and all before it are there.

    Holds a bounded number of items and results, so the items may be endless. Close it, or let it run out,
    to end the workers.
    """
    if workers < 1:
        raise ComputeError(f"{workers} workers were asked for", mend="give workers=1 or more")
    if timeout is not None and timeout <= 0:
        raise ComputeError(f"a timeout of {timeout} s leaves no time to run", mend="give more than 0, or None")
    if (engine == "ray") != (address is not None):
        raise ComputeError(
            f"engine {engine!r} does not go with address {address!r}",
            mend='give engine="ray" and an address ("local" starts a cluster here), or neither',
        )
    plan = _Plan(_pickled_job(function, setup), workers, engine, address, timeout)
    total = len(items) if isinstance(items, Sized) else None
    book = None if checkpoint is None else Checkpoint(Path(checkpoint), function, setup)
    return _stream(plan, items, book, _Bar(label, total, shown=progress))


@dataclass(frozen=True)
class _Plan:
    """How a job is to be run."""

    job: bytes
    workers: int
    engine: str
    address: str | None
    timeout: float | None

    def crew(self) -> Crew:
        # One worker is a process too: run here, an item that hangs or crashes would take the whole job with
        # it, and a function that changes its module's state would give other results than on two workers.
        if self.address is not None:
            return RayCrew(self.job, self.address, self.workers)
        return ProcessCrew(self.job)


def _pickled_job(function: Callable[..., Any], setup: Callable[[], Any] | None) -> bytes:
    try:
        return pickle.dumps((function, setup))
    except Exception as error:
        raise ComputeError(
            f"the function cannot be sent to a worker: {error}",
            where=getattr(function, "__qualname__", repr(function)),
            mend="define it at the top of a module, not as a lambda or inside a function",
        ) from error


def _stream(
    plan: _Plan, items: Iterable[Any], book: Checkpoint | None, bar: _Bar
) -> Generator[tuple[int, Any], None, None]:
    source = enumerate(items)
    finished: dict[int, bytes] = {}
    taken, given, more = 0, 0, True
    with book or contextlib.nullcontext(), bar, contextlib.closing(_Floor(plan)) as floor:
        while more or given < taken:
            while more and floor.has_room and taken - given < _AHEAD * plan.workers:
                entry = next(source, None)
                if entry is None:
                    more = False
                    break
                taken += 1
                known = _known(*entry, floor, book)
                if known is not None:
                    finished[entry[0]] = known
            if given < taken and given not in finished:
                for index, payload, lasting in floor.gather():
                    finished[index] = payload
                    if book and lasting:
                        book.add(index, payload)
            while given in finished:
                result = _loaded(finished.pop(given), given)
                bar.step(failed=isinstance(result, Failure))
                yield given, result
                given += 1
        if book:
            book.finish(taken)


def _known(index: int, item: object, floor: _Floor, book: Checkpoint | None) -> bytes | None:
    """The result of an item that needs no worker; any other item is given to the workers."""
    try:
        pickled = pickle.dumps(item)
    except Exception as error:
        return pickle.dumps(Failure.of(error, _place(index)))
    stored = book.find(index, item) if book else None
    if stored is None:
        floor.give(index, pickled)
    return stored


def _loaded(payload: bytes, index: int) -> Any:
    try:
        return pickle.loads(payload)
    except Exception as error:
        return Failure.of(error, _place(index))


def _place(index: int) -> str:
    return f"item {index + 1}"


@dataclass(frozen=True)
class _Assignment:
    """The item a worker has, and the time by which it must be done."""

    index: int
    deadline: float


class _Floor:
    """Who is working on what."""

    def __init__(self, plan: _Plan) -> None:
        self._plan = plan
        self._crew: Crew | None = None
        self._waiting: deque[tuple[int, bytes]] = deque()
        self._starting: set[Worker] = set()
        self._idle: list[Worker] = []
        self._busy: dict[Worker, _Assignment] = {}

    @property
    def has_room(self) -> bool:
        """Whether a worker could take one more item."""
        return len(self._waiting) + len(self._busy) < self._plan.workers

    def give(self, index: int, pickled: bytes) -> None:
        """Put an item where the next free worker finds it."""
        self._waiting.append((index, pickle.dumps((_place(index), pickled))))

    def gather(self) -> list[tuple[int, bytes, bool]]:
        """Set the workers to work and wait for them.

        Returns
        -------
        list of (index, payload, lasting)
            What was finished meanwhile, perhaps nothing; not lasting is what another run may do better.
        """
        self._crew = self._crew or self._plan.crew()
        self._assign(self._crew)
        finished = []
        for worker, answer in self._crew.wait(self._patience()):
            if worker in self._busy:
                index = self._busy.pop(worker).index
                if isinstance(answer, Death):
                    finished.append((index, _died(index, answer), False))
                else:
                    finished.append((index, answer, True))
                    self._idle.append(worker)
            elif worker in self._starting:
                self._welcome(worker, answer)
            else:
                self._idle.remove(worker)
        return finished + self._overdue(self._crew)

    def close(self) -> None:
        """End all workers."""
        if self._crew:
            self._crew.close()

    def _assign(self, crew: Crew) -> None:
        while self._waiting and self._idle:
            worker = self._idle.pop()
            index, message = self._waiting.popleft()
            worker.send(message)
            self._busy[worker] = _Assignment(index, time.monotonic() + (self._plan.timeout or math.inf))
        while len(self._starting) < len(self._waiting):
            self._starting.add(crew.hire())

    def _patience(self) -> float | None:
        first = min((held.deadline for held in self._busy.values()), default=math.inf)
        return None if first == math.inf else max(0.0, first - time.monotonic())

    def _welcome(self, worker: Worker, answer: bytes | Death) -> None:
        self._starting.remove(worker)
        if isinstance(answer, Death):
            raise ComputeError(
                f"a worker did not start: {answer.cause}",
                mend='in a script, start the job under `if __name__ == "__main__":`',
            )
        if answer:
            failure = pickle.loads(answer)
            raise ComputeError(
                f"a worker could not be set up: {failure.kind}: {failure.cause}", where=failure.where, mend=failure.mend
            )
        self._idle.append(worker)

    def _overdue(self, crew: Crew) -> list[tuple[int, bytes, bool]]:
        now = time.monotonic()
        late = [(worker, held.index) for worker, held in self._busy.items() if held.deadline <= now]
        for worker, _ in late:
            del self._busy[worker]
            crew.dismiss(worker)
        return [(index, _timed_out(index, self._plan.timeout), False) for _, index in late]


def _died(index: int, death: Death) -> bytes:
    mend = "the item may need more memory than there is, or crash a library; leave it out or try it alone"
    return pickle.dumps(Failure("WorkerDied", _place(index), death.cause, mend))


def _timed_out(index: int, timeout: float | None) -> bytes:
    cause = f"no result within {timeout:g} s"
    return pickle.dumps(Failure("TimedOut", _place(index), cause, "allow more time, or leave the item out"))


class _Bar:
    """Progress on stderr: a bar on a terminal, else a line now and then."""

    def __init__(self, label: str, total: int | None, *, shown: bool) -> None:
        self._label = label or "items"
        self._total = total
        self._done = self._failed = 0
        self._shown = shown
        self._bar: Progress | None = None
        self._next_line = time.monotonic() + _LINE_EVERY

    def __enter__(self) -> None:
        if self._shown and sys.stderr.isatty():
            columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
            self._bar = Progress(*columns, console=Console(stderr=True))
            self._task = self._bar.add_task(self._label, total=self._total)
            self._bar.start()

    def __exit__(self, failure: type[BaseException] | None, *_: object) -> None:
        if self._bar:
            self._bar.stop()
        elif self._shown and failure is None:
            self._print()

    def step(self, *, failed: bool) -> None:
        """Count one more item."""
        self._done += 1
        self._failed += failed
        if self._bar:
            self._bar.update(self._task, advance=1, description=self._words())
        elif self._shown and time.monotonic() >= self._next_line:
            self._next_line = time.monotonic() + _LINE_EVERY
            self._print()

    def _words(self) -> str:
        return f"{self._label}, {self._failed} failed" if self._failed else self._label

    def _print(self) -> None:
        total = "" if self._total is None else f" of {self._total}"
        print(f"{self._words()}: {self._done}{total}", file=sys.stderr, flush=True)
