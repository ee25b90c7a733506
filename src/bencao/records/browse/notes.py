"""Clinical notes with the entities found in them, as a person looks at them and corrects them."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from bencao.kernel.errors import FileChanged, InputError
from bencao.kernel.files import write_text
from bencao.records.errors import SourceError
from bencao.records.ledger import record_privately

PAGE = 50
ASSERTIONS = ("present", "negated", "possible", "conditional", "family", "past")
KINDS = ("all", "open", "reviewed")


@dataclass(frozen=True)
class Entity:
    """What a text says of something.

    Attributes
    ----------
    start, end : int
        Characters from 0, the end not included.
    kind : str
        E.g. ``disease``; see `bencao.records.extraction`.
    assertion : str
        One of `ASSERTIONS`.
    """

    start: int
    end: int
    kind: str
    assertion: str = "present"


@dataclass(frozen=True)
class NoteRow:
    """A note in the list.

    Attributes
    ----------
    number : int
        Place in the file, from 0.
    note_id : str
    beginning : str
        Its first characters.
    entities : int
    reviewed : bool
    """

    number: int
    note_id: str
    beginning: str
    entities: int
    reviewed: bool


@dataclass(frozen=True)
class NotesView:
    """A page of the list.

    Attributes
    ----------
    file : str
    counts : dict of str
        How many notes there are of each of `KINDS`.
    start, total : int
        Place of the first row among those of the kind, and how many there are.
    rows : tuple of NoteRow
    kinds : dict of str
        How often each kind of entity occurs.
    """

    file: str
    counts: dict[str, int]
    start: int
    total: int
    rows: tuple[NoteRow, ...]
    kinds: dict[str, int]


@dataclass(frozen=True)
class NoteView:
    """A note with its entities.

    Attributes
    ----------
    number : int
    note_id : str
    text : str
    entities : tuple of Entity
        As corrected, where the note was reviewed.
    reviewed : bool
    digest : str
        Of the file of corrections, to be given back when the note is saved.
    """

    number: int
    note_id: str
    text: str
    entities: tuple[Entity, ...]
    reviewed: bool
    digest: str


class OpenNotes:
    """Notes, what was found in them, and what a person made of it.

    Parameters
    ----------
    notes : Path
        ``.jsonl``, ``.csv`` or ``.parquet`` with the columns note_id and note_text (or text).
    entities : Path, optional
        NOTE_NLP of these notes, as `bencao records extract` writes it.
    corrections : Path, optional
        JSON lines, a note each: note_id, text, entities (start, end, label, status), as `bencao records train` reads
        them. Written anew when a note is saved; beside the notes, with
        the ending ``.reviewed.jsonl``, where not given.
    """

    def __init__(self, notes: Path, entities: Path | None = None, corrections: Path | None = None) -> None:
        self.path = notes
        self.corrections = corrections or notes.with_suffix(".reviewed.jsonl")
        self._texts = dict(_texts_of(notes))
        self._identifiers = tuple(self._texts)
        self._found = _entities_of(entities) if entities else {}
        self._reviewed: dict[str, tuple[Entity, ...]] = {}
        self._digest = ""
        self.read_corrections()

    @property
    def identifiers(self) -> tuple[str, ...]:
        """The notes, in the order of the file."""
        return self._identifiers

    def text(self, note_id: str) -> str:
        """Text of a note."""
        return self._texts[note_id]

    def entities(self, note_id: str) -> tuple[Entity, ...]:
        """Entities of a note, as corrected where it was reviewed."""
        return self._reviewed.get(note_id, self._found.get(note_id, ()))

    def is_reviewed(self, note_id: str) -> bool:
        """Whether a person has saved the note."""
        return note_id in self._reviewed

    def read_corrections(self) -> str:
        """Read the file of corrections if it has changed; its SHA-256, empty where there is none."""
        data = self.corrections.read_bytes() if self.corrections.exists() else b""
        digest = hashlib.sha256(data).hexdigest() if data else ""
        if digest != self._digest:
            self._reviewed = dict(_corrections_of(data, self.corrections.name))
            self._digest = digest
        return self._digest

    def save(self, note_id: str, entities: Sequence[Entity]) -> str:
        """Write a note's entities into the file of corrections; its SHA-256 now."""
        self._reviewed[note_id] = tuple(sorted(entities, key=lambda one: (one.start, one.end)))
        lines = (self._line(one) for one in self._identifiers if one in self._reviewed)
        with record_privately("records review", parameters={"notes": len(self._reviewed)}) as job:
            job.used(self.path)
            write_text(self.corrections, "".join(lines))
            job.generated(self.corrections)
        self._digest = hashlib.sha256(self.corrections.read_bytes()).hexdigest()
        return self._digest

    def _line(self, note_id: str) -> str:
        entities = [
            {"start": one.start, "end": one.end, "label": one.kind, "status": one.assertion}
            for one in self._reviewed[note_id]
        ]
        held = {"note_id": note_id, "text": self._texts[note_id], "entities": entities}
        return json.dumps(held, ensure_ascii=False) + "\n"


