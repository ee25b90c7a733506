"""Columns of a table as numbers: each there, whole, and of a size that can be reckoned with."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import numpy.typing as npt

from bencao.evidence.errors import StudyDataError

Floats = npt.NDArray[np.float64]
LARGEST = 1e75  # so that fourth powers and their sums stay finite


def require_columns(table: Any, names: Iterable[str]) -> None:
    """Refuse a table without a column, or with one whose name stands twice.

    Parameters
    ----------
    table : pandas.DataFrame
    names : iterable of str
        Empty ones are none.

    Raises
    ------
    StudyDataError
    """
    columns = list(map(str, table.columns))
    for name in names:
        if name and name not in table.columns:
            shown = ", ".join(columns[:20]) + (" …" if len(columns) > 20 else "")
            raise StudyDataError("is absent", where=named(table, name), mend=f"the columns are {shown}")
        if name and columns.count(name) > 1:
            raise StudyDataError("is the name of two columns", where=named(table, name), mend="rename one")


def called(table: Any, name: str) -> Any:
    """The same table, which errors call by a name where they do not know its file."""
    found = table.copy(deep=False)
    found.attrs = {"file": name, **table.attrs}
    return found


def named(table: Any, name: str) -> str:
    """A column as an error names it, with the file that it was read from."""
    file = table.attrs.get("file")
    return f"{file}: {name}" if file else name


def numbers(table: Any, name: str, *, mend: str = "impute them (missing_data:), or leave the rows out") -> Floats:
    """A column as numbers.

    Parameters
    ----------
    table : pandas.DataFrame
        With `name` among its columns.
    name : str
    mend : str
        What to do about missing values.

    Returns
    -------
    ndarray, shape (n,)

    Raises
    ------
    StudyDataError
        What is no number, missing, infinite, or beyond 1e75; it names the first such row, counted from 1.
    """
    try:
        values = np.asarray(table[name].to_numpy(dtype=float, na_value=np.nan), dtype=float)
    except (TypeError, ValueError):
        raise StudyDataError(
            "is no column of numbers", where=named(table, name), mend="write numbers, with a point"
        ) from None
    if np.isnan(values).any():
        refuse_rows(table, name, np.isnan(values), "values are missing", mend)
    refuse_rows(table, name, np.isinf(values), "values are infinite", "write a finite number, or leave the rows out")
    with np.errstate(invalid="ignore"):
        refuse_rows(table, name, np.abs(values) > LARGEST, "values are beyond 1e75", "give it in a larger unit")
    return values


def refuse_rows(table: Any, name: str, bad: Any, what: str, mend: str) -> None:
    """Raise StudyDataError where any row is bad; it tells how many, and the first, counted from 1."""
    bad = np.asarray(bad, dtype=bool)
    if bad.any():
        first = int(np.flatnonzero(bad)[0])
        label = table.index[first]
        row = int(label) if isinstance(label, int | np.integer) else first
        where = f"{named(table, name)}: row {row + 1}"
        raise StudyDataError(f"{int(bad.sum())} of {len(bad)} {what}", where=where, mend=mend)


def varies(values: Floats) -> bool:
    """Whether values differ by more than rounding makes them."""
    return bool(np.ptp(values) > max(1e-12 * float(np.abs(values).max()), 1e-75)) if len(values) else False
