"""Spontaneous reports as one table, and how the files that carry them are read."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from bencao.kernel.errors import InputError

# A row for each pair of a drug and an event of a report.
COLUMNS = ("report", "drug", "event", "role", "sex", "age", "country", "received", "serious")


@dataclass(frozen=True)
class Reports:
    """What a release of a spontaneous reporting system comes to.

    Attributes
    ----------
    table : DataFrame
        The columns of `COLUMNS`, by report, drug and event; `age` in years, `received` as CCYY-MM-DD.
    reports : int
        Cases in it.
    superseded, deleted : int
        Versions that a later one replaced, and cases that the source took back.
    problems : tuple of InputError
        Lines that could not be read; the others are in the table.
    """

    table: pl.DataFrame
    reports: int
    superseded: int
    deleted: int
    problems: tuple[InputError, ...]


def load(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    paths: Sequence[Path],
    needed: Sequence[str],
    optional: Sequence[str] = (),
    *,
    separator: str,
    quote: str,
    encoding: str,
    other_names: dict[str, str] | None = None,
) -> list[InputError]:
    """Load files of one kind into a table of text columns; a column that a file's release had not is empty.

    Returns
    -------
    list of InputError
        Lines left out, with file and line.

    Raises
    ------
    InputError
        A file that cannot be read, or lacks a needed column.
    """
    columns = (*needed, *optional)
    connection.execute(f"CREATE TABLE {name} ({', '.join(f'{column} VARCHAR' for column in columns)})")
    problems: list[InputError] = []
    for path in paths:
        head = _head(path, separator, quote, encoding)
        known = {(other_names or {}).get(column, column): place for place, column in enumerate(head)}
        if lacking := [column for column in needed if column not in known]:
            cause = f"no column {', '.join(lacking)} among {', '.join(head)}"
            raise InputError(cause, where=f"{path}: line 1", mend="give the files as they were published")
        kept = ", ".join(f"c{known[column]}" if column in known else "NULL" for column in columns)
        problems += _insert(connection, name, path, len(head), kept, separator, quote, encoding)
    return problems


def _head(path: Path, separator: str, quote: str, encoding: str) -> list[str]:
    try:
        with path.open(encoding=encoding, errors="replace") as handle:
            line = handle.readline().lstrip("\ufeff").rstrip("\r\n")
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path), mend="give a readable file") from None
    return [cell.strip(quote).strip().lower() for cell in line.split(separator)]


def _insert(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    path: Path,
    width: int,
    kept: str,
    separator: str,
    quote: str,
    encoding: str,
) -> list[InputError]:
    named = ", ".join(f"'c{place}': 'VARCHAR'" for place in range(width))
    options = (
        f"delim='{separator}', quote='{quote}', escape='{quote}', header=true, columns={{{named}}}, auto_detect=false, "
        f"null_padding=false, store_rejects=true, max_line_size=4000000, "
        f"rejects_table='rejected', rejects_scan='rejected_scans', new_line='\\n'"
    )
    try:
        with _in_utf8(path, encoding) as read:
            connection.execute(f"INSERT INTO {name} SELECT {kept} FROM read_csv(?, {options})", [str(read)])
        lines = connection.execute(
            "SELECT line, min(error_message) FROM rejected GROUP BY line ORDER BY line"
        ).fetchall()
    except duckdb.Error as error:
        reason = str(error).splitlines()[0]
        raise InputError(f"cannot be read: {reason}", where=str(path), mend="give the file as published") from error
    finally:
        connection.execute("DROP TABLE IF EXISTS rejected; DROP TABLE IF EXISTS rejected_scans")
    return [
        InputError(str(message).splitlines()[0], where=f"{path}: line {line}", mend="correct the line; it is left out")
        for line, message in lines
    ]


@contextmanager
def _in_utf8(path: Path, encoding: str) -> Iterator[Path]:
    """The file in UTF-8, which is all that the reader reads: itself, or a copy for the time of reading."""
    if encoding == "utf-8":
        yield path
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        with (
            path.open(encoding=encoding, errors="replace", newline="") as given,
            copy.open("w", encoding="utf-8", newline="") as made,
        ):
            shutil.copyfileobj(given, made)
        yield copy


def fetched(connection: duckdb.DuckDBPyConnection, query: str) -> pl.DataFrame:
    """What a query gives."""
    table = pl.from_arrow(connection.sql(query).to_arrow_table())
    assert isinstance(table, pl.DataFrame)
    return table
