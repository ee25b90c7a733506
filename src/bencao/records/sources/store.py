"""Stage the tables of a database by its URL; a connection that drops leaves nothing half-read."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

import duckdb

from bencao.kernel.errors import EngineMissing
from bencao.records.errors import SourceError
from bencao.records.sources.staging import Staging
from bencao.records.sources.text import distinct
from bencao.records.sql import identifier

_BATCH = 20_000  # rows


class _Opened(Protocol):
    """A connection by Python's database interface (PEP 249), as far as it is used."""

    def cursor(self) -> Any: ...

    def close(self) -> None: ...


def stage_store(url: str, staging: Staging, tables: tuple[str, ...] = ()) -> None:
    """Stage tables of a database.

    Parameters
    ----------
    url : str
        ``duckdb:///FILE``, ``sqlite:///FILE``, ``postgresql://USER:PASSWORD@HOST/DATABASE``.
    staging : Staging
    tables : tuple of str
        All of them where none is named; with a schema as ``schema.table`` where it is not the default.

    Raises
    ------
    EngineMissing
        A kind of database that is not known, or whose package is not installed.
    SourceError
        A database that cannot be opened, lacks a table, or drops the connection; nothing of it is staged then.
    """
    kind = urlsplit(url).scheme
    where = f"{kind} database"
    if kind not in _OPENERS:
        raise EngineMissing(f"no kind of database {kind}", mend=f"give one of {', '.join(_OPENERS)}")
    opener, listing = _OPENERS[kind]
    faults = _faults(kind)
    try:
        connection = opener(url)
    except faults as error:  # its message may hold a password
        raise SourceError(
            f"cannot be opened ({type(error).__name__})", where=where, mend="check its URL and your rights"
        ) from None
    try:
        with closing(connection):
            there = [str(name) for (name,) in _fetched(connection, listing)]
            if missing := [name for name in tables if name not in there]:
                raise SourceError(f"has no table {missing[0]}", where=where, mend="see its list of tables")
            for name in tables or there:
                _stage_table(connection, kind, name, staging)
    except faults as error:  # its message may hold a patient
        raise SourceError(
            f"the connection was lost, or a table cannot be read ({type(error).__name__})",
            where=where,
            mend="run the same command again; nothing was kept of this run",
        ) from None


def _stage_table(connection: _Opened, kind: str, name: str, staging: Staging) -> None:
    cursor = connection.cursor()
    quoted = ".".join(map(identifier, name.split(".")))
    cursor.execute(f"SELECT * FROM {quoted}")
    columns, told = distinct([str(one[0]) for one in cursor.description]), staging.free(name)

    def records() -> Iterator[tuple[str, int, list[str | None]]]:
        number = 0
        while rows := cursor.fetchmany(_BATCH):
            for row in rows:
                number += 1
                yield f"{kind}:{name}", number, [None if cell is None else str(cell) for cell in row]

    staging.add(told, staging.write(told, columns, records()))


def _fetched(connection: _Opened, text: str) -> list[Any]:
    cursor = connection.cursor()
    cursor.execute(text)
    found: list[Any] = cursor.fetchall()
    return found


def _file_of(url: str) -> str:
    path = urlsplit(url).path
    if not Path(path).is_file():  # both engines would make a new one
        raise SourceError("is absent", where=Path(path).name or "database", mend="give the path after three slashes")
    return path


def _open_duckdb(url: str) -> _Opened:
    connection: _Opened = duckdb.connect(_file_of(url), read_only=True)
    return connection


def _open_sqlite(url: str) -> _Opened:
    return sqlite3.connect(f"file:{_file_of(url)}?mode=ro", uri=True)


def _open_postgres(url: str) -> _Opened:
    try:
        import psycopg
    except ModuleNotFoundError as error:
        raise EngineMissing(f"Postgres needs {error.name}", mend="pip install 'bencao[postgres]'") from None
    connection: _Opened = psycopg.connect(url, cursor_factory=psycopg.Cursor)
    return connection


def _faults(kind: str) -> tuple[type[Exception], ...]:
    if kind == "duckdb":
        return (duckdb.Error,)
    if kind == "sqlite":
        return (sqlite3.Error,)
    try:
        import psycopg
    except ModuleNotFoundError:
        return (OSError,)
    return (psycopg.Error, OSError)


_POSTGRES_TABLES = (
    "SELECT CASE WHEN table_schema = current_schema() THEN table_name ELSE table_schema || '.' || table_name END "
    "FROM information_schema.tables WHERE table_schema NOT IN ('pg_catalog', 'information_schema') ORDER BY 1"
)
_OPENERS = {
    "duckdb": (_open_duckdb, "SELECT table_name FROM duckdb_tables() WHERE NOT internal ORDER BY 1"),
    "sqlite": (_open_sqlite, "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY 1"),
    "postgres": (_open_postgres, _POSTGRES_TABLES),
    "postgresql": (_open_postgres, _POSTGRES_TABLES),
}
