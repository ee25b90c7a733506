"""Which format a file is in, and the reader and writer of each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bencao.kernel.errors import InputError
from bencao.trial.dataset import Dataset
from bencao.trial.formats.dataset_json import read_dataset_json, write_dataset_json
from bencao.trial.formats.delimited import read_csv, write_csv
from bencao.trial.formats.parquet import read_parquet, write_parquet
from bencao.trial.formats.stamp import CREATED
from bencao.trial.formats.xpt import check_xpt, read_xpt, write_xpt


def _holds_all(dataset: Dataset) -> None:
    """Check nothing: the format has no limits that a data set could meet."""


@dataclass(frozen=True)
class Format:
    """A kind of file.

    Attributes
    ----------
    suffix : str
        Of its files, in lower case.
    read : callable
        Path, and encoding of its texts where the format does not fix it, to the data sets.
    write : callable
        Data set, path, and the moment that the file says it was made at.
    check : callable
        Raises where the format cannot hold the data set.
    """

    suffix: str
    read: Callable[[Path, str], tuple[Dataset, ...]]
    write: Callable[[Dataset, Path, datetime], None]
    check: Callable[[Dataset], None] = _holds_all


FORMATS = {
    "xpt": Format(".xpt", read_xpt, lambda data, path, created: write_xpt(data, path, 5, created), check_xpt),
    "xpt8": Format(
        ".xpt", read_xpt, lambda data, path, created: write_xpt(data, path, 8, created), lambda data: check_xpt(data, 8)
    ),
    "json": Format(".json", lambda path, _: read_dataset_json(path), write_dataset_json),
    "ndjson": Format(".ndjson", lambda path, _: read_dataset_json(path), write_dataset_json),
    "parquet": Format(".parquet", lambda path, _: read_parquet(path), lambda data, path, _: write_parquet(data, path)),
    "csv": Format(".csv", read_csv, lambda data, path, _: write_csv(data, path)),
}


def format_of(path: Path) -> str:
    """Name of the format that a file's suffix stands for; ``.xpt`` for version 5.

    Raises
    ------
    InputError
        Where it stands for none.
    """
    for name, form in FORMATS.items():
        if form.suffix == path.suffix.lower():
            return name
    known = ", ".join(dict.fromkeys(form.suffix for form in FORMATS.values()))
    raise InputError(f"a suffix {path.suffix!r}, expected one of {known}", where=str(path), mend="rename the file")


def read_datasets(path: Path, encoding: str = "utf-8") -> tuple[Dataset, ...]:
    """Read the data sets of a file.

    Parameters
    ----------
    path : Path
        The suffix says the format.
    encoding : str
        Of the texts in a transport or CSV file, which do not say it.

    Returns
    -------
    tuple of Dataset
        One, but for a SAS transport file, which may hold several.

    Raises
    ------
    InputError
        Where the suffix stands for no format, or the file is not in it.
    """
    return FORMATS[format_of(path)].read(path, encoding)


def write_dataset(dataset: Dataset, path: Path, form: str | None = None, created: datetime = CREATED) -> None:
    """Write a data set, whole or not at all, the same bytes from run to run.

    Parameters
    ----------
    dataset : Dataset
    path : Path
    form : str, optional
        Of `FORMATS`; else the suffix says it.
    created : datetime
        What a transport or Dataset-JSON file says of when it was made.

    Raises
    ------
    InputError
        Where the suffix stands for no format, or the file cannot be written.
    XptLimitError
        Where a transport file cannot hold the data.
    """
    FORMATS[form or format_of(path)].write(dataset, path, created)
