"""Pairs read from a file and checked one by one."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bencao.kernel.errors import InputError
from bencao.submission.errors import DocumentError
from bencao.submission.exchange.content import Content, text_of
from bencao.submission.exchange.plain_text import read_text
from bencao.submission.exchange.tmx import read_tmx
from bencao.submission.exchange.xliff import read_xliff
from bencao.submission.quality.checking import check_texts
from bencao.submission.quality.finding import Finding
from bencao.submission.quality.tags import check_tags


@dataclass(frozen=True, slots=True)
class Pair:
    """A segment and its translation."""

    id: str
    source: Content
    target: Content


@dataclass(frozen=True, slots=True)
class Checked:
    """A pair with what was found in it."""

    pair: Pair
    findings: tuple[Finding, ...]


def read_pairs(path: str | os.PathLike[str], source: str, target: str) -> list[Pair]:
    """Read the pairs of a TMX or XLIFF file, or of a table with the columns of two languages.

    Parameters
    ----------
    path : path-like
        ``.tmx``, ``.xlf``, ``.xliff``, ``.tsv`` or ``.csv``; a table's header names the languages.
    source, target : str
        Codes of the languages; of XLIFF, the document's own are taken.

    Raises
    ------
    InputError, DocumentError, UnsafeFile
        Where the file cannot be read, or holds no pair of these languages.
    """
    where, ending = os.fspath(path), Path(path).suffix.lower()
    if ending in (".xlf", ".xliff"):
        pairs = [Pair(segment.id, segment.source, segment.target or ()) for segment in read_xliff(path).segments]
    elif ending == ".tmx":
        pairs = []
        for number, unit in enumerate(read_tmx(path).units, start=1):
            one, two = unit.variant(source), unit.variant(target)
            if one is not None and two is not None:
                pairs.append(Pair(unit.id or str(number), one.content, two.content))
    elif ending in (".tsv", ".csv"):
        pairs = _from_table(path, source, target)
    else:
        raise InputError(
            f"is no bilingual file by its name: {ending!r}", where=where, mend="give .tmx, .xlf, .tsv or .csv"
        )
    if not pairs:
        raise DocumentError(f"holds no pair of {source} and {target}", where=where, mend="say its languages")
    return pairs


def check_pairs(
    pairs: Iterable[Pair],
    source: str,
    target: str,
    terms: Callable[[str, str], list[Finding]] | None = None,
) -> Iterator[Checked]:
    """Check each pair: text, tags, and terms where `terms` checks them."""
    for pair in pairs:
        texts = text_of(pair.source), text_of(pair.target)
        found = check_texts(*texts, source, target)
        if pair.target:
            found += check_tags(pair.source, pair.target)
            found += terms(*texts) if terms is not None else []
        yield Checked(pair, tuple(found))


def _from_table(path: str | os.PathLike[str], source: str, target: str) -> list[Pair]:
    delimiter = "\t" if Path(path).suffix.lower() == ".tsv" else ","
    text = io.StringIO(read_text(path), newline="")
    rows = csv.DictReader(text, delimiter="\t", quoting=csv.QUOTE_NONE) if delimiter == "\t" else csv.DictReader(text)
    columns = rows.fieldnames or []
    lacking = [name for name in (source, target) if name not in columns]
    if lacking:
        raise DocumentError(
            f"has no column {lacking[0]!r}, but {', '.join(map(repr, columns))}",
            where=os.fspath(path),
            mend=f"name the columns {source} and {target}",
        )
    return [
        Pair(row.get("id") or str(number), (row[source] or "",), (row[target] or "",))
        for number, row in enumerate(rows, start=2)
    ]
