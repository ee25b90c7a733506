"""All that a screen is told, on the page: target and site, library, controls, settings."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from nicegui import ui
from pydantic import ValidationError

from bencao.kernel.errors import BencaoError, InputError
from bencao.synthesis.page import Language
from bencao.web.discovery.desk import DiscoveryDesk
from bencao.web.discovery.file_drop import MoleculesInput
from bencao.web.discovery.forms import ScreenForm
from bencao.web.discovery.target_panel import TargetPanel
from bencao.web.discovery.words import WORDS, view_words
from bencao.web.page.elements import StructureEditor
from bencao.web.page.molecule_view import MoleculeView

# Whole numbers that are asked for, with their least.
_NUMBERS = {"most": 1, "best": 1, "hits": 1, "states": 0, "exhaustiveness": 1, "expansions": 0, "nearest": 1, "seed": 1}


class SetupPanel:
    """Where a screen is set up.

    Parameters
    ----------
    desk : DiscoveryDesk
    language : {"en", "zh"}
    on_start : callable
        Told the name of the screen that was kept.
    """

    def __init__(self, desk: DiscoveryDesk, language: Language, on_start: Callable[[str], Awaitable[None]]) -> None:
        self._shelf, self._on_start = desk.shelf, on_start
        self._words = words = WORDS[language]
        editor_words = {key: words[key] for key in ("draw", "loading", "use", "close", "unread")}
        self._editor = StructureEditor(editor_words, lambda smiles: self._library.add(smiles))
        with ui.element("div").classes("setup-sides"):
            with ui.column().classes("gap-3 setup-form"):
                place = ui.column().classes("w-full gap-3")
                self._molecules()
                self._settings()
                with ui.row().classes("w-full items-center gap-3"):
                    ui.button(words["start"], icon="filter_alt", on_click=self._start).props(
                        "no-caps unelevated data-part=start"
                    )
                    self._fault = ui.label().classes("fault").props("data-part=fault")
            with ui.column().classes("gap-2 setup-view"):
                with ui.column().classes("welcome-side gap-2"):
                    ui.label(words["welcome"]).classes("welcome-title")
                    ui.label(words["welcome text"]).classes("welcome-text")
                self.before = ui.column().classes("w-full gap-1")
                view = MoleculeView(view_words(words, "view"))
                view.props("data-part=target-view")
        with place:
            self._target = TargetPanel(desk, language, view)

    def _molecules(self) -> None:
        words = self._words
        with ui.column().classes("card w-full gap-2"):
            with ui.row().classes("w-full items-center justify-between"):
                ui.label(words["library"]).classes("panel-title")
                ui.button(words["draw"], icon="draw", on_click=lambda: self._editor.open("")).props(
                    "outline dense no-caps padding='2px 10px'"
                )
            self._library = MoleculesInput(self._shelf, words, "library")
        with ui.expansion(words["controls"]).classes("panel-fold card-fold").props("data-part=controls"):
            ui.label(words["controls hint"]).classes("hint")
            with ui.element("div").classes("pair-grid"):
                with ui.column().classes("gap-1"):
                    ui.label(words["actives"]).classes("panel-subtitle")
                    self._actives = MoleculesInput(self._shelf, words, "actives")
                with ui.column().classes("gap-1"):
                    ui.label(words["decoys"]).classes("panel-subtitle")
                    self._decoys = MoleculesInput(self._shelf, words, "decoys")

    def _settings(self) -> None:
        words = self._words
        with ui.expansion(words["settings"]).classes("panel-fold card-fold").props("data-part=settings"):
            ui.label(words["cost"]).classes("hint")
            with ui.element("div").classes("number-grid"):
                self._numbers = {
                    name: ui.number(words[name], value=ScreenForm.model_fields[name].default, min=least, precision=0)
                    .props("dense outlined")
                    .props(f"data-part=set-{name}")
                    for name, least in _NUMBERS.items()
                }
                self._enough = ui.number(words["enough"], value=0.9, min=0.05, max=1, step=0.05).props("dense outlined")
            self._no_pains = ui.checkbox(words["no_pains"]).props("dense")

    async def _start(self) -> None:
        self._fault.set_text("")
        try:
            form = self._form()
            name = self._shelf.add(await asyncio.to_thread(form.read, self._shelf))
            await self._on_start(name)
        except BencaoError as error:
            self._fault.set_text(str(error))

    def _form(self) -> ScreenForm:
        chains, keep, ph = self._target.preparation
        if not self._target.file:
            raise InputError("no structure was given", where="target", mend="drop one, or choose it")
        told: dict[str, Any] = {name: field.value for name, field in self._numbers.items() if field.value is not None}
        told |= {"structure": self._target.file, "chains": chains, "keep": keep, "ph": ph, "site": self._target.site}
        told |= {name: getattr(self, f"_{name}").value for name in ("library", "actives", "decoys")}
        told |= {"no_pains": self._no_pains.value, "enough": self._enough.value or 0.9}
        try:
            return ScreenForm.model_validate(told)
        except ValidationError as error:
            first = error.errors()[0]
            raise InputError(first["msg"], where=".".join(map(str, first["loc"]))) from None
