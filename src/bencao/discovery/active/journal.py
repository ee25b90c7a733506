"""The file that lets a stopped screen or design go on: each answer on a line of its own, bound to the job."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, Generic, TypeVar

from bencao.kernel.checkpoint import digest_of
from bencao.kernel.errors import InputError

Key = TypeVar("Key", int, str)


class Journal(Generic[Key]):
    """Scores by molecule (its place in a library, or its SMILES), on disk where a path is given.

    Parameters
    ----------
    path : Path or None
    screen : tuple
        What the screen or design is: a journal of any other is refused.
    kept : callable
        What of an answer is kept: a number, or what else JSON holds.

    Raises
    ------
    InputError
        The file is another screen's, damaged, or cannot be written.
    """

    def __init__(self, path: Path | None, screen: tuple[object, ...], kept: Callable[[Any], Any] = float) -> None:
        self._known: dict[Key, Any] = {}
        self._kept = kept
        self._stream: BinaryIO | None = None
        if path is None:
            return
        header = json.dumps({"screen": digest_of(screen)}).encode() + b"\n"
        try:
            self._stream = path.open("a+b")
            self._stream.seek(0)
            self._read(path, header)
        except OSError as error:
            raise InputError(
                f"cannot be written: {error.strerror}", where=str(path), mend="give another path"
            ) from None

    def __enter__(self) -> Journal[Key]:
        return self

    def __exit__(self, *_: object) -> None:
        if self._stream:
            self._stream.close()

    def scores(self, molecules: Sequence[Key], score: Callable[[Sequence[Key]], Iterable[Any]]) -> Iterator[Any]:
        """Scores of molecules in order: those that are known, and the others as `score` gives them."""
        missing = [one for one in molecules if one not in self._known]
        given = 0
        if missing:
            for one, value in zip(missing, score(missing), strict=False):
                self._add(one, self._kept(value))
                given += 1
        if given < len(missing):
            raise InputError(f"{given} scores for {len(missing)} molecules", where="scores", mend="give one for each")
        return iter([self._known[one] for one in molecules])

    def _add(self, molecule: Key, value: Any) -> None:
        self._known[molecule] = value
        if self._stream:
            try:
                self._stream.write(json.dumps([molecule, value]).encode() + b"\n")
                self._stream.flush()
            except OSError as error:
                cause = f"cannot be written: {error.strerror}"
                raise InputError(cause, where=self._stream.name, mend="make room and run again: it goes on") from None

    def _read(self, path: Path, header: bytes) -> None:
        assert self._stream is not None
        first = self._stream.readline()
        if not first:
            self._stream.write(header)
            self._stream.flush()
            return
        if first != header:
            raise InputError(
                "it belongs to another screen or design", where=str(path), mend="give another file, or delete this"
            )
        end = self._stream.tell()
        while (line := self._stream.readline()).endswith(b"\n"):  # a line that a kill tore is cut off
            try:
                molecule, value = json.loads(line)
            except ValueError:
                raise InputError("a damaged line", where=f"{path}: byte {end}", mend="delete the file") from None
            self._known[molecule] = value
            end = self._stream.tell()
        self._stream.truncate(end)