def show_notes(opened: OpenNotes, kind: str = "all", start: str = "0") -> NotesView:
    """List the notes, a page of them.

    Parameters
    ----------
    opened : OpenNotes
    kind : {"all", "open", "reviewed"}
    start : str
        Place of the first one to show.

    Returns
    -------
    NotesView
    """
    opened.read_corrections()
    numbered = list(enumerate(opened.identifiers))
    chosen = [(number, one) for number, one in numbered if _is_of(kind, opened.is_reviewed(one))]
    reviewed = sum(map(opened.is_reviewed, opened.identifiers))
    first = min(max(0, int(start)), max(0, len(chosen) - 1)) // PAGE * PAGE
    rows = tuple(
        NoteRow(number, one, opened.text(one)[:80], len(opened.entities(one)), opened.is_reviewed(one))
        for number, one in chosen[first : first + PAGE]
    )
    counts = {"all": len(numbered), "open": len(numbered) - reviewed, "reviewed": reviewed}
    kinds = Counter(entity.kind for one in opened.identifiers for entity in opened.entities(one))
    return NotesView(opened.path.name, counts, first, len(chosen), rows, dict(kinds.most_common()))


def show_note(opened: OpenNotes, number: str) -> NoteView:
    """Give a note with its entities.

    Raises
    ------
    InputError
        Where there is no note of this number.
    """
    digest = opened.read_corrections()
    note_id = _identifier(opened, number)
    entities = opened.entities(note_id)
    return NoteView(int(number), note_id, opened.text(note_id), entities, opened.is_reviewed(note_id), digest)


def save_note(opened: OpenNotes, number: str, digest: str, entities: tuple[Entity, ...]) -> str:
    """Write what a person made of a note's entities; the run is written into the ledger.

    Parameters
    ----------
    opened : OpenNotes
    number : str
    digest : str
        As `NoteView.digest` gave it.
    entities : tuple of Entity
        All of the note.

    Returns
    -------
    str
        SHA-256 of the file of corrections now.

    Raises
    ------
    FileChanged
        Another program has written the corrections since; nothing is written.
    InputError
        An entity outside the text, empty, given twice, of no kind, or with an assertion that is none of `ASSERTIONS`.
    """
    if opened.read_corrections() != digest:
        raise FileChanged(
            "was changed by another program since it was read",
            where=opened.corrections.name,
            mend="load the page again, and correct the note anew",
        )
    note_id = _identifier(opened, number)
    _hold_against(opened.text(note_id), entities, note_id)
    return opened.save(note_id, entities)


