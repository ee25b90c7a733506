"""Whether a ledger can be believed: entries, tree, edges and head recomputed, and a saved head held against it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from bencao.kernel.errors import LedgerError
from bencao.kernel.ledger import merkle
from bencao.kernel.ledger.entry import Entry, canonical_json
from bencao.kernel.ledger.store import Ledger, TreeHead, edges_of


@dataclass(frozen=True)
class Finding:
    """One thing that is not as it was written.

    Attributes
    ----------
    entry : int or None
        Number of the entry, or of the first one that is touched; None where it concerns the whole file.
    cause : str
    """

    entry: int | None
    cause: str

    def as_json(self) -> dict[str, Any]:
        """The finding as ``bencao ledger verify --json`` prints it."""
        return {"entry": self.entry, "cause": self.cause}

    def __str__(self) -> str:
        return self.cause if self.entry is None else f"entry {self.entry}: {self.cause}"


@dataclass(frozen=True)
class Verification:
    """What `verify` found.

    Attributes
    ----------
    head : TreeHead
        The head as it is stored.
    findings : tuple of Finding
        Empty where the ledger is clean.
    """

    head: TreeHead
    findings: tuple[Finding, ...]

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def as_json(self) -> dict[str, Any]:
        """The result as ``bencao ledger verify --json`` prints it."""
        return {
            **self.head.as_json(),
            "clean": self.clean,
            "findings": [finding.as_json() for finding in self.findings],
        }


def verify(ledger: Ledger, saved: TreeHead | None = None) -> Verification:
    """Recompute a ledger from its entries.

    Without a saved head this finds what does not fit together. Whoever can write the file can also make all of it
    fit together anew; that is found with a head that was saved elsewhere.

    Parameters
    ----------
    ledger : Ledger
        It may be written to meanwhile; one state of it is looked at.
    saved : TreeHead, optional
        An earlier head, which the ledger must have grown from (RFC 6962, section 2.1.2).

    Returns
    -------
    Verification

    Raises
    ------
    LedgerError
        Where the file cannot be read at all.
    """
    try:
        head = ledger.head()
    except LedgerError as error:
        return Verification(TreeHead(0, merkle.EMPTY_ROOT), (Finding(None, error.cause),))
    with ledger.transaction("DEFERRED"):
        head = ledger.head()
        checks: list[Callable[[], Iterator[Finding]]] = [
            lambda: _check_file(ledger.connection),
            lambda: _check_entries(ledger.connection, head),
            lambda: _check_orphans(ledger.connection),
            lambda: _check_tree(ledger.connection, head),
        ]
        findings = [finding for check in checks for finding in _reading(check)]
    if saved is not None:
        findings.extend(_check_saved(ledger, head, saved))
    return Verification(head, tuple(findings))


def _reading(check: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    """The findings of a check; where the file itself is damaged, the finding that says so ends it."""
    try:
        yield from check()
    except sqlite3.DatabaseError as error:
        yield Finding(None, f"the file is damaged and could not be read to its end: {error}")


def _check_file(connection: sqlite3.Connection) -> Iterator[Finding]:
    for (message,) in connection.execute("PRAGMA integrity_check"):
        if message != "ok":
            yield Finding(None, f"the file is damaged: {message}")


def _check_entries(connection: sqlite3.Connection, head: TreeHead) -> Iterator[Finding]:
    """Each entry against its leaf hash, and the numbers against the head."""
    query = "SELECT number, json, substr(hashes, 1, 32) FROM entry LEFT JOIN tree ON leaf = number ORDER BY number"
    positions: dict[bytes, int] = {}
    expected = 0
    for number, text, leaf in connection.execute(query):
        yield from _deleted(expected, min(number, head.size))
        expected = max(number + 1, expected)
        if not 0 <= number < head.size:
            yield Finding(number, f"was inserted: the tree holds {head.size} entries")
            continue
        if not isinstance(text, bytes) or merkle.leaf_hash(text) != leaf:
            positions = positions or _leaf_positions(connection)
            other = positions.get(merkle.leaf_hash(text)) if isinstance(text, bytes) else None
            moved = "" if other is None else f": it holds entry {other}, the order was changed"
            yield Finding(number, f"does not match its leaf hash{moved or ': it was altered'}")
        else:
            yield from _check_entry(connection, number, text)
    yield from _deleted(expected, head.size)


def _check_entry(connection: sqlite3.Connection, number: int, text: bytes) -> Iterator[Finding]:
    """An entry that is what was hashed: its form, and its rows in the table that `trace` walks."""
    try:
        entry = Entry.from_json(text, where="")
        canonical = canonical_json(entry.as_json()) == text
    except LedgerError:
        canonical = False
    if not canonical:
        yield Finding(number, "is no ledger entry in canonical JSON")
        return
    query = "SELECT role, position, sha256, path FROM edge WHERE entry = ? ORDER BY role, position"
    if connection.execute(query, (number,)).fetchall() != edges_of(entry):
        yield Finding(number, "has other `used` and `generated` edges in the table than in its text")


def _deleted(start: int, stop: int) -> Iterator[Finding]:
    if start < stop:
        yield Finding(start, f"is missing, it was deleted{_more(start, stop)}")


def _more(start: int, stop: int) -> str:
    return f"; so for all to entry {stop - 1}" if stop - start > 1 else ""


def _leaf_positions(connection: sqlite3.Connection) -> dict[bytes, int]:
    return dict(connection.execute("SELECT substr(hashes, 1, 32), leaf FROM tree ORDER BY leaf DESC"))


def _check_orphans(connection: sqlite3.Connection) -> Iterator[Finding]:
    orphans = "SELECT DISTINCT entry FROM edge WHERE entry NOT IN (SELECT number FROM entry) ORDER BY entry"
    for (number,) in connection.execute(orphans):
        yield Finding(number, "has an edge in the table, but there is no such entry")


def _check_tree(connection: sqlite3.Connection, head: TreeHead) -> Iterator[Finding]:
    """Each hash against the two below it, and the head against the hashes of the largest complete subtrees."""
    frontier: dict[int, bytes | None] = {}  # latest hash of each level; None where it is missing
    expected = 0
    for leaf, hashes in connection.execute("SELECT leaf, hashes FROM tree ORDER BY leaf"):
        if not 0 <= leaf < head.size:
            yield Finding(leaf, f"has hashes, but the head has {head.size} entries")
            continue
        if leaf > expected:
            yield Finding(expected, f"has no hashes{_more(expected, leaf)}")
            frontier = dict.fromkeys(range(head.size.bit_length()))
        expected = leaf + 1
        height = merkle.column_height(leaf)
        if not isinstance(hashes, bytes) or len(hashes) != 32 * height:
            yield Finding(leaf, "has hashes of a wrong length")
            frontier |= dict.fromkeys(range(height))
            continue
        column = [hashes[32 * level : 32 * level + 32] for level in range(height)]
        for level in range(1, height):
            left = frontier[level - 1]
            if left is not None and merkle.node_hash(left, column[level - 1]) != column[level]:
                first = leaf + 1 - (1 << level)
                yield Finding(first, f"the tree over it and all to entry {leaf} does not match the hashes below it")
        frontier[height - 1] = column[-1]
    if expected < head.size:
        yield Finding(expected, f"has no hashes{_more(expected, head.size)}")
    elif _root(frontier, head.size) != head.root:
        yield Finding(None, f"the head does not match the tree of its {head.size} entries")


def _root(frontier: dict[int, bytes | None], size: int) -> bytes | None:
    tops = {level: frontier[level] for level in range(size.bit_length()) if size >> level & 1}
    known = {level: top for level, top in tops.items() if top is not None}
    return merkle.root_of(0, size, lambda level, _: known[level]) if len(known) == len(tops) else None


def _check_saved(ledger: Ledger, head: TreeHead, saved: TreeHead) -> Iterator[Finding]:
    if saved.size > head.size:
        cause = f"the log was truncated: the saved head has {saved.size} entries, the ledger {head.size}"
        yield Finding(head.size, cause)
        return
    try:
        proof = ledger.consistency_proof(saved.size, head.size)
    except LedgerError as error:
        yield Finding(None, f"consistency with the saved head cannot be shown: {error}")
        return
    if not merkle.verify_consistency(saved.size, saved.root, head.size, head.root, proof):
        cause = f"the log was rewritten: its first {saved.size} entries are not those of the saved head"
        yield Finding(None, cause)
