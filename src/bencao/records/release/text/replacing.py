"""Replace what identifies in the texts of an extract, then search them for what is known; refuse where it is seen."""

from __future__ import annotations

import contextlib
import functools
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

import pyarrow as pa

from bencao.kernel import compute
from bencao.kernel.workers import Failure
from bencao.records.cdm.database import Database
from bencao.records.deidentify.audit import audit
from bencao.records.deidentify.finding.known import Patient
from bencao.records.deidentify.secret import Secret
from bencao.records.deidentify.text import deidentify_text
from bencao.records.errors import ReleaseRefused
from bencao.records.release.columns import OLDEST
from bencao.records.release.request import Request, texts_of
from bencao.records.release.text.known import Known, has_name

_TOGETHER = 100  # texts that a worker gets at once


@dataclass(frozen=True)
class Texts:
    """What became of the free text of an extract.

    Attributes
    ----------
    columns : tuple of str
        ``table.column``.
    texts : int
        Different texts of a person.
    withheld : int
        Values left out, since their person is over 89 or of unknown age: what a text tells of years past, though its
        dates are moved, would tell how old.
    audited, by_name : int
        Texts searched for what is known of their person, and those of them where a name is known.
    replaced : mapping of str to int
        By category.
    """

    columns: tuple[str, ...]
    texts: int
    withheld: int
    audited: int
    by_name: int
    replaced: Mapping[str, int]


class _Text(NamedTuple):
    place: int
    origin: str
    patient: Patient
    text: str


@dataclass
class _Piece:
    """Texts after the work, with their places.

    `failed` counts kinds of errors, never their messages; `leaks` columns with categories.
    """

    rows: list[tuple[int, str]] = field(default_factory=list)
    texts: int = 0
    replaced: Counter[str] = field(default_factory=Counter)
    leaks: Counter[str] = field(default_factory=Counter)
    failed: Counter[str] = field(default_factory=Counter)
    audited: int = 0
    by_name: int = 0

    def add(self, other: _Piece) -> None:
        """Count what the other counted; its rows are not kept."""
        for mine, others in ((self.replaced, other.replaced), (self.leaks, other.leaks), (self.failed, other.failed)):
            mine.update(others)
        self.texts += other.texts
        self.audited += other.audited
        self.by_name += other.by_name


def replace_texts(database: Database, request: Request, secret: Secret, known: Known, *, workers: int) -> Texts:
    """De-identify the texts of each ``picked_TABLE`` in place.

    Surrogates and days come from the project's key and the person, as pseudonyms and dates of the tables do: a date in
    a text and one in a table move alike.

    Parameters
    ----------
    database : Database
        With ``bounds`` and ``picked_TABLE``.
    request : Request
    secret : Secret
        Of the project.
    known : mapping of int to Patient
        By person_id.
    workers : int
        Processes; the result is the same at any number.

    Returns
    -------
    Texts

    Raises
    ------
    ReleaseRefused
        Where a known identifier is still seen in a text, or a text cannot be worked.
    """
    connection, style = database.connection, request.text.style if request.text else "surrogate"
    columns = [(table, name) for table, names in request.tables.items() for name in texts_of(table, names)]
    withheld = sum(_withhold(connection, table, name) for table, name in columns)
    _gather(connection, columns)
    total = _Piece()
    work = functools.partial(_worked, secret=secret, style=style)
    results = compute.imap(work, _pieces(connection, known), workers=workers, progress=False, label="texts")
    with contextlib.closing(results):
        for _, result in results:
            if isinstance(result, Failure):
                total.failed[result.kind] += 1
                continue
            _keep(connection, result.rows)
            total.add(result)
    _refuse(total, request.name)
    for table, name in columns:
        connection.execute(
            f"UPDATE picked_{table} AS p SET {name} = r.text FROM texts AS t JOIN replaced AS r USING (place) "
            f"WHERE t.origin = '{table}.{name}' AND p.person_id = t.person_id AND p.{name} = t.text"
        )
    replaced = dict(sorted(total.replaced.items()))
    origins = tuple(f"{table}.{name}" for table, name in columns)
    return Texts(origins, total.texts, withheld, total.audited, total.by_name, replaced)


def _withhold(connection: Any, table: str, name: str) -> int:
    old = f"{name} IS NOT NULL AND person_id IN (SELECT person_id FROM bounds WHERE age IS NULL OR age > {OLDEST})"
    count = connection.execute(f"SELECT count(*) FROM picked_{table} WHERE {old}").fetchone()[0]
    connection.execute(f"UPDATE picked_{table} SET {name} = NULL WHERE {old}")
    return int(count)


def _gather(connection: Any, columns: Sequence[tuple[str, str]]) -> None:
    """Number each different text of a person and column, in an order that the engine's threads do not change."""
    parts = (
        f"SELECT DISTINCT '{table}.{name}' AS origin, person_id, {name} AS text FROM picked_{table} "
        f"WHERE {name} IS NOT NULL"
        for table, name in columns
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE texts AS SELECT row_number() OVER (ORDER BY person_id, origin, text) AS place, * "
        f"FROM ({' UNION ALL '.join(parts)})"
    )
    connection.execute("CREATE OR REPLACE TEMP TABLE replaced (place BIGINT, text VARCHAR)")


def _pieces(connection: Any, known: Known) -> Iterator[list[_Text]]:
    first = 1
    while True:
        rows = connection.execute(
            "SELECT place, origin, person_id, text FROM texts WHERE place BETWEEN ? AND ? ORDER BY place",
            [first, first + _TOGETHER - 1],
        ).fetchall()
        if not rows:
            return
        yield [
            _Text(place, origin, known.get(person) or Patient(str(person)), text)
            for place, origin, person, text in rows
        ]
        first += _TOGETHER


def _keep(connection: Any, rows: Sequence[tuple[int, str]]) -> None:
    places, texts = zip(*rows, strict=True) if rows else ((), ())
    held = pa.table({"place": pa.array(places, pa.int64()), "text": pa.array(texts, pa.string())})
    connection.register("worked", held)
    connection.execute("INSERT INTO replaced SELECT * FROM worked")
    connection.unregister("worked")


def _worked(texts: Sequence[_Text], *, secret: Secret, style: Literal["surrogate", "tag"]) -> _Piece:
    piece, patients = _Piece(), [one.patient for one in texts]
    try:
        done = deidentify_text([one.text for one in texts], secret=secret, patients=patients, style=style)
    except Exception as error:  # its message may quote a text
        piece.failed[type(error).__name__] += 1
        return piece
    piece.rows = [(one.place, new.text) for one, new in zip(texts, done, strict=True)]
    piece.texts = len(texts)
    piece.replaced.update(span.category for one in done for span in one.spans)
    piece.leaks.update(f"{texts[leak.item].origin} {leak.category}" for leak in audit(done, patients))
    piece.audited = sum(bool(one.values) for one in patients)
    piece.by_name = sum(has_name(one) for one in patients)
    return piece


def _refuse(piece: _Piece, name: str) -> None:
    if piece.failed:
        kinds = ", ".join(sorted(piece.failed))
        raise ReleaseRefused(
            f"texts cannot be de-identified ({kinds})", where=name, mend="leave the columns of free text out"
        )
    if piece.leaks:
        told = ", ".join(f"{what} {count}" for what, count in sorted(piece.leaks.items()))
        raise ReleaseRefused(
            f"{sum(piece.leaks.values())} known identifiers are still seen in texts after de-identification: {told}",
            where=name,
            mend="leave those columns out, or correct the texts in the database",
        )
