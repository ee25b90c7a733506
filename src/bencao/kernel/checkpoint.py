"""The file that lets a killed job go on: one line for each finished item, bound to the job and to the item."""

from __future__ import annotations

import base64
import dataclasses
import functools
import hashlib
import json
import pickle
import struct
import sys
from array import array
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

from bencao.kernel.errors import ComputeError
from bencao.kernel.version import package_version

if sys.platform != "win32":
    import fcntl

_FORM = "bencao checkpoint 1"
_ABSENT = -1


def digest_of(value: object) -> str:
    """SHA-256 of a value, the same in every process.

    A pickle alone would not do: it depends on the order of sets, which changes from run to run, and on
    which equal strings happen to be one object.

    Parameters
    ----------
    value : object
        Plain data, dataclasses, functions known by name, or anything that pickles.

    Returns
    -------
    str
        64 hexadecimal digits.
    """
    return _hash(value).hex()


def _hash(value: object) -> bytes:
    kind = f"{type(value).__module__}.{type(value).__qualname__}"
    if value is None or isinstance(value, bool | int | float | complex | str | bytes):
        parts = [value if type(value) is bytes else repr(value).encode("utf-8", "backslashreplace")]
    elif isinstance(value, Mapping):
        parts = [_hash(key) + _hash(below) for key, below in value.items()]
    elif isinstance(value, set | frozenset):
        parts = sorted(_hash(below) for below in value)
    elif isinstance(value, tuple | list):
        parts = [_hash(below) for below in value]
    elif isinstance(value, functools.partial):
        parts = [_hash(value.func), _hash(value.args), _hash(value.keywords)]
    elif dataclasses.is_dataclass(value) and not isinstance(value, type):
        parts = [_hash(getattr(value, field.name)) for field in dataclasses.fields(value)]
    else:
        parts = [pickle.dumps(value, protocol=4)]
    digest = hashlib.sha256(kind.encode())
    for part in parts:
        digest.update(struct.pack("<q", len(part)) + part)
    return digest.digest()


class Checkpoint:
    """Finished items of one job, on disk.

    The first line names the job: the function, its set-up and the version of this package. Each further
    line holds an item's number, the digest of the item and the pickle of its result. Lines are only ever
    added; a last line that a kill tore is cut off. A result is used only for an item with its digest.

    Results are pickles: open only files that you made.

    Parameters
    ----------
    path : Path
        The file; made where it does not exist.
    function : callable
        What the job runs on each item.
    setup : callable or None
        What each worker loads once.

    Raises
    ------
    ComputeError
        Where the file is damaged, another job's, or in use by another run.
    """

    def __init__(self, path: Path, function: Callable[..., Any], setup: Callable[[], Any] | None) -> None:
        self._path = path
        self._digests: dict[int, str] = {}
        self._offsets = array("q")
        header = {
            "form": _FORM,
            "function": _name(function),
            "job": digest_of((function, setup)),
            "version": package_version(),
        }
        try:
            self._stream: BinaryIO = path.open("a+b")
        except OSError as error:
            raise ComputeError(
                f"cannot be written: {error.strerror}", where=str(path), mend="give another path"
            ) from error
        try:
            self._lock()
            self._read(header)
        except BaseException:
            self._stream.close()
            raise

    def __enter__(self) -> Checkpoint:
        return self

    def __exit__(self, *_: object) -> None:
        self._stream.close()

    def find(self, index: int, item: object) -> bytes | None:
        """The pickled result of an item, or None where it has still to be run."""
        digest = digest_of(item)
        if index >= len(self._offsets) or self._offsets[index] == _ABSENT:
            self._digests[index] = digest
            return None
        self._stream.seek(self._offsets[index])
        record = json.loads(self._stream.readline())
        if record["digest"] != digest:
            raise self._foreign(f"its item {index + 1} is not the item {index + 1} of this job")
        return base64.b64decode(record["result"])

    def add(self, index: int, result: bytes) -> None:
        """Write down the pickled result of an item that `find` did not know."""
        encoded = base64.b64encode(result).decode("ascii")
        self._write({"item": index, "digest": self._digests.pop(index), "result": encoded})

    def forget(self, index: int) -> None:
        """Leave out an item that is to be tried again by the next run."""
        self._digests.pop(index)

    def finish(self, count: int) -> None:
        """Check at the end that the file holds no item beyond the last."""
        if len(self._offsets) > count:
            raise self._foreign(f"it holds {len(self._offsets)} items, this job has {count}")

    def _write(self, record: dict[str, Any]) -> None:
        # Flushed to the system, which keeps it when this process is killed; a power cut costs the last lines.
        self._stream.write(_line(record))
        self._stream.flush()

    def _lock(self) -> None:
        if sys.platform != "win32":
            try:
                fcntl.flock(self._stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                raise ComputeError(
                    "the checkpoint is in use by another run",
                    where=str(self._path),
                    mend="wait for that run or stop it",
                ) from error

    def _read(self, header: dict[str, str]) -> None:
        self._stream.seek(0)
        lines = self._whole_lines()
        _, first = next(lines, (0, None))
        if first is None:
            # Only a header of this very job may have been torn here: any other file is somebody's data.
            self._stream.seek(0)
            if not _line(header).startswith(self._stream.read()):
                raise self._foreign("the file is no checkpoint")
            self._stream.truncate(0)
            self._write(header)
            return
        if first.get("form") != _FORM:
            raise self._foreign("the file is no checkpoint")
        if first.get("version") != header["version"]:
            raise self._foreign(f"it was made with Bencao {first.get('version')}, this is {header['version']}")
        if first != header:
            raise self._foreign(f"it belongs to another job ({first.get('function')})")
        end = self._stream.tell()
        for offset, record in lines:
            self._note(record["item"], offset)
            end = self._stream.tell()
        self._stream.truncate(end)

    def _whole_lines(self) -> Iterator[tuple[int, dict[str, Any]]]:
        """Offset and content of each line that ends."""
        offset, number = 0, 1
        while (line := self._stream.readline()).endswith(b"\n"):
            try:
                record = json.loads(line)
                if not isinstance(record, dict) or (number > 1 and not _is_result(record)):
                    raise ValueError
            except ValueError as error:
                raise self._foreign(
                    f"line {number} is damaged" if number > 1 else "the file is no checkpoint"
                ) from error
            yield offset, record
            offset, number = offset + len(line), number + 1

    def _note(self, index: int, offset: int) -> None:
        while len(self._offsets) <= index:
            self._offsets.append(_ABSENT)
        self._offsets[index] = offset

    def _foreign(self, cause: str) -> ComputeError:
        return ComputeError(cause, where=str(self._path), mend="give another checkpoint file, or delete this one")


def _line(record: Mapping[str, Any]) -> bytes:
    return json.dumps(record).encode("ascii") + b"\n"


def _is_result(record: dict[str, Any]) -> bool:
    return record.keys() == {"item", "digest", "result"} and isinstance(record["item"], int) and record["item"] >= 0


def _name(function: Callable[..., Any]) -> str:
    while isinstance(function, functools.partial):
        function = function.func
    kind = type(function)
    named = function if hasattr(function, "__qualname__") else kind
    return f"{named.__module__}.{named.__qualname__}"
