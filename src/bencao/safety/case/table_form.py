"""Cases as a table: one row a case, a column for each data element and repeat, as in ``G.k.4.r.1a[2,1]``."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from bencao.kernel.errors import InputError
from bencao.safety.case.case import Case, case_of, occurrences
from bencao.safety.case.field import Source
from bencao.safety.e2b.elements import depth, elements
from bencao.safety.e2b.occurrence import Occurrence
from bencao.safety.tables import read_text

_NULL = "nullFlavor:"
_COLUMN = re.compile(r"([A-Za-z0-9.#]+)(?:\[(\d{1,4}(?:,\d{1,4})*)\])?")


def to_table(cases: Sequence[Case]) -> str:
    """Cases as CSV (UTF-8): columns in the order of the guide, then by repeat; a null flavour as ``nullFlavor:NI``."""
    rows = [{(each.element, each.repeats): each for each in occurrences(case)} for case in cases]
    order = {number: place for place, number in enumerate(elements())}
    columns = sorted(
        {key for row in rows for key in row},
        key=lambda key: (order.get(key[0].partition("#")[0], len(order)), key[0], key[1]),
    )
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([_named(*column) for column in columns])
    for row in rows:
        writer.writerow([_cell(row.get(column)) for column in columns])
    return out.getvalue()


def from_table(path: Path) -> Iterator[Case | InputError]:
    """Read such a table; a row that cannot be read is given as its error, and the others go on.

    Raises
    ------
    InputError
        At once: not UTF-8, or a column that names no data element.
    """
    text = read_text(path)
    try:
        csv.field_size_limit(max(csv.field_size_limit(), len(text)))  # a document in a cell is long
        rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    except csv.Error as error:
        raise InputError(f"not CSV: {error}", where=str(path), mend="quote fields that hold quotes or commas") from None
    if not rows:
        raise InputError("an empty table", where=str(path), mend="the first line names the columns")
    columns = [_column(name, str(path)) for name in rows[0]]
    if len(set(columns)) != len(columns):
        raise InputError("two columns of one name", where=f"{path}: line 1", mend="keep one of them")
    return (_row(row, columns, path, line) for line, row in enumerate(rows[1:], 2) if any(row))


def _row(
    row: Iterable[str], columns: Sequence[tuple[str, tuple[int, ...]]], path: Path, line: int
) -> Case | InputError:
    cells = list(row)
    if len(cells) != len(columns):
        cause = f"{len(cells)} cells under {len(columns)} columns"
        return InputError(cause, where=f"{path}: row {line}", mend="give each row as many cells as there are columns")
    found = []
    for (number, repeats), cell in zip(columns, cells, strict=True):
        if cell.startswith(_NULL):
            found.append(Occurrence(number, repeats, "", cell.removeprefix(_NULL)))
        elif cell:
            found.append(Occurrence(number, repeats, cell))
    return case_of(found, Source(f"{path.name}: row {line}", rule="table"))


def _column(name: str, where: str) -> tuple[str, tuple[int, ...]]:
    match = _COLUMN.fullmatch(name.strip())
    number = match[1] if match else ""
    repeats = tuple(map(int, match[2].split(","))) if match and match[2] else ()
    element = elements().get(number)
    known = element is not None or ("#" in number)
    if not known or 0 in repeats or depth(number) != len(repeats):
        mend = "name a data element and its repeats, as in E.i.2.1b[1]"
        raise InputError(f"no data element {name!r}", where=f"{where}: line 1", mend=mend)
    return number, repeats


def _named(number: str, repeats: tuple[int, ...]) -> str:
    return f"{number}[{','.join(map(str, repeats))}]" if repeats else number


def _cell(occurrence: Occurrence | None) -> str:
    if occurrence is None:
        return ""
    return _NULL + occurrence.null_flavor if occurrence.null_flavor else occurrence.value
