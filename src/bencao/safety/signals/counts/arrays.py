"""The counting of two report tables with sorted arrays: the fastest way on one machine, in bounded memory."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import polars as pl
import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet

from bencao.safety.errors import CountsError
from bencao.safety.signals.counts.counting import CELLS

Codes = npt.NDArray[np.int32]
_BATCH = 1 << 20
_AT_ONCE = 1 << 23  # pairs of a report's drug and event that are laid out together
# A row is one number of 63 bits: 39 for the report, such as FAERS' primaryid of 11 digits, 24 for the code of its name.
_BITS = 24
_MOST_NAMES = 1 << _BITS
_MOST_REPORTS = (1 << (63 - _BITS)) - 1
_ELSEWHERE = "count in a table store (count_report_tables), which takes any"


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of one table, once each: by report, then by code.

    Attributes
    ----------
    report : ndarray of int64, shape (reports,)
        The reports, rising.
    start : ndarray of int64, shape (reports + 1,)
        Where each report's codes begin.
    code : ndarray of int32, shape (rows,)
    names : list of str
        What the codes stand for, sorted.
    """

    report: npt.NDArray[np.int64]
    start: npt.NDArray[np.int64]
    code: Codes
    names: list[str]


def count_report_files(drugs: Path, events: Path) -> pl.DataFrame:
    """Count every pair of a drug and an event that stand in one report.

    Parameters
    ----------
    drugs : Path
        A .parquet or .csv file with columns ``report`` (whole numbers) and ``drug``.
    events : Path
        The same with ``report`` and ``event``.

    Returns
    -------
    DataFrame
        The columns of `CELLS`, by drug and event, drugs and events as an Enum: the same cells that
        `count_report_tables` gives.

    Raises
    ------
    CountsError
        Where a file or a column cannot be read, or report numbers are not whole numbers; `count_report_tables` takes
        any.

    Notes
    -----
    Rows are packed as report and code into 64 bits and sorted, which puts duplicates side by side. Then, a drug at
    a time, the events of its reports are laid end to end and counted; nothing of the size of the join is ever held.
    """
    ours, theirs = _read(drugs, "drug"), _read(events, "event")
    place = np.searchsorted(theirs.report, ours.report).astype(np.int32)
    place[place == len(theirs.report)] = 0
    shared = theirs.report[place] == ours.report if len(theirs.report) else np.zeros(len(ours.report), bool)
    used = np.zeros(len(theirs.report), bool)
    used[place[shared]] = True
    n_event = np.bincount(theirs.code[np.repeat(used, np.diff(theirs.start))], minlength=len(theirs.names))
    total, names = int(shared.sum()), ours.names
    kept = np.repeat(shared, np.diff(ours.start))
    n_drug = np.bincount(ours.code[kept], minlength=len(names))
    packed = ours.code[kept].astype(np.int64) << 32
    packed |= np.repeat(place, np.diff(ours.start))[kept]
    del ours, kept, used, place, shared
    packed.sort()  # by drug, and by report within it
    packed &= (1 << 32) - 1
    drug, event, n = _cells(packed, n_drug, theirs)
    del packed
    return _table(drug, event, n, n_drug, n_event, total, names, theirs.names)


def _cells(
    at: npt.NDArray[np.int64], n_drug: npt.NDArray[np.intp], events: _Rows
) -> tuple[Codes, Codes, npt.NDArray[np.int64]]:
    """Counts of the pairs that occur: codes of drug and event, and reports."""
    length = np.diff(events.start)
    drugs, found, counts = [], [], []
    begin = 0
    for drug, many in enumerate(n_drug):
        reports = at[begin : begin + many]
        begin += int(many)
        n = np.zeros(len(events.names), np.int64)
        for part in _parts(reports, length):
            n += np.bincount(events.code[_laid_out(events.start[part], length[part])], minlength=len(n))
        here = np.flatnonzero(n)
        drugs.append(np.full(len(here), drug, np.int32))
        found.append(here.astype(np.int32))
        counts.append(n[here])
    if not drugs:
        return np.empty(0, np.int32), np.empty(0, np.int32), np.empty(0, np.int64)
    return np.concatenate(drugs), np.concatenate(found), np.concatenate(counts)


def _parts(reports: npt.NDArray[np.int64], length: npt.NDArray[np.int64]) -> Iterator[npt.NDArray[np.int64]]:
    """Reports in parts whose events can be laid out together."""
    many = np.cumsum(length[reports])
    begin = 0
    while begin < len(reports):
        done = int(many[begin - 1]) if begin else 0
        end = max(begin + 1, int(np.searchsorted(many, done + _AT_ONCE, side="right")))
        yield reports[begin:end]
        begin = end


