"""Read delimited text record by record: encodings that change half-way, broken quotes, NUL bytes, rows that shift."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from bencao.records.errors import SourceError
from bencao.records.sources.staging import FILE, ROW, Quarantined, free_name

LONGEST = 16 << 20  # bytes of a line
_LINES_OF_A_RECORD = 100  # more make an unclosed quote likelier than a long text
_KEPT = 2_000  # characters of a bad record that are kept
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True)
class Record:
    """A record of a text file: its cells, or why it has none."""

    row: int
    cells: list[str | None]
    bad: Quarantined | None = None


@dataclass(frozen=True)
class Line:
    """A physical line: its text, or why it cannot be one."""

    text: str
    fault: str = ""


def encoding_of(path: Path) -> str:
    """``utf-8``, ``utf-8-sig``, ``utf-16`` or ``gb18030`` where the whole file is so; ``mixed`` where it changes."""
    with path.open("rb") as file:
        head = file.read(4)
        for mark, name in _BOMS:
            if head.startswith(mark):
                return name
    return next((name for name in ("utf-8", "gb18030") if _is_in(path, name)), "mixed")


def _is_in(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        with path.open("rb") as file:
            while block := file.read(1 << 22):
                decoder.decode(block)
            decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def delimiter_of(line: str) -> str:
    """The delimiter of a header: what stands most often of tab, comma, semicolon and bar."""
    return max("\t,;|", key=line.count)


def read_lines(path: Path, encoding: str) -> Iterator[Line]:
    """The lines of a file; one that is too long is not held in memory, one in no known encoding is told."""
    if encoding == "utf-16":
        with path.open(encoding=encoding, errors="replace", newline="") as text:
            while line := text.readline(LONGEST):
                yield Line(line, "nul" if "\0" in line else "")
        return
    with path.open("rb") as file:
        if encoding == "utf-8-sig":
            file.seek(3)
        while block := file.readline(LONGEST):
            if len(block) == LONGEST and not block.endswith(b"\n"):
                while (rest := file.readline(LONGEST)) and not rest.endswith(b"\n"):
                    pass
                yield Line(_shown(block), "too_long")
            elif b"\0" in block:
                yield Line(_shown(block).replace("\0", "␀"), "nul")
            else:
                yield _decoded(block, encoding)


def _decoded(block: bytes, encoding: str) -> Line:
    """A line in the file's encoding; in a mixed file in UTF-8 if it can be, else in GB18030."""
    for name in ("utf-8", "gb18030") if encoding == "mixed" else (encoding.removesuffix("-sig"),):
        try:
            return Line(block.decode(name))
        except UnicodeDecodeError:
            continue
    return Line(_shown(block), "encoding")


def _shown(block: bytes) -> str:
    """What is kept of a line that cannot be read."""
    return block[: 4 * _KEPT].decode("utf-8", "replace")[:_KEPT]


def header_of(path: Path, encoding: str) -> tuple[list[str], str]:
    """Names of the columns, made different from each other where two are alike, and the delimiter.

    Raises
    ------
    SourceError
        A file that is empty, or whose first line is no header.
    """
    first = next(read_lines(path, encoding), None)
    if first is None or not first.text.strip():
        raise SourceError("is empty", where=path.name, mend="give a file with a header")
    if first.fault:
        raise SourceError(f"its first line cannot be read ({first.fault})", where=path.name, mend="write it anew")
    delimiter = delimiter_of(first.text)
    try:
        names = next(csv.reader([first.text.rstrip("\r\n")], delimiter=delimiter), [])
    except csv.Error:
        raise SourceError(
            "its first line is no header: a lone carriage return", where=path.name, mend="write it anew"
        ) from None
    return distinct([name.strip() for name in names]), delimiter


def distinct(names: list[str]) -> list[str]:
    """Names, each once, whatever their case: ``a``, ``A`` become ``a``, ``A.2``; an empty one becomes ``column3``."""
    seen, found = {FILE, ROW}, []
    for place, name in enumerate(names, start=1):
        found.append(free_name(name or f"column{place}", seen))
        seen.add(found[-1].casefold())
    return found


def read_records(path: Path, encoding: str, columns: int, delimiter: str) -> Iterator[Record]:
    """The records of a file after its header, each good or in quarantine; none is lost, none swallows another.

    A record goes on over the next line while a quote is open; where it does not close within a hundred lines, its first
    line alone is put into quarantine, and what follows is read anew.
    """
    lines = read_lines(path, encoding)
    next(lines, None)
    waiting: list[Line] = []
    row = 0
    while True:
        line = waiting.pop(0) if waiting else next(lines, None)
        if line is None:
            return
        if not line.fault and not line.text.strip("\r\n"):
            continue  # an empty line is no record
        row += 1
        if line.fault:
            yield _bad(path, row, line.fault, _FAULTS[line.fault], line.text)
            continue
        taken = [line]
        while _is_open(taken) and len(taken) < _LINES_OF_A_RECORD:
            more = waiting.pop(0) if waiting else next(lines, None)
            if more is None or more.fault:
                if more is not None:
                    waiting.insert(0, more)
                break
            taken.append(more)
        if _is_open(taken):
            waiting[:0] = taken[1:]
            yield _bad(path, row, "quote", "a quote is opened and not closed", line.text)
            continue
        record = _parsed(path, row, "".join(one.text for one in taken), columns, delimiter)
        if record.bad is not None and len(taken) > 1:  # an open quote that another record's quote seemed to close
            waiting[:0] = taken[1:]
            record = _bad(path, row, "quote", "a quote is opened and not closed", line.text)
        yield record


_FAULTS = {
    "too_long": "a line of more than 16 MB",
    "nul": "a NUL byte",
    "encoding": "neither UTF-8 nor GB18030",
}


def _is_open(lines: list[Line]) -> bool:
    return sum(line.text.count('"') for line in lines) % 2 == 1


def _parsed(path: Path, row: int, text: str, columns: int, delimiter: str) -> Record:
    try:
        cells = next(csv.reader([text.rstrip("\r\n")], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return _bad(path, row, "quote", "text stands beside a quoted cell", text)
    if len(cells) != columns:
        return _bad(path, row, "columns", f"{len(cells)} cells, {columns} columns", text)
    return Record(row, [cell or None for cell in cells])


def _bad(path: Path, row: int, reason: str, detail: str, raw: str) -> Record:
    return Record(row, [], Quarantined(path.name, row, reason, detail, raw.rstrip("\r\n")[:_KEPT]))
