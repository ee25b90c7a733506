"""Stage a delimited text file: all at once where it is clean, record by record where it is not; both give the same."""

from __future__ import annotations

import mmap
from collections.abc import Iterator
from pathlib import Path

import duckdb

from bencao.records.sources.staging import FILE, ROW, Quarantined, Staging
from bencao.records.sources.text import encoding_of, header_of, read_records
from bencao.records.sql import literal


def stage_delimited(path: Path, staging: Staging, name: str = "") -> None:
    """Stage a CSV or TSV file.

    Parameters
    ----------
    path : Path
    staging : Staging
    name : str
        Of the table; the file's without it.

    Raises
    ------
    SourceError
        As `header_of`.
    """
    name = staging.free(name or path.stem)
    encoding = encoding_of(path)
    columns, delimiter = header_of(path, encoding)
    if encoding == "mixed":
        staging.notes.append(f"{path.name}: encoding changes between UTF-8 and GB18030")
    if encoding in ("utf-8", "utf-8-sig") and _is_plain(path):
        rows = _all_at_once(path, staging.place(name), columns, delimiter)
        fewest, most = _fewest_and_most(path)
        if rows is not None and fewest <= rows <= most:  # a reader that drops lines silently is not believed
            staging.add(name, rows)
            return
    bad: list[Quarantined] = []

    def good() -> Iterator[tuple[str, int, list[str | None]]]:
        for record in read_records(path, encoding, len(columns), delimiter):
            if record.bad is not None:
                bad.append(record.bad)
            else:
                yield path.name, record.row, record.cells

    rows = staging.write(name, columns, good())
    staging.add(name, rows, bad)


def _is_plain(path: Path) -> bool:
    """Whether a file has no NUL byte and no lone carriage return, which the two readers would take differently."""
    if not path.stat().st_size:
        return False
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
        if held.find(b"\0") >= 0:
            return False
        place = held.find(b"\r")
        return place < 0 or (held[place + 1 : place + 2] == b"\n" and _all_lines_end_so(held))


def _all_lines_end_so(held: mmap.mmap) -> bool:
    """Whether every line of a file ends with both characters, so that DuckDB does not mix the two."""
    text = bytes(held)
    return text.count(b"\r") == text.count(b"\r\n") == text.count(b"\n")


def _fewest_and_most(path: Path) -> tuple[int, int]:
    """How many records a file may have, counted by its lines; they are equal where nothing is quoted."""
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as held:
        lines = sum(block.count(b"\n") for block in iter(lambda: held.read(1 << 24), b""))
        lines += held[-1:] != b"\n"
        return (0 if held.find(b'"') >= 0 else lines - 1), lines - 1


def _all_at_once(path: Path, target: Path, columns: list[str], delimiter: str) -> int | None:
    """Copy a clean file to Parquet by DuckDB; None where anything in it is not clean."""
    kinds = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in columns)
    told = (
        f"auto_detect=false, delim='{delimiter}', quote='\"', escape='\"', header=true, nullstr='', strict_mode=true, "
        f"null_padding=false, max_line_size=16000000, columns={{{kinds}}}"
    )
    selected = (
        f"SELECT *, {literal(path.name)} AS {FILE}, row_number() OVER () AS {ROW} "
        f"FROM read_csv({literal(path)}, {told})"
    )
    try:
        with duckdb.connect(":memory:", config={"threads": 2}) as connection:
            written = connection.execute(
                f"COPY ({selected}) TO {literal(target)} (FORMAT PARQUET, COMPRESSION LZ4_RAW)"
            ).fetchone()
    except duckdb.Error:
        target.unlink(missing_ok=True)
        return None
    return int(written[0])
