"""Parquet whose schema carries labels, data types, lengths and keys, as Arrow metadata that any reader sees."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path
from typing import Any, cast, get_args

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from bencao.kernel.errors import InputError
from bencao.kernel.files import write_bytes
from bencao.trial.dataset import Dataset, DataType, Variable
from bencao.trial.formats.columns import data_type_of


def read_parquet(path: Path) -> tuple[Dataset, ...]:
    """Read a parquet file; what its metadata does not say is taken from the columns' types.

    Parameters
    ----------
    path : Path
        Its stem in upper case names the data set where the metadata do not.

    Returns
    -------
    tuple of Dataset
        One.

    Raises
    ------
    InputError
        Where the file is no parquet, or its metadata are not of this form.
    """
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"no parquet file: {error}", where=str(path), mend="check the file") from error
    frame = cast(pl.DataFrame, pl.from_arrow(table))
    told = _decoded(table.schema.metadata)
    variables = tuple(
        _variable(field.name, frame.schema[field.name], _decoded(field.metadata), path) for field in table.schema
    )
    keys = tuple(json.loads(told["keys"])) if "keys" in told else ()
    return (Dataset(told.get("name", path.stem.upper()), frame, variables, told.get("label", ""), keys),)


def _variable(name: str, dtype: pl.DataType, told: dict[str, str], path: Path) -> Variable:
    data_type = told.get("data_type", data_type_of(name, dtype))
    if data_type not in get_args(DataType):
        raise InputError(f"variable {name} is of data type {data_type!r}", where=str(path), mend="write it anew")
    length = int(told["length"]) if "length" in told else None
    return Variable(name, told.get("label", ""), cast(DataType, data_type), length, told.get("display_format", ""))


def _decoded(metadata: dict[bytes, bytes] | None) -> dict[str, str]:
    return {key.decode(): value.decode() for key, value in (metadata or {}).items()}


def write_parquet(dataset: Dataset, path: Path) -> None:
    """Write a parquet file, compressed with zstd.

    Parameters
    ----------
    dataset : Dataset
    path : Path

    Raises
    ------
    InputError
        Where the file cannot be written.
    """
    table: Any = dataset.frame.to_arrow()
    fields = [table.schema.field(variable.name).with_metadata(_metadata_of(variable)) for variable in dataset.variables]
    told = {"name": dataset.name, "label": dataset.label, "keys": json.dumps(dataset.keys)}
    out = BytesIO()
    pq.write_table(table.cast(pa.schema(fields, metadata=told)), out, compression="zstd")
    write_bytes(path, out.getvalue())


def _metadata_of(variable: Variable) -> dict[str, str]:
    told = {"label": variable.label, "data_type": variable.data_type, "display_format": variable.display_format}
    if variable.length is not None:
        told["length"] = str(variable.length)
    return told
