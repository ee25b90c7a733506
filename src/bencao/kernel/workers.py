"""Workers that run one item at a time and can be killed alone: processes here, actors on a Ray cluster."""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import pickle
import signal
import socket
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing import connection as pipes
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from typing import Any, Protocol

from bencao.kernel.errors import BencaoError, ComputeError, EngineMissing

if sys.platform != "win32":
    import fcntl

# One thread a worker: as many as asked for are running already, and a sum taken by several threads
# depends on their number. A fixed hash seed, so that the order of a set is the same in every worker.
ENVIRONMENT = {
    "PYTHONHASHSEED": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
    "VECLIB_MAXIMUM_THREADS": "1",
}
# Seconds for a worker whose connection has closed to be gone as well.
_LAST_WORDS = 5.0
# Seconds for a Ray cluster's machine to answer.
_KNOCK = 10.0


@dataclass(frozen=True)
class Failure:
    """What became of an item that has no result; it stands in the result's place.

    Attributes
    ----------
    kind : str
        Name of the error's type; ``WorkerDied`` or ``TimedOut`` where the worker gave no answer at all.
    where : str
        File, row or field as the error gives it, else the item's number, counted from 1.
    cause : str
        What was wrong.
    mend : str
        What can be done about it; may be empty.
    """

    kind: str
    where: str
    cause: str
    mend: str = ""

    @classmethod
    def of(cls, error: BaseException, where: str) -> Failure:
        """The failure that an exception tells of, at a place used where the exception names none."""
        if isinstance(error, BencaoError):
            return cls(error.kind, error.where or where, error.cause, error.mend)
        return cls(type(error).__name__, where, str(error) or type(error).__name__)

    def as_json(self) -> dict[str, str]:
        """The failure as it stands in JSON."""
        return {"kind": self.kind, "where": self.where, "cause": self.cause, "mend": self.mend}


@dataclass(frozen=True)
class Death:
    """A worker's end, with what is known of its cause."""

    cause: str


class Worker(Protocol):
    """What runs items. It answers once when it is ready, then once to each item sent."""

    def send(self, message: bytes) -> None:
        """Give it an item: the pickle of (place, item)."""
        ...

    def kill(self) -> None:
        """End it at once, whatever it is doing."""
        ...


class Crew(Protocol):
    """Workers of one engine, for one job."""

    def hire(self) -> Worker:
        """Start a worker."""
        ...

    def wait(self, timeout: float | None) -> list[tuple[Worker, bytes | Death]]:
        """Wait for an answer, or for `timeout` seconds; a worker that died is heard of once."""
        ...

    def dismiss(self, worker: Worker) -> None:
        """Kill one worker."""
        ...

    def close(self) -> None:
        """Kill every worker that is left."""
        ...


class Task:
    """A job's function with what it loads once, as one worker holds it."""

    def __init__(self, job: bytes, path: tuple[str, ...] = ()) -> None:
        self._job = job
        self._run: Callable[[Any], Any] | None = None
        sys.path.extend(folder for folder in path if folder not in sys.path)

    def prepare(self) -> bytes:
        """Load what the function needs; empty, or the pickle of the `Failure`."""
        try:
            function, setup = pickle.loads(self._job)
            if setup is None:
                self._run = function
            else:
                loaded = setup()
                self._run = lambda item: function(loaded, item)
        except Exception as error:
            return pickle.dumps(Failure.of(error, "set-up of the workers"))
        return b""

    def answer(self, message: bytes) -> bytes:
        """Run an item; the pickle of its result or of its `Failure`."""
        assert self._run is not None
        where = ""
        try:
            where, item = pickle.loads(message)
            return pickle.dumps(self._run(pickle.loads(item)))
        except (Exception, SystemExit) as error:
            return pickle.dumps(Failure.of(error, where))


