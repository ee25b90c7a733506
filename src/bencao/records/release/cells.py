"""The smallest cell: no value is released, and no number told, that is about fewer persons than the house allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from bencao.records.release.cohort import Step
from bencao.records.release.columns import TABLES, Treatment, treatment_of
from bencao.records.release.extracting import columns_of
from bencao.records.release.request import Request

_LONG = 10_000_000  # a whole number of eight digits and more has the form of a phone, an id or a day


@dataclass(frozen=True)
class SmallCells:
    """Values of a column that too few persons hold.

    Attributes
    ----------
    table, column : str
    values : int
        How many such values.
    rows : int
        Rows with one of them.
    whole_rows : bool
        The rows are left out; else only the value is.
    """

    table: str
    column: str
    values: int
    rows: int
    whole_rows: bool


def small_cells(connection: Any, request: Request, table: str, columns: Sequence[str]) -> list[SmallCells]:
    """Withhold the values of ``picked_TABLE`` that fewer than the minimum of persons hold, and count them.

    The concept by which a row has its meaning is looked at first: without it the row is left out. Of numbers only long
    ones are looked at, as an identifier in the wrong column would be.

    Parameters
    ----------
    connection : duckdb.DuckDBPyConnection
    request : Request
    table : str
    columns : sequence of str
        Those that the database has.

    Returns
    -------
    list of SmallCells
    """
    meaning = TABLES[table].concept
    kinds = {name: treatment_of(table, name) for name in columns_of(request, table)}
    codes = [name for name, kind in kinds.items() if kind in (Treatment.CODE, Treatment.NUMBER)]
    if meaning and meaning in columns and meaning in codes:
        codes = [meaning, *(name for name in codes if name != meaning)]
    found = []
    for name in codes:
        long = f"abs({name}) >= {_LONG} AND {name} = floor({name})" if kinds[name] is Treatment.NUMBER else "true"
        small = (
            f"SELECT {name} FROM picked_{table} WHERE {name} IS NOT NULL AND {long} GROUP BY {name} "
            f"HAVING count(DISTINCT person_id) < {request.privacy.minimum_cell}"
        )
        values, rows = connection.execute(
            f"SELECT count(DISTINCT {name}), count(*) FROM picked_{table} WHERE {name} IN ({small})"
        ).fetchone()
        if not values:
            continue
        whole = name == meaning
        action = f"DELETE FROM picked_{table}" if whole else f"UPDATE picked_{table} SET {name} = NULL"
        connection.execute(f"{action} WHERE {name} IN ({small})")
        found.append(SmallCells(table, name, int(values), int(rows), whole))
    return found


def withheld_steps(steps: Sequence[Step], least: int) -> list[Step | None]:
    """The steps of a cohort, None where its number would tell how few persons a step took.

    Of any two numbers told, the difference is nought or at least the minimum.
    """
    told: list[Step | None] = []
    last: int | None = None
    for step in reversed(steps):
        if last is None or step.persons == last or step.persons - last >= least:
            told.append(step)
            last = step.persons
        else:
            told.append(None)
    return told[::-1]
