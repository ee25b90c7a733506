"""The records that a figure can draw."""

from __future__ import annotations

import polars as pl

from bencao.kernel.errors import InputError


def complete_records(frame: pl.DataFrame, *names: str, title: str, once: str | None = None) -> pl.DataFrame:
    """Records that have every variable.

    Parameters
    ----------
    frame : polars DataFrame
    names : str
        Variables that a record must have.
    title : str
        Of the figure, named in errors.
    once : str, optional
        One of them, of which no value may occur twice.

    Raises
    ------
    InputError
        Where no record is left, or a value of `once` occurs twice.
    """
    complete = frame.drop_nulls(list(names))
    if complete.is_empty():
        raise InputError(f"there is no record with {', '.join(names)}", where=title, mend="give other records")
    if once is not None:
        twice = complete.filter(complete[once].is_duplicated())
        if len(twice):
            cause = f"{twice[once][0]} has more than one record with {', '.join(names)}"
            raise InputError(cause, where=title, mend="give one for each")
    return complete
