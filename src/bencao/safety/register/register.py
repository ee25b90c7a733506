"""An append-only list of decisions on signals, in SQLite: nothing in it is changed or taken out."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path

from bencao.kernel.errors import InputError
from bencao.kernel.files import sha256_of
from bencao.safety.errors import RegisterError
from bencao.safety.register.status import check_step

_FILE = "signals.db"
_TABLE = """CREATE TABLE IF NOT EXISTS decisions (
    number INTEGER PRIMARY KEY AUTOINCREMENT, drug TEXT NOT NULL, event TEXT NOT NULL, status TEXT NOT NULL,
    decision TEXT NOT NULL, reason TEXT NOT NULL, evidence TEXT NOT NULL, by_whom TEXT NOT NULL, at TEXT NOT NULL)"""
_KEPT = tuple(
    f"CREATE TRIGGER IF NOT EXISTS no_{kind.lower()} BEFORE {kind} ON decisions "
    "BEGIN SELECT RAISE(ABORT, 'decisions are kept as they are'); END"
    for kind in ("UPDATE", "DELETE")
)


@dataclass(frozen=True)
class Evidence:
    """What a decision rests on.

    Attributes
    ----------
    file : str
        Name of the file.
    sha256 : str
        Of its content at the time.
    """

    file: str
    sha256: str


@dataclass(frozen=True)
class Entry:
    """One decision.

    Attributes
    ----------
    number : int
        In the order of the register, from 1.
    drug, event : str
    status : str
        One of `STATUSES`.
    decision, reason : str
        What is to be done, and why.
    evidence : tuple of Evidence
    by : str
        Who decided.
    at : str
        ISO 8601, in UTC.
    """

    number: int
    drug: str
    event: str
    status: str
    decision: str
    reason: str
    evidence: tuple[Evidence, ...]
    by: str
    at: str


class Register:
    """The register of a workspace.

    Parameters
    ----------
    folder : Path
        The workspace; the register is made with its first entry.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / _FILE

    def history(self, drug: str | None = None, event: str | None = None) -> tuple[Entry, ...]:
        """Decisions in their order; of one drug, one event, or one pair where given.

        Raises
        ------
        RegisterError
            A file that is no register.
        """
        if not self.path.is_file():
            return ()
        wanted = [(name, value) for name, value in (("drug", drug), ("event", event)) if value is not None]
        where = " AND ".join(f"{name} = ? COLLATE NOCASE" for name, _ in wanted) or "1"
        try:
            with closing(sqlite3.connect(self.path)) as connection:
                query = f"SELECT * FROM decisions WHERE {where} ORDER BY number"
                rows = connection.execute(query, [value for _, value in wanted]).fetchall()
        except sqlite3.DatabaseError as error:
            mend = "restore it from a copy"
            raise RegisterError(f"not a register: {error}", where=str(self.path), mend=mend) from error
        return tuple(_entry(row) for row in rows)

    def current(self) -> tuple[Entry, ...]:
        """The last decision on each pair, by drug and event."""
        last = {(entry.drug.lower(), entry.event.lower()): entry for entry in self.history()}
        return tuple(last[key] for key in sorted(last))

    def add(
        self,
        drug: str,
        event: str,
        status: str,
        *,
        decision: str = "",
        reason: str,
        evidence: Sequence[Path] = (),
        by: str,
        at: str,
    ) -> Entry:
        """Put a decision into the register.

        Raises
        ------
        RegisterError
            A step that the process has not; a decision without a reason or a name.
        InputError
            Evidence that cannot be read.
        """
        drug, event = drug.strip(), event.strip()
        where = f"{drug}, {event}"
        for name, value in (
            ("drug", drug),
            ("event", event),
            ("reason", reason.strip()),
            ("name of who decides", by.strip()),
        ):
            if not value:
                raise RegisterError(f"no {name}", where=where, mend=f"give the {name}")
        files = tuple(_evidence(path) for path in evidence)
        if not self.path.is_file():
            check_step("", status, where)  # a decision that is refused makes no register
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(self.path, isolation_level=None)) as connection:
            connection.execute("BEGIN IMMEDIATE")  # two who decide at once come one after the other
            connection.execute(_TABLE)
            for trigger in _KEPT:
                connection.execute(trigger)
            before = connection.execute(
                "SELECT drug, event, status FROM decisions WHERE drug = ? COLLATE NOCASE AND event = ? COLLATE NOCASE"
                " ORDER BY number DESC LIMIT 1",
                (drug, event),
            ).fetchone()
            drug, event, status_before = before or (drug, event, "")
            check_step(status_before, status, where)
            rests_on = json.dumps([asdict(file) for file in files])
            row = (drug, event, status, decision.strip(), reason.strip(), rests_on, by.strip(), at)
            number = connection.execute(
                "INSERT INTO decisions (drug, event, status, decision, reason, evidence, by_whom, at)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                row,
            ).lastrowid
            connection.execute("COMMIT")
        return _entry((number, *row))


def _evidence(path: Path) -> Evidence:
    if not path.is_file():
        raise InputError("no such file", where=str(path), mend="give the file that the decision rests on")
    return Evidence(path.name, sha256_of(path))


def _entry(row: tuple[object, ...]) -> Entry:
    number, drug, event, status, decision, reason, evidence, by, at = row
    files = tuple(Evidence(**file) for file in json.loads(str(evidence)))
    return Entry(
        int(str(number)), str(drug), str(event), str(status), str(decision), str(reason), files, str(by), str(at)
    )
