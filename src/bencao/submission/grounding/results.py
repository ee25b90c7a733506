"""The door to the trial room: a study's tables computed, their cells addressed, and the records behind them."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bencao.submission.errors import GroundingError
from bencao.submission.grounding.declaration import Source
from bencao.trial.display import Cell, Row, Table, compute_table, read_displays
from bencao.trial.display.data import data_files, datasets_of, displays_file, find_data, read_data
from bencao.trial.errors import TraceError
from bencao.trial.rounding import round_half_away
from bencao.trial.trace import Lineage, read_lineage
from bencao.trial.trace.cell import behind, cell_at
from bencao.trial.trace.lineage import sources_of

_DATA_CELL = re.compile(r"(?P<data>[A-Za-z0-9_]+)\[(?P<keys>[^\]]+)\]\.(?P<variable>[A-Za-z0-9_]+)")
_TABLE_CELL = re.compile(r"(?P<table>[0-9A-Za-z.-]+):(?P<cell>R\d+C\d+)")
_PERCENT = "percent"


@dataclass(frozen=True)
class FoundCell:
    """A result of a table's cell."""

    text: str
    value: float | None
    address: str


@dataclass(frozen=True)
class DataCell:
    """One value of a data set."""

    dataset: str
    rows: frozenset[int]
    variable: str


class Results:
    """A study's tables over its data.

    Parameters
    ----------
    study : Path
        Its folder, or its file of displays.
    data : list of Path
        Folders of data sets.

    Raises
    ------
    InputError
        Where a data set of a table is absent.
    """

    def __init__(self, study: Path, data: list[Path]) -> None:
        self.displays = read_displays(displays_file(study))
        self.study = study if study.is_dir() else study.parent
        self.data = data
        self._tables: dict[str, Table] = {}
        self._frames: dict[str, Any] = {}
        self._origins: dict[str, dict[str, Any]] = {}

    @functools.cached_property
    def lineage(self) -> Lineage:
        """What the study says its data sets are made of."""
        return read_lineage(self.study)

    def table(self, number: str) -> Table:
        """A table, computed once."""
        if number not in self._tables:
            needed = datasets_of(self.displays, [number])
            frames = self._read(needed)
            self._tables[number] = compute_table(number, self.displays, frames)
        return self._tables[number]

    def _read(self, names: tuple[str, ...]) -> dict[str, Any]:
        missing = tuple(name for name in names if name not in self._frames)
        if missing:
            self._frames.update(read_data(data_files(missing, self.data)))
        return {name: self._frames[name] for name in names}

    def fact(self, source: Source, where: str) -> FoundCell:
        """One result of a table, by its cell, or by the labels of its row and the column's id.

        Raises
        ------
        GroundingError
            Where there is no such row, column or result, or several.
        """
        number, table = source.table, self.table(source.table)
        if source.cell:
            row, place, cell = _cell_of(table, source.cell, where)
        else:
            row, place, cell = _by_labels(table, source, where)
        told = [result for result in cell.results if not source.statistic or result.statistic == source.statistic]
        if len(told) != 1:
            there = ", ".join(result.statistic for result in cell.results) or "none"
            raise GroundingError(f"the cell's results are: {there}", where=where, mend="give statistic, one of them")
        address = f"{number}:R{row + 1}C{place + 1}:{told[0].statistic}"
        return FoundCell(told[0].text.strip(), told[0].value, address)

    def data_cell(self, text: str) -> DataCell:
        """A value of a data set by ``ADSL[USUBJID=01-701-1015].AGE``.

        Raises
        ------
        GroundingError
            Where there is no such data set, record or variable.
        """
        told = _DATA_CELL.fullmatch(text)
        if told is None:
            raise GroundingError(
                f"{text!r} is no cell", where="CELL", mend="write ADSL[USUBJID=01-701-1015].AGE or 14-2.01:R2C3"
            )
        name = told["data"].upper()
        frame = self._all((name,))[name]
        rows = set(range(frame.height))
        for pair in told["keys"].split(","):
            key, _, value = pair.partition("=")
            if key.strip() not in frame.columns:
                raise GroundingError(
                    f"{name} has no {key.strip()}", where=text, mend=f"of {', '.join(frame.columns[:9])} …"
                )
            column = [str(value) for value in frame[key.strip()].to_list()]
            rows &= {at for at, held in enumerate(column) if held == value.strip()}
        if not rows:
            raise GroundingError(f"{name} has no such record", where=text, mend="check the keys")
        if told["variable"] not in frame.columns:
            raise GroundingError(f"{name} has no variable {told['variable']}", where=text, mend="check its name")
        return DataCell(name, frozenset(rows), told["variable"])

    def _all(self, names: tuple[str, ...]) -> dict[str, Any]:
        """Data sets that are there, with those given, which must be."""
        self._read(names)
        return self._frames

    def rests_on(self, address: str, cell: DataCell) -> bool:
        """Whether a table's cell is made of a value of a data set, directly or in its denominator."""
        number, _, place = address.partition(":")
        table = self.table(number)
        row, column, found = cell_at(table, place.split(":")[0])
        frames = self._origins_of(number)
        for wanted in behind(table, row, column, found, self.displays, frames, self.lineage):
            for at, variables in wanted.get(cell.dataset, {}).items():
                if at in cell.rows and cell.variable in variables:
                    return True
        return False

    def _origins_of(self, number: str) -> dict[str, Any]:
        """The data sets behind a table, as far as they are there, looked for once."""
        if number not in self._origins:
            names = sources_of(self.lineage, datasets_of(self.displays, [number]))
            there = find_data(names, self.data)
            absent = {name: path for name, path in there.items() if name not in self._frames}
            if absent:
                self._frames.update(read_data(absent))
            self._origins[number] = {name: self._frames[name] for name in names if name in self._frames}
        return self._origins[number]

    def rows_in_text(self, number: str, rows: int | None, at_least: float | None) -> list[tuple[int, Row]]:
        """Rows of a table that stand in the text, with their numbers from 1."""
        listed = list(enumerate(self.table(number).rows, start=1))
        if at_least is not None:
            listed = [one for one in listed if _largest_percent(one[1]) >= at_least]
        return listed[:rows]


