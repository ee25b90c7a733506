"""Run a plan: DuckDB here, Spark or Postgres by URL; each writes the same rows."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import duckdb
import ibis
import pyarrow as pa
import pyarrow.parquet as pq

from bencao.kernel.errors import ComputeError, EngineMissing
from bencao.records.errors import SourceError
from bencao.records.sql import identifier, literal

_GROUP = 250_000
_ROWS = 20_000  # that are Python's own objects at a time


class Engine(Protocol):
    """Where plans run."""

    def take(self, name: str, path: Path) -> None:
        """Take in a staged table."""

    def know(self, name: str, table: pa.Table) -> None:
        """Take in a lookup table."""

    def write(self, plan: Any, path: Path) -> None:
        """Run a plan, and write its rows to a Parquet file."""

    def close(self) -> None:
        """Let go of what it holds."""


class DuckEngine:
    """DuckDB in this process."""

    def __init__(self, threads: int = 2, memory: str = "4GB") -> None:
        self._connection = duckdb.connect(":memory:", config={"threads": threads, "memory_limit": memory})
        self._held: dict[str, pa.Table] = {}

    def take(self, name: str, path: Path) -> None:
        self._connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet({literal(path)})")

    def know(self, name: str, table: pa.Table) -> None:
        self._held[name] = table
        self._connection.register(name, table)

    def write(self, plan: Any, path: Path) -> None:
        text = ibis.to_sql(plan, dialect="duckdb")
        self._connection.execute(f"COPY ({text}) TO {literal(path)} (FORMAT PARQUET, COMPRESSION LZ4_RAW)")

    def close(self) -> None:
        self._connection.close()


class SparkEngine:
    """Spark, at a master such as ``local[2]``."""

    def __init__(self, master: str) -> None:
        from bencao.kernel.tables import SparkStore

        assert ibis.pyspark  # loads the options that its compiler reads
        self._session: Any = SparkStore(master)._session
        self._session.conf.set("spark.sql.session.timeZone", "UTC")
        self._session.conf.set("spark.sql.parquet.outputTimestampType", "TIMESTAMP_MICROS")

    def take(self, name: str, path: Path) -> None:
        self._session.read.parquet(str(path)).createOrReplaceTempView(name)

    def know(self, name: str, table: pa.Table) -> None:
        self._session.createDataFrame(table).createOrReplaceTempView(name)

    def write(self, plan: Any, path: Path) -> None:
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException
        from pyspark.sql import functions, types

        frame = self._session.sql(str(ibis.to_sql(plan, dialect="pyspark")))
        empty = [field.name for field in frame.schema if isinstance(field.dataType, types.NullType)]
        frame = frame.withColumns({name: functions.col(name).cast("string") for name in empty})
        parts = path.with_name(f"{path.name}.parts")
        try:  # Spark writes, so that the rows never stand in one memory
            frame.write.mode("overwrite").parquet(str(parts.absolute()))
            _join(sorted(parts.glob("part-*.parquet")), path)
        except (Py4JError, PySparkException, ConnectionError) as error:  # their messages may hold a value
            mend = "give Spark more memory or disk (spark.driver.memory, spark.local.dir)"
            raise ComputeError(f"Spark stopped ({type(error).__name__})", where=path.name, mend=mend) from None
        finally:
            shutil.rmtree(parts, ignore_errors=True)

    def close(self) -> None:
        """The session stays: the process may use it again."""


class PostgresEngine:
    """Postgres by its URL; everything is in temporary tables of one connection."""

    def __init__(self, url: str) -> None:
        try:
            import psycopg
        except ModuleNotFoundError as error:
            raise EngineMissing(f"Postgres needs {error.name}", mend="pip install 'bencao[postgres]'") from None
        try:
            self._connection = psycopg.connect(url, autocommit=True)
        except psycopg.Error as error:  # its message may hold a password
            raise SourceError(
                f"cannot be opened ({type(error).__name__})", where="Postgres", mend="check its URL and your rights"
            ) from None

    def take(self, name: str, path: Path) -> None:
        with pq.ParquetFile(path) as file:
            self._put(name, file.schema_arrow, file.iter_batches(_ROWS))

    def know(self, name: str, table: pa.Table) -> None:
        self._put(name, table.schema, table.to_batches(max_chunksize=_ROWS))

    def _put(self, name: str, schema: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
        columns = ", ".join(f"{identifier(field.name)} {_POSTGRES[str(field.type)]}" for field in schema)
        with self._asked(name):
            self._connection.execute(f'CREATE TEMPORARY TABLE "{name}" ({columns})')
            with self._connection.cursor().copy(f'COPY "{name}" FROM STDIN') as copy:
                for batch in batches:
                    for row in zip(*(column.to_pylist() for column in batch.columns), strict=True):
                        copy.write_row(row)

    def write(self, plan: Any, path: Path) -> None:
        schema = plan.schema().to_pyarrow()
        written = _naive(schema.empty_table()).schema
        with self._asked(path.name), self._connection.transaction(), self._connection.cursor("rows") as rows:
            rows.execute(str(ibis.to_sql(plan, dialect="postgres")))
            with pq.ParquetWriter(path, written) as file:
                while some := rows.fetchmany(_ROWS):  # from a cursor of the server: the rest stays there
                    columns = zip(*some, strict=True)
                    arrays = [pa.array(one, field.type) for one, field in zip(columns, schema, strict=True)]
                    file.write_table(pa.Table.from_arrays(arrays, schema=schema).cast(written))

    @contextmanager
    def _asked(self, table: str) -> Iterator[None]:
        """Errors of the server by their kind alone: their messages may hold a value."""
        import psycopg

        try:
            yield
        except psycopg.Error as error:
            mend = "see the server's log for the cause, and load again"
            raise ComputeError(f"Postgres stopped ({type(error).__name__})", where=table, mend=mend) from None

    def close(self) -> None:
        self._connection.close()


_POSTGRES = {
    "string": "TEXT",
    "int64": "BIGINT",
    "double": "DOUBLE PRECISION",
    "date32[day]": "DATE",
    "timestamp[us]": "TIMESTAMP",
}


def open_engine(url: str, threads: int = 2) -> Engine:
    """An engine by its URL: ``duckdb:``, ``spark:local[2]``, ``postgresql://…``.

    Raises
    ------
    EngineMissing
        An engine that is not known or not installed.
    """
    kind, _, rest = url.partition(":")
    if kind == "duckdb":
        return DuckEngine(threads)
    if kind == "spark":
        return SparkEngine(url if rest.startswith("//") else rest or "local[*]")
    if kind in ("postgres", "postgresql"):
        return PostgresEngine(url)
    raise EngineMissing(f"no engine {kind}", where=url[:20], mend="give duckdb:, spark:local[2] or postgresql://…")


def _join(parts: list[Path], path: Path) -> None:
    """Parts of a table, in their order, as one file; a group of rows in memory at a time."""
    schema = _naive(pq.read_schema(parts[0]).empty_table()).schema
    with pq.ParquetWriter(path, schema) as writer:
        for part in parts:
            for batch in pq.ParquetFile(part).iter_batches(_GROUP):
                writer.write_table(pa.Table.from_batches([batch]).cast(schema))


def _naive(table: pa.Table) -> pa.Table:
    """Timestamps in microseconds without a zone, and texts as plain strings, as DuckDB writes them."""
    kinds: Mapping[str, pa.DataType] = {
        field.name: pa.timestamp("us") if pa.types.is_timestamp(field.type) else _text(field.type)
        for field in table.schema
    }
    return table.cast(pa.schema([pa.field(name, kind) for name, kind in kinds.items()]))


def _text(kind: pa.DataType) -> pa.DataType:
    return pa.string() if pa.types.is_large_string(kind) or pa.types.is_null(kind) else kind
