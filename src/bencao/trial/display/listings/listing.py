"""Compute a declared listing: a row for each record, each cell with its record behind it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

import numpy as np
import polars as pl

from bencao.trial.display.analysis_set import PreparedSet, prepare
from bencao.trial.display.declaration import Displays
from bencao.trial.display.listings.declaration import ListingColumn
from bencao.trial.display.listings.paging import paged
from bencao.trial.display.table import Cell, Result, Row, Table
from bencao.trial.rounding import round_half_away

METHOD = "listed"
_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


def compute_listing(number: str, displays: Displays, data: Mapping[str, pl.DataFrame]) -> Table:
    """Compute one listing.

    Parameters
    ----------
    number : str
    displays : Displays
    data : mapping of str to polars DataFrame
        Every data set that the listing's analysis set names.

    Returns
    -------
    Table
        A row for each record, its group columns as labels; `pages` says where pages start.

    Raises
    ------
    SpecificationError
        Where the listing names what is not there.
    """
    listing = displays.listing(number)
    prepared = prepare(listing.set, displays.sets[listing.set], data)
    order = _ordered(prepared, listing.order)
    columns = [prepared.evaluated(column.value).gather(order).to_list() for column in listing.columns]
    above = [prepared.evaluated(page.value).gather(order).to_list() for page in listing.page_by]
    grouped = sum(column.group for column in listing.columns)
    rows = []
    for place, values in enumerate(zip(*columns, strict=True)):
        cells = [
            _cell(column, value, prepared, int(order[place]))
            for column, value in zip(listing.columns, values, strict=True)
        ]
        labels = tuple(cell.text for cell in cells[:grouped])
        rows.append(Row(labels, labels, tuple(cells[grouped:]), tuple(enumerate(cells[:grouped]))))
    pages = [
        tuple(f"{page.label}: {_told(values[place])}" for page, values in zip(listing.page_by, above, strict=True))
        for place in range(len(rows))
    ]
    shown, starts = paged(listing, rows, pages)
    return Table(
        displays.study,
        number,
        listing.title,
        listing.population_label,
        listing.footnotes,
        _header(listing.columns),
        tuple(column.id for column in listing.columns[grouped:]),
        tuple(shown),
        grouped,
        kind="Listing",
        widths=tuple(column.width for column in listing.columns),
        pages=tuple(starts),
    )


def _ordered(prepared: PreparedSet, order: Sequence[str]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Positions of the records in the listing's order; of equals the earlier record first."""
    if not order:
        return prepared.all
    names = [name.removeprefix("-") for name in order]
    frame = pl.DataFrame({str(place): prepared.variable(name) for place, name in enumerate(names)})
    frame = frame.with_row_index("position")
    down = [name.startswith("-") for name in order]
    keys = [str(place) for place in range(len(names))]
    ordered = frame.sort([*keys, "position"], descending=[*down, False], nulls_last=True, maintain_order=True)
    return ordered["position"].cast(pl.Int64).to_numpy()


def _cell(column: ListingColumn, value: Any, prepared: PreparedSet, position: int) -> Cell:
    text = _told(value, column.decimals, column.dates)
    number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
    behind = prepared.numbers(np.array([position], dtype=np.int64))
    return Cell(text, METHOD, (Result(column.id, number, text),), behind)


def _told(value: Any, decimals: int | None = None, dates: str = "iso") -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Y" if value else "N"
    if isinstance(value, int | float):
        if decimals is not None:
            return f"{round_half_away(float(value), decimals):.{decimals}f}"
        return str(int(value)) if float(value).is_integer() else repr(value)
    if isinstance(value, date | datetime):
        if dates == "date9":
            return f"{value.day:02}{_MONTHS[value.month - 1]}{value.year}"
        return value.isoformat()
    return str(value)


def _header(columns: Sequence[ListingColumn]) -> tuple[tuple[str, ...], ...]:
    depth = max(len(column.heading) for column in columns)
    lines = [("",) * (depth - len(column.heading)) + column.heading for column in columns]
    return tuple(tuple(each[level] for each in lines) for level in range(depth))
