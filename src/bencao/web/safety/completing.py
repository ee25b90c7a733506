"""Completing a case on the page: ask, check, ask for what is still lacking, and hand out the message."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

from nicegui import run, ui

from bencao.kernel.errors import BencaoError
from bencao.safety.browse import CompletionView, show_completion
from bencao.synthesis.page import Language
from bencao.web.downloads import record_download
from bencao.web.safety.completion_form import CompletionForm, Key, entries_of
from bencao.web.safety.words import WORDS


class Completing:
    """What one reader enters for one case; it stays until the case is left.

    Parameters
    ----------
    number : str
        Place of the case in the inbox.
    language : {"en", "zh"}
    ask : callable
        Puts a question to the desk; None where it failed, which is shown.
    cleared : callable
        Gives the emptied stage.
    leave : callable
        Goes back to the case.
    """

    def __init__(
        self,
        number: str,
        language: Language,
        ask: Callable[..., Awaitable[Any]],
        cleared: Callable[[], AbstractContextManager[None]],
        leave: Callable[[], Awaitable[None]],
    ) -> None:
        self._number, self._language, self._ask, self._cleared = number, language, ask, cleared
        self._leave = leave
        self._held: dict[Key, tuple[str, str]] = {}
        self._moment = datetime.now(UTC).strftime("%Y%m%d%H%M%S")
        self._region = "US"

    async def show(self) -> None:
        """Check the case with what was entered, and show what is lacking."""
        told = (self._number, self._region, self._moment, self._language, entries_of(self._held))
        found: CompletionView | None = await self._ask(show_completion, *told)
        if found is not None:
            self._fill(found)

    def _fill(self, view: CompletionView) -> None:
        words = WORDS[self._language]
        with self._cleared():
            with ui.row().classes("items-center gap-3"):
                ui.button(words["case"], icon="arrow_back", on_click=self._leave).props("flat dense no-caps")
                ui.label(view.identifier).classes("panel-title").props("data-part=completing")
                ui.select(
                    {"US": words["rules US"], "ICH": words["rules ICH"]},
                    value=self._region,
                    on_change=lambda event: self._choose(str(event.value)),
                ).props("outlined dense options-dense data-part=region")
            ui.label(words["fill in hint"]).classes("hint")
            CompletionForm(view, words, self._held, self.show, self._download)

    async def _choose(self, region: str) -> None:
        self._region = region
        await self.show()

    async def _download(self, name: str, text: str) -> None:
        data = text.encode()
        try:
            await run.io_bound(record_download, "serve safety case", name, data, {"region": self._region})
        except BencaoError as error:  # what cannot be recorded is not given
            ui.notify(str(error), type="negative")
            return
        ui.download.content(data, name)
