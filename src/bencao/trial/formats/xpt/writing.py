"""Write SAS transport files; what the version cannot hold is said before anything is written."""

from __future__ import annotations

import os
import re
import struct
from datetime import datetime
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import polars as pl

from bencao.kernel.files import write_bytes
from bencao.trial.dataset import Dataset, Variable
from bencao.trial.errors import XptLimitError
from bencao.trial.formats.stamp import CREATED
from bencao.trial.formats.xpt import layout
from bencao.trial.formats.xpt.dates import DEFAULT_FORMATS, format_text, parse_format, to_sas
from bencao.trial.formats.xpt.ibm import SMALLEST, TOO_LARGE, to_ibm

XptVersion = Literal[5, 8]

_NAME = {5: re.compile(r"[A-Z_][A-Z0-9_]{0,7}"), 8: re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,31}")}
_NAME_SAID = {5: "8 capitals, digits and _", 8: "32 letters, digits and _"}
_LABEL = {5: 40, 8: 256}
_TEXT = {5: 200, 8: 32_767}
_FORMAT = {5: 8, 8: 32}
_DATASET_LABEL = 40
_VARIABLES = 32_767
_INEXACT = 2.0**53  # from here on not every whole number is a double
_SHOWN = 5
_ROWS = 65_536


def check_xpt(dataset: Dataset, version: XptVersion = 5) -> None:
    """Check that a transport file of a version can hold a data set.

    Parameters
    ----------
    dataset : Dataset
    version : 5 or 8

    Raises
    ------
    XptLimitError
        Names what it cannot hold, the first five of them.
    """
    limit = _DATASET_LABEL
    found = [] if _NAME[version].fullmatch(dataset.name) else [_bad_name("data set", dataset.name, version)]
    if len(dataset.label.encode()) > limit:
        found.append(f"label of {len(dataset.label.encode())} bytes of the data set, at most {limit}")
    if not 0 < len(dataset.variables) <= _VARIABLES:
        found.append(f"{len(dataset.variables)} variables, expected 1 to {_VARIABLES}")
    names = [variable.name.upper() for variable in dataset.variables]
    found += [f"variable {name} twice" for name in sorted({name for name in names if names.count(name) > 1})]
    for variable in dataset.variables:
        found += _problems(variable, dataset.frame[variable.name], version)
    if version == 5 and not found:
        found += _lost_at_the_end(dataset)
    if found:
        more = f"; and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise XptLimitError(
            "; ".join(found[:_SHOWN]) + more,
            where=dataset.name,
            mend="change it" + ("; version 8 takes longer names, labels and texts" if version == 5 else ""),
        )


def _bad_name(kind: str, name: str, version: XptVersion) -> str:
    return f"{kind} {name}, a name is at most {_NAME_SAID[version]}"


def _problems(variable: Variable, column: pl.Series, version: XptVersion) -> list[str]:
    name = variable.name
    found = [] if _NAME[version].fullmatch(name) else [_bad_name("variable", name, version)]
    label = len(variable.label.encode())
    if label > _LABEL[version]:
        found.append(f"label of {label} bytes of {name}, at most {_LABEL[version]}")
    form = parse_format(variable.display_format)
    if form is None:
        found.append(f"display format {variable.display_format!r} of {name}")
    elif len(form[0]) > _FORMAT[version]:
        found.append(f"format name {form[0]} of {name}, at most {_FORMAT[version]} characters")
    if column.dtype in (pl.String, pl.Null):
        return found + _text_problems(variable, column, version)
    return found + _number_problems(name, column)


def _text_problems(variable: Variable, column: pl.Series, version: XptVersion) -> list[str]:
    lengths = column.cast(pl.String).str.len_bytes()
    longest: Any = lengths.max() or 0
    limit = min(variable.length or _TEXT[version], _TEXT[version])
    found = []
    if variable.length and variable.length > _TEXT[version]:
        found.append(f"length {variable.length} of {variable.name}, at most {_TEXT[version]}")
    elif longest > limit:
        record = _first(lengths > limit)
        found.append(f"value of {longest} bytes in {variable.name}, at most {limit} (first in record {record})")
    return found


