"""What the ledger holds: one entry a command, with its files by SHA-256, as canonical JSON."""

from __future__ import annotations

import json
import math
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Literal

from bencao.kernel.errors import LedgerError
from bencao.kernel.files import size_and_sha256

Status = Literal["ok", "failed"]

FORMAT = 1
"""Version of the form of an entry; it stands in every entry."""

_SHA256 = re.compile(r"[0-9a-f]{64}")
_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False)


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file as it was when a command read or wrote it.

    Attributes
    ----------
    path : str
        Path as it was given.
    size : int
        Bytes.
    sha256 : str
        SHA-256 of the content, 64 lower-case hexadecimal digits.

    Raises
    ------
    LedgerError
        Where `sha256` or `size` cannot be one.
    """

    path: str
    size: int
    sha256: str

    def __post_init__(self) -> None:
        if not isinstance(self.sha256, str) or not _SHA256.fullmatch(self.sha256):
            raise LedgerError(
                f"{self.sha256!r} is no SHA-256 of 64 lower-case hexadecimal digits", where=str(self.path)
            )
        if not isinstance(self.size, int) or self.size < 0:
            raise LedgerError(f"{self.size!r} is no number of bytes", where=str(self.path))

    def as_json(self) -> dict[str, Any]:
        """The file as it stands in an entry."""
        return {"path": self.path, "sha256": self.sha256, "size": self.size}


@dataclass(frozen=True, slots=True)
class Entry:
    """One run of a command.

    Attributes
    ----------
    command : str
        Room and verb, e.g. ``synthesis plan``.
    started, ended : str
        UTC, ISO 8601.
    used, generated : tuple of FileRecord
        Files read and written.
    parameters : mapping
        Text, finite numbers, booleans, None, and lists and mappings of them.
    versions : mapping of str to str
        Versions or digests of package, model and vocabulary.
    status : {"ok", "failed"}
    error : str
        What stopped a failed command.
    """

    command: str
    started: str
    ended: str
    used: tuple[FileRecord, ...] = ()
    generated: tuple[FileRecord, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
    status: Status = "ok"
    error: str = ""

    def as_json(self) -> dict[str, Any]:
        """The entry as it is hashed and stored; its form is documented in ``docs/ledger.md``."""
        return {
            "command": self.command,
            "ended": self.ended,
            "error": self.error,
            "format": FORMAT,
            "generated": [file.as_json() for file in self.generated],
            "parameters": dict(self.parameters),
            "started": self.started,
            "status": self.status,
            "used": [file.as_json() for file in self.used],
            "versions": dict(self.versions),
        }

    @classmethod
    def from_json(cls, text: bytes, *, where: str) -> Entry:
        """Read an entry from its canonical JSON.

        Parameters
        ----------
        text : bytes
            What `canonical_json` gave.
        where : str
            Ledger and entry number, for the error.

        Raises
        ------
        LedgerError
            Where the text is no entry.
        """
        try:
            found: dict[str, Any] = json.loads(text)
            used, generated = (tuple(FileRecord(**file) for file in found.pop(role)) for role in ("used", "generated"))
            if found.pop("format") != FORMAT:
                raise ValueError("format")
            return cls(**found, used=used, generated=generated)
        except (LedgerError, ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
            raise LedgerError(
                "its text is no ledger entry", where=where, mend="run `bencao ledger verify` to see what was altered"
            ) from error


def canonical_json(value: object) -> bytes:
    """One spelling a value: keys sorted, no spaces, UTF-8, in the manner of RFC 8785.

    Unlike RFC 8785, keys are sorted by code point and numbers are written as Python writes them (``30.0``, not ``30``).

    Parameters
    ----------
    value : object
        Text, finite numbers, booleans, None, and lists, tuples and mappings (keys of text) of them.

    Returns
    -------
    bytes

    Raises
    ------
    LedgerError
        For NaN, an infinity, text that is not Unicode, and any other type; it names the field.
    """
    try:
        _check(value, "", _CONTAINERS)
        return _ENCODER.encode(value).encode()
    except (TypeError, ValueError) as error:
        _check(value, "", object)  # slower, and names the field
        raise LedgerError(f"the value cannot be recorded: {error}") from error


_CONTAINERS = (dict, list, tuple)


def _check(value: object, where: str, looked_at: type | tuple[type, ...]) -> None:
    """Refuse what has no JSON form, among what is a `looked_at`."""
    if isinstance(value, dict):
        for key, item in value.items():
            if not isinstance(key, str):
                raise LedgerError(f"the key {key!r} is not text", where=where, mend="name every field with text")
            if isinstance(item, looked_at):
                _check(item, f"{where}.{key}" if where else key, looked_at)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            if isinstance(item, looked_at):
                _check(item, f"{where}[{index}]", looked_at)
    elif isinstance(value, float) and not math.isfinite(value):
        raise LedgerError(f"{value} has no JSON form", where=where, mend="give a finite number or None")
    elif isinstance(value, str):
        _check_text(value, where)
    elif not isinstance(value, int | float | None):
        cause = f"a value of type {type(value).__name__} cannot be recorded"
        raise LedgerError(cause, where=where, mend="give text, numbers, lists and mappings")


def _check_text(value: str, where: str) -> None:
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise LedgerError(f"{value!r} is not Unicode text", where=where, mend="rename it") from error


def hash_file(path: str | os.PathLike[str]) -> FileRecord:
    """Read a file once for its size and SHA-256.

    Parameters
    ----------
    path : path
        A file; it is recorded as it is given here.

    Returns
    -------
    FileRecord

    Raises
    ------
    InputError
        Where the file cannot be read.
    """
    return FileRecord(os.fspath(path), *size_and_sha256(path))


def now() -> str:
    """The time in UTC, ISO 8601, to the microsecond."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
