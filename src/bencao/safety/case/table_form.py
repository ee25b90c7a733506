"""Cases as a table: one row a case, a column for each data element and repeat, as in ``G.k.4.r.1a[2,1]``."""

from __future__ import annotations

import csv
import io
import pickle
import re
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO

from bencao.kernel.errors import InputError
from bencao.safety.case.case import Case, case_of, occurrences
from bencao.safety.case.field import Source
from bencao.safety.e2b.elements import depth, elements
from bencao.safety.e2b.occurrence import Occurrence

_NULL = "nullFlavor:"
_COLUMN = re.compile(r"([A-Za-z0-9.#]+)(?:\[(\d{1,4}(?:,\d{1,4})*)\])?")


def write_table(stream: BinaryIO, cases: Iterable[Case]) -> None:
    """Write cases as CSV (UTF-8): columns in the order of the guide, then by repeat.

    A null flavour is written as ``nullFlavor:NI``. The columns are known only after the last case, so rows wait in a
    temporary file and memory holds one.
    """
    order = {number: place for place, number in enumerate(elements())}
    known: set[tuple[str, tuple[int, ...]]] = set()
    count = 0
    with tempfile.TemporaryFile() as waiting:
        for case in cases:
            row = {(each.element, each.repeats): _cell(each) for each in occurrences(case)}
            known |= row.keys()
            pickle.dump(row, waiting)
            count += 1
        columns = sorted(known, key=lambda key: (order.get(key[0].partition("#")[0], len(order)), key[0], key[1]))
        stream.write(_line([_named(*column) for column in columns]))
        waiting.seek(0)
        for _ in range(count):
            row = pickle.load(waiting)
            stream.write(_line([row.get(column, "") for column in columns]))


def _line(cells: list[str]) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerow(cells)
    return out.getvalue().encode("utf-8")


def from_table(path: Path) -> Iterator[Case | InputError]:
    """Read such a table a row at a time; a row that cannot be read is given as its error, and the others go on.

    Where the file stops being CSV or UTF-8, the error is the last that is given.

    Raises
    ------
    InputError
        At once: a file that cannot be read or is empty, or a first line that names what is no data element.
    """
    rows = _rows(path)
    head = next(rows, None)
    if head is None:
        raise InputError("an empty table", where=str(path), mend="the first line names the columns")
    if isinstance(head, InputError):
        raise head
    columns = [_column(name, str(path)) for name in head]
    if len(set(columns)) != len(columns):
        raise InputError("two columns of one name", where=f"{path}: line 1", mend="keep one of them")
    return (
        row if isinstance(row, InputError) else _row(row, columns, path, line)
        for line, row in enumerate(rows, 2)
        if row
    )


def _rows(path: Path) -> Iterator[list[str] | InputError]:
    """Rows of a CSV, one without any cell filled as an empty one; at its end what made it unreadable, if anything."""
    count = 0
    try:
        csv.field_size_limit(max(csv.field_size_limit(), path.stat().st_size))  # a document in a cell is long
        with path.open(encoding="utf-8-sig", newline="") as handle:
            for row in csv.reader(handle, strict=True):
                count += 1
                yield row if any(row) or count == 1 else []
    except csv.Error as error:
        yield InputError(
            f"not CSV: {error}", where=f"{path}: after row {count}", mend="quote fields that hold quotes or commas"
        )
    except UnicodeDecodeError:
        yield InputError("not UTF-8", where=f"{path}: after row {count}", mend="save it as UTF-8")
    except OSError as error:
        yield InputError(f"cannot be read: {error.strerror}", where=str(path), mend="give a readable file")


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


def _cell(occurrence: Occurrence) -> str:
    return _NULL + occurrence.null_flavor if occurrence.null_flavor else occurrence.value
