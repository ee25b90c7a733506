"""Open what a study runs over: a table with one row a person, or a database of the common data model."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def files_of(data: Path) -> tuple[Path, ...]:
    """The file, or all files of a folder, in order."""
    return tuple(path for path in (sorted(data.rglob("*")) if data.is_dir() else [data]) if path.is_file())


@contextmanager
def open_study_data(form: str, data: Path, engine: str = "duckdb:") -> Iterator[Any]:
    """The table, or the engine over the database; closed afterwards.

    Parameters
    ----------
    form : {"table", "omop"}
        As the protocol's ``data:`` says.
    data : Path
    engine : str
        See `bencao.evidence.cohort.engines.open_engine`.

    Raises
    ------
    StudyDataError, SourceError, EngineMissing
    """
    if form == "table":
        from bencao.evidence.estimators.data.reading import read_table

        yield read_table(data)
        return
    from bencao.evidence.cohort.engines import open_engine

    opened = open_engine(data, engine)
    try:
        yield opened
    finally:
        opened.close()
