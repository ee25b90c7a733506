"""A table of a study as it is printed, and the records behind one of its cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import polars as pl

from bencao.kernel.errors import InputError
from bencao.trial.browse.study import OpenStudy
from bencao.trial.display import Displays, Result, Table, compute_listing, compute_table
from bencao.trial.display.data import datasets_of
from bencao.trial.display.render.layout import address, spans, texts
from bencao.trial.trace import Lineage, TracedRecord, trace_cell
from bencao.trial.trace.lineage import sources_of

# Records of each data set that are listed; the command lists all.
SHOWN = 200


@dataclass(frozen=True)
class TableView:
    """A table or listing as it is printed.

    Attributes
    ----------
    kind : {"table", "listing"}
    number, population : str
    title, footnotes : tuple of str
    header : tuple of tuple of (text, columns that it covers)
    stubs : int
        Label columns.
    rows : tuple of tuple of (text, address)
        The address is empty where nothing is computed.
    """

    kind: str
    number: str
    population: str
    title: tuple[str, ...]
    footnotes: tuple[str, ...]
    header: tuple[tuple[tuple[str, int], ...], ...]
    stubs: int
    rows: tuple[tuple[tuple[str, str], ...], ...]


@dataclass(frozen=True)
class RecordGroup:
    """Records of one data set behind a cell: how many, and the first of them."""

    dataset: str
    records: int
    shown: tuple[TracedRecord, ...]


@dataclass(frozen=True)
class CellView:
    """A cell and the records behind it, see `CellTrace`.

    Attributes
    ----------
    absent : tuple of str
        Data sets that the way down leads to and that are not given.
    """

    table: str
    address: str
    path: tuple[str, ...]
    text: str
    results: tuple[Result, ...]
    direct: tuple[RecordGroup, ...]
    denominator: tuple[RecordGroup, ...]
    absent: tuple[str, ...]


def show_table(study: OpenStudy, number: str) -> TableView:
    """Compute a table.

    Parameters
    ----------
    study : OpenStudy
    number : str

    Returns
    -------
    TableView

    Raises
    ------
    SpecificationError
        There is no such table.
    InputError
        Data that it needs are not given.
    """
    table = _computed(study, number)
    last = len(table.header) - 1
    rows = []
    # On a screen there are no pages: what stands above them is said where it changes.
    said = [page.above for page in table.pages]
    above = {
        page.first: page.above for place, page in enumerate(table.pages) if not place or said[place - 1] != page.above
    }
    for place, row in enumerate(table.rows):
        rows += [((line, ""), *((("", ""),) * (len(table.header[-1]) - 1))) for line in above.get(place, ())]
        computed = {column for column, cell in row.places() if cell.method}
        cells = enumerate(texts(row, table))
        rows.append(tuple((text, address(place, column) if column in computed else "") for column, text in cells))
    return TableView(
        table.kind.lower(),
        table.number,
        table.population,
        table.title,
        table.footnotes,
        tuple(spans(line, level == last) for level, line in enumerate(table.header)),
        table.stubs,
        tuple(rows),
    )


def show_cell(study: OpenStudy, number: str, cell: str) -> CellView:
    """Name the records behind a cell.

    Parameters
    ----------
    study : OpenStudy
    number : str
    cell : str
        Such as ``R3C2``.

    Returns
    -------
    CellView

    Raises
    ------
    TraceError
        Where nothing is computed there.
    """
    table = _computed(study, number)
    data, lineage, absent = _behind(study, number)
    found = trace_cell(table, cell, _displays(study), data, lineage)
    return CellView(
        found.table,
        found.address,
        found.path,
        found.text,
        found.results,
        _grouped(found.direct),
        _grouped(found.denominator),
        absent,
    )


def _displays(study: OpenStudy) -> Displays:
    if study.displays is None:
        raise InputError("the study declares no tables", where=str(study.places.study), mend="write displays.yaml")
    return study.displays


def _behind(study: OpenStudy, number: str) -> tuple[dict[str, pl.DataFrame], Lineage, tuple[str, ...]]:
    """The data sets of a table and all that they come from, the lineage, and names of what is not given."""
    lineage = study.lineage or Lineage(datasets={})
    needed = datasets_of(_displays(study), [number])
    for name in needed:
        if name not in study.files:
            raise InputError(f"there is no file of data set {name}", mend="give its folder with the study")
    wanted = sources_of(lineage, needed)
    data = {name: study.dataset(name).frame for name in wanted if name in study.files}
    return data, lineage, tuple(name for name in wanted if name not in study.files)


def _computed(study: OpenStudy, number: str) -> Table:
    if number not in study.tables:
        # Records are numbered over all data sets that a table is given, so it is given those that a trace looks into.
        data, _, _ = _behind(study, number)
        compute = compute_listing if _displays(study).is_listing(number) else compute_table
        study.tables[number] = compute(number, _displays(study), data)
    return study.tables[number]


def _grouped(records: Iterable[TracedRecord]) -> tuple[RecordGroup, ...]:
    counts: Counter[str] = Counter()
    shown: dict[str, list[TracedRecord]] = {}
    for record in records:
        counts[record.dataset] += 1
        if counts[record.dataset] <= SHOWN:
            shown.setdefault(record.dataset, []).append(record)
    return tuple(RecordGroup(name, counts[name], tuple(shown[name])) for name in counts)
