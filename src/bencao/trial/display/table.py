"""A computed table: cells with the results they print and the records behind each."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.int64]
NO_RECORDS: Numbers = np.empty(0, dtype=np.int64)


def _none() -> Numbers:
    return NO_RECORDS


@dataclass(frozen=True)
class Result:
    """A number, unrounded, and how it stands in the table.

    Attributes
    ----------
    statistic : str
    value : float or None
        None where the data have no such number.
    text : str
        As printed, without blanks.
    """

    statistic: str
    value: float | None
    text: str


@dataclass(frozen=True, eq=False)
class Cell:
    """A place in the body of a table.

    Attributes
    ----------
    text : str
    method : str
        Named kind of analysis; empty for an empty cell.
    results : tuple of Result
    direct : int64 array
        Numbers of the records that the results are computed from, see `Records`.
    denominator : int64 array
        Numbers of the records that only what a percentage is of, or which record is picked, depends on.
    """

    text: str
    method: str = ""
    results: tuple[Result, ...] = ()
    direct: Numbers = field(default_factory=_none, repr=False)
    denominator: Numbers = field(default_factory=_none, repr=False)


@dataclass(frozen=True, eq=False)
class Row:
    """A row of the body.

    Attributes
    ----------
    labels : tuple of str
        What is printed in the label columns.
    path : tuple of str
        All labels that lead to the row, also those that are printed once above.
    cells : tuple of Cell
        Empty for a heading.
    counted : tuple of (label column, Cell)
        Numbers of subjects that stand among the labels.
    group : tuple of (variable, value)
        Values of the `by` variables, and the row's condition.
    """

    labels: tuple[str, ...]
    path: tuple[str, ...]
    cells: tuple[Cell, ...]
    counted: tuple[tuple[int, Cell], ...] = ()
    group: tuple[tuple[str, str], ...] = ()
    block: int = 0

    def places(self) -> tuple[tuple[int, Cell], ...]:
        """Cells with the number of their column in the whole row, from 0."""
        return (*self.counted, *((len(self.labels) + place, cell) for place, cell in enumerate(self.cells)))


@dataclass(frozen=True)
class Page:
    """Where a page starts.

    Attributes
    ----------
    first : int
        Its first row, from 0.
    above : tuple of str
        Lines that stand above its rows.
    """

    first: int
    above: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table or listing as it is printed.

    Attributes
    ----------
    header : tuple of tuple of str
        Lines of the header from the top, each with a text for every column, label columns first.
    column_ids : tuple of str
        Of the columns of results.
    kind : {"Table", "Listing"}
    widths : tuple of int
        Characters of each column; after the longest texts where not given.
    pages : tuple of Page
        Where they are set; else a page takes what it holds.
    """

    study: str
    number: str
    title: tuple[str, ...]
    population: str
    footnotes: tuple[str, ...]
    header: tuple[tuple[str, ...], ...]
    column_ids: tuple[str, ...]
    rows: tuple[Row, ...] = field(repr=False)
    stubs: int = 1
    kind: str = "Table"
    widths: tuple[int, ...] = ()
    pages: tuple[Page, ...] = ()

    def by_page(self) -> tuple[tuple[Page, int], ...]:
        """Each page with the row after its last; the whole as one where none is set."""
        starts = self.pages or (Page(0),)
        ends = [page.first for page in starts[1:]] + [len(self.rows)]
        return tuple(zip(starts, ends, strict=True))
