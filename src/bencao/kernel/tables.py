"""A store of tables: polars in memory, DuckDB or Spark for what outgrows it, behind the same lazy frames."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import duckdb
import narwhals as nw
import polars as pl

from bencao.kernel.errors import EngineMissing, InputError

Frame = nw.LazyFrame[Any]


class Store(Protocol):
    """Where tables are read, kept and computed."""

    def scan(self, path: Path) -> Frame:
        """Open a .csv file (every column a text, what is empty missing) or a .parquet file, without reading it."""
        ...

    def put(self, name: str, table: pl.DataFrame) -> Frame:
        """Take a table in under a name; one that has the name already is replaced."""
        ...

    def rename(self, table: Frame, names: dict[str, str]) -> Frame:
        """Give columns of a scanned table other names, old to new; an old one may hold any character, such as a dot."""
        ...

    def collect(self, plans: list[Frame]) -> list[pl.DataFrame]:
        """Run plans and give their results."""
        ...


class PolarsStore:
    """Tables in memory."""

    def scan(self, path: Path) -> Frame:
        return nw.from_native(_scan(path))

    def put(self, name: str, table: pl.DataFrame) -> Frame:
        return nw.from_native(table.lazy())

    def rename(self, table: Frame, names: dict[str, str]) -> Frame:
        return table.rename(names)

    def collect(self, plans: list[Frame]) -> list[pl.DataFrame]:
        return pl.collect_all([plan.to_native() for plan in plans])


class DuckStore:
    """Tables in a DuckDB database.

    Parameters
    ----------
    database : str
        A file, or ``:memory:``.
    """

    def __init__(self, database: str = ":memory:") -> None:
        self._connection = duckdb.connect(database)

    def scan(self, path: Path) -> Frame:
        relation: Any
        try:
            if path.suffix == ".csv":
                relation = self._connection.read_csv(str(path), all_varchar=True, header=True, na_values="")
            elif path.suffix == ".parquet":
                relation = self._connection.read_parquet(str(path))
            else:
                raise _no_table(path)
        except duckdb.Error as error:
            raise InputError(f"cannot be read: {error}", where=str(path)) from error
        frame: Frame = nw.from_native(relation)
        return frame

    def put(self, name: str, table: pl.DataFrame) -> Frame:
        relation = self._connection.from_arrow(table.to_arrow())
        quoted = name.replace('"', '""')
        self._connection.execute(f'DROP TABLE IF EXISTS "{quoted}"')
        relation.create(name)
        return self._table(name)

    def _table(self, name: str) -> Frame:
        table: Frame = nw.from_native(self._connection.table(name))
        return table

    def rename(self, table: Frame, names: dict[str, str]) -> Frame:
        return table.rename(names)

    def collect(self, plans: list[Frame]) -> list[pl.DataFrame]:
        return [plan.collect("polars").to_native() for plan in plans]


class SparkStore:
    """Tables on Apache Spark.

    Parameters
    ----------
    master : str
        As for Spark: ``local[2]`` for two threads of this machine, ``spark://HOST:PORT``, ``yarn``. A session that
        this process already has is used as it is.

    Raises
    ------
    EngineMissing
        Where PySpark or Java is not installed, or the master does not answer.
    """

    def __init__(self, master: str = "local[*]") -> None:
        try:
            from pyspark.errors import PySparkException
            from pyspark.sql import SparkSession
        except ModuleNotFoundError as error:
            raise EngineMissing(f"Spark needs {error.name}", mend="pip install 'bencao[spark]'") from None
        builder = SparkSession.builder.master(master).appName("bencao").config("spark.ui.enabled", "false")
        builder = builder.config("spark.ui.showConsoleProgress", "false")
        if master.startswith("local"):  # the default of 200 partitions is for a cluster
            builder = builder.config("spark.sql.shuffle.partitions", "4").config("spark.driver.host", "127.0.0.1")
        try:
            self._session: Any = builder.getOrCreate()
        except (PySparkException, OSError) as error:
            cause = " ".join(str(error).split())
            raise EngineMissing(f"Spark does not start: {cause}", where=master, mend="install Java 17") from error
        self._session.sparkContext.setLogLevel("ERROR")

    def scan(self, path: Path) -> Frame:
        from pyspark.errors import PySparkException

        try:
            if path.suffix == ".csv":
                relation = self._session.read.csv(str(path), header=True, nullValue="", escape='"')
            elif path.suffix == ".parquet":
                relation = self._session.read.parquet(str(path))
            else:
                raise _no_table(path)
        except PySparkException as error:
            raise InputError(f"cannot be read: {' '.join(str(error).split())}", where=str(path)) from error
        frame: Frame = nw.from_native(relation)
        return frame

    def put(self, name: str, table: pl.DataFrame) -> Frame:
        relation = self._session.createDataFrame(table.to_arrow())
        relation.createOrReplaceTempView(f"`{name}`")
        frame: Frame = nw.from_native(relation)
        return frame

    def rename(self, table: Frame, names: dict[str, str]) -> Frame:
        # To Spark a dot in a name that it resolves means a field of a struct; here names are taken as they are.
        frame: Frame = nw.from_native(table.to_native().withColumnsRenamed(names))
        return frame

    def collect(self, plans: list[Frame]) -> list[pl.DataFrame]:
        return [plan.collect("polars").to_native() for plan in plans]


def open_store(url: str = "polars:") -> Store:
    """Open a store of tables.

    Parameters
    ----------
    url : str
        ``polars:``, ``duckdb:`` (in memory) or ``duckdb:FILE``; ``spark:local[2]`` (here) or ``spark://HOST:PORT``.

    Returns
    -------
    Store

    Raises
    ------
    EngineMissing
        Where no engine of that name is known.
    """
    engine, _, rest = url.partition(":")
    if engine == "polars":
        return PolarsStore()
    if engine == "duckdb":
        return DuckStore(rest or ":memory:")
    if engine == "spark":
        return SparkStore(url if rest.startswith("//") else rest or "local[*]")
    raise EngineMissing(
        f"no table store {engine}", where=url, mend="give polars:, duckdb: or duckdb:FILE, or spark:local[2]"
    )


def _scan(path: Path) -> pl.LazyFrame:
    try:
        if path.suffix == ".csv":
            return pl.scan_csv(path, infer_schema=False)
        if path.suffix == ".parquet":
            return pl.scan_parquet(path)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise InputError(f"cannot be read: {error}", where=str(path)) from error
    raise _no_table(path)


def _no_table(path: Path) -> InputError:
    return InputError(
        f"no table file: {path.suffix or path.name}", where=str(path), mend="give a .csv or .parquet file"
    )
