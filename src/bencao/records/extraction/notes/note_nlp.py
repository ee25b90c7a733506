"""Writes entities as OMOP's NOTE_NLP table: one row a finding, with its offset, status, time and attributes."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from bencao.kernel.errors import InputError
from bencao.kernel.files import writing
from bencao.records.extraction.entity import Entity

FORMATS = (".parquet", ".csv", ".jsonl")
_SNIPPET = 40
_SCHEMA = pa.schema(
    [
        ("note_nlp_id", pa.int64()),
        ("note_id", pa.string()),
        ("section_concept_id", pa.int64()),
        ("snippet", pa.string()),
        ("offset", pa.string()),
        ("lexical_variant", pa.string()),
        ("note_nlp_concept_id", pa.int64()),
        ("note_nlp_source_concept_id", pa.int64()),
        ("nlp_system", pa.string()),
        ("nlp_date", pa.date32()),
        ("nlp_datetime", pa.timestamp("us")),
        ("term_exists", pa.string()),
        ("term_temporal", pa.string()),
        ("term_modifiers", pa.string()),
    ]
)


def rows_of(note_id: str, text: str, entities: Iterable[Entity], system: str, day: date) -> list[dict[str, Any]]:
    """Rows of NOTE_NLP for one note, without their running number.

    ``term_exists`` is Y for what is present, past or possible of the patient, and N for what is negated, conditional or
    a relative's, as the CDM asks; ``term_modifiers`` holds the rest as ``name=value`` pairs between semicolons, among
    them the kind, the end of the span and the status itself.

    Parameters
    ----------
    note_id, text : str
    entities : iterable of Entity
    system : str
        What found them, for ``nlp_system``.
    day : date
        For ``nlp_date``.

    Returns
    -------
    list of dict
    """
    rows = []
    for entity in entities:
        modifiers = [("kind", entity.kind), ("end", str(entity.end)), ("status", entity.status)]
        modifiers += [
            (name, value)
            for name, value in (("date", entity.date), ("duration", entity.duration), ("time", entity.time_text))
            if value
        ]
        modifiers += [(attribute.kind, attribute.text) for attribute in entity.attributes]
        rows.append(
            {
                "note_id": note_id,
                "section_concept_id": 0,
                "snippet": text[max(0, entity.start - _SNIPPET) : entity.end + _SNIPPET][:250],
                "offset": str(entity.start),
                "lexical_variant": entity.text[:250],
                "note_nlp_concept_id": 0,
                "note_nlp_source_concept_id": 0,
                "nlp_system": system,
                "nlp_date": day,
                "nlp_datetime": None,
                "term_exists": "N" if entity.status in ("negated", "conditional", "family") else "Y",
                "term_temporal": "Past" if entity.status == "past" else "Present",
                "term_modifiers": ";".join(f"{name}={value.replace(';', ',')}" for name, value in modifiers)[:2000],
            }
        )
    return rows


class NoteNlpWriter:
    """Takes the rows of one note after another; numbers them as they come.

    ``note_id`` is BIGINT, as the CDM has it, where the first note's id is a whole number, and text otherwise.
    """

    def __init__(self, stream: BinaryIO, suffix: str) -> None:
        self.rows = 0
        self._stream = stream
        self._suffix = suffix
        self._whole_numbers: bool | None = None
        self._text = None if suffix == ".parquet" else io.TextIOWrapper(stream, encoding="utf-8", newline="")
        self._parquet: Any = None
        if self._text is not None and suffix == ".csv":
            csv.writer(self._text).writerow(_SCHEMA.names)

    def takes(self, note_id: str) -> bool:
        """Whether the id is of the sort that the first one was."""
        whole = note_id.isascii() and note_id.isdecimal() and str(int(note_id)) == note_id and int(note_id) < 2**63
        if self._whole_numbers is None:
            self._whole_numbers = whole
        return whole or not self._whole_numbers

    def write(self, rows: list[dict[str, Any]]) -> None:
        """Add rows of notes whose ids it takes."""
        if not rows:
            return
        numbered = [
            {
                "note_nlp_id": self.rows + place,
                **row,
                "note_id": int(row["note_id"]) if self._whole_numbers else row["note_id"],
            }
            for place, row in enumerate(rows, start=1)
        ]
        self.rows += len(rows)
        if self._text is None:
            self._opened().write_table(pa.Table.from_pylist(numbered, schema=self._schema()))
        elif self._suffix == ".csv":
            writer = csv.writer(self._text)
            writer.writerows([["" if row[name] is None else row[name] for name in _SCHEMA.names] for row in numbered])
        else:
            self._text.writelines(json.dumps(row, ensure_ascii=False, default=str) + "\n" for row in numbered)

    def close(self) -> None:
        """Finish the file."""
        if self._text is None:
            self._opened().close()
        else:
            self._text.flush()
            self._text.detach()

    def _schema(self) -> Any:
        place = _SCHEMA.get_field_index("note_id")
        return _SCHEMA.set(place, pa.field("note_id", pa.int64())) if self._whole_numbers else _SCHEMA

    def _opened(self) -> Any:
        if self._parquet is None:
            self._parquet = pq.ParquetWriter(self._stream, self._schema())
        return self._parquet


@contextmanager
def note_nlp_file(path: Path) -> Iterator[NoteNlpWriter]:
    """A file of NOTE_NLP under its temporary name until the block ends.

    Raises
    ------
    InputError
        Where the format is none of `FORMATS`, or the file cannot be written.
    """
    suffix = path.suffix.lower()
    if suffix not in FORMATS:
        raise InputError("its ending names no format", where=str(path), mend=f"give one of {', '.join(FORMATS)}")
    with writing(path) as stream:
        writer = NoteNlpWriter(stream, suffix)
        try:
            yield writer
        finally:
            writer.close()
