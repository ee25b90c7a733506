"""The way into the records room, whose packages may not be installed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI
from nicegui import ui
from starlette.requests import Request

from bencao.kernel.errors import EngineMissing
from bencao.synthesis.page import Language
from bencao.web.entrance import Entrance
from bencao.web.page.header import dress_page, language_of
from bencao.web.records.words import WORDS

if TYPE_CHECKING:
    from bencao.web.records.desk import RecordsDesks

_ENTRANCE = Entrance(
    "records",
    "bencao.records.browse",
    "pip install 'bencao[records]'",
    "bencao serve --quality result.json --database OMOP --mapping mapping.yaml --notes notes.jsonl",
    WORDS,
)


@dataclass(frozen=True)
class RecordsPlaces:
    """What a reader may look at; nothing else is read.

    Attributes
    ----------
    quality : tuple of Path
        Of `bencao records quality`: one of each site, or of each load.
    database : Path or None
        The database that the first was made of; without it failing rows are not shown.
    mapping : Path or None
        A mapping to review; written when saved.
    staged : Path or None
        The staged tables that it maps; without them no values are shown.
    notes, entities, corrections : Path or None
        See `bencao.records.browse.OpenNotes`.
    """

    quality: tuple[Path, ...] = ()
    database: Path | None = None
    mapping: Path | None = None
    staged: Path | None = None
    notes: Path | None = None
    entities: Path | None = None
    corrections: Path | None = None

    @property
    def is_empty(self) -> bool:
        """Whether nothing is to be opened."""
        return not self.quality and self.mapping is None and self.notes is None


def open_records_desks(places: RecordsPlaces) -> RecordsDesks:
    """Open a database's quality, a mapping, notes, or all, to be worked on in the workbench.

    Raises
    ------
    EngineMissing
        A package of the extra ``records`` is not installed.
    InputError
        What is absent or cannot be read.
    """
    if missing := _ENTRANCE.missing():
        raise EngineMissing(f"hospital records need {missing}", mend=_ENTRANCE.install)
    from bencao.records.browse import OpenMapping, OpenNotes, OpenQuality
    from bencao.web.records.desk import MappingDesk, NotesDesk, QualityDesk, RecordsDesks

    # What is wrong with them is said at the start, not on the page.
    quality = mapping = notes = None
    if places.quality:
        OpenQuality(places.quality, places.database)
        quality = QualityDesk(places.quality, places.database)
    if places.mapping:
        OpenMapping(places.mapping, places.staged)
        mapping = MappingDesk(places.mapping, places.staged)
    if places.notes:
        OpenNotes(places.notes, places.entities, places.corrections)
        notes = NotesDesk(places.notes, places.entities, places.corrections)
    return RecordsDesks(quality, mapping, notes)


def add_records_questions(api: FastAPI, desks: RecordsDesks | None) -> None:
    """Put the room's questions into the API, where its packages are installed."""
    if not _ENTRANCE.missing():
        from bencao.web.records.api import add_records_api

        add_records_api(api, desks)


def add_records_page(desks: RecordsDesks | None, language: Language | None) -> None:
    """Put the page at ``/records``; with nothing open it says how to open something."""

    @ui.page("/records", title="Bencao 本草")
    async def records(
        request: Request,
        lang: str = "",
        tab: str = "",
        status: str = "",
        table: str = "",
        site: str = "",
        check: str = "",
        entry: str = "",
        kind: str = "",
        note: str = "",
    ) -> None:
        spoken = language_of(request, lang, language)
        dress_page()
        if desks is None:
            _ENTRANCE.show_closed(spoken)
            return
        from bencao.web.records.page import RecordsPage

        at = {
            "tab": tab,
            "status": status,
            "table": table,
            "site": site,
            "check": check,
            "entry": entry,
            "kind": kind,
            "note": note,
        }
        await RecordsPage(desks, spoken).open(at)