def _laid_out(start: npt.NDArray[np.int64], length: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """Places start, start + 1, ... of each run, one run after the other."""
    before = np.cumsum(length) - length
    places = np.arange(int(length.sum()))
    places += np.repeat(start - before, length)
    return places


def _table(
    drug: Codes,
    event: Codes,
    n: npt.NDArray[np.int64],
    n_drug: npt.NDArray[np.intp],
    n_event: npt.NDArray[np.intp],
    total: int,
    drugs: list[str],
    events: list[str],
) -> pl.DataFrame:
    def named(codes: Codes, names: list[str]) -> pl.Series:
        # Polars has no public way from codes to an Enum, but a gather from the names themselves.
        return pl.Series(names, dtype=pl.Enum(names)).gather(pl.Series(codes))

    return pl.DataFrame(
        {
            "drug": named(drug, drugs),
            "event": named(event, events),
            "n": n,
            "n_drug": n_drug[drug],
            "n_event": n_event[event],
            "total": np.full(len(n), total, np.int64),
        }
    ).select(CELLS)


def _read(path: Path, column: str) -> _Rows:
    """The rows of a file, packed, sorted and without duplicates."""
    packed, names = _packed(path, column)
    order = sorted(range(len(names)), key=names.__getitem__)
    rank = np.empty(len(names), np.int32)
    rank[order] = np.arange(len(names), dtype=np.int32)
    packed.sort()
    fresh = np.ones(len(packed), bool)
    np.not_equal(packed[1:], packed[:-1], out=fresh[1:])
    packed = packed[fresh]
    code = rank[packed & (_MOST_NAMES - 1)] if names else np.empty(0, np.int32)
    packed >>= _BITS
    fresh = np.ones(len(packed), bool)
    np.not_equal(packed[1:], packed[:-1], out=fresh[1:])
    begins = np.flatnonzero(fresh)
    return _Rows(packed[begins], np.append(begins, len(packed)), code, [names[number] for number in order])


def _packed(path: Path, column: str) -> tuple[npt.NDArray[np.int64], list[str]]:
    """Report numbers and codes of a file in one number each, and what the codes stand for; gaps are left out."""
    known: dict[str, int] = {}
    parts: list[npt.NDArray[np.int64]] = []
    try:
        for batch in _batches(path, column):
            filled = batch.drop_null() if batch["report"].null_count or batch[column].null_count else batch
            coded = filled[column]
            if not pa.types.is_dictionary(coded.type):
                coded = coded.dictionary_encode()
            texts = coded.dictionary.to_pylist()
            mine = np.fromiter((known.setdefault(text, len(known)) for text in texts), np.int64, len(texts))
            parts.append((_whole(filled["report"], path) << _BITS) | mine[coded.indices.to_numpy()])
    except (OSError, KeyError, pa.ArrowException) as error:
        raise CountsError(
            f"cannot be read: {' '.join(str(error).split())}",
            where=str(path),
            mend=f"give a table with columns report and {column}",
        ) from error
    if len(known) > _MOST_NAMES:
        raise CountsError(f"{len(known):,} different names", where=f"{path}: {column}", mend=_ELSEWHERE)
    return np.concatenate(parts) if parts else np.empty(0, np.int64), list(known)


def _whole(values: pa.Array, path: Path) -> npt.NDArray[np.int64]:
    try:
        numbers = np.asarray(values.cast(pa.int64()).to_numpy(zero_copy_only=False))
    except pa.ArrowInvalid as error:
        raise CountsError(
            f"report numbers are {values.type}, not whole numbers", where=f"{path}: report", mend=_ELSEWHERE
        ) from error
    if len(numbers) and (numbers.min() < 0 or numbers.max() > _MOST_REPORTS):
        raise CountsError(
            f"report numbers from {numbers.min()} to {numbers.max()}", where=f"{path}: report", mend=_ELSEWHERE
        )
    return numbers


def _batches(path: Path, column: str) -> Iterator[pa.RecordBatch]:
    if path.suffix.lower() == ".parquet":
        file = pyarrow.parquet.ParquetFile(path, read_dictionary=[column])
        yield from file.iter_batches(_BATCH, columns=["report", column])
    elif path.suffix.lower() == ".csv":
        kinds = {column: pa.dictionary(pa.int32(), pa.string()), "report": pa.string()}
        convert = pyarrow.csv.ConvertOptions(
            include_columns=["report", column], column_types=kinds, null_values=[""], strings_can_be_null=True
        )
        yield from pyarrow.csv.open_csv(path, convert_options=convert)
    else:
        raise CountsError(f"no table file: {path.name}", where=str(path), mend="give a .parquet or .csv file")
