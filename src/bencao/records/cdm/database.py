"""Open a database in the OMOP common data model: files, an archive of them, or a DuckDB file."""

from __future__ import annotations

import csv
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Any

import duckdb

from bencao.records.cdm.definition import Field, Table, cdm_tables
from bencao.records.errors import SchemaError, SourceError
from bencao.records.sql import identifier, literal

_INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
_MOST_UNPACKED = 64 << 30  # bytes


@dataclass(frozen=True)
class OpenTable:
    """A table as it was found.

    Attributes
    ----------
    name : str
    rows : int
    columns : tuple of str
        Those of the model that it has.
    lacking, unknown : tuple of str
        Columns of the model that it lacks, and columns that the model does not have.
    uncast : dict of str
        How many values of a column are not of the column's type; such a value is null in the table.
    """

    name: str
    rows: int
    columns: tuple[str, ...]
    lacking: tuple[str, ...]
    unknown: tuple[str, ...]
    uncast: Mapping[str, int]


@dataclass
class Database:
    """A database in the common data model, typed by it.

    Attributes
    ----------
    source : str
        Its name, without a path.
    connection : duckdb.DuckDBPyConnection
        Its tables stand in the schema ``cdm``, in lower case.
    tables : dict of OpenTable
        Those that can be used.
    problems : tuple of SchemaError
        What is malformed, table by table; `broken` names the tables that cannot be used at all.
    broken : tuple of str
    """

    source: str
    connection: Any
    tables: dict[str, OpenTable]
    problems: tuple[SchemaError, ...]
    broken: tuple[str, ...]
    _folder: tempfile.TemporaryDirectory[str] | None = field(default=None, repr=False)

    def __enter__(self) -> Database:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the tables and of what was unpacked."""
        self.connection.close()
        if self._folder:
            self._folder.cleanup()


def open_database(source: str | Path, *, threads: int = 2, memory: str = "6GB") -> Database:
    """Open a database in the OMOP common data model 5.4.

    Parameters
    ----------
    source : path
        A folder or a ``.zip`` of CSV or Parquet files named after their tables, in any case; or a DuckDB file.
    threads : int
    memory : str
        Most that DuckDB may take; beyond it goes to the disk.

    Returns
    -------
    Database
        With a `SchemaError` for each malformed table; the others can be used.

    Raises
    ------
    SourceError
        What is absent, is no such database, or holds none of the model's tables.
    """
    path = Path(source)
    if not path.exists():
        raise SourceError(
            "is absent", where=path.name, mend="give a folder, a .zip or a DuckDB file of an OMOP database"
        )
    connection = duckdb.connect(":memory:", config={"threads": threads, "memory_limit": memory})
    folder = None
    if path.suffix.lower() == ".zip":
        folder = _unpacked(path)
        found = _files_of(Path(folder.name))
    elif path.is_dir():
        found = _files_of(path)
    else:
        found = _attached(connection, path)
    if not found:
        connection.close()
        raise SourceError("holds none of the model's tables", where=path.name, mend="name files after their tables")
    connection.execute("CREATE SCHEMA cdm")
    tables: dict[str, OpenTable] = {}
    problems: list[SchemaError] = []
    broken: list[str] = []
    for name, relation in sorted(found.items()):
        try:
            table = _open_table(connection, cdm_tables()[name], relation)
        except (duckdb.Error, SchemaError) as error:
            broken.append(name)
            problems.append(error if isinstance(error, SchemaError) else _unreadable(name, error))
            continue
        tables[name] = table
        problems.extend(_faults_of(table))
    return Database(path.name, connection, tables, tuple(problems), tuple(broken), folder)


def _files_of(folder: Path) -> dict[str, str]:
    """What reads each table, by its name; macOS's shadow files are left out."""
    found: dict[str, str] = {}
    for path in sorted(folder.rglob("*")):
        name, ending = path.stem.lower(), path.suffix.lower()
        if name not in cdm_tables() or "__MACOSX" in path.parts or not path.is_file():
            continue
        if ending == ".parquet":
            found[name] = f"read_parquet({literal(path)})"
        elif ending in (".csv", ".tsv"):
            found.setdefault(name, _csv(path))
    return found


def _csv(path: Path) -> str:
    """What reads a text file by its header; nothing is guessed, as guessing takes longer than reading."""
    with path.open(encoding="utf-8-sig", errors="replace") as file:
        line = file.readline(1 << 16)
    delimiter = "\t" if line.count("\t") > line.count(",") else ","
    header = next(csv.reader([line], delimiter=delimiter), [])
    names = [name or f"column{place}" for place, name in enumerate(header)]
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    told = f"delim='{delimiter}', quote='\"', escape='\"', nullstr='', header=true"
    return f"read_csv({literal(path)}, auto_detect=false, {told}, columns={{{columns}}})"


