"""The registered versions of a protocol, each with what it changed of the one before, and the button that adds one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence

from nicegui import ui

from bencao.evidence.browse import ProtocolView
from bencao.synthesis.page import Language
from bencao.web.evidence.words import WORDS
from bencao.web.page.data_table import DataTable


class VersionsCard:
    """Versions, and how another is registered.

    Parameters
    ----------
    language : {"en", "zh"}
    on_register : callable
        Told the reason.
    """

    def __init__(self, language: Language, on_register: Callable[[str], Awaitable[None]]) -> None:
        self._words, self._on_register = WORDS[language], on_register
        self._whole = self._unsaved = False
        self._view: ProtocolView | None = None
        self._card = ui.column().classes("card w-full gap-2").props("data-part=versions")

    def show(self, view: ProtocolView) -> None:
        """Show the versions of a protocol as it was saved."""
        words, self._view = self._words, view
        self._card.clear()
        with self._card:
            ui.label(words["versions"]).classes("panel-title")
            if not view.versions:
                ui.label(words["unregistered"]).classes("hint")
            for one in reversed(view.versions):
                with ui.column().classes("w-full gap-1").props(f"data-version={one.number}"):
                    said = words["version"].format(number=one.number, day=one.registered[:16].replace("T", " "))
                    ui.label(said).classes("panel-subtitle")
                    ui.label(f"SHA-256 {one.sha256}").classes("smiles-text")
                    if one.reason:
                        ui.label(words["because"].format(reason=one.reason))
                    if one.changes:
                        self._show_changes(one.changes, one.number - 1, str(one.number))
            if view.pending:
                ui.label(words["pending"]).classes("panel-subtitle amber")
                self._show_changes(view.pending, view.versions[-1].number, words["as saved"])
            self._reason = (
                ui.input(words["reason"], on_change=self._allow)
                .props("outlined dense data-part=reason")
                .classes("w-full")
            )
            self._button = ui.button(words["register"], icon="lock", on_click=self._register).props(
                "no-caps unelevated data-part=register"
            )
            self._button.classes("self-start")
        self._allow()

    def allow(self, whole: bool, unsaved: bool) -> None:
        """Say whether the protocol is whole, and whether it differs from what was saved."""
        self._whole, self._unsaved = whole, unsaved
        self._allow()

    def _allow(self) -> None:
        view = self._view
        if view is None:
            return
        amended = bool(view.versions) and (self._unsaved or bool(view.pending))
        self._reason.set_visibility(amended)
        ready = self._whole and (bool(str(self._reason.value or "").strip()) if amended else not view.versions)
        self._button.set_enabled(ready)
        self._button.set_text(self._words["amend" if view.versions else "register"])

    async def _register(self) -> None:
        await self._on_register(str(self._reason.value or ""))

    def _show_changes(self, changes: Sequence[tuple[str, str, str]], before: int, after: str) -> None:
        words = self._words
        head = [[(words["key"], 1), (words["number"].format(number=before), 1)]]
        head[0].append((words["number"].format(number=after) if after.isdecimal() else after, 1))
        DataTable(head, [list(one) for one in changes]).classes("change-table")