def _hold_against(text: str, entities: Sequence[Entity], note_id: str) -> None:
    for place, entity in enumerate(entities, start=1):
        where = f"note {note_id}: entity {place}"
        if not 0 <= entity.start < entity.end <= len(text):
            raise InputError("lies outside the text", where=where, mend="select it in the text")
        if not entity.kind.strip():
            raise InputError("has no kind", where=where, mend="choose one")
        if entity.assertion not in ASSERTIONS:
            raise InputError("has an assertion that is not known", where=where, mend=f"one of {', '.join(ASSERTIONS)}")
    if len({(one.start, one.end, one.kind) for one in entities}) < len(entities):
        raise InputError("has an entity twice", where=f"note {note_id}", mend="remove one")


def _identifier(opened: OpenNotes, number: str) -> str:
    if not number.isdigit() or int(number) >= len(opened.identifiers):
        raise InputError("no note of this number", where=number[:20], mend="choose one of the list")
    return opened.identifiers[int(number)]


def _is_of(kind: str, reviewed: bool) -> bool:
    return kind == "all" or (kind == "reviewed") == reviewed


def _texts_of(path: Path) -> Iterator[tuple[str, str]]:
    table = _read(path)
    text = next((name for name in ("note_text", "text") if name in table.columns), None)
    if text is None or "note_id" not in table.columns:
        raise SourceError(
            "lacks a column note_id, or note_text", where=path.name, mend="give notes as `bencao records extract` reads"
        )
    if table["note_id"].null_count() or table["note_id"].is_duplicated().any():
        raise SourceError("has a note_id that is empty or stands twice", where=path.name, mend="number the notes anew")
    yield from zip(table["note_id"].cast(pl.String), table[text].fill_null(""), strict=True)


def _read(path: Path) -> pl.DataFrame:
    readers = {".parquet": pl.read_parquet, ".jsonl": pl.read_ndjson, ".csv": pl.read_csv}
    reader: Any = readers.get(path.suffix.lower())
    if reader is None:
        raise SourceError("no table of notes", where=path.name, mend="give a .jsonl, .csv or .parquet file")
    try:
        table: pl.DataFrame = reader(path)
    except OSError as error:
        raise SourceError(
            f"cannot be read: {error.strerror or 'absent'}", where=path.name, mend="check the path"
        ) from None
    except pl.exceptions.PolarsError as error:  # its message may quote the file
        raise SourceError(f"cannot be read: {type(error).__name__}", where=path.name, mend="check its form") from None
    return table.rename({name: name.lower() for name in table.columns})


def _entities_of(path: Path) -> dict[str, tuple[Entity, ...]]:
    table = _read(path)
    needed = {"note_id", "offset", "lexical_variant", "term_exists", "term_modifiers"}
    if missing := sorted(needed - set(table.columns)):
        raise SourceError(
            f"lacks {', '.join(missing)}", where=path.name, mend="give what `bencao records extract` wrote"
        )
    found: dict[str, list[Entity]] = {}
    for row in table.iter_rows(named=True):
        found.setdefault(str(row["note_id"]), []).append(_entity_of(row))
    return {name: tuple(sorted(each, key=lambda one: (one.start, one.end))) for name, each in found.items()}


def _entity_of(row: Mapping[str, Any]) -> Entity:
    start = int(row["offset"])
    told = dict(part.split("=", 1) for part in str(row["term_modifiers"] or "").split(";") if "=" in part)
    end = int(told.get("end", start + len(row["lexical_variant"])))
    return Entity(start, end, told.get("kind", ""), told.get("status", "present"))


def _corrections_of(data: bytes, name: str) -> Iterator[tuple[str, tuple[Entity, ...]]]:
    for number, line in enumerate(data.splitlines(), start=1):
        try:
            held = json.loads(line)
            entities = (Entity(one["start"], one["end"], one["label"], one["status"]) for one in held["entities"])
            yield str(held["note_id"]), tuple(entities)
        except (ValueError, KeyError, TypeError):
            raise SourceError("is no corrected note", where=f"{name}: line {number}", mend="remove the line") from None
