"""The data of a folder: what is there, which columns and tables they have, and data that come in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

import duckdb

from bencao.evidence.browse.folder import StudyFolder
from bencao.evidence.errors import StudyDataError
from bencao.kernel.files import writing
from bencao.kernel.ledger import record


@dataclass(frozen=True)
class DataRow:
    """Data in the list.

    Attributes
    ----------
    name : str
    form : {"table", "omop"}
    size : int or None
        Bytes; None of a folder.
    """

    name: str
    form: str
    size: int | None


@dataclass(frozen=True)
class DataView:
    """Data before a study: their shape, and none of their values.

    Attributes
    ----------
    name : str
    form : {"table", "omop"}
    persons : int
        Rows of a table; of a database those of its table person.
    parts : tuple of (str, str)
        Columns of a table with their types; of a database its tables with their columns' number, or what is wrong.
    """

    name: str
    form: str
    persons: int
    parts: tuple[tuple[str, str], ...]


def show_all_data(opened: StudyFolder) -> tuple[DataRow, ...]:
    """What a study may run over."""
    return tuple(DataRow(one.name, form, one.stat().st_size if one.is_file() else None) for one, form in opened.data())


def show_data(opened: StudyFolder, name: str) -> DataView:
    """The shape of data.

    Raises
    ------
    InputError, StudyDataError, SourceError
        What is not there or cannot be read.
    """
    place, form = opened.known_data(name)
    if form == "omop":
        from bencao.evidence.cohort.opening import open_records

        with open_records(place) as database:
            persons = database.connection.execute("SELECT count(*) FROM cdm.person").fetchone()
            parts = tuple((one, str(len(table.columns))) for one, table in sorted(database.tables.items()))
            return DataView(name, form, persons[0] if persons else 0, parts)
    read = "read_parquet" if place.suffix.lower() == ".parquet" else "read_csv"
    try:
        with duckdb.connect(":memory:") as connection:
            told = connection.execute(f"DESCRIBE SELECT * FROM {read}(?)", [str(place)]).fetchall()
            counted = connection.execute(f"SELECT count(*) FROM {read}(?)", [str(place)]).fetchone()
    except duckdb.Error as error:  # what it says may quote a row
        cause = f"is no table ({type(error).__name__})"
        raise StudyDataError(cause, where=name, mend="give .csv in UTF-8 or .parquet") from None
    return DataView(
        name, form, counted[0] if counted else 0, tuple((column, kind.lower()) for column, kind, *_ in told)
    )


@contextmanager
def receiving(opened: StudyFolder, name: str) -> Iterator[BinaryIO]:
    """Write data that come in, whole or not at all, with an entry in the ledger.

    Parameters
    ----------
    opened : StudyFolder
    name : str
        Of a file that is not there yet; its ending tells its form.

    Yields
    ------
    binary stream

    Raises
    ------
    InputError
        A name that cannot be taken, or a file that cannot be written.
    """
    place = opened.new_data(name)
    with record(opened.workspace, "evidence receive", public=()) as job:
        with writing(place) as stream:
            yield stream
        job.generated(place)