class ProcessWorker:
    """A process on this machine, in a process group of its own.

    Parameters
    ----------
    job : bytes
        Pickle of (function, set-up).
    leads : bool
        Whether its items may start crews of their own.
    """

    def __init__(self, job: bytes, leads: bool = False) -> None:
        # Spawned, not forked: a fork copies the locks of the threads that RDKit, ONNX Runtime or DuckDB
        # have started here, and hangs on them.
        context = multiprocessing.get_context("spawn")
        self.connection, theirs = context.Pipe()
        self.process: SpawnProcess = context.Process(target=_serve, args=(theirs, job), daemon=not leads)
        with theirs, _environment():
            self.process.start()

    def send(self, message: bytes) -> None:
        # Where it died meanwhile, `wait` tells.
        with contextlib.suppress(OSError):
            self.connection.send_bytes(message)

    def kill(self) -> None:
        pid = self.process.pid
        if pid is not None and sys.platform != "win32":
            with contextlib.suppress(OSError):
                os.killpg(pid, signal.SIGKILL)
        self.process.kill()
        self.process.join()
        self.connection.close()

    def hear(self) -> bytes | Death:
        """What it answered; for a worker whose connection or end has something to tell."""
        try:
            if self.connection.poll():
                return self.connection.recv_bytes()
        except (EOFError, OSError):
            pass
        self.process.join(_LAST_WORDS)
        return Death(_exit_words(self.process.exitcode))


class ProcessCrew:
    """Worker processes on this machine.

    Parameters
    ----------
    job : bytes
        Pickle of (function, set-up).
    leads : bool
        Whether an item is a whole job that may start a crew of its own. Such a crew must be closed: Python waits at its
        end for a process that leads.

    Raises
    ------
    ComputeError
        In a worker that does not lead.
    """

    def __init__(self, job: bytes, leads: bool = False) -> None:
        if multiprocessing.current_process().daemon:
            raise ComputeError(
                "a parallel job was started inside an item of another", mend="run the inner items one after the other"
            )
        self._job = job
        self._leads = leads
        self._workers: list[ProcessWorker] = []

    def hire(self) -> ProcessWorker:
        with _interrupt_held():
            worker = ProcessWorker(self._job, self._leads)
            self._workers.append(worker)
        return worker

    def wait(self, timeout: float | None) -> list[tuple[Worker, bytes | Death]]:
        sources = {worker.connection: worker for worker in self._workers}
        ends = {worker.process.sentinel: worker for worker in self._workers}
        ready = pipes.wait([*sources, *ends], timeout)
        heard: list[tuple[Worker, bytes | Death]] = []
        for worker in list(self._workers):
            if worker.connection in ready or worker.process.sentinel in ready:
                answer = worker.hear()
                if isinstance(answer, Death):
                    self.dismiss(worker)
                heard.append((worker, answer))
        return heard

    def dismiss(self, worker: Worker) -> None:
        with _interrupt_held():
            worker.kill()
            self._workers = [left for left in self._workers if left is not worker]

    def close(self) -> None:
        with _interrupt_held():
            for worker in self._workers:
                worker.kill()
            self._workers = []


def _serve(connection: Connection, job: bytes) -> None:
    """Life of a worker process."""
    _end_with_parent()
    task = Task(job)
    with contextlib.suppress(EOFError, BrokenPipeError):
        connection.send_bytes(task.prepare())
        while True:
            connection.send_bytes(task.answer(connection.recv_bytes()))


def _end_with_parent() -> None:
    """Leave the driver's process group, so that Ctrl-C is the driver's affair, but die when it dies.

    The pipe that tells of the driver's end is made to raise SIGIO, whose default is to end the process:
    that reaches a worker, and what it started, even in compiled code that never comes back to Python.
    """
    parent = multiprocessing.parent_process()
    assert parent is not None
    if sys.platform != "win32":
        os.setpgid(0, 0)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        signal.signal(signal.SIGIO, signal.SIG_DFL)
        pipe = parent.sentinel
        fcntl.fcntl(pipe, fcntl.F_SETOWN, -os.getpid())
        fcntl.fcntl(pipe, fcntl.F_SETFL, fcntl.fcntl(pipe, fcntl.F_GETFL) | os.O_ASYNC)
    if not parent.is_alive():
        os._exit(1)


