"""Where a file came from: the commands and files behind it, back to what no command here made."""

from __future__ import annotations

import os
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bencao.kernel.ledger.entry import Entry, FileRecord, hash_file
from bencao.kernel.ledger.labels import KEY_NAME, open_labels
from bencao.kernel.ledger.store import Ledger

Verdict = Literal["generated", "used", "altered", "unknown"]


@dataclass(frozen=True)
class Origin:
    """A file on the way back, with the command that made it.

    Attributes
    ----------
    depth : int
        0 for the file asked about, 1 for what its command used, and so on.
    file : FileRecord
        As the entry recorded it.
    number : int or None
        Entry that made it; None for a root, which no earlier command here made.
    entry : Entry or None
    repeated : bool
        What is behind it stands further up already.
    """

    depth: int
    file: FileRecord
    number: int | None
    entry: Entry | None
    repeated: bool = False

    def as_json(self) -> dict[str, Any]:
        """The step as ``bencao ledger trace --json`` prints it."""
        entry = self.entry
        return {
            "depth": self.depth,
            **self.file.as_json(),
            "entry": self.number,
            "command": entry.command if entry else None,
            "status": entry.status if entry else None,
            "ended": entry.ended if entry else None,
            "repeated": self.repeated,
        }


@dataclass(frozen=True)
class Sighting:
    """An entry that names a file.

    Attributes
    ----------
    number : int
        The entry.
    role : str
        ``used`` or ``generated``.
    path, sha256 : str
        As recorded.
    """

    number: int
    role: str
    path: str
    sha256: str

    def as_json(self) -> dict[str, Any]:
        """The sighting as ``bencao ledger trace --json`` prints it."""
        return {"entry": self.number, "role": self.role, "path": self.path, "sha256": self.sha256}


@dataclass(frozen=True)
class Trace:
    """The answer to "where does this file come from?".

    Attributes
    ----------
    file : FileRecord
        The file as it is now.
    verdict : {"generated", "used", "altered", "unknown"}
        Made by a command here; only read by commands here; known by this path with another content; not known.
    origins : tuple of Origin
        Depth first; empty unless the content is known.
    sightings : tuple of Sighting
        Entries that name this content, or, for an altered file, this path.
    """

    file: FileRecord
    verdict: Verdict
    origins: tuple[Origin, ...]
    sightings: tuple[Sighting, ...]

    @property
    def known(self) -> bool:
        """Whether the ledger knows the content."""
        return self.verdict in ("generated", "used")

    def as_json(self) -> dict[str, Any]:
        """The trace as ``bencao ledger trace --json`` prints it."""
        return {
            **self.file.as_json(),
            "verdict": self.verdict,
            "origins": [origin.as_json() for origin in self.origins],
            "sightings": [sighting.as_json() for sighting in self.sightings],
        }


def trace_file(ledger: Ledger, path: str | os.PathLike[str]) -> Trace:
    """Walk back from a file to what it was made from.

    A file is known by its content; a file that a command used came from the latest earlier entry that made the
    same content.

    Parameters
    ----------
    ledger : Ledger
    path : path
        The file, as it is now.

    Returns
    -------
    Trace

    Raises
    ------
    InputError
        Where the file cannot be read.
    LedgerError
        Where an entry cannot be read.
    """
    file = hash_file(path)
    with ledger.transaction("DEFERRED"):
        sightings = _sightings(ledger.connection, "sha256 = ?", [bytes.fromhex(file.sha256)])
        if sightings:
            made = any(sighting.role == "generated" for sighting in sightings)
            return Trace(file, "generated" if made else "used", tuple(_walk(ledger, file)), sightings)
        spellings = _spellings(path)
        known = spellings + _labels_of(ledger, spellings)
        altered = _sightings(ledger.connection, f"path IN ({', '.join('?' * len(known))})", known)
    return Trace(file, "altered" if altered else "unknown", (), altered)


def _walk(ledger: Ledger, file: FileRecord) -> list[Origin]:
    origins: list[Origin] = []
    expanded: set[int] = set()
    # Entries are written when a command ends, so what it used was made by an entry with a smaller number.
    waiting: list[tuple[int, FileRecord, int]] = [(0, file, ledger.head().size)]
    while waiting:
        depth, file, before = waiting.pop()
        number = _maker(ledger.connection, file, before)
        if number is None:
            origins.append(Origin(depth, file, None, None))
            continue
        entry = ledger.entry(number)
        repeated = number in expanded and bool(entry.used)
        origins.append(Origin(depth, file, number, entry, repeated))
        if not repeated:
            expanded.add(number)
            waiting.extend((depth + 1, used, number) for used in reversed(entry.used))
    return origins


def _maker(connection: sqlite3.Connection, file: FileRecord, before: int) -> int | None:
    query = "SELECT max(entry) FROM edge WHERE sha256 = ? AND role = 'generated' AND entry < ?"
    number: int | None = connection.execute(query, (bytes.fromhex(file.sha256), before)).fetchone()[0]
    return number


def _sightings(connection: sqlite3.Connection, condition: str, values: list[Any]) -> tuple[Sighting, ...]:
    query = f"SELECT entry, role, path, lower(hex(sha256)) FROM edge WHERE {condition} ORDER BY entry, role, position"
    return tuple(Sighting(*row) for row in connection.execute(query, values))


def _labels_of(ledger: Ledger, spellings: list[str]) -> list[str]:
    """The labels under which a private job may have recorded the same path."""
    folder = ledger.path.parent
    if not (folder / KEY_NAME).is_file():
        return []
    labels = open_labels(folder)
    return [label for one in spellings for label in (labels.stem(one), f"{labels.stem(one)}/{Path(one).name}")]


def _spellings(path: str | os.PathLike[str]) -> list[str]:
    """The ways in which a command may have been given the same path from the same folder."""
    absolute = Path(path).absolute()
    spellings = {os.fspath(path), os.path.normpath(path), str(absolute), os.path.normpath(absolute)}
    if absolute.is_relative_to(Path.cwd()):
        relative = os.path.relpath(absolute)
        spellings |= {relative, f".{os.sep}{relative}"}
    return sorted(spellings)