def _number_problems(name: str, column: pl.Series) -> list[str]:
    zone = getattr(column.dtype, "time_zone", None)
    if zone not in (None, "UTC"):
        return [f"date-times of {name} in zone {zone}"]
    if column.dtype.is_temporal():
        return []
    if column.dtype.is_integer():
        beyond = column.cast(pl.Float64).abs() >= _INEXACT
        return [f"whole number in {name} that is not exact (record {_first(beyond)})"] if beyond.any() else []
    if not (column.dtype.is_float() or column.dtype == pl.Boolean):
        return [f"{name} of type {column.dtype}"]
    size = column.cast(pl.Float64).abs()
    if size.is_nan().any():
        return [f"NaN in {name} (record {_first(size.is_nan())}), what is missing is null"]
    beyond = (size >= TOO_LARGE) | ((size < SMALLEST) & (size > 0))
    return [f"{name} holds a number out of range (record {_first(beyond)})"] if beyond.any() else []


def _first(found: pl.Series) -> int:
    """Number of the first record, from 1, where it is true."""
    return (found.arg_max() or 0) + 1


def _lost_at_the_end(dataset: Dataset) -> list[str]:
    """Version 5 does not count records: all-blank ones at the end cannot be told from the last record's padding."""
    if any(dataset.frame.schema[variable.name] not in (pl.String, pl.Null) for variable in dataset.variables):
        return []
    last = dataset.frame.tail(1).row(0) if dataset.frame.height else ("",)
    blank = dataset.frame.height > 0 and not any((value or "").strip(" ") for value in last)
    width = sum(_width(variable, dataset.frame[variable.name]) for variable in dataset.variables)
    return ["a last record that is all missing"] if blank and width < layout.RECORD else []


def write_xpt(
    dataset: Dataset, path: str | os.PathLike[str], version: XptVersion = 5, created: datetime = CREATED
) -> None:
    """Write a SAS transport file with one data set.

    Texts are written in UTF-8 and without the blanks at their end, in which the file knows no difference; numbers in
    8 bytes. A date is a count of days since 1960, a date-time of seconds; where their variable has no display format,
    they get ``DATE9.``, ``DATETIME20.`` and ``TIME8.``.

    Parameters
    ----------
    dataset : Dataset
    path : path-like
    version : 5 or 8
        Agencies take 5; 8 holds names of 32 characters, labels of 256 and texts of 32,767 bytes.
    created : datetime
        What the headers say; the same for all files unless told otherwise.

    Raises
    ------
    XptLimitError
        As `check_xpt`, before anything is written.
    InputError
        Where the file cannot be written.
    """
    check_xpt(dataset, version)
    descriptors = _descriptors(dataset)
    stamp = layout.timestamp(created)
    system = b"9.4     bencao  "
    opened = layout.header(layout.LIBRARY[version])
    opened += layout.padded((b"SAS     SAS     SASLIB  " + system).ljust(64) + stamp) + layout.padded(stamp)
    name, label = dataset.name.encode("ascii"), dataset.label.encode()
    member = layout.header(layout.MEMBER[version], "000000000000000001600000000140")
    member += layout.header(layout.DESCRIPTOR[version])
    first = b"SAS     " + name.ljust(8 if version == 5 else 32) + b"SASDATA " + system
    member += first.ljust(64) + stamp + stamp.ljust(32) + label.ljust(48)
    variables = layout.header(layout.VARIABLES[version], f"{len(descriptors):010}{'0' * 20}")
    variables += layout.padded(b"".join(descriptor.pack(version) for descriptor in descriptors))
    if version == 8:
        variables += _long_labels(descriptors)
    counted = {} if version == 5 else {"content": f"{dataset.frame.height:15}"}
    records = _records(dataset, descriptors)
    data = layout.padded(b"".join(records))
    write_bytes(path, opened + member + variables + layout.header(layout.OBSERVATIONS[version], **counted) + data)