@contextlib.contextmanager
def _interrupt_held() -> Iterator[None]:
    """Hold back Ctrl-C where it would leave a process that nobody knows of."""
    if sys.platform == "win32":
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextlib.contextmanager
def _environment() -> Iterator[None]:
    """Give the process that is being started `ENVIRONMENT`."""
    before = {name: os.environ.get(name) for name in ENVIRONMENT}
    os.environ.update(ENVIRONMENT)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _exit_words(code: int | None) -> str:
    if code is None:
        return "the worker closed its connection"
    if code < 0:
        try:
            return f"the worker was ended by {signal.Signals(-code).name}"
        except ValueError:
            return f"the worker was ended by signal {-code}"
    return f"the worker exited with code {code}"


class RayWorker:
    """An actor on a Ray cluster, on one of its CPUs."""

    def __init__(self, ray: Any, task: Any, job: bytes) -> None:
        self._ray = ray
        # The driver's import path, as a spawned process has it; folders that are not there do no harm.
        self._actor = task.remote(job, tuple(sys.path))
        self.answer: Any = self._actor.prepare.remote()

    def send(self, message: bytes) -> None:
        self.answer = self._actor.answer.remote(message)

    def kill(self) -> None:
        self._ray.kill(self._actor, no_restart=True)


class RayCrew:
    """Actors on a Ray cluster; a cluster started here for the job ends with it.

    Parameters
    ----------
    job : bytes
        Pickle of (function, set-up); their modules must be importable where the actors run.
    address : str
        ``local`` for a cluster started here, else what ``ray.init`` takes.
    workers : int
        Number of CPUs of a cluster started here.
    """

    def __init__(self, job: bytes, address: str, workers: int) -> None:
        try:
            import ray
        except ImportError as error:
            raise EngineMissing("Ray is not installed", mend='pip install "bencao[ray]"') from error
        self._ray = ray
        # Ray's own pickle carries a function of the driver's script along; its actors cannot import that script.
        self._job = ray.cloudpickle.dumps(pickle.loads(job))
        self._workers: list[RayWorker] = []
        self._own = not ray.is_initialized()
        if self._own:
            _join_cluster(ray, address, workers)
        options = {"num_cpus": 1, "max_restarts": 0, "runtime_env": {"env_vars": ENVIRONMENT}}
        self._task = ray.remote(**options)(Task)

    def hire(self) -> RayWorker:
        worker = RayWorker(self._ray, self._task, self._job)
        self._workers.append(worker)
        return worker

    def wait(self, timeout: float | None) -> list[tuple[Worker, bytes | Death]]:
        waiting = {worker.answer: worker for worker in self._workers if worker.answer is not None}
        first, _ = self._ray.wait(list(waiting), num_returns=1, timeout=timeout)
        if first:
            first, _ = self._ray.wait(list(waiting), num_returns=len(waiting), timeout=0)
        return [(waiting[answer], self._hear(waiting[answer])) for answer in first]

    def _hear(self, worker: RayWorker) -> bytes | Death:
        try:
            answer: bytes = self._ray.get(worker.answer)
        except self._ray.exceptions.RayError as error:
            self.dismiss(worker)
            return Death(f"the Ray worker died ({type(error).__name__})")
        worker.answer = None
        return answer

    def dismiss(self, worker: Worker) -> None:
        worker.kill()
        self._workers = [left for left in self._workers if left is not worker]

    def close(self) -> None:
        for worker in self._workers:
            worker.kill()
        self._workers = []
        if self._own:
            self._ray.shutdown()


def _join_cluster(ray: Any, address: str, workers: int) -> None:
    # Ray reports its use over the network unless told not to.
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    here = {"num_cpus": workers, "include_dashboard": False} if address == "local" else {}
    try:
        _knock(address)
        ray.init(address=address, logging_level="warning", **here)
    except Exception as error:
        raise ComputeError(
            f"no Ray cluster could be joined: {error}",
            where=address,
            mend='start one there, or give address="local"',
        ) from error


def _knock(address: str) -> None:
    """Fail at once where nobody listens: Ray itself tries for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if port.isdecimal():
        socket.create_connection((host, int(port)), timeout=_KNOCK).close()
