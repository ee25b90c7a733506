"""Tables that users give: rows by column, and what is wrong with a file as a whole."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path

from bencao.kernel.errors import InputError

Row = dict[str, str]


def read_rows(path: Path, columns: tuple[str, ...], *, tabs: bool = False, empty: bool = True) -> list[Row]:
    """Read a table in UTF-8 whose first line names its columns.

    Parameters
    ----------
    path : Path
    columns : tuple of str
        Those that it must have; it may have more.
    tabs : bool
        Whether tabs part the cells, not commas.
    empty : bool
        Whether it may be without rows.

    Returns
    -------
    list of dict
        The first is row 2 of the file; a cell that a short row lacks is empty.

    Raises
    ------
    InputError
        A file that cannot be read, lacks a column, or has no rows where it must.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle, restval="", delimiter="\t" if tabs else ",")
            rows = [{name: cell for name, cell in row.items() if name is not None} for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        mend = f"give a {'TSV' if tabs else 'CSV'} in UTF-8"
        raise InputError(f"cannot be read: {error}", where=str(path), mend=mend) from error
    mend = f"give the columns {', '.join(columns)}{', tabs between them' if tabs else ''}"
    if not rows and not empty:
        raise InputError("no rows", where=str(path), mend=mend)
    if rows and (lacking := [name for name in columns if name not in rows[0]]):
        raise InputError(f"no column {', '.join(lacking)}", where=str(path), mend=mend)
    return rows


def read_text(path: Path) -> str:
    """Read a text file in UTF-8, with or without its byte order mark.

    Raises
    ------
    InputError
        A file that cannot be read, or is not UTF-8.
    """
    try:
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InputError(f"not UTF-8 at byte {error.start}", where=str(path), mend="save it as UTF-8") from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path), mend="give a readable file") from None


def read_text_lines(path: Path) -> Iterator[str]:
    """Read a text file in UTF-8 a line at a time, so that memory holds one; raises as `read_text`."""
    number = 0
    try:
        with path.open("rb") as stream:
            for number, line in enumerate(stream, 1):
                yield line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise InputError("not UTF-8", where=f"{path}: line {number}", mend="save it as UTF-8") from None
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path), mend="give a readable file") from None