def _descriptors(dataset: Dataset) -> list[layout.Descriptor]:
    position, made = 0, []
    for number, variable in enumerate(dataset.variables, start=1):
        column = dataset.frame[variable.name]
        form = parse_format(variable.display_format or _default_format(column))
        assert form is not None, "check_xpt has seen it"
        width = _width(variable, column)
        made.append(
            layout.Descriptor(
                numeric=column.dtype not in (pl.String, pl.Null),
                length=width,
                number=number,
                name=variable.name.encode("ascii"),
                label=variable.label.encode(),
                format=(form[0].encode("ascii"), form[1], form[2]),
                position=position,
            )
        )
        position += width
    return made


def _default_format(column: pl.Series) -> str:
    if column.dtype == pl.Date:
        return DEFAULT_FORMATS["date"]
    if column.dtype == pl.Datetime:
        return DEFAULT_FORMATS["datetime"]
    return DEFAULT_FORMATS["time"] if column.dtype == pl.Time else ""


def _width(variable: Variable, column: pl.Series) -> int:
    if column.dtype not in (pl.String, pl.Null):
        return 8
    longest: Any = column.cast(pl.String).str.len_bytes().max()
    return variable.length or longest or 1


def _long_labels(descriptors: list[layout.Descriptor]) -> bytes:
    long = [one for one in descriptors if len(one.label) > 40 or len(one.format[0]) > 8]
    if not long:
        return b""
    formats = any(len(one.format[0]) > 8 for one in long)
    section = b""
    for one in long:
        form = format_text(one.format[0].decode(), *one.format[1:]).encode() if len(one.format[0]) > 8 else b""
        lengths = (one.number, len(one.name), len(one.label), *((len(form), 0) if formats else ()))
        section += struct.pack(f">{len(lengths)}h", *lengths) + one.name + one.label + form
    name = layout.LONG_FORMATS if formats else layout.LONG_LABELS
    return layout.header(name, str(len(long))) + layout.padded(section)


def _records(dataset: Dataset, descriptors: list[layout.Descriptor]) -> list[bytes]:
    width = sum(descriptor.length for descriptor in descriptors)
    parts = []
    for start in range(0, dataset.frame.height, _ROWS):
        frame = dataset.frame.slice(start, _ROWS)
        block = np.full((frame.height, width), ord(" "), dtype=np.uint8)
        for descriptor, variable in zip(descriptors, dataset.variables, strict=True):
            field = block[:, descriptor.position : descriptor.position + descriptor.length]
            column = frame[variable.name]
            if descriptor.numeric:
                field[:] = to_ibm(_numbers(column))
            else:
                _fill(field, column)
        parts.append(block.tobytes())
    return parts


def _numbers(column: pl.Series) -> npt.NDArray[np.float64]:
    counted = to_sas(column) if column.dtype.is_temporal() else column.cast(pl.Float64)
    return counted.fill_null(float("nan")).to_numpy()


def _fill(field: npt.NDArray[np.uint8], column: pl.Series) -> None:
    """Copy the bytes of the texts to the start of their fields, all at once."""
    texts: Any = column.cast(pl.String).fill_null("").to_arrow()
    _, ends, content = texts.buffers()
    if content is None:
        return
    offsets = np.frombuffer(ends, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    lengths = np.diff(offsets)
    values = np.frombuffer(content, dtype=np.uint8)[offsets[0] : offsets[-1]]
    rows = np.repeat(np.arange(len(lengths)), lengths)
    places = np.arange(len(values)) - np.repeat(offsets[:-1] - offsets[0], lengths)
    field[rows, places] = values
