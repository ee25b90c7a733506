"""Read SAS transport files of version 5, 6, 8 and 9, with all data sets in them."""

from __future__ import annotations

import os
import struct
from dataclasses import replace
from pathlib import Path
from typing import Literal, cast

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa

from bencao.kernel.errors import InputError
from bencao.trial.dataset import Dataset, DataType, Variable
from bencao.trial.formats.xpt import layout
from bencao.trial.formats.xpt.dates import format_text, from_sas, kind_of, parse_format
from bencao.trial.formats.xpt.ibm import from_ibm

_ROWS = 65_536
_FIRST = 20  # bytes of a header record before its name


class _Reader:
    """Bytes of a file, taken record by record."""

    def __init__(self, data: bytes, path: Path) -> None:
        self.data, self.path, self.at = data, path, 0

    def take(self, size: int) -> bytes:
        """The next bytes."""
        part = self.data[self.at : self.at + size]
        if len(part) < size:
            raise self.broken("it ends too early")
        self.at += size
        return part

    def header(self, *names: str) -> tuple[str, bytes]:
        """The next record, which begins one of the sections, and what it says."""
        record = self.take(layout.RECORD)
        for name in names:
            if record[:48] == layout.header(name)[:48]:
                return name, record[48:]
        raise self.broken(f"no {' or '.join(names)} header at byte {self.at - layout.RECORD}")

    def number(self, digits: bytes) -> int:
        """A count that a header gives."""
        try:
            return int(digits)
        except ValueError:
            raise self.broken(f"{digits!r} where a number is expected") from None

    def broken(self, cause: str) -> InputError:
        return InputError(
            f"no SAS transport file: {cause}", where=str(self.path), mend="write it with the XPORT engine or its macros"
        )


def read_xpt(path: str | os.PathLike[str], encoding: str = "utf-8") -> tuple[Dataset, ...]:
    """Read the data sets of a SAS transport file.

    A number with a display format of dates, date-times or times becomes one, unless a value of the variable is none;
    every other is a Float64, for the file knows no integers. An empty text is missing, and so are SAS's special
    missing values (``.A`` to ``.Z`` and ``._``), whose letters are not kept.

    Parameters
    ----------
    path : path-like
    encoding : str
        Of the texts; the file does not say it.

    Returns
    -------
    tuple of Dataset

    Raises
    ------
    InputError
        Where the file cannot be read, is no transport file, or has texts in another encoding.
    """
    path = Path(path)
    try:
        reader = _Reader(path.read_bytes(), path)
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=str(path), mend="check the path") from error
    name, _ = reader.header(*layout.LIBRARY.values())
    version: Literal[5, 8] = 5 if name == layout.LIBRARY[5] else 8
    reader.take(2 * layout.RECORD)
    datasets = []
    while reader.at < len(reader.data):
        datasets.append(_read_member(reader, version, encoding))
    return tuple(datasets)


def _read_member(reader: _Reader, version: Literal[5, 8], encoding: str) -> Dataset:
    _, sizes = reader.header(layout.MEMBER[version])
    size = reader.number(sizes[26:30])
    reader.header(layout.DESCRIPTOR[version])
    name = reader.take(layout.RECORD)[8 : 16 if version == 5 else 40]
    label = reader.take(layout.RECORD)[32:72]
    _, counts = reader.header(layout.VARIABLES[version])
    count = reader.number(counts[:10])
    packed = reader.take(size * count)
    reader.take(-len(packed) % layout.RECORD)
    descriptors = [layout.unpack(packed[size * index : size * (index + 1)], version) for index in range(count)]
    if size not in (layout.NAMESTR, 136) or not all(map(_sound, descriptors)):
        raise reader.broken(
            f"the variables of {name.decode('ascii', 'replace').strip()} are not described as they must"
        )
    kind, told = reader.header(layout.OBSERVATIONS[version], layout.LONG_LABELS, layout.LONG_FORMATS)
    if kind != layout.OBSERVATIONS[version]:
        descriptors = _with_long_labels(reader, descriptors, reader.number(told), kind == layout.LONG_FORMATS)
        _, told = reader.header(layout.OBSERVATIONS[version])
    width = max((one.position + one.length for one in descriptors), default=0)
    block = _records(reader, version, width, told[:15].decode("ascii", "replace"))
    columns: dict[str, pl.Series] = {}
    variables = []
    for one in descriptors:
        title = _decoded(one.name, encoding, reader.path)
        if title in columns:
            raise reader.broken(f"variable {title} twice")
        column = _column(block, one, encoding, reader.path, title)
        columns[title] = column
        variables.append(_variable(one, title, column, encoding, reader.path))
    title = _decoded(name.rstrip(b"\0 "), encoding, reader.path)
    return Dataset(
        title, pl.DataFrame(columns), tuple(variables), _decoded(label.rstrip(b"\0 "), encoding, reader.path)
    )


def _sound(one: layout.Descriptor) -> bool:
    return one.position >= 0 and (2 <= one.length <= 8 if one.numeric else one.length > 0)


