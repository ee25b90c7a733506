"""Comma-separated values: every field a text, what is empty missing."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import polars as pl

from bencao.kernel.errors import InputError
from bencao.kernel.files import write_bytes
from bencao.trial.dataset import Dataset
from bencao.trial.formats.columns import described


def read_csv(path: Path, encoding: str = "utf-8") -> tuple[Dataset, ...]:
    """Read a CSV file with a header. It carries no types, so every variable is a text.

    Parameters
    ----------
    path : Path
        Its stem in upper case names the data set.
    encoding : str

    Returns
    -------
    tuple of Dataset
        One.

    Raises
    ------
    InputError
        Where the file cannot be read, or its rows have not the header's number of fields.
    """
    try:
        content = path.read_bytes() if encoding == "utf-8" else path.read_text(encoding).encode()
        frame = pl.read_csv(content, infer_schema=False)
    except (OSError, UnicodeError, LookupError, pl.exceptions.PolarsError) as error:
        raise InputError(f"no table of comma-separated values: {error}", where=str(path), mend="check it") from error
    return (Dataset(path.stem.upper(), frame, described(frame)),)


def write_csv(dataset: Dataset, path: Path) -> None:
    """Write a CSV file in UTF-8: dates as ISO 8601, missing values as empty fields.

    Parameters
    ----------
    dataset : Dataset
    path : Path

    Raises
    ------
    InputError
        Where the file cannot be written.
    """
    out = BytesIO()
    dataset.frame.write_csv(out)
    write_bytes(path, out.getvalue())
