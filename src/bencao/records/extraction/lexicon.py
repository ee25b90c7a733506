"""The word lists of our own that the rules read: tab-separated files beside the code."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bencao.kernel.errors import ModelError

_FOLDER = Path(__file__).parent / "lexicons"


@cache
def read_rows(name: str, columns: int) -> tuple[tuple[str, ...], ...]:
    """Rows of a word list without its comment lines and its header.

    Parameters
    ----------
    name : str
        File in the folder of lexicons.
    columns : int
        How many columns each row has.

    Raises
    ------
    ModelError
        Where the list cannot be read or a row has another number of columns.
    """
    path = _FOLDER / name
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as error:
        raise ModelError("the word list cannot be read", where=name, mend="install the package again") from error
    rows = [tuple(line.split("\t")) for line in lines if line and not line.startswith("#")]
    for number, row in enumerate(rows, start=1):
        if len(row) != columns:
            raise ModelError(f"row {number} has {len(row)} columns, expected {columns}", where=name)
    return tuple(rows[1:])
