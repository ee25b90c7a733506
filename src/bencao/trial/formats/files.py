"""Which format a file is in, and the reader and writer of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from bencao.kernel.errors import InputError
from bencao.trial.dataset import Dataset
from bencao.trial.formats.delimited import read_csv, write_csv
from bencao.trial.formats.parquet import read_parquet, write_parquet


@dataclass(frozen=True)
class Format:
    """A kind of file.

    Attributes
    ----------
    suffix : str
        Of its files, in lower case.
    read : callable
        Path to the data sets in it.
    write : callable
        Data set and path.
    """

    suffix: str
    read: Callable[[Path], tuple[Dataset, ...]]
    write: Callable[[Dataset, Path], None]


FORMATS = {
    "parquet": Format(".parquet", read_parquet, write_parquet),
    "csv": Format(".csv", read_csv, write_csv),
}


def format_of(path: Path) -> str:
    """Name of the format that a file's suffix stands for.

    Raises
    ------
    InputError
        Where it stands for none.
    """
    for name, form in FORMATS.items():
        if form.suffix == path.suffix.lower():
            return name
    known = ", ".join(form.suffix for form in FORMATS.values())
    raise InputError(f"a suffix {path.suffix!r}, expected one of {known}", where=str(path), mend="rename the file")


def read_datasets(path: Path) -> tuple[Dataset, ...]:
    """Read the data sets of a file.

    Parameters
    ----------
    path : Path
        The suffix says the format.

    Returns
    -------
    tuple of Dataset
        One, but for a SAS transport file, which may hold several.

    Raises
    ------
    InputError
        Where the suffix stands for no format, or the file is not in it.
    """
    return FORMATS[format_of(path)].read(path)


def write_dataset(dataset: Dataset, path: Path, form: str | None = None) -> None:
    """Write a data set, whole or not at all, the same bytes from run to run.

    Parameters
    ----------
    dataset : Dataset
    path : Path
    form : str, optional
        Of `FORMATS`; else the suffix says it.

    Raises
    ------
    InputError
        Where the suffix stands for no format, the format cannot hold the data, or the file cannot be written.
    """
    FORMATS[form or format_of(path)].write(dataset, path)