def _with_long_labels(
    reader: _Reader, descriptors: list[layout.Descriptor], count: int, formats: bool
) -> list[layout.Descriptor]:
    numbers = struct.Struct(">5h" if formats else ">3h")
    by_number = {one.number: one for one in descriptors}
    start = reader.at
    for _ in range(count):
        number, name_size, label_size, *more = numbers.unpack(reader.take(numbers.size))
        reader.take(name_size)
        label = reader.take(label_size).rstrip(b"\0 ")
        form = parse_format(reader.take(more[0]).decode("ascii", "replace")) if more and more[0] else None
        reader.take(more[1] if more else 0)
        if number not in by_number:
            raise reader.broken(f"a long label of variable {number}")
        changed = replace(by_number[number], label=label)
        by_number[number] = replace(changed, format=(form[0].encode(), *form[1:])) if form else changed
    reader.take((start - reader.at) % layout.RECORD)
    return [by_number[one.number] for one in descriptors]


def _records(reader: _Reader, version: Literal[5, 8], width: int, counted: str) -> npt.NDArray[np.uint8]:
    """Bytes of the records, shape (records, width), and the reader at the next member or the end."""
    start = reader.at
    if counted.strip() and counted.strip("0 ").strip().isdigit():
        count = int(counted)
        reader.take(count * width)
        reader.take(min(-(count * width) % layout.RECORD, len(reader.data) - reader.at))
    else:
        end = _next_member(reader, version)
        size = end - start
        count = size // width if width else 0
        # Blank records at the end, where they fit into the padding of the last, are padding.
        while count and size - (count - 1) * width < layout.RECORD and not _filled(reader.data, start, count, width):
            count -= 1
        reader.at = end
    return np.frombuffer(reader.data, dtype=np.uint8, count=count * width, offset=start).reshape(count, max(width, 1))


def _next_member(reader: _Reader, version: Literal[5, 8]) -> int:
    mark, place = layout.header(layout.MEMBER[version])[:48], reader.at
    while (place := reader.data.find(mark, place)) >= 0:
        if (place - reader.at) % layout.RECORD == 0:
            return place
        place += 1
    return len(reader.data)


def _filled(data: bytes, start: int, count: int, width: int) -> bool:
    return data[start + (count - 1) * width : start + count * width].strip(b" ") != b""


def _column(block: npt.NDArray[np.uint8], one: layout.Descriptor, encoding: str, path: Path, title: str) -> pl.Series:
    raw = block[:, one.position : one.position + one.length]
    if not one.numeric:
        parts = [_texts(raw[start : start + _ROWS], encoding, path, title) for start in range(0, len(raw), _ROWS)]
        return pl.concat(parts) if parts else pl.Series(dtype=pl.String)
    values = pl.Series(from_ibm(np.ascontiguousarray(raw))).fill_nan(None)
    kind = kind_of(one.format[0].decode("ascii", "replace").upper())
    return from_sas(values, kind) if kind else values


def _texts(raw: npt.NDArray[np.uint8], encoding: str, path: Path, title: str) -> pl.Series:
    blank = (raw == ord(" ")) | (raw == 0)
    lengths = raw.shape[1] - np.where(blank.all(axis=1), raw.shape[1], blank[:, ::-1].argmin(axis=1))
    offsets = np.concatenate(([0], np.cumsum(lengths))).astype(np.int64)
    content = raw[np.arange(raw.shape[1]) < lengths[:, None]].tobytes()
    kind = pa.large_string() if encoding == "utf-8" else pa.large_binary()
    array = pa.Array.from_buffers(kind, len(lengths), [None, pa.py_buffer(offsets), pa.py_buffer(content)])
    try:
        if encoding == "utf-8":
            array.validate(full=True)
            column = cast(pl.Series, pl.from_arrow(array))
        else:
            column = pl.Series([value.decode(encoding) for value in array.to_pylist()], dtype=pl.String)
    except (pa.ArrowInvalid, UnicodeDecodeError, LookupError) as error:
        raise InputError(
            f"texts of {title} that are not in {encoding}", where=str(path), mend="say the encoding, such as latin-1"
        ) from error
    return column.set(column == "", None)


def _variable(one: layout.Descriptor, title: str, column: pl.Series, encoding: str, path: Path) -> Variable:
    data_type: DataType = "text" if not one.numeric else "float"
    for dtype, name in ((pl.Date, "date"), (pl.Datetime, "datetime"), (pl.Time, "time")):
        data_type = cast(DataType, name) if column.dtype == dtype else data_type
    form = format_text(_decoded(one.format[0], encoding, path), *one.format[1:])
    length = None if one.numeric else one.length
    return Variable(title, _decoded(one.label, encoding, path), data_type, length, form)


def _decoded(raw: bytes, encoding: str, path: Path) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            f"a label that is not in {encoding}", where=str(path), mend="say the encoding, such as latin-1"
        ) from error
