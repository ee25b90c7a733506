"""CDISC Dataset-JSON 1.1: one JSON document, or NDJSON, whose first line is the metadata and each other a record."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import polars as pl
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from bencao.kernel.errors import InputError
from bencao.kernel.files import write_text
from bencao.trial.dataset import Dataset, DataType, Variable
from bencao.trial.formats.stamp import CREATED

VERSION = "1.1.0"
_MEND = "see the Dataset-JSON 1.1 specification of CDISC"
# Logical types (dataType); a date of a numeric variable has targetDataType integer beside it.
Logical = Literal["string", "integer", "decimal", "float", "double", "boolean", "datetime", "date", "time", "URI"]
_DATA_TYPES: dict[Logical, DataType] = {
    "string": "text", "URI": "text", "integer": "integer", "boolean": "integer", "decimal": "float", "float": "float",
    "double": "float", "date": "date", "datetime": "datetime", "time": "time",
}  # fmt: skip
_DTYPES = {"integer": pl.Int64, "boolean": pl.Boolean, "float": pl.Float64, "double": pl.Float64}
_ISO = {"date": "%Y-%m-%d", "datetime": "%Y-%m-%dT%H:%M:%S%.f", "time": "%H:%M:%S%.f"}
_dumps = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode


class _Column(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    oid: str = Field(alias="itemOID")
    name: str
    label: str
    logical: Logical = Field(alias="dataType")
    target: Literal["integer", "decimal"] | None = Field(default=None, alias="targetDataType")
    length: int | None = None
    display_format: str | None = Field(default=None, alias="displayFormat")
    key: int | None = Field(default=None, alias="keySequence")


class _Header(BaseModel):
    model_config = ConfigDict(populate_by_name=True)

    created: str = Field(alias="datasetJSONCreationDateTime")
    version: str = Field(alias="datasetJSONVersion", pattern=r"^1\.1(\.\d+)?$")
    oid: str = Field(alias="itemGroupOID")
    records: int
    name: str
    label: str
    columns: tuple[_Column, ...]


def read_dataset_json(path: Path) -> tuple[Dataset, ...]:
    """Read a Dataset-JSON file, ``.json`` or ``.ndjson``.

    Parameters
    ----------
    path : Path

    Returns
    -------
    tuple of Dataset
        One. A date with ``targetDataType`` integer becomes a date, one without stays the text that it is, so
        that a partial date is kept. An empty text is missing.

    Raises
    ------
    InputError
        Where the file cannot be read, or is not in the form.
    """
    try:
        text = path.read_text(encoding="utf-8")
        if path.suffix.lower() == ".ndjson":
            told, *rows = (json.loads(line) for line in text.split("\n") if line.strip())
        else:
            told = json.loads(text)
            rows = told.pop("rows") if isinstance(told, dict) and "rows" in told else []
        header = _Header.model_validate(told)
    except (OSError, ValueError) as error:
        cause = _first_of(error) if isinstance(error, ValidationError) else str(error)
        raise InputError(f"no Dataset-JSON 1.1: {cause}", where=str(path), mend=_MEND) from error
    if header.records != len(rows):
        raise InputError(f"{len(rows)} rows, records says {header.records}", where=str(path), mend=_MEND)
    for number, row in enumerate(rows, start=1):
        if not isinstance(row, list) or len(row) != len(header.columns):
            where = f"{path}: row {number}"
            raise InputError(f"no list of {len(header.columns)} values", where=where, mend=_MEND)
    frame = pl.DataFrame([_series(one, [row[i] for row in rows], path) for i, one in enumerate(header.columns)])
    keyed = sorted((one.key, one.name) for one in header.columns if one.key is not None)
    variables = tuple(
        Variable(one.name, one.label, _DATA_TYPES[one.logical], one.length, one.display_format or "")
        for one in header.columns
    )
    return (Dataset(header.name, frame, variables, header.label, tuple(name for _, name in keyed)),)


def _first_of(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"


def _series(column: _Column, values: list[Any], path: Path) -> pl.Series:
    try:
        if column.logical in _DTYPES:
            return pl.Series(column.name, values, dtype=_DTYPES[column.logical])
        texts = pl.Series(column.name, values, dtype=pl.String)
        texts = texts.set(texts == "", None)
        if column.logical == "decimal":
            return texts.cast(pl.Float64)
        return _parsed(texts, column.logical) if column.target == "integer" else texts
    except (pl.exceptions.PolarsError, TypeError, OverflowError) as error:
        raise InputError(
            f"values of {column.name} that are not of type {column.logical}: {str(error).splitlines()[0]}",
            where=str(path),
            mend=_MEND,
        ) from error


def _parsed(texts: pl.Series, logical: Logical) -> pl.Series:
    if logical == "date":
        return texts.str.to_date(_ISO["date"])
    # Hours and minutes alone are a time too.
    whole = texts.str.replace(r"^(.*T)?(\d\d:\d\d)$", "${1}${2}:00")
    if logical == "datetime":
        return whole.str.to_datetime(_ISO["datetime"], time_unit="us")
    return whole.str.to_time(_ISO["time"])


def write_dataset_json(dataset: Dataset, path: Path, created: datetime = CREATED) -> None:
    """Write a Dataset-JSON file; NDJSON where the path ends in ``.ndjson``.

    Identifiers are those of our define.xml: ``IG.AE`` of a data set, ``IT.AE.AETERM`` of a variable.

    Parameters
    ----------
    dataset : Dataset
    path : Path
    created : datetime
        The same for all files unless told otherwise.

    Raises
    ------
    InputError
        Where a value is none of its variable's type, or the file cannot be written.
    """
    columns = [_told(dataset, variable) for variable in dataset.variables]
    header = {
        "datasetJSONCreationDateTime": created.isoformat(),
        "datasetJSONVersion": VERSION,
        "itemGroupOID": f"IG.{dataset.name}",
        "records": dataset.frame.height,
        "name": dataset.name,
        "label": dataset.label,
        "columns": columns,
    }
    values = [_as_json(dataset, column["name"], column["dataType"]) for column in columns]
    rows = [_dumps(row) for row in pl.DataFrame(values).rows()] if dataset.frame.height else []
    if path.suffix.lower() == ".ndjson":
        write_text(path, "\n".join([_dumps(header), *rows, ""]))
    else:
        listed = ",\n".join(rows)
        write_text(path, f'{_dumps(header)[:-1]},"rows":[\n{listed}\n]}}\n')


def _told(dataset: Dataset, variable: Variable) -> dict[str, Any]:
    dtype = dataset.frame.schema[variable.name]
    told: dict[str, Any] = {
        "itemOID": f"IT.{dataset.name}.{variable.name}",
        "name": variable.name,
        "label": variable.label,
        "dataType": _logical(dtype, variable.data_type),
    }
    if dtype.is_temporal():
        told["targetDataType"] = "integer"
    if variable.length is not None:
        told["length"] = variable.length
    if variable.display_format:
        told["displayFormat"] = variable.display_format
    if variable.name in dataset.keys:
        told["keySequence"] = dataset.keys.index(variable.name) + 1
    return told


def _logical(dtype: pl.DataType, data_type: DataType) -> Logical:
    if dtype == pl.Boolean:
        return "boolean"
    if dtype.is_integer() or (dtype.is_float() and data_type == "integer"):
        return "integer"
    if dtype.is_float():
        return "float"
    if dtype.is_temporal():
        return "date" if dtype == pl.Date else "time" if dtype == pl.Time else "datetime"
    return data_type if data_type in ("date", "datetime", "time") else "string"


def _as_json(dataset: Dataset, name: str, logical: Logical) -> pl.Series:
    column = dataset.frame[name]
    if column.dtype.is_float():
        odd = column.is_nan() | column.is_infinite() | ((column % 1 != 0) if logical == "integer" else False)
        if odd.any():
            raise InputError(
                f"value {column.filter(odd)[0]} of {name} is no {logical} of JSON",
                where=f"{dataset.name}: record {(odd.arg_max() or 0) + 1}",
                mend="what is missing is null; give a float its type",
            )
        return column.cast(pl.Int64) if logical == "integer" else column
    if not column.dtype.is_temporal():
        return column
    text = column.dt.to_string("iso:strict")
    return text.str.replace(r"(\.\d*?)0+$", "$1").str.strip_suffix(".")
