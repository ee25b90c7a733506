"""Reads clinical notes: a NOTE table (parquet or CSV), JSON lines, a text file or a folder of them."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from bencao.records.errors import SourceError
from bencao.records.sources.json_text import FAULTS, fault_in, read_json

FORMATS = (".parquet", ".csv", ".jsonl", ".txt")
_LARGEST_FIELD = 1 << 30
_ROWS_AT_ONCE = 1_000


@dataclass(frozen=True)
class Note:
    """A note as the NOTE table has it.

    Attributes
    ----------
    note_id : str
    text : str
    date : datetime.date or None
    where : str
        File and row.
    """

    note_id: str
    text: str
    date: date | None = None
    where: str = ""


@dataclass(frozen=True)
class UnreadNote:
    """A record that is no note: where it stands and what is missing, without a word of its text."""

    where: str
    cause: str


def read_notes(source: Path) -> Iterator[Note | UnreadNote]:
    """Notes of a source in its order; a record that is no note is told, and the rest goes on.

    Parameters
    ----------
    source : Path
        ``.parquet`` or ``.csv`` with the columns ``note_id`` and ``note_text``, and ``note_date`` where known;
        ``.jsonl`` of objects with those keys (``id``, ``text`` and ``date`` also serve); ``.txt``, one note; or a
        folder of ``.txt``.

    Yields
    ------
    Note or UnreadNote

    Raises
    ------
    SourceError
        Where the source cannot be read, or has no such columns.
    """
    if source.is_dir():
        yield from _folder(source)
        return
    readers = {".parquet": _parquet, ".csv": _csv, ".jsonl": _json_lines, ".txt": _text_file}
    reader = readers.get(source.suffix.lower())
    if reader is None:
        raise SourceError("its ending names no format", where=str(source), mend=f"give one of {', '.join(FORMATS)}")
    if not source.is_file():
        raise SourceError("no such file", where=str(source), mend="check the path")
    yield from reader(source)


def files_of(source: Path) -> list[Path]:
    """The files that `read_notes` reads."""
    return sorted(source.glob("*.txt")) if source.is_dir() else [source]


def _folder(source: Path) -> Iterator[Note | UnreadNote]:
    paths = files_of(source)
    if not paths:
        raise SourceError("no .txt file in the folder", where=str(source), mend="give a folder with one note a file")
    for path in paths:
        yield from _text_file(path)


def _text_file(path: Path) -> Iterator[Note | UnreadNote]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        yield UnreadNote(path.name, "the text is not UTF-8")
        return
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}", where=str(path)) from error
    yield _note({"note_id": path.stem, "note_text": text}, path.name)


def _json_lines(path: Path) -> Iterator[Note | UnreadNote]:
    with path.open("rb") as stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            where = f"{path.name}:{number}"
            try:
                row = read_json(line.decode("utf-8-sig"))
            except (ValueError, RecursionError):
                yield UnreadNote(where, "the line is not JSON in UTF-8")
                continue
            if not isinstance(row, dict):
                yield UnreadNote(where, "the line is not an object")
                continue
            if fault := fault_in(row):
                yield UnreadNote(where, FAULTS[fault])
                continue
            named = {f"note_{key}" if key in ("id", "text", "date") else key: value for key, value in row.items()}
            yield _note(named, where)


def _csv(path: Path) -> Iterator[Note | UnreadNote]:
    csv.field_size_limit(_LARGEST_FIELD)
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            rows = csv.reader(stream)
            header = [name.strip().lower() for name in next(rows, [])]
            _require(header, path)
            for number, row in enumerate(rows, start=1):
                where = f"{path.name}, row {number}"
                if len(row) != len(header):
                    yield UnreadNote(where, f"{len(row)} fields, the header has {len(header)}")
                    continue
                yield _note(dict(zip(header, row, strict=True)), where)
    except UnicodeDecodeError as error:
        raise SourceError("the file is not UTF-8", where=str(path), mend="ingest it first, or convert it") from error
    except csv.Error as error:
        raise SourceError(f"the CSV cannot be read: {error}", where=str(path), mend="check its quotes") from error


def _parquet(path: Path) -> Iterator[Note | UnreadNote]:
    import duckdb

    with closing(duckdb.connect()) as database:
        try:
            relation = database.read_parquet(str(path))
            _require([name.lower() for name in relation.columns], path)
            wanted = [name for name in relation.columns if name.lower() in ("note_id", "note_text", "note_date")]
            cursor = relation.select(*(duckdb.ColumnExpression(name) for name in wanted))
            number = 0
            while rows := cursor.fetchmany(_ROWS_AT_ONCE):
                for row in rows:
                    number += 1
                    yield _note(
                        dict(zip((name.lower() for name in wanted), row, strict=True)), f"{path.name}, row {number}"
                    )
        except duckdb.Error as error:
            raise SourceError("it is not a parquet file that can be read", where=str(path)) from error


def _require(header: list[str], path: Path) -> None:
    missing = [name for name in ("note_id", "note_text") if name not in header]
    if missing:
        raise SourceError(
            f"no column {' and no column '.join(missing)}", where=str(path), mend="name the columns as OMOP's NOTE does"
        )


def _note(row: dict[str, Any], where: str) -> Note | UnreadNote:
    identity, text, when = row.get("note_id"), row.get("note_text"), row.get("note_date")
    if identity is None or not str(identity).strip():
        return UnreadNote(where, "note_id is empty")
    if not isinstance(text, str) or not text.strip():
        return UnreadNote(where, "note_text is empty")
    if text.find("\0") >= 0:
        return UnreadNote(where, "note_text has a NUL character")
    day = _day(when)
    if day is None and when not in (None, ""):
        return UnreadNote(where, "note_date is no ISO 8601 date")
    return Note(str(identity).strip(), text, day, where)


def _day(value: object) -> date | None:
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    if not isinstance(value, str):
        return None
    try:
        return date.fromisoformat(value.strip()[:10])
    except ValueError:
        return None
