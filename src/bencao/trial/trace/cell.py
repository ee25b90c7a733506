"""The records behind one cell of a computed table, those counted apart from those that only decide who is counted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from bencao.trial.display import Cell, Displays, Result, Row, Table
from bencao.trial.display.analysis_set import record_of
from bencao.trial.display.declaration import Block, Column, Display
from bencao.trial.display.listings import Listing
from bencao.trial.display.table import Numbers
from bencao.trial.errors import TraceError
from bencao.trial.trace.lineage import Lineage, Wanted, records_behind

_ADDRESS = re.compile(r"R(\d+)C(\d+)", re.IGNORECASE)
# What tells records of a data set apart, as far as it has them, and what says what they are about.
_KEYS = (
    "USUBJID",
    "PATNUM",
    "PARAMCD",
    "AVISIT",
    "ATPT",
    "QNAM",
    "VISIT",
    "VISITNAME",
    "TRT01P",
    "AEDECOD",
    "IT.AETERM",
)


@dataclass(frozen=True, order=True)
class TracedRecord:
    """A record behind a cell.

    Attributes
    ----------
    dataset : str
    row : int
        From 1.
    keys : tuple of (variable, value)
        What tells it apart, for a reader.
    """

    dataset: str
    row: int
    keys: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class CellTrace:
    """A cell and what is behind it.

    Attributes
    ----------
    table, address : str
    path : tuple of str
        Labels of the row, and the column's heading.
    text, method : str
    results : tuple of Result
    direct : tuple of TracedRecord
        What the results are computed from: analysis records first, then what they were derived from.
    denominator : tuple of TracedRecord
        What only decides what a percentage is of, or which records are counted or picked.
    """

    table: str
    address: str
    path: tuple[str, ...]
    text: str
    method: str
    results: tuple[Result, ...]
    direct: tuple[TracedRecord, ...]
    denominator: tuple[TracedRecord, ...]


def trace_cell(
    table: Table, address: str, displays: Displays, data: Mapping[str, pl.DataFrame], lineage: Lineage
) -> CellTrace:
    """Name the records behind a cell.

    Parameters
    ----------
    table : Table
        Computed from `displays` and `data`.
    address : str
        Such as ``R3C2``, counted from 1 over the rows of the body and all columns, or ``12`` … of `cell_at`.
    displays : Displays
    data : mapping of str to polars DataFrame
        Those the table was computed from, and any that these come from.
    lineage : Lineage

    Returns
    -------
    CellTrace

    Raises
    ------
    TraceError
        Where there is no such cell, or nothing is computed in it.
    """
    row, place, cell = cell_at(table, address)
    direct, denominator = behind(table, row, place, cell, displays, data, lineage)
    heading = " ".join(dict.fromkeys(line[place] for line in table.header if line[place]))
    return CellTrace(
        table.number,
        address.upper(),
        (*row.path, heading),
        cell.text.strip(),
        cell.method,
        cell.results,
        _listed(direct, data),
        _listed(denominator, data),
    )


def cell_at(table: Table, address: str) -> tuple[Row, int, Cell]:
    """Row, column (from 0) and cell of an address; TraceError where nothing is computed there."""
    match = _ADDRESS.fullmatch(address)
    if not match:
        raise TraceError(f"{address!r} is no cell", where=f"table {table.number}", mend="write it as R3C2")
    number, place = int(match[1]) - 1, int(match[2]) - 1
    if not 0 <= number < len(table.rows):
        raise TraceError(f"there is no row {number + 1} in {len(table.rows)}", where=f"table {table.number}")
    row = table.rows[number]
    cell = dict(row.places()).get(place)
    if cell is None or not cell.method:
        computed = ", ".join(f"C{column + 1}" for column, each in row.places() if each.method) or "no column"
        raise TraceError(
            f"nothing is computed in {address.upper()}", where=f"table {table.number}", mend=f"{computed} of the row is"
        )
    return row, place, cell


def behind(
    table: Table,
    row: Row,
    place: int,
    cell: Cell,
    displays: Displays,
    data: Mapping[str, pl.DataFrame],
    lineage: Lineage,
) -> tuple[Wanted, Wanted]:
    """Direct and denominator records of a cell, down to the last source, by data set and row (from 0)."""
    if table.kind == "Listing":
        used = variables_listed(displays, displays.listing(table.number), place)
    else:
        used = variables_of(displays, displays.display(table.number), row, place - table.stubs)
    first = _wanted(cell.direct, used, data)
    second = _wanted(cell.denominator, used, data)
    direct = _merged(first, records_behind(first, lineage, data))
    return direct, _apart(_merged(second, records_behind(second, lineage, data)), direct)


def _wanted(numbers: Numbers, used: frozenset[str], data: Mapping[str, pl.DataFrame]) -> Wanted:
    names = tuple(sorted(data))
    answer: Wanted = {}
    for number in numbers.tolist():
        name, row = record_of(number, names)
        answer.setdefault(name, {})[row] = used
    return answer


def _merged(one: Wanted, two: Wanted) -> Wanted:
    return {
        name: {**one.get(name, {}), **two.get(name, {})} for name in [*one, *(name for name in two if name not in one)]
    }


def _apart(wanted: Wanted, taken: Wanted) -> Wanted:
    """Records that are not taken already."""
    left = {
        name: {row: variables for row, variables in rows.items() if row not in taken.get(name, {})}
        for name, rows in wanted.items()
    }
    return {name: rows for name, rows in left.items() if rows}


def variables_of(displays: Displays, display: Display, row: Row, column: int) -> frozenset[str]:
    """Variables that decide a cell: of its conditions, its groups and its value."""
    block = display.blocks[row.block]
    sql = [block.where, block.denominator.where, *(condition for name, condition in row.group if not name)]
    names = {name for name, _ in row.group if name} | {level.variable for level in block.by}
    shown: Column | None = display.columns[column] if column >= 0 else None
    if shown:
        sql += [shown.arm, shown.where, shown.numerator]
    names |= _values(block, shown)
    for name in {block.set, block.denominator.set or block.set, (shown.set if shown else None) or block.set}:
        sql.append(displays.sets[name].where)
        names |= {variable for pick in displays.sets[name].pick for variable in (*pick.by, *pick.order)}
    names |= {name for each in sql for name in pl.sql_expr(each).meta.root_names()}
    return frozenset(_underived(displays, {name.removeprefix("-") for name in names}))


def variables_listed(displays: Displays, listing: Listing, place: int) -> frozenset[str]:
    """Variables that decide a cell of a listing: of its value, and whether its record is listed."""
    sql = [listing.columns[place].value, displays.sets[listing.set].where]
    names = {name for each in sql for name in pl.sql_expr(each).meta.root_names()}
    picks = displays.sets[listing.set].pick
    names |= {name.removeprefix("-") for pick in picks for name in (*pick.by, *pick.order)}
    return frozenset(_underived(displays, names))


def _values(block: Block, column: Column | None) -> set[str]:
    values = {block.value, column.value if column else None, *(spec.value for spec in block.rows)}
    if column is None or column.rows == "none":
        for test in block.tests:
            values |= {test.group, test.response, *test.strata, *pl.sql_expr(test.where).meta.root_names()}
    if block.model:
        model = block.model
        values |= {model.response, model.treatment, *model.factors, *model.covariates}
    return {value for value in values if value and value != "row"}


def _underived(displays: Displays, names: set[str]) -> set[str]:
    """Names with every variable that a set derives replaced by what it is derived from."""
    for _ in range(len(names) + 10):
        derived = {
            name: pl.sql_expr(declared.derive[name]).meta.root_names()
            for declared in displays.sets.values()
            for name in names
            if name in declared.derive
        }
        more = {each for roots in derived.values() for each in roots} - names
        if not more:
            return names
        names = names | more
    return names


def _listed(found: Wanted, data: Mapping[str, pl.DataFrame]) -> tuple[TracedRecord, ...]:
    records = []
    for name, rows in found.items():
        frame = data[name]
        keys = [
            key for key in (*_KEYS, *(each for each in frame.columns if each.endswith("SEQ"))) if key in frame.columns
        ]
        for row, values in zip(sorted(rows), frame[sorted(rows)].select(keys).iter_rows(), strict=True):
            told = tuple((key, str(value)) for key, value in zip(keys, values, strict=True) if value is not None)
            records.append(TracedRecord(name, row + 1, told))
    return tuple(records)
