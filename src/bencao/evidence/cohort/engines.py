"""Where the plans of a cohort run: DuckDB here, or Spark by URL, over the tables of a common data model."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Protocol

import ibis

from bencao.evidence.cohort.model import NEEDED, Model
from bencao.evidence.errors import StudyDataError
from bencao.kernel.errors import EngineMissing


class Engine(Protocol):
    """A database whose tables plans may name."""

    model: Model

    def keep(self, name: str, plan: Any) -> Any:
        """Run a plan once and hold its rows under a name; gives them as an expression."""

    def rows(self, plan: Any) -> Any:
        """Run a plan; gives its rows as a pandas.DataFrame."""

    def close(self) -> None:
        """Let go of what it holds."""


class DuckCohorts:
    """A database opened by the records room, in DuckDB."""

    def __init__(self, source: Path) -> None:
        from bencao.evidence.cohort.opening import open_records

        self._database = open_records(source)
        self._connection = self._database.connection
        self._connection.execute("SET schema = 'cdm'")
        self.model = Model({name: frozenset(one.columns) for name, one in self._database.tables.items()})

    def keep(self, name: str, plan: Any) -> Any:
        self._connection.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS {ibis.to_sql(plan, dialect='duckdb')}")
        return ibis.table(plan.schema(), name=name)

    def rows(self, plan: Any) -> Any:
        return self._connection.execute(str(ibis.to_sql(plan, dialect="duckdb"))).df()

    def close(self) -> None:
        self._database.close()


class SparkCohorts:
    """A folder of TABLE.parquet, on Spark at a master such as ``local[2]``."""

    def __init__(self, source: Path, master: str) -> None:
        from bencao.kernel.tables import SparkStore

        store = SparkStore(master)
        assert ibis.pyspark  # loads the options that its compiler reads
        self._session: Any = store._session
        columns: dict[str, frozenset[str]] = {}
        for name in NEEDED:
            if (source / f"{name}.parquet").exists():
                table = store.scan(source / f"{name}.parquet").to_native()
                table.createOrReplaceTempView(name)
                columns[name] = frozenset(table.columns)
        if not columns:
            raise StudyDataError(
                "holds no TABLE.parquet of the common data model", where=source.name, mend="bencao records load"
            )
        self.model = Model(columns)

    def keep(self, name: str, plan: Any) -> Any:
        self._session.sql(str(ibis.to_sql(plan, dialect="pyspark"))).cache().createOrReplaceTempView(name)
        return ibis.table(plan.schema(), name=name)

    def rows(self, plan: Any) -> Any:
        return self._session.sql(str(ibis.to_sql(plan, dialect="pyspark"))).toArrow().to_pandas()

    def close(self) -> None:
        """The session stays: the process may use it again; what was kept is let go of."""
        self._session.catalog.clearCache()


def open_engine(source: Path, url: str = "duckdb:") -> Engine:
    """Open a database of the common data model.

    Parameters
    ----------
    source : Path
        As `bencao.records` opens one: a folder or archive of CSV or Parquet files, or a DuckDB file. For Spark a folder
        of TABLE.parquet.
    url : str
        ``duckdb:``, ``spark:local[2]``, ``spark://HOST:PORT``.

    Returns
    -------
    Engine

    Raises
    ------
    SourceError
        What is no such database.
    StudyDataError
        A folder without the model's tables.
    EngineMissing
        An engine that is not known or not installed.
    """
    kind, _, rest = url.partition(":")
    if kind == "duckdb":
        return DuckCohorts(source)
    if kind == "spark":
        return SparkCohorts(source, url if rest.startswith("//") else rest or "local[*]")
    raise EngineMissing(f"no engine {kind} for cohorts", where=url[:20], mend="give duckdb: or spark:local[2]")
