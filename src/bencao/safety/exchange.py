"""Cases in and out of files: E2B(R3) XML, JSON and CSV, and E2B(R2) in."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from bencao.kernel.errors import BencaoError, InputError
from bencao.kernel.files import writing
from bencao.safety.case.case import Case, case_of, occurrences
from bencao.safety.case.field import Source
from bencao.safety.case.json_form import from_json, to_json
from bencao.safety.case.json_list import read_list
from bencao.safety.case.table_form import from_table, write_table
from bencao.safety.e2b import r2
from bencao.safety.e2b.occurrence import Occurrence
from bencao.safety.e2b.reading import read_batch, read_messages
from bencao.safety.e2b.writing import write_batch
from bencao.safety.e2b.xml import root_of
from bencao.safety.errors import MessageError
from bencao.safety.tables import read_text_lines

FORMATS = (".xml", ".json", ".jsonl", ".csv")


@dataclass(frozen=True)
class ReadCase:
    """One case of a file, or why it could not be read.

    Attributes
    ----------
    where : str
        File and row or message.
    case : Case or None
    error : BencaoError or None
    unread : tuple of str
        What the file says that no data element holds.
    """

    where: str
    case: Case | None = None
    error: BencaoError | None = None
    unread: tuple[str, ...] = ()


def read_cases(path: Path) -> Iterator[ReadCase]:
    """Read the cases of a file one by one.

    Parameters
    ----------
    path : Path
        E2B(R3) or E2B(R2) ``.xml``; ``.json``, a case or a list of them; ``.jsonl``, one a line; ``.csv`` as
        `write_table` writes it.

    Raises
    ------
    InputError, MessageError
        A file that cannot be read as a whole; what is wrong with one case is in its `ReadCase`.
    """
    readers: dict[str, Callable[[Path], Iterator[ReadCase]]] = {
        ".xml": _read_xml,
        ".json": _read_json,
        ".jsonl": _read_lines,
        ".csv": _read_csv,
    }
    reader = readers.get(path.suffix.lower())
    if reader is None:
        raise InputError(f"no format {path.suffix!r}", where=str(path), mend=f"give one of {', '.join(FORMATS)}")
    return reader(path)


def write_cases(path: Path, cases: Iterable[Case], header: Sequence[Occurrence] = ()) -> None:
    """Write cases as one file, by its suffix, one at a time; `header` are the data elements of an E2B batch (N.1)."""
    suffix = path.suffix.lower()
    if suffix == ".xml":
        write_batch(path, (occurrences(case) for case in cases), header)
    elif suffix in (".json", ".jsonl"):
        pieces = _as_list(cases) if suffix == ".json" else (f"{_as_line(case)}\n" for case in cases)
        with writing(path) as stream:
            for piece in pieces:
                stream.write(piece.encode("utf-8"))
    elif suffix == ".csv":
        with writing(path) as stream:
            write_table(stream, cases)
    else:
        raise InputError(f"no format {path.suffix!r}", where=str(path), mend=f"give one of {', '.join(FORMATS)}")


def _as_line(case: Case) -> str:
    return json.dumps(to_json(case), ensure_ascii=False)


def _as_list(cases: Iterable[Case]) -> Iterator[str]:
    """A JSON list in pieces, laid out as one of it all would be."""
    before = "[\n"
    for case in cases:
        yield before + json.dumps([to_json(case)], ensure_ascii=False, indent=1)[2:-2]
        before = ",\n"
    yield "[]\n" if before == "[\n" else "\n]\n"


def read_header(path: Path) -> tuple[Occurrence, ...]:
    """The data elements of an E2B batch's header; none for other formats, nor of a batch that breaks off."""
    if path.suffix.lower() != ".xml":
        return ()
    try:
        return (r2.read_header if root_of(path) == r2.ROOT else read_batch)(path)[0]
    except MessageError:  # told as the last row of `read_cases`
        return ()


def _read_xml(path: Path) -> Iterator[ReadCase]:
    """Reports up to the place where the file is broken, if it is; then why."""
    older = root_of(path) == r2.ROOT
    number = 0
    try:
        for number, message in enumerate(r2.read_reports(path) if older else read_messages(path), 1):
            where = f"{path}: message {number}, line {message.line}"
            source = Source(f"{path.name}: message {number}", rule="E2B(R2)" if older else "E2B(R3)")
            yield ReadCase(where, case_of(message.occurrences, source), unread=message.unread)
    except MessageError as error:
        if not number:
            raise
        yield ReadCase(f"{path}: after message {number}", error=error)


def _read_json(path: Path) -> Iterator[ReadCase]:
    """Cases up to the place where the list is broken, if it is; then why."""
    number = 0
    try:
        for number, form in enumerate(read_list(path), 1):
            yield _from_form(form, f"{path}: case {number}")
    except InputError as error:
        if not number:
            raise
        yield ReadCase(f"{path}: after case {number}", error=error)


def _read_lines(path: Path) -> Iterator[ReadCase]:
    for number, line in enumerate(read_text_lines(path), 1):
        where = f"{path}: line {number}"
        try:
            form = _parsed(line, where) if line.strip() else None
        except InputError as error:
            yield ReadCase(where, error=error)
            continue
        if line.strip():
            yield _from_form(form, where)


def _from_form(form: object, where: str) -> ReadCase:
    try:
        return ReadCase(where, from_json(form))
    except InputError as error:
        return ReadCase(where, error=InputError(error.cause, where=f"{where}: {error.where}", mend=error.mend))


def _read_csv(path: Path) -> Iterator[ReadCase]:
    for number, row in enumerate(from_table(path), 1):
        if isinstance(row, Case):
            yield ReadCase(f"{path}: case {number}", row)
        else:
            yield ReadCase(row.where, error=row)


def _parsed(text: str, where: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        place = f"{where}: line {error.lineno}, column {error.colno}"
        raise InputError(f"not JSON: {error.msg}", where=place, mend="correct it there") from None
    except RecursionError:
        raise InputError("nested too deeply", where=where, mend="a case nests a few levels only") from None
