"""The ledger on disk: an append-only SQLite file with its Merkle tree, safe with many writers and against a kill."""

from __future__ import annotations

import itertools
import json
import os
import sqlite3
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bencao.kernel.errors import LedgerError
from bencao.kernel.ledger import merkle
from bencao.kernel.ledger.entry import Entry, canonical_json

FILE_NAME = "ledger.db"
BATCH = 5000
"""Entries a commit, in `Ledger.append_many`: each commit writes most pages of the index over hashes again."""

_BUSY_SECONDS = 60.0
_CACHE_KIB = 65536
_APPLICATION_ID = 0x42454E43  # "BENC", in the header of the SQLite file
_LAYOUT = 1
_SCHEMA = (
    "CREATE TABLE entry (number INTEGER PRIMARY KEY, json BLOB NOT NULL)",
    "CREATE TABLE tree (leaf INTEGER PRIMARY KEY, hashes BLOB NOT NULL)",
    "CREATE TABLE edge (entry INTEGER NOT NULL, role TEXT NOT NULL, position INTEGER NOT NULL, sha256 BLOB NOT NULL,"
    " path TEXT NOT NULL, PRIMARY KEY (entry, role, position)) WITHOUT ROWID",
    "CREATE INDEX edge_by_content ON edge (sha256)",
    "CREATE TABLE head (only INTEGER PRIMARY KEY CHECK (only = 1), size INTEGER NOT NULL, root BLOB NOT NULL)",
)

Edge = tuple[str, int, bytes, str]
"""Role (``used`` or ``generated``), position in that list of the entry, SHA-256, path."""


@dataclass(frozen=True)
class TreeHead:
    """What is enough to know a ledger again: its size and the root of its tree (RFC 6962, section 3.5, unsigned).

    Attributes
    ----------
    size : int
        Number of entries.
    root : bytes
        32 bytes.
    """

    size: int
    root: bytes

    def as_json(self) -> dict[str, Any]:
        """The head as ``bencao ledger verify --save-head`` writes it."""
        return {"root": self.root.hex(), "size": self.size}

    @classmethod
    def from_file(cls, path: str | os.PathLike[str]) -> TreeHead:
        """Read a saved head.

        Parameters
        ----------
        path : path
            File that ``--save-head`` wrote.

        Raises
        ------
        LedgerError
            Where the file cannot be read or is no tree head.
        """
        mend = "give a file that `bencao ledger verify --save-head` wrote"
        try:
            found = json.loads(Path(path).read_bytes())
            size, root = found["size"], bytes.fromhex(found["root"])
        except OSError as error:
            raise LedgerError(f"cannot be read: {error.strerror}", where=os.fspath(path), mend=mend) from error
        except (ValueError, TypeError, KeyError) as error:
            raise LedgerError("is no saved tree head", where=os.fspath(path), mend=mend) from error
        if type(size) is not int or size < 0 or len(root) != 32:
            raise LedgerError("is no saved tree head: its size or root cannot be one", where=os.fspath(path), mend=mend)
        return cls(size, root)


def workspace_folder(workspace: str | os.PathLike[str] | None = None) -> Path:
    """Folder that holds the ledger.

    Parameters
    ----------
    workspace : path, optional
        The folder itself. Without it, the environment variable ``BENCAO_WORKSPACE``, else ``.bencao`` in the
        current folder.

    Returns
    -------
    Path
        It need not exist.
    """
    return Path(workspace or os.environ.get("BENCAO_WORKSPACE") or ".bencao")


