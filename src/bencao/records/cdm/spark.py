"""The tables of an open database on Spark, asked by the same statements as in DuckDB."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from bencao.kernel.errors import EngineMissing
from bencao.kernel.tables import SparkStore, open_store
from bencao.records.cdm.database import Database
from bencao.records.cdm.definition import cdm_tables
from bencao.records.errors import SourceError
from bencao.records.sql import literal


class SparkConnection:
    """Runs DuckDB's statements over the tables of the model on Spark.

    Parameters
    ----------
    store : SparkStore
    database : Database
        Its typed tables are handed over as Parquet, which Spark reads until `close`.
    """

    def __init__(self, store: SparkStore, database: Database) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="bencao-spark-")
        self._session: Any = store._session
        self._session.conf.set("spark.sql.session.timeZone", "UTC")
        for name in database.tables:
            path = Path(self._folder.name) / f"{name}.parquet"
            database.connection.execute(f"COPY cdm.{name} TO {literal(path)} (FORMAT PARQUET)")
            # Its schema is told, as to look it up is a job of Spark's for each table.
            schema = ", ".join(f"`{column}` {_type(name, column)}" for column in database.tables[name].columns)
            self._session.read.schema(schema).parquet(str(path)).createOrReplaceTempView(f"cdm_{name}")
        self._views = tuple(f"cdm_{name}" for name in database.tables)

    def execute(self, statement: str) -> _Rows:
        """Run a statement that asks.

        Raises
        ------
        SourceError
            Where Spark cannot run it; its message is kept back, as it may quote a value.
        """
        from pyspark.errors import PySparkException

        try:
            found = self._session.sql(in_spark(statement)).collect()
        except PySparkException as error:
            raise SourceError(f"Spark could not run a check ({type(error).__name__})", where="Spark") from error
        return _Rows([tuple(row) for row in found])

    def close(self) -> None:
        """Drop the views and what they read; the session stays: the process may use it again."""
        for view in self._views:
            self._session.catalog.dropTempView(view)
        self._folder.cleanup()


class _Rows:
    """What a statement gave."""

    def __init__(self, rows: Sequence[tuple[Any, ...]]) -> None:
        self._rows = list(rows)

    def fetchall(self) -> list[tuple[Any, ...]]:
        return self._rows

    def fetchone(self) -> tuple[Any, ...] | None:
        return self._rows[0] if self._rows else None


def _type(table: str, column: str) -> str:
    kind = cdm_tables()[table].fields[column].sql_type
    return {"VARCHAR": "STRING", "TIMESTAMP": "TIMESTAMP_NTZ", "DOUBLE PRECISION": "DOUBLE"}.get(kind, kind)


def in_spark(statement: str) -> str:
    """A statement of DuckDB's over tables of the schema ``cdm``, as Spark says it over views ``cdm_TABLE``."""
    import sqlglot
    from sqlglot import exp

    tree = sqlglot.parse_one(statement, read="duckdb")
    for table in tree.find_all(exp.Table):
        if table.db == "cdm":
            table.set("db", None)
            table.set("this", exp.to_identifier(f"cdm_{table.name}"))
    return tree.sql(dialect="spark")


def on_engine(database: Database, engine: str) -> Database:
    """The same database, asked where an engine's URL says; closing it closes what it was opened from.

    Parameters
    ----------
    database : Database
        As `open_database` gives it.
    engine : str
        ``duckdb:``, where it is already, or ``spark:local[2]``, ``spark://HOST:PORT``; a cluster's workers must
        reach this machine's folder for temporary files.

    Raises
    ------
    EngineMissing
        An engine that is not known or not installed.
    """
    if engine == "duckdb:":
        return database
    if not engine.startswith("spark:"):
        raise EngineMissing(
            "no engine for checks", where=engine.partition(":")[0][:20], mend="give duckdb: or spark:local[2]"
        )
    store = open_store(engine)
    assert isinstance(store, SparkStore)
    return replace(database, connection=SparkConnection(store, database))
