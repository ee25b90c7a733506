"""A JSON file of one case or a list of them, read one case at a time."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

from bencao.kernel.errors import InputError

MOST = 64_000_000  # characters of a case, as of an E2B message
_PIECE = 1 << 16
_BLANK = " \t\r\n"
_AFTER = _BLANK + ",]"


def read_list(path: Path) -> Iterator[object]:
    """The values of a JSON list, or the one value that the file is; memory holds one and what was read with it.

    Raises
    ------
    InputError
        A file that cannot be read, is not UTF-8 or not JSON, with line and column; a value of more than `MOST`
        characters.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            yield from _Reader(path, stream).values()
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8: {error.reason}", where=str(path), mend="save it as UTF-8") from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path), mend="give a readable file") from None


class _Reader:
    def __init__(self, path: Path, stream: TextIO) -> None:
        self._path, self._stream = path, stream
        self._text, self._at = "", 0
        self._lines, self._columns = 0, 0  # of what was read and let go
        self._ended = False
        self._decoder = json.JSONDecoder()

    def values(self) -> Iterator[object]:
        if self._next() != "[":
            yield self._value()
        else:
            self._at += 1
            first = True
            while (sign := self._next()) != "]":
                if not first:
                    if sign != ",":
                        raise self._wrong("a comma or the list's end was expected")
                    self._at += 1
                first = False
                self._next()
                yield self._value()
            self._at += 1
        if self._next():
            raise self._wrong("more after the end")

    def _next(self) -> str:
        """The sign that comes after blanks; empty at the file's end."""
        while True:
            while self._at < len(self._text) and self._text[self._at] in _BLANK:
                self._at += 1
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._more(_PIECE):
                return ""

    def _value(self) -> object:
        """The value that begins here: tried with what was read, then with twice as much."""
        while True:
            try:
                found, end = self._decoder.raw_decode(self._text, self._at)
            except json.JSONDecodeError as error:
                # It may be wrong, or break off because the rest is not read yet.
                if not self._more(max(_PIECE, len(self._text) - self._at)):
                    self._at = error.pos
                    raise self._wrong(error.msg) from None
            except RecursionError:
                mend = "a case nests a few levels only"
                raise InputError("nested too deeply", where=str(self._path), mend=mend) from None
            else:
                # A number may go on: 0. reads as 0.
                ends = end < len(self._text) and self._text[end] in _AFTER
                if ends or not self._more(_PIECE):
                    self._at = end
                    return found

    def _more(self, count: int) -> bool:
        """Read on, letting go of what is done with; False at the file's end."""
        if self._ended:
            return False
        done = self._text[: self._at]
        self._columns = len(done) - done.rfind("\n") - 1 if "\n" in done else self._columns + len(done)
        self._lines += done.count("\n")
        self._text, self._at = self._text[self._at :], 0
        if len(self._text) > MOST:
            raise InputError(f"a case of over {MOST:,} characters", where=self._place(), mend="see what it holds")
        read = self._stream.read(count)
        self._ended = not read
        self._text += read
        return bool(read)

    def _wrong(self, cause: str) -> InputError:
        return InputError(f"not JSON: {cause}", where=self._place(), mend="correct it there")

    def _place(self) -> str:
        done = self._text[: self._at]
        line = self._lines + done.count("\n") + 1
        column = len(done) - done.rfind("\n") if "\n" in done else self._columns + len(done) + 1
        return f"{self._path}: line {line}, column {column}"