class Ledger:
    """An open ledger; use it in a ``with`` statement, and open one a process.

    Entries are numbered from 0, as the leaves of RFC 6962.

    Parameters
    ----------
    workspace : path, optional
        See `workspace_folder`.
    create : bool
        Make folder and ledger where there are none.

    Raises
    ------
    LedgerError
        Where there is no ledger, or the file is something else.
    """

    def __init__(self, workspace: str | os.PathLike[str] | None = None, *, create: bool = False) -> None:
        self.path = workspace_folder(workspace) / FILE_NAME
        if create:
            try:
                self.path.parent.mkdir(parents=True, exist_ok=True)
            except OSError as error:
                raise LedgerError(
                    f"the workspace cannot be made: {error.strerror}",
                    where=str(self.path.parent),
                    mend="set BENCAO_WORKSPACE to a folder you may write to",
                ) from error
        elif not self.path.exists():
            raise LedgerError(
                "there is no ledger here",
                where=str(self.path),
                mend="go to the folder the command was run in, or set BENCAO_WORKSPACE",
            )
        with self._errors():
            # quote() in as_uri keeps '?' and '#' of a folder's name out of the query.
            location = f"{self.path.absolute().as_uri()}?mode={'rwc' if create else 'rw'}"
            self.connection = sqlite3.connect(location, uri=True, timeout=_BUSY_SECONDS, isolation_level=None)
        try:
            with self._errors():
                self._prepare(create)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def append(self, entry: Entry) -> int:
        """Write one entry; when this returns, it is on disk.

        Parameters
        ----------
        entry : Entry

        Returns
        -------
        int
            Number of the entry.

        Raises
        ------
        LedgerError
            Where the entry has no JSON form, or the ledger cannot be written or is damaged.
        """
        return self.append_many([entry])[0]

    def append_many(self, entries: Iterable[Entry], *, batch: int = BATCH) -> list[int]:
        """Write entries, one commit a batch; a kill loses at most the batch under way, and never a part of one.

        Parameters
        ----------
        entries : iterable of Entry
        batch : int
            Entries a commit.

        Returns
        -------
        list of int
            Numbers of the entries; another process may have written between two batches.

        Raises
        ------
        LedgerError
            As `append`.
        """
        numbers: list[int] = []
        waiting = iter(entries)
        while rows := [(canonical_json(entry.as_json()), entry) for entry in itertools.islice(waiting, batch)]:
            with self.transaction("IMMEDIATE"):
                numbers.extend(self._append_rows(rows))
        return numbers

    def _append_rows(self, rows: list[tuple[bytes, Entry]]) -> range:
        # The head is read inside the transaction: another process may have appended since.
        head = self._read_head()
        if merkle.root_of(0, head.size, self._read_node) != head.root:
            raise self._damaged("its tree does not match its head")
        columns, root = merkle.append_leaves(head.size, (merkle.leaf_hash(text) for text, _ in rows), self._read_node)
        numbers = range(head.size, head.size + len(rows))
        execute = self.connection.executemany
        execute(
            "INSERT INTO entry VALUES (?, ?)", ((number, text) for number, (text, _) in zip(numbers, rows, strict=True))
        )
        execute("INSERT INTO tree VALUES (?, ?)", zip(numbers, columns, strict=True))
        execute(
            "INSERT INTO edge VALUES (?, ?, ?, ?, ?)",
            ((number, *edge) for number, (_, entry) in zip(numbers, rows, strict=True) for edge in edges_of(entry)),
        )
        self.connection.execute("UPDATE head SET size = ?, root = ?", (numbers.stop, root))
        return numbers

    def head(self) -> TreeHead:
        """Size and root of the tree as they are stored.

        Raises
        ------
        LedgerError
            Where the ledger holds no head.
        """
        with self._errors():
            return self._read_head()

    def entry(self, number: int) -> Entry:
        """One entry.

        Parameters
        ----------
        number : int
            From 0.

        Raises
        ------
        LedgerError
            Where there is no such entry, or it does not match its leaf hash.
        """
        with self._errors():
            row = self.connection.execute("SELECT json FROM entry WHERE number = ?", (number,)).fetchone()
            if row is None:
                raise LedgerError(f"there is no entry {number}", where=str(self.path))
            if not isinstance(row[0], bytes) or merkle.leaf_hash(row[0]) != self._read_node(0, number):
                raise self._damaged(f"entry {number} does not match its leaf hash")
        return Entry.from_json(row[0], where=f"{self.path}: entry {number}")

    def entries(self) -> Iterator[tuple[int, Entry]]:
        """Every entry with its number, in order.

        Raises
        ------
        LedgerError
            Where an entry cannot be read.
        """
        with self._errors():
            for number, text in self.connection.execute("SELECT number, json FROM entry ORDER BY number"):
                yield number, Entry.from_json(text, where=f"{self.path}: entry {number}")

    def leaf(self, index: int) -> bytes:
        """Leaf hash of an entry (RFC 6962, section 2.1), 32 bytes.

        Parameters
        ----------
        index : int
            Number of the entry.

        Raises
        ------
        LedgerError
            Where there is no such entry.
        """
        with self._errors():
            return self._read_node(0, index)

    def inclusion_proof(self, index: int, size: int | None = None) -> tuple[bytes, ...]:
        """Audit path from an entry to a tree head (RFC 6962, section 2.1.1), in O(log n).

        Parameters
        ----------
        index : int
            Number of the entry.
        size : int, optional
            Size of that head; by default all entries.

        Returns
        -------
        tuple of bytes
            For `verify_inclusion`.

        Raises
        ------
        LedgerError
            Where the ledger is not that long.
        """
        with self.transaction("DEFERRED"):
            size = self._known_size(size)
            if not 0 <= index < size:
                raise LedgerError(f"there is no entry {index} among the first {size}", where=str(self.path))
            return merkle.inclusion_path(index, size, self._read_node)

    def consistency_proof(self, old_size: int, size: int | None = None) -> tuple[bytes, ...]:
        """Proof that a tree head is a beginning of another (RFC 6962, section 2.1.2), in O(log n).

        Parameters
        ----------
        old_size : int
            Size of the old head.
        size : int, optional
            Size of the new head; by default all entries.

        Returns
        -------
        tuple of bytes
            For `verify_consistency`.

        Raises
        ------
        LedgerError
            Where the ledger is not that long.
        """
        with self.transaction("DEFERRED"):
            size = self._known_size(size)
            if not 0 <= old_size <= size:
                raise LedgerError(f"{old_size} entries are no beginning of {size}", where=str(self.path))
            return merkle.consistency_path(old_size, size, self._read_node)

    @contextmanager
    def transaction(self, kind: str) -> Iterator[None]:
        """One SQLite transaction: ``DEFERRED`` to read a single state, ``IMMEDIATE`` to write.

        Parameters
        ----------
        kind : {"DEFERRED", "IMMEDIATE"}

        Raises
        ------
        LedgerError
            Where SQLite fails inside.
        """
        with self._errors():
            self.connection.execute(f"BEGIN {kind}")
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    def _known_size(self, size: int | None) -> int:
        present = self._read_head().size
        if size is None:
            return present
        if not 0 <= size <= present:
            raise LedgerError(f"there are {present} entries, not {size}", where=str(self.path))
        return size

    def _read_head(self) -> TreeHead:
        row = self.connection.execute("SELECT size, root FROM head").fetchone()
        if row is None or not isinstance(row[0], int) or row[0] < 0 or not isinstance(row[1], bytes):
            raise self._damaged("its head is missing or no head")
        return TreeHead(*row)

    def _read_node(self, level: int, position: int) -> bytes:
        leaf = merkle.completing_leaf(level, position)
        row = self.connection.execute("SELECT hashes FROM tree WHERE leaf = ?", (leaf,)).fetchone()
        if row is None or not isinstance(row[0], bytes) or len(row[0]) != 32 * merkle.column_height(leaf):
            raise self._damaged(f"the hashes of entry {leaf} are missing or of a wrong length")
        return row[0][32 * level : 32 * level + 32]

    def _damaged(self, cause: str) -> LedgerError:
        return LedgerError(cause, where=str(self.path), mend="run `bencao ledger verify` to see what was altered")

    def _prepare(self, create: bool) -> None:
        # A byte that is not UTF-8 any more must be named by `verify`, not stop it.
        self.connection.text_factory = lambda data: data.decode("utf-8", "surrogateescape")
        if create and self._is_empty():
            self._write_ahead()
            with self.transaction("IMMEDIATE"):
                if self._is_empty():  # else another process has just made it
                    for statement in _SCHEMA:
                        self.connection.execute(statement)
                    self.connection.execute("INSERT INTO head VALUES (1, 0, ?)", (merkle.EMPTY_ROOT,))
                    self.connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
                    self.connection.execute(f"PRAGMA user_version = {_LAYOUT}")
        if self._is_empty():
            raise LedgerError("is empty: no entry was ever written", where=str(self.path), mend="run the command again")
        if self._pragma("application_id") != _APPLICATION_ID:
            raise LedgerError(
                "is no ledger: another program made this file",
                where=str(self.path),
                mend="move it away, or set BENCAO_WORKSPACE to another folder",
            )
        if self._pragma("user_version") != _LAYOUT:
            raise LedgerError(
                f"has layout {self._pragma('user_version')}; this version reads layout {_LAYOUT}",
                where=str(self.path),
                mend="use the version of Bencao that wrote it",
            )
        # In write-ahead mode a commit is on disk before it returns only with FULL.
        self.connection.execute("PRAGMA synchronous = FULL")
        # Hashes fall all over the index: with SQLite's 2 MB most appends would read and write its pages again.
        self.connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")

    def _is_empty(self) -> bool:
        tables = self.connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
        return tables == 0 and self._pragma("application_id") == 0

    def _write_ahead(self) -> None:
        """Turn write-ahead logging on; SQLite does not wait here by itself where another process does the same."""
        deadline = time.monotonic() + _BUSY_SECONDS
        while True:
            try:
                self.connection.execute("PRAGMA journal_mode = WAL")
                return
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                    raise
                time.sleep(0.01)

    def _pragma(self, name: str) -> int:
        return int(self.connection.execute(f"PRAGMA {name}").fetchone()[0])

    @contextmanager
    def _errors(self) -> Iterator[None]:
        """Turn what SQLite raises into an answer."""
        try:
            yield
        except sqlite3.Error as error:
            code = getattr(error, "sqlite_errorcode", 0) & 0xFF
            if code in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                cause, mend = (
                    f"another process held it for {_BUSY_SECONDS:.0f} s",
                    "wait for that process, then try again",
                )
            elif code == sqlite3.SQLITE_NOTADB:
                cause, mend = "is no ledger", "move it away, or set BENCAO_WORKSPACE to another folder"
            elif code in (sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR):
                cause, mend = f"cannot be opened or written: {error}", "check the folder's permissions and free space"
            else:
                cause, mend = f"is damaged: {error}", "run `bencao ledger verify`, and restore it from a copy"
            raise LedgerError(cause, where=str(self.path), mend=mend) from error


def edges_of(entry: Entry) -> list[Edge]:
    """Rows of the edge table that belong to an entry, sorted."""
    return [
        (role, position, bytes.fromhex(file.sha256), file.path)
        for role, files in (("generated", entry.generated), ("used", entry.used))
        for position, file in enumerate(files)
    ]
