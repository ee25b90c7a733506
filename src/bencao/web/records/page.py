"""The page of the records room: quality of a database, a mapping under review, notes to correct."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from bencao.synthesis.page import Language
from bencao.web.desk_page import DeskPage
from bencao.web.records.desk import RecordsDesks
from bencao.web.records.mapping_panel import MappingPanel
from bencao.web.records.notes_panel import NotesPanel
from bencao.web.records.quality_panel import QualityPanel
from bencao.web.records.words import WORDS

TABS = ("quality", "mapping", "notes")


class RecordsPage(DeskPage[Any]):
    """One reader's page.

    Parameters
    ----------
    desks : RecordsDesks
        One of them at least is open.
    language : {"en", "zh"}
    """

    def __init__(self, desks: RecordsDesks, language: Language) -> None:
        self._words = WORDS[language]
        self._desks = desks
        super().__init__("records", desks.first, language, {name: self._words[name] for name in TABS}, self._go)
        self._panels = {
            "quality": QualityPanel(desks.quality, language, self._remember) if desks.quality else None,
            "mapping": MappingPanel(desks.mapping, language, self._remember) if desks.mapping else None,
            "notes": NotesPanel(desks.notes, language, self._remember) if desks.notes else None,
        }

    async def open(self, at: dict[str, str]) -> None:
        """Show the part that the address names, else the first that something is open in."""
        self._at = {name: value for name, value in at.items() if value}
        await ui.context.client.connected()  # a page is to be built at once, and a database may take longer
        self._open_tab(sorted(TABS, key=lambda name: self._panels[name] is None))

    async def _go(self, tab: str) -> None:
        asked = {name: value for name, value in self._at.items() if name not in ("tab", "lang")}
        self._remember(tab=tab, **(asked if self._at.get("tab", tab) == tab else {}))
        panel = self._panels[tab]
        with self._cleared():
            if panel is None:
                said = {"quality": "no quality", "mapping": "no mapping", "notes": "no notes open"}[tab]
                ui.label(self._words[said]).classes("hint").props("data-part=nothing-open")
            else:
                await panel.open(self._at)
