"""Stage a source: tables of text in Parquet, what could not be read in quarantine, and the counts of both."""

from __future__ import annotations

import itertools
import shutil
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import pyarrow as pa
import pyarrow.parquet as pq

from bencao.kernel.files import make_folder, require_empty

FILE, ROW = "_file", "_row"
QUARANTINE = "quarantine.parquet"
_BATCH = 20_000  # records written at a time
_LONGEST_NAME = 200  # bytes; a file's name may have 255


@dataclass(frozen=True)
class Staged:
    """A table that was staged.

    Attributes
    ----------
    name : str
        Of the file, sheet, resource type, segment or table it comes from.
    path : Path
        Parquet: the source's columns as text, then ``_file`` (str) and ``_row`` (int, from 1; counts what is in
        quarantine as well).
    rows, quarantined : int
        Their sum is how many records the source has.
    """

    name: str
    path: Path
    rows: int
    quarantined: int


@dataclass(frozen=True)
class Quarantined:
    """A record that cannot be used.

    Attributes
    ----------
    file : str
    row : int
        From 1; of a file's records.
    reason : str
        A code: ``columns``, ``quote``, ``nul``, ``encoding``, ``too_long``, ``not_json``, ``resource_type``,
        ``element``, ``primitive``, ``duplicate_id``, ``segment``.
    detail : str
        What was expected and found; never what a cell says.
    raw : str
        The record itself.
    table : str
    """

    file: str
    row: int
    reason: str
    detail: str
    raw: str
    table: str = ""


@dataclass
class Staging:
    """A folder that staged tables are written into; it gets its name when all of them are whole.

    Parameters
    ----------
    folder : Path
        Must not exist, or be empty.
    """

    folder: Path
    staged: list[Staged] = field(default_factory=list)
    quarantine: list[Quarantined] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _names: set[str] = field(default_factory=lambda: {Path(QUARANTINE).stem})

    def __enter__(self) -> Staging:
        require_empty(self.folder)
        self._at = self.folder.with_name(f".{self.folder.name}.part")
        shutil.rmtree(self._at, ignore_errors=True)
        make_folder(self._at)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            shutil.rmtree(self._at, ignore_errors=True)
            return
        self._write_quarantine()
        if self.folder.exists():
            self.folder.rmdir()
        self._at.rename(self.folder)

    def place(self, name: str) -> Path:
        """Where a table is to be written."""
        return self._at / f"{name}.parquet"

    def free(self, name: str) -> str:
        """A name for a table: one that a file can have, and that no other table has."""
        plain = "".join("_" if mark in "/\\\0" else mark for mark in name).encode("utf-8", "replace").decode()
        while len(plain.encode()) > _LONGEST_NAME:
            plain = plain[:-1]
        told = free_name(plain, self._names)
        self._names.add(told.casefold())
        return told

    def add(self, name: str, rows: int, quarantined: Iterable[Quarantined] = ()) -> None:
        """Enter a table that was written, and what of it is in quarantine."""
        bad = list(quarantined)
        self.quarantine += bad
        self.staged.append(Staged(name, self.folder / f"{name}.parquet", rows, len(bad)))

    def write(self, name: str, columns: list[str], records: Iterable[tuple[str, int, list[str | None]]]) -> int:
        """Write records as a table.

        Parameters
        ----------
        name : str
        columns : list of str
        records : iterable of (file, row, cells)

        Returns
        -------
        int
            How many.
        """
        schema = pa.schema([*((one, pa.string()) for one in columns), (FILE, pa.string()), (ROW, pa.int64())])
        rows = 0
        with pq.ParquetWriter(self.place(name), schema, compression="zstd") as writer:
            for batch in _batches(records):
                cells = [[record[2][place] for record in batch] for place in range(len(columns))]
                arrays = [pa.array(one, pa.string()) for one in cells]
                arrays.append(pa.array([record[0] for record in batch], pa.string()))
                arrays.append(pa.array([record[1] for record in batch], pa.int64()))
                writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
                rows += len(batch)
        return rows

    def _write_quarantine(self) -> None:
        schema = pa.schema(
            [
                ("_table", pa.string()),
                (FILE, pa.string()),
                (ROW, pa.int64()),
                ("reason", pa.string()),
                ("detail", pa.string()),
                ("raw", pa.string()),
            ]
        )
        rows = [(one.table, one.file, one.row, one.reason, one.detail, one.raw) for one in self.quarantine]
        arrays = [pa.array([row[place] for row in rows], kind.type) for place, kind in enumerate(schema)]
        pq.write_table(pa.Table.from_arrays(arrays, schema=schema), self._at / QUARANTINE)


def free_name(name: str, taken: Collection[str]) -> str:
    """A name, or with ``.2``, ``.3``… after it, so that it is none of those taken (which are in lower case)."""
    tries = itertools.chain([name], (f"{name}.{number}" for number in itertools.count(2)))
    return next(one for one in tries if one.casefold() not in taken)


def _batches(
    records: Iterable[tuple[str, int, list[str | None]]],
) -> Iterator[list[tuple[str, int, list[str | None]]]]:
    batch: list[tuple[str, int, list[str | None]]] = []
    for record in records:
        batch.append(record)
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def reasons_of(quarantine: Iterable[Quarantined]) -> dict[str, int]:
    """How often each reason occurs, the commonest first."""
    return dict(Counter(one.reason for one in quarantine).most_common())
