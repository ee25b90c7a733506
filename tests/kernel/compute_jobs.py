"""Functions that the tests of compute give to workers; apart, so that a worker imports no test tool."""

from __future__ import annotations

import functools
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bencao.kernel import compute
from bencao.kernel.errors import InputError

HANGS_IN_C = "a" * 40 + "b"
calls: list[int] = []


def square(number: int) -> int:
    return number * number


def describe(item: Any) -> dict[str, Any]:
    """A result with a set's order, a float sum and the item in it."""
    return {"item": item, "letters": list(set(str(item))), "mean": sum(map(ord, str(item))) / 7}


def pid_of(_: int) -> int:
    return os.getpid()


def meets(folder: str, _: int) -> int:
    """Comes back when two processes have come here."""
    (Path(folder) / str(os.getpid())).touch()
    while len(list(Path(folder).iterdir())) < 2:
        time.sleep(0.01)
    return os.getpid()


def calls_so_far(number: int) -> int:
    calls.append(number)
    return os.getpid()


def checked(number: int) -> int:
    if number % 3 == 0:
        raise InputError("a multiple of three", where=f"targets.csv: row {number}", mend="give another")
    if number % 3 == 1:
        return [number][number]
    return number


def dies(number: int) -> int:
    if number == 1:
        os._exit(3)
    if number == 2:
        os.kill(os.getpid(), signal.SIGSEGV)
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    if number == 4:
        sys.exit("no more")
    return number


def hangs(text: str) -> str:
    """Sleeps for ever on "sleep"; on `HANGS_IN_C` never comes back from compiled code that holds the interpreter."""
    if text == "sleep":
        time.sleep(3600)
    if text.startswith("child "):
        subprocess.run([sys.executable, "-c", "import time; time.sleep(3600)", text])
    return f"{text} {re.match('(a+)+$', text) is None}"


def unpicklable(number: int) -> Any:
    return (lambda: number) if number == 1 else number


def noted(log: str, number: int) -> int:
    """Writes down that it ran, and in which process."""
    with Path(log).open("a") as stream:
        stream.write(f"{number} {os.getpid()}\n")
    time.sleep(0.05)
    return number * 10


def noted_then_hangs(log: str, number: int) -> str:
    noted(log, number)
    return hangs(HANGS_IN_C)


def has_a_crew(log: str) -> list[Any]:
    """An item that is a whole job of its own."""
    return compute.map(functools.partial(noted_then_hangs, log), [1], progress=False)


def load_once() -> dict[str, int]:
    return {"loaded by": os.getpid()}


def with_model(model: dict[str, int], number: int) -> tuple[bool, int]:
    return model["loaded by"] == os.getpid(), number


def load_in_vain() -> None:
    raise InputError("no such weights", where="model.onnx", mend="give another")


def load_and_die() -> None:
    os._exit(1)
