"""Read and write notes and tables in pieces, so that memory does not grow with the file."""

from __future__ import annotations

import csv
import io
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from bencao.records.errors import SourceError
from bencao.records.sources.json_text import FAULTS, fault_in, read_json

FORMATS = (".txt", ".jsonl", ".csv", ".parquet")
ROWS = 200  # notes of a piece: enough to keep a worker busy, few enough to hold many
_BOM = b"\xef\xbb\xbf"


def pieces(path: Path, rows: int = ROWS) -> Iterator[dict[str, Any]]:
    """Columns of a file, some rows at a time.

    Parameters
    ----------
    path : Path
        ``.txt`` (one note a file), ``.jsonl``, ``.csv`` or ``.parquet``.
    rows : int

    Yields
    ------
    dict of str to list or pyarrow.Array

    Raises
    ------
    SourceError
        Where it cannot be read; the cause quotes nothing of it.
    """
    suffix = path.suffix.lower()
    try:
        if suffix == ".txt":
            yield {"text": [_decoded(path.read_bytes(), path)]}
        elif suffix == ".jsonl":
            yield from _lines(path, rows)
        elif suffix == ".csv":
            yield from _csv(path, rows)
        elif suffix == ".parquet":
            for batch in pq.ParquetFile(path).iter_batches(batch_size=rows * 20):
                yield dict(zip(batch.schema.names, batch.columns, strict=True))
        else:
            raise SourceError("its ending names no format", where=str(path), mend=f"give {', '.join(FORMATS)} or .dcm")
    except (OSError, pa.ArrowInvalid) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no Parquet file"
        raise SourceError(f"cannot be read: {reason}", where=str(path), mend="check the file") from None


def _decoded(data: bytes, path: Path) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise SourceError("neither UTF-8 nor GB18030", where=str(path), mend="convert it to UTF-8")


def _lines(path: Path, rows: int) -> Iterator[dict[str, Any]]:
    held: list[dict[str, Any]] = []
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            if not line.strip():
                continue
            try:
                row = read_json(line.removeprefix(_BOM))
            except (ValueError, RecursionError):
                row = None
            if not isinstance(row, dict):
                raise SourceError("no JSON object", where=f"{path}: line {number}", mend="write one object a line")
            if fault := fault_in(row):
                raise SourceError(FAULTS[fault], where=f"{path}: line {number}", mend="mend the line, or leave it out")
            if held and (len(held) >= rows or row.keys() != held[0].keys()):
                yield _by_column(held)
                held = []
            held.append(row)
    if held:
        yield _by_column(held)


def _by_column(held: list[dict[str, Any]]) -> dict[str, Any]:
    return {name: [row[name] for row in held] for name in held[0]}


def _csv(path: Path, rows: int) -> Iterator[dict[str, Any]]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    with path.open("rb") as probe:
        head = probe.read(1 << 20)
    try:
        head.decode("utf-8-sig")
        encoding = "utf-8-sig"
    except UnicodeDecodeError as error:
        encoding = "utf-8-sig" if error.start > len(head) - 4 else "gb18030"
    with path.open(encoding=encoding, newline="", errors="strict") as stream:
        try:
            reader = csv.reader(stream)
            names = next(reader, [])
            held: list[list[str]] = []
            for row in reader:
                if not row:
                    continue
                if len(row) != len(names):
                    cause = f"{len(row)} fields where the heading has {len(names)}"
                    raise SourceError(cause, where=f"{path}: line {reader.line_num}", mend="stage the file first")
                held.append(row)
                if len(held) >= rows:
                    yield dict(zip(names, map(list, zip(*held, strict=True)), strict=True))
                    held = []
            if held:
                yield dict(zip(names, map(list, zip(*held, strict=True)), strict=True))
        except (UnicodeDecodeError, csv.Error):
            raise SourceError(
                "not CSV in UTF-8 or GB18030 to its end", where=str(path), mend="stage it first"
            ) from None


class Writer:
    """Writes pieces to a file of the same format as they come.

    Parameters
    ----------
    stream : binary stream
    suffix : str
    """

    def __init__(self, stream: BinaryIO, suffix: str) -> None:
        self._stream = stream
        self._suffix = suffix
        self._parquet: pq.ParquetWriter | None = None
        self._begun = False

    def add(self, columns: dict[str, Any]) -> None:
        """Write a piece."""
        if self._suffix == ".txt":
            self._stream.write(str(columns["text"][0]).encode("utf-8", "surrogatepass"))
        elif self._suffix == ".parquet":
            table = pa.table({name: _array(values) for name, values in columns.items()})
            if self._parquet is None:
                self._parquet = pq.ParquetWriter(self._stream, table.schema)
            self._parquet.write_table(table.cast(self._parquet.schema))
        elif self._suffix == ".jsonl":
            for row in zip(*columns.values(), strict=True):
                told = dict(zip(columns, row, strict=True))
                self._stream.write((json.dumps(told, ensure_ascii=False) + "\n").encode("utf-8", "surrogatepass"))
        else:
            self._stream.write(self._csv(columns).encode("utf-8"))

    def _csv(self, columns: dict[str, Any]) -> str:
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        if not self._begun:
            writer.writerow(columns)
            self._begun = True
        writer.writerows(zip(*columns.values(), strict=True))
        return text.getvalue()

    def close(self) -> None:
        """End the file."""
        if self._parquet is not None:
            self._parquet.close()


def _array(values: Any) -> pa.Array:
    if isinstance(values, (pa.Array, pa.ChunkedArray)):
        return values
    return pa.array(values, type=pa.string()) if all(value is None for value in values) else pa.array(values)
