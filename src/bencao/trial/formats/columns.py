"""What a polars column says of a variable that has no metadata yet."""

from __future__ import annotations

import polars as pl

from bencao.kernel.errors import InputError
from bencao.trial.dataset import DataType, Variable


def data_type_of(name: str, dtype: pl.DataType) -> DataType:
    """Data type of define.xml for a column.

    Parameters
    ----------
    name : str
        Of the column, for the error.
    dtype : polars DataType

    Returns
    -------
    DataType

    Raises
    ------
    InputError
        Where no data type of define.xml holds such values.
    """
    if dtype == pl.String or dtype == pl.Null:
        return "text"
    if dtype.is_integer() or dtype == pl.Boolean:
        return "integer"
    if dtype.is_float():
        return "float"
    if dtype == pl.Date:
        return "date"
    if dtype == pl.Datetime:
        return "datetime"
    if dtype == pl.Time:
        return "time"
    raise InputError(
        f"column {name} is of type {dtype}", where=name, mend="give texts, numbers, dates, times or date-times"
    )


def described(frame: pl.DataFrame, labels: dict[str, str] | None = None) -> tuple[Variable, ...]:
    """A variable for each column, from its type alone; the length of a text is that of its longest value in bytes.

    Parameters
    ----------
    frame : polars DataFrame
    labels : dict of str to str, optional

    Returns
    -------
    tuple of Variable

    Raises
    ------
    InputError
        As `data_type_of`.
    """
    labels = labels or {}
    longest = frame.select(pl.col(pl.String).str.len_bytes().max())
    return tuple(
        Variable(
            name=name,
            label=labels.get(name, ""),
            data_type=data_type_of(name, dtype),
            length=(longest[name][0] or 1) if dtype == pl.String else None,
        )
        for name, dtype in frame.schema.items()
    )
