"""Tables in Parquet that the room wrote: one that was damaged since is told as such."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa

from bencao.records.errors import SourceError

# What the three readers say of a file that is no Parquet, or whose pages are damaged.
_DAMAGE = (duckdb.IOException, duckdb.InvalidInputException, pl.exceptions.ComputeError, pa.ArrowInvalid, OSError)


@contextmanager
def told_if_damaged(path: Path) -> Iterator[None]:
    """Turn what a reader says of a damaged file into an answer; its own words may quote a cell.

    Parameters
    ----------
    path : Path
        The file, or the folder of files, that is read inside.

    Raises
    ------
    SourceError
    """
    try:
        yield
    except _DAMAGE as error:
        told = f"cannot be read ({type(error).__name__})"
        raise SourceError(told, where=path.name, mend="it was damaged since it was written: make it anew") from None
