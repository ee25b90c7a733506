"""Runs extraction over many notes in parallel: NOTE_NLP, and a page where one is wanted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from bencao.kernel import compute
from bencao.kernel.files import write_text
from bencao.records.errors import SourceError
from bencao.records.extraction.entity import Entity
from bencao.records.extraction.extracting import Recogniser, extract_from, open_recogniser
from bencao.records.extraction.notes.note_nlp import note_nlp_file, rows_of
from bencao.records.extraction.notes.page import SHOWN, page_of
from bencao.records.extraction.notes.reading import Note, UnreadNote, read_notes

# Notes that a worker takes at once; fixed, so that the network sees the same batches at any number of workers.
_BATCH = 64


@dataclass
class Extraction:
    """What was done.

    Attributes
    ----------
    notes, entities, characters : int
    kinds, statuses : dict of str to int
        Entities of each.
    unread : list of UnreadNote
        Records that were no notes.
    system : str
        What found the entities.
    """

    notes: int = 0
    entities: int = 0
    characters: int = 0
    kinds: dict[str, int] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    unread: list[UnreadNote] = field(default_factory=list)
    system: str = ""


def extract_notes(
    source: Path,
    out: Path,
    *,
    model: Path | None = None,
    page: Path | None = None,
    lang: str = "en",
    day: date | None = None,
    workers: int = 1,
    progress: bool = False,
) -> Extraction:
    """Extract the entities of every note of a source into a NOTE_NLP table.

    The same notes, model and day give the same bytes at any number of workers.

    Parameters
    ----------
    source : Path
        As `read_notes`.
    out : Path
        ``.parquet``, ``.csv`` or ``.jsonl``.
    model : Path, optional
        Folder of a trained model; rules without one.
    page : Path, optional
        HTML with the entities marked, of the first 200 notes.
    lang : {"en", "zh"}
        Language of the page.
    day : date, optional
        For ``nlp_date``; today where not given.
    workers : int
    progress : bool

    Returns
    -------
    Extraction

    Raises
    ------
    SourceError, ModelError, InputError
        Where the source, the model or a file cannot be used.
    """
    done = Extraction(system=open_recogniser(model).identity)
    shown: list[tuple[str, str, list[Entity]]] = []
    kinds: Counter[str] = Counter()
    statuses: Counter[str] = Counter()
    seen = _Seen(done)
    batches = compute.imap(
        _extract_batch,
        seen.batches(read_notes(source)),
        workers=workers,
        setup=partial(open_recogniser, model),
        progress=progress,
        label="batches of notes",
    )
    with note_nlp_file(out) as writer:
        for place, found in batches:
            notes = seen.waiting.pop(place)
            if isinstance(found, compute.Failure):
                done.unread += [UnreadNote(note.where, f"{found.kind} while it was read") for note in notes]
                continue
            rows: list[dict[str, Any]] = []
            for note, entities in zip(notes, found, strict=True):
                if not writer.takes(note.note_id):
                    done.unread.append(UnreadNote(note.where, "note_id is no whole number, as the first one is"))
                    continue
                rows += rows_of(note.note_id, note.text, entities, done.system, day or date.today())
                kinds.update(entity.kind for entity in entities)
                statuses.update(entity.status for entity in entities)
                done.notes += 1
                done.characters += len(note.text)
                if len(shown) < SHOWN:
                    shown.append((note.note_id, note.text, entities))
            writer.write(rows)
        if not done.notes:
            raise SourceError(
                "no note in it can be read", where=str(source), mend="see what a note needs: its id and text"
            )
        done.entities = writer.rows
        if page is not None:  # before the table takes its name: a page that cannot be written leaves nothing
            write_text(page, page_of(shown, done.notes, lang))
    done.kinds, done.statuses = dict(sorted(kinds.items())), dict(sorted(statuses.items()))
    return done


class _Seen:
    """Hands out notes in batches and keeps each until its entities are there."""

    def __init__(self, done: Extraction) -> None:
        self.waiting: dict[int, list[Note]] = {}
        self._done = done

    def batches(self, records: Iterable[Note | UnreadNote]) -> Iterator[list[Note]]:
        notes = (record for record in records if self._is_note(record))
        place = 0
        while batch := list(islice(notes, _BATCH)):
            kept = [note for note in batch if isinstance(note, Note)]
            self.waiting[place] = kept
            place += 1
            yield kept

    def _is_note(self, record: Note | UnreadNote) -> bool:
        if isinstance(record, UnreadNote):
            self._done.unread.append(record)
        return isinstance(record, Note)


def _extract_batch(recogniser: Recogniser, notes: list[Note]) -> list[list[Entity]]:
    return extract_from([note.text for note in notes], [note.date for note in notes], recogniser)
