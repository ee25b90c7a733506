"""A process that holds what was opened for a room and answers questions about it, one after the other."""

from __future__ import annotations

import asyncio
import pickle
import threading
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, Concatenate, Generic, ParamSpec, TypeVar

from bencao.kernel.workers import Death, Failure, ProcessCrew, Worker
from bencao.web.errors import Busy

P = ParamSpec("P")
T = TypeVar("T")
Opened = TypeVar("Opened")
_KEPT = 256  # answers
_WAITING = 32  # questions
_LOOK = 0.2  # seconds between looks at whether the desk is to be closed


class Desk(Generic[Opened]):
    """Answers about what was opened; equal questions are answered once.

    Parameters
    ----------
    opener : callable
        Opens it, in the process; it can be pickled.
    """

    def __init__(self, opener: Callable[[], Opened]) -> None:
        self._crew = ProcessCrew(pickle.dumps((_answer, opener)))
        self._worker: Worker | None = None
        self._closing = threading.Event()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="desk")
        self._answers: OrderedDict[tuple[Any, ...], Future[Any]] = OrderedDict()
        self._waiting: set[Future[Any]] = set()

    async def ask(
        self, function: Callable[Concatenate[Opened, P], T], *arguments: P.args, **named: P.kwargs
    ) -> T | Failure:
        """Ask for what a function gives of what was opened.

        Parameters
        ----------
        function : callable
            Public, of a module.
        arguments : str

        Returns
        -------
        object or Failure

        Raises
        ------
        Busy
            Too many questions wait.
        """
        question = (function, *arguments)
        answer = self._answers.get(question)
        if answer is None:
            answer = self._answers[question] = self._submit(function, arguments)
            for old in [key for key, each in self._answers.items() if each.done()][: len(self._answers) - _KEPT]:
                del self._answers[old]
        self._answers.move_to_end(question)
        found: T | Failure = await asyncio.shield(asyncio.wrap_future(answer))
        if isinstance(found, Failure):
            self._answers.pop(question, None)  # what is mended may be asked for again
        return found

    async def ask_anew(
        self, function: Callable[Concatenate[Opened, P], T], *arguments: P.args, **named: P.kwargs
    ) -> T | Failure:
        """Ask as `ask` does, for what may be another answer every time, or changes something; no answer is kept."""
        found: T | Failure = await asyncio.shield(asyncio.wrap_future(self._submit(function, arguments)))
        return found

    def close(self) -> None:
        """End the process, whatever it is doing."""
        self._closing.set()
        self._thread.shutdown(cancel_futures=True)
        self._crew.close()

    def _submit(self, function: Callable[..., Any], arguments: tuple[Any, ...]) -> Future[Any]:
        if len(self._waiting) >= _WAITING:
            raise Busy("too many questions wait", mend="try again in a while")
        answer = self._thread.submit(self._put, pickle.dumps((function, arguments)))
        self._waiting.add(answer)
        answer.add_done_callback(self._waiting.discard)
        return answer

    def _put(self, question: bytes) -> Any:
        """Put a question to the process, which is started where there is none; in the desk's thread."""
        if self._worker is None:
            self._worker = self._crew.hire()
            if failed := self._heard():
                if self._worker is not None:
                    self._crew.dismiss(self._worker)
                    self._worker = None
                return failed
        self._worker.send(pickle.dumps(("", question)))
        return self._heard()

    def _heard(self) -> Any:
        while not self._closing.is_set():
            for _, said in self._crew.wait(_LOOK):
                if isinstance(said, Death):
                    self._worker = None
                    return Failure("WorkerDied", "", said.cause)
                return pickle.loads(said) if said else None
        return Failure("Stopped", "", "the workbench is closed")


def _answer(opened: Opened, question: tuple[Callable[..., Any], tuple[str, ...]]) -> Any:
    function, arguments = question
    return function(opened, *arguments)