def is_table_cell(text: str) -> bool:
    """Whether a cell is one of a table, such as ``14-2.01:R2C3``."""
    return _TABLE_CELL.fullmatch(text) is not None


def rounded(value: float, digits: int) -> str:
    """A number rounded half away from zero, as tables print it."""
    return f"{round_half_away(value, digits):.{digits}f}"


def _cell_of(table: Table, address: str, where: str) -> tuple[int, int, Cell]:
    try:
        row, place, cell = cell_at(table, address)
    except TraceError as error:
        raise GroundingError(error.cause, where=f"{where}: {error.where}", mend=error.mend) from None
    return next(at for at, one in enumerate(table.rows) if one is row), place, cell


def _by_labels(table: Table, source: Source, where: str) -> tuple[int, int, Cell]:
    if source.column not in table.column_ids:
        raise GroundingError(
            f"table {table.number} has no column {source.column!r}",
            where=where,
            mend=f"columns: {', '.join(table.column_ids)}",
        )
    place = table.column_ids.index(source.column)
    rows = [at for at, row in enumerate(table.rows) if _leads(row, source.row) and place < len(row.cells)]
    if len(rows) != 1:
        raise GroundingError(
            f"table {table.number} has {len(rows)} rows {' / '.join(source.row)!r}",
            where=where,
            mend="give more of the labels that lead to the row, or the cell",
        )
    return rows[0], table.stubs + place, table.rows[rows[0]].cells[place]


def _leads(row: Row, path: tuple[str, ...]) -> bool:
    """Whether labels end a row's path: the last must be the row's own."""
    told = [label.strip() for label in row.path]
    return len(path) <= len(told) and told[len(told) - len(path) :] == [label.strip() for label in path]


def _largest_percent(row: Row) -> float:
    return max(_percents(row), default=0.0)


def _percents(row: Row) -> Iterator[float]:
    for cell in row.cells:
        for result in cell.results:
            if result.statistic == _PERCENT and result.value is not None:
                yield float(result.value)