def _attached(connection: Any, path: Path) -> dict[str, str]:
    try:
        connection.execute(f"ATTACH {literal(path)} AS origin (READ_ONLY)")
    except duckdb.Error as error:
        connection.close()
        raise SourceError(
            "is no DuckDB file", where=path.name, mend="give a folder, a .zip or a DuckDB file"
        ) from error
    listed = connection.execute(
        "SELECT schema_name, table_name FROM duckdb_tables() WHERE database_name = 'origin' "
        "UNION SELECT schema_name, view_name FROM duckdb_views() WHERE database_name = 'origin' AND NOT internal"
    ).fetchall()
    return {
        name.lower(): f'origin."{schema}"."{name}"' for schema, name in sorted(listed) if name.lower() in cdm_tables()
    }


def _unpacked(path: Path) -> tempfile.TemporaryDirectory[str]:
    folder = tempfile.TemporaryDirectory(prefix="bencao-omop-")
    try:
        with zipfile.ZipFile(path) as archive:
            members = [one for one in archive.infolist() if Path(one.filename).stem.lower() in cdm_tables()]
            if sum(one.file_size for one in members) > _MOST_UNPACKED:
                raise SourceError("unpacks to more than 64 GB", where=path.name, mend="unpack it, and give the folder")
            for one in members:
                if not one.is_dir() and "__MACOSX" not in one.filename:
                    archive.extract(one, folder.name)  # keeps within the folder
    except (zipfile.BadZipFile, zlib.error, OSError, RuntimeError, EOFError) as error:
        folder.cleanup()
        raise SourceError("is no archive that can be read", where=path.name, mend="pack it anew") from error
    except SourceError:
        folder.cleanup()
        raise
    return folder


def _open_table(connection: Any, table: Table, relation: str) -> OpenTable:
    described = connection.execute(f"DESCRIBE SELECT * FROM {relation}").fetchall()
    types = {str(name).lower(): (str(name), str(kind)) for name, kind, *_ in described}
    columns = tuple(name for name in table.fields if name in types)
    if not columns:
        raise SchemaError(
            f"none of its {len(types)} columns is of the model",
            where=table.name,
            mend="give its first line the names of the columns",
        )
    casts = [_Cast(table.fields[name], *types[name]) for name in columns]
    selected = ", ".join(f'{one.value} AS "{one.name}"' for one in casts)
    connection.execute(f"CREATE TABLE cdm.{table.name} AS SELECT {selected} FROM {relation}")
    faulty = [one for one in casts if one.fault]
    counted = ", ".join(["count(*)", *(f"count(*) FILTER (WHERE {one.fault})" for one in faulty)])
    rows, *counts = connection.execute(f"SELECT {counted} FROM {relation}").fetchone()
    uncast = {one.name: count for one, count in zip(faulty, counts, strict=True) if count}
    lacking = tuple(name for name in table.fields if name not in types)
    unknown = tuple(sorted(types[name][0] for name in types if name not in table.fields))
    return OpenTable(table.name, rows, columns, lacking, unknown, uncast)


class _Cast:
    """How a column becomes what the model says, and which of its values do not."""

    def __init__(self, field: Field, column: str, kind: str) -> None:
        self.name = field.name
        quoted = identifier(column)
        wanted = field.sql_type
        self.value = quoted if kind == wanted else f"TRY_CAST({quoted} AS {wanted})"
        self.fault = ""
        if wanted == "BIGINT" and kind == "VARCHAR":
            whole = f"regexp_full_match(trim({quoted}), '[+-]?[0-9]+')"
            self.value = f"CASE WHEN {whole} THEN TRY_CAST({quoted} AS BIGINT) END"
            self.fault = f"{quoted} IS NOT NULL AND ({self.value}) IS NULL"
        elif wanted == "BIGINT" and kind not in _INTEGERS:
            number = f"TRY_CAST({quoted} AS DOUBLE)"
            self.value = f"CASE WHEN {number} = floor({number}) THEN TRY_CAST({quoted} AS BIGINT) END"
            self.fault = f"{quoted} IS NOT NULL AND ({self.value}) IS NULL"
        elif kind != wanted and wanted != "VARCHAR" and not (wanted == "BIGINT" and kind in _INTEGERS):
            self.fault = f"{quoted} IS NOT NULL AND {self.value} IS NULL"


def _faults_of(table: OpenTable) -> Iterator[SchemaError]:
    if table.lacking:
        yield SchemaError(
            f"lacks {', '.join(table.lacking)}", where=table.name, mend="add the columns; they may be empty"
        )
    if table.unknown:
        yield SchemaError(
            f"{len(table.unknown)} columns are not of the model: {', '.join(table.unknown)}",
            where=table.name,
            mend="remove them, or bring them into a table of the model",
        )
    for name, count in table.uncast.items():
        kind = cdm_tables()[table.name].fields[name].datatype
        yield SchemaError(
            f"{count:,} values are no {kind}",
            where=f"{table.name}.{name}",
            mend="mend them where the table is made; they count as missing here",
        )


def _unreadable(name: str, error: duckdb.Error) -> SchemaError:
    # DuckDB's message may quote the line, and with it a patient; only its kind is told.
    return SchemaError(f"cannot be read ({type(error).__name__})", where=name, mend="write the file anew")
