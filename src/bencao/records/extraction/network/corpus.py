"""Labelled records for training: the form of the Chinese benchmarks, or offsets with labels; one JSON object a line."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bencao.records.errors import SourceError
from bencao.records.extraction.entity import Span

_MEND = 'give {"text": …, "entities": [{"start": …, "end": …, "label": …}]} on each line, or the form of cEHRNER'


@dataclass(frozen=True)
class Labelled:
    """A text and its entities.

    Attributes
    ----------
    text : str
    spans : tuple of Span
        In order; the kind is the label.
    """

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True)
class Corpus:
    """Labelled texts, and how many mentions were left out because their offset does not point to them.

    Attributes
    ----------
    documents : tuple of Labelled
    left_out : int
    """

    documents: tuple[Labelled, ...]
    left_out: int

    @property
    def labels(self) -> tuple[str, ...]:
        """All labels, sorted."""
        return tuple(sorted({span.kind for document in self.documents for span in document.spans}))


def read_corpus(path: Path) -> Corpus:
    """Read labelled records.

    Parameters
    ----------
    path : Path
        JSON lines, or one JSON array. Each record has ``text`` and either ``entities``, a list of ``start``, ``end``
        (exclusive) and ``label``; or ``mention_data``, a list of ``mention``, ``offset`` and ``label`` or ``type``, as
        cEHRNER and cMedQANER have it.

    Returns
    -------
    Corpus

    Raises
    ------
    SourceError
        Where the file cannot be read, or a record has another form; `where` names file and record.
    """
    try:
        content = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError("the records cannot be read as UTF-8 text", where=str(path), mend=_MEND) from error
    documents, left_out = [], 0
    for number, record in enumerate(_records(content, path), start=1):
        where = f"{path.name}, record {number}"
        if not isinstance(record, dict) or not isinstance(record.get("text"), str):
            raise SourceError("the record has no text", where=where, mend=_MEND)
        spans, wrong = _spans(record, where)
        documents.append(Labelled(record["text"], tuple(sorted(set(spans)))))
        left_out += wrong
    if not any(document.spans for document in documents):
        raise SourceError("no record has an entity", where=str(path), mend=_MEND)
    return Corpus(tuple(documents), left_out)


def _records(content: str, path: Path) -> list[Any]:
    try:
        if content.lstrip().startswith("["):
            loaded = json.loads(content)
            return loaded if isinstance(loaded, list) else [loaded]
    except (ValueError, RecursionError) as error:
        raise SourceError("the file is not JSON", where=str(path), mend=_MEND) from error
    records = []
    for number, line in enumerate(content.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            records.append(json.loads(line))
        except (ValueError, RecursionError) as error:
            raise SourceError("the line is not JSON", where=f"{path.name}:{number}", mend=_MEND) from error
    return records


def _spans(record: dict[str, Any], where: str) -> tuple[list[Span], int]:
    text: str = record["text"]
    given = record.get("entities", record.get("mention_data", []))
    spans, wrong = [], 0
    for entry in given if isinstance(given, Sequence) and not isinstance(given, str) else [given]:
        if entry in ("", None):
            continue
        if not isinstance(entry, dict):
            raise SourceError("an entity is not an object", where=where, mend=_MEND)
        span = _span(entry, where)
        mention = entry.get("mention")
        if not 0 <= span.start < span.end <= len(text) or (
            mention is not None and text[span.start : span.end] != mention
        ):
            wrong += 1
        else:
            spans.append(span)
    return spans, wrong


def _span(entry: dict[str, Any], where: str) -> Span:
    label = entry.get("label", entry.get("type"))
    try:
        start = int(entry.get("start", entry.get("offset")))  # type: ignore[arg-type]
        end = int(entry["end"]) if "end" in entry else start + len(entry["mention"])
    except (KeyError, TypeError, ValueError) as error:
        raise SourceError("an entity has no offsets", where=where, mend=_MEND) from error
    if not isinstance(label, str) or not label:
        raise SourceError("an entity has no label", where=where, mend=_MEND)
    return Span(start, end, label)
