"""Open what a safety officer works on: cases, the documents they come from, duplicates, signals."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from bencao.kernel.errors import InputError
from bencao.safety.case import Case
from bencao.safety.exchange import FORMATS, ReadCase, read_cases

_LARGEST_DOCUMENT = 2_000_000  # bytes


@dataclass(frozen=True)
class SafetyPlaces:
    """What a reader may look at; nothing else is read.

    Attributes
    ----------
    cases : tuple of Path
        Files of cases, or folders of them.
    documents : tuple of Path
        Folders of the texts that cases come from.
    duplicates : Path or None
        Pairs as ``bencao safety duplicates`` writes them (.jsonl).
    signals : Path or None
        Measures as ``bencao safety signals`` writes them (.csv).
    trends : Path or None
        Measures by period: a .csv with the columns drug, event, period, n, expected, ic, ic025, ic975.
    """

    cases: tuple[Path, ...] = ()
    documents: tuple[Path, ...] = ()
    duplicates: Path | None = None
    signals: Path | None = None
    trends: Path | None = None


@dataclass(frozen=True)
class OpenSafety:
    """What was read.

    Attributes
    ----------
    cases : tuple of ReadCase
        In the order of the files; one that cannot be read is there with its error.
    files : tuple of Path
        The file of each case.
    texts : dict of str to Path
        Documents by their name.
    pairs : tuple of dict
    signals, trends : DataFrame or None
    """

    cases: tuple[ReadCase, ...]
    files: tuple[Path, ...]
    texts: dict[str, Path]
    pairs: tuple[dict[str, Any], ...] = ()
    signals: pl.DataFrame | None = None
    trends: pl.DataFrame | None = None

    def case_at(self, number: str) -> Case:
        """The case of a place in the list.

        Raises
        ------
        InputError
            No such place, or what could not be read.
        """
        found = self.cases[int(number)] if number.isdecimal() and int(number) < len(self.cases) else None
        if found is None:
            raise InputError(f"no case {number}", where="inbox", mend="choose one of the list")
        if found.case is None:
            raise found.error or InputError("no case", where=found.where, mend="see the file")
        return found.case

    def find(self, identifier: str) -> Case | None:
        """The case of an identifier."""
        return next((each.case for each in self.cases if each.case and each.case.identifier == identifier), None)


def open_safety(places: SafetyPlaces) -> OpenSafety:
    """Read what there is to be looked at.

    Raises
    ------
    InputError
        A file or folder that is absent or cannot be read as a whole.
    """
    for path in (*places.cases, *places.documents):
        if not path.exists():
            raise InputError("there is no such file or folder", where=str(path), mend="give one that is there")
    read = [(file, found) for path in places.cases for file in _files(path) for found in _read(file)]
    texts = {file.name: file for folder in places.documents for file in _inside(folder)}
    return OpenSafety(
        tuple(found for _, found in read),
        tuple(file for file, _ in read),
        texts,
        tuple(_pairs(places.duplicates)) if places.duplicates else (),
        _table(places.signals, ("drug", "event", "n")) if places.signals else None,
        _table(places.trends, ("drug", "event", "period", "n")) if places.trends else None,
    )


def _files(path: Path) -> list[Path]:
    return [file for file in _inside(path) if file.suffix.lower() in FORMATS] if path.is_dir() else [path]


def _inside(folder: Path) -> list[Path]:
    """Files of a folder, but for those that a link leads to outside it."""
    home = folder.resolve()
    return [file for file in sorted(folder.iterdir()) if file.is_file() and file.resolve().parent == home]


def _read(path: Path) -> Iterator[ReadCase]:
    try:
        yield from read_cases(path)
    except InputError as error:  # of a folder, the other files are still shown
        yield ReadCase(str(path), error=error)


def _pairs(path: Path) -> Iterable[dict[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        found = [json.loads(line) for line in lines if line.strip()]
    except (OSError, ValueError) as error:
        raise InputError(f"not a file of pairs: {error}", where=str(path), mend="make it with `duplicates`") from None
    for number, each in enumerate(found, 1):
        if not isinstance(each, dict) or not {"a", "b"} <= set(each):
            raise InputError("no pair of cases", where=f"{path}: line {number}", mend="make it with `duplicates`")
    return found


def _table(path: Path, needed: tuple[str, ...]) -> pl.DataFrame:
    try:
        table = pl.read_csv(path, infer_schema_length=10_000)
    except (OSError, pl.exceptions.PolarsError) as error:
        raise InputError(f"not a table: {error}", where=str(path), mend="make it with `signals`") from None
    if missing := [name for name in needed if name not in table.columns]:
        raise InputError(f"no column {', '.join(missing)}", where=str(path), mend="make it with `signals`")
    return table


def text_of(path: Path) -> str:
    """The words of a document, as intake counts their characters; the start of one that is very long."""
    from bencao.safety.intake.document import read_document

    return read_document(path).text[:_LARGEST_DOCUMENT]
