"""A protocol on the page: its form beside its YAML, kept in step; saved, registered, and its versions side by side."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from nicegui import ui

from bencao.evidence.browse import (
    ProtocolView,
    StudyFolder,
    freeze_protocol,
    save_protocol,
    show_protocol,
    show_protocols,
)
from bencao.evidence.errors import ProtocolError
from bencao.evidence.protocol.editing.changing import change_key
from bencao.evidence.protocol.editing.checking import Checked, check_text
from bencao.evidence.protocol.editing.starting import start_protocol
from bencao.kernel.workers import Failure
from bencao.synthesis.page import Language
from bencao.web.desk_page import show_fault
from bencao.web.desk_panel import DeskPanel
from bencao.web.evidence.desk import EvidenceDesk
from bencao.web.evidence.protocol.form import ProtocolForm
from bencao.web.evidence.protocol.versions_card import VersionsCard
from bencao.web.evidence.words import WORDS

# Leaving the page asks first while something is not saved.
_ASK = "window.onbeforeunload = (event) => { event.preventDefault(); return ''; }"
_LET_GO = "window.onbeforeunload = null"


class ProtocolPanel(DeskPanel[StudyFolder]):
    """What one reader makes of a protocol; what is not saved stays until another is opened.

    Parameters
    ----------
    desk : EvidenceDesk
    language : {"en", "zh"}
    remember : callable
        Keeps in the address which protocol is open.
    """

    def __init__(self, desk: EvidenceDesk, language: Language, remember: Callable[..., None]) -> None:
        super().__init__(desk, language, remember)
        self._words = WORDS[language]
        self._name = self._text = self._digest = self._saved = ""

    async def open(self, at: dict[str, str]) -> None:
        """Show the list and the protocol that the address names, on the stage that is open."""
        words = self._words
        with ui.row().classes("items-center gap-3 w-full"):
            self._choice = (
                ui.select({}, label=words["protocol file"], on_change=lambda event: self._choose(event.value))
                .props("outlined dense options-dense data-part=choice-protocol")
                .classes("study-choice")
            )
            self._new_name = ui.input(words["new study"], placeholder="statins-after-stroke").props(
                "outlined dense data-part=new-name"
            )
            self._new_data = ui.select({one: words[f"is {one}"] for one in ("omop", "table")}, value="omop").props(
                "outlined dense options-dense data-part=new-data"
            )
            ui.button(words["begin"], icon="note_add", on_click=self._begin).props(
                "outline no-caps data-part=begin-protocol"
            )
        self._fault = ui.column().classes("w-full gap-2")
        self._body = ui.column().classes("w-full")
        await self._list(at.get("protocol") or self._name)

    async def _list(self, wanted: str) -> None:
        found = await self._ask_anew(show_protocols)
        if self._choice.is_deleted:
            return
        if isinstance(found, Failure):
            return self._tell(found)
        told = {one.name: f"{one.name} · {one.title}" if one.title else one.name for one in found}
        names = list(told)
        first = wanted if wanted in told else names[0] if names else None
        self._choice.set_options(told, value=None)
        if first is None:
            with self._body:
                ui.label(self._words["no protocols"]).classes("hint").props("data-part=no-protocols")
            return
        self._choice.set_value(first)

    async def _choose(self, name: str | None) -> None:
        if not name or (name == self._name and not self._body.is_deleted and list(self._body)):
            return
        found = await self._ask_anew(show_protocol, name, self._language)
        if self._body.is_deleted:
            return
        if isinstance(found, Failure):
            return self._tell(found)
        self._remember(tab="protocol", protocol=name)
        self._show(found)

    async def _begin(self) -> None:
        study = (self._new_name.value or "").strip()
        name = f"{study}.yaml"
        found = await self._ask_anew(save_protocol, name, start_protocol(study, self._new_data.value), "")
        if isinstance(found, Failure):
            return self._tell(found)
        self._fault.clear()
        self._new_name.set_value("")
        await self._list(name)

    def _show(self, view: ProtocolView) -> None:
        words = self._words
        self._name, self._text, self._saved, self._digest = view.name, view.text, view.text, view.digest
        self._fault.clear()
        self._body.clear()
        with self._body, ui.element("div").classes("protocol-sides"):
            with ui.column().classes("w-full gap-3 min-w-0"):
                self._form = ProtocolForm(self._language, self._entered)
            with ui.column().classes("w-full gap-3 protocol-text"):
                with ui.column().classes("card w-full gap-2"):
                    with ui.row().classes("items-center w-full gap-2"):
                        self._standing = ui.label().classes("panel-title grow").props("data-part=standing")
                        self._save = ui.button(words["save"], icon="save", on_click=self._write).props(
                            "no-caps unelevated dense padding='4px 12px' data-part=save"
                        )
                    self._left = ui.column().classes("w-full gap-1").props("data-part=amiss")
                    self._yaml = (
                        ui.textarea(value=view.text, on_change=lambda event: self._written(str(event.value or "")))
                        .props("outlined debounce=300 spellcheck=false data-part=yaml aria-label=YAML")
                        .classes("w-full rule-text yaml-text")
                    )
                self._versions = VersionsCard(self._language, self._register)
        self._versions.show(view)
        checked = check_text(view.text, self._language)
        self._form.fill(checked.told or {})
        self._show_checked(checked)

    def _entered(self, key: str, value: Any, alters: bool) -> None:
        """A field has another value: write it into the YAML."""
        try:
            text = change_key(self._text, key, value)
        except ProtocolError as error:
            ui.notify(str(error), type="negative")
            return
        self._text = text
        self._yaml.set_value(text)
        self._check(alters)

    def _written(self, text: str) -> None:
        """The YAML was written: show it in the form."""
        if text == self._text:
            return
        self._text = text
        self._check(True)

    def _check(self, fill: bool) -> None:
        checked = check_text(self._text, self._language)
        if fill and checked.told is not None:
            self._form.fill(checked.told)
        self._show_checked(checked)

    def _show_checked(self, checked: Checked) -> None:
        words = self._words
        left = self._form.show_amiss(checked.amiss)
        count = len(checked.amiss)
        self._standing.set_text(words["amiss"].format(count=count) if count else words["whole"])
        self._standing.classes(**({"add": "amber", "remove": "leaf"} if count else {"add": "leaf", "remove": "amber"}))
        self._left.clear()
        with self._left:
            for one in left:
                ui.label(f"{one.key}: {one.cause}" if one.key else one.cause).classes("fault")
        unsaved = self._text != self._saved
        self._save.set_enabled(unsaved)
        self._versions.allow(not count, unsaved)
        ui.run_javascript(_ASK if unsaved else _LET_GO)

    async def _write(self) -> bool:
        """Save the protocol, whole or amiss; whether it was."""
        text = self._text
        found = await self._ask_anew(save_protocol, self._name, text, self._digest)
        if self._body.is_deleted:
            return False
        if isinstance(found, Failure):
            self._tell(found)
            return False
        self._digest, self._saved = found, text
        self._fault.clear()
        view = await self._ask_anew(show_protocol, self._name, self._language)
        if not isinstance(view, Failure) and not self._body.is_deleted:
            self._versions.show(view)
        self._show_checked(check_text(self._text, self._language))
        return True

    async def _register(self, reason: str) -> None:
        """Freeze the protocol as it stands, saved first."""
        if self._text != self._saved and not await self._write():
            return
        found = await self._ask_anew(freeze_protocol, self._name, reason, self._digest, self._language)
        if self._body.is_deleted:
            return
        if isinstance(found, Failure):
            return self._tell(found)
        self._fault.clear()
        self._versions.show(found)
        self._show_checked(check_text(self._text, self._language))
        ui.notify(self._words["registered now"].format(number=found.versions[-1].number), type="positive")

    def _tell(self, failure: Failure) -> None:
        self._fault.clear()
        with self._fault:
            show_fault(failure, self._language)
            if failure.kind == "FileChanged":
                ui.button(self._words["load again"], on_click=self._load_again).props(
                    "no-caps flat data-part=load-again"
                ).classes("self-start")

    async def _load_again(self) -> None:
        name, self._name = self._name, ""
        await self._choose(name)
