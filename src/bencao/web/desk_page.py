"""What the pages of the rooms with a desk share: tabs over a stage, questions, errors, and what the address keeps."""

from __future__ import annotations

import contextlib
from collections.abc import Awaitable, Callable, Iterator, Sequence
from typing import Concatenate, Generic, ParamSpec, TypeVar
from urllib.parse import urlencode

from nicegui import ui

from bencao.kernel.errors import BencaoError
from bencao.kernel.workers import Failure
from bencao.synthesis.page import Language
from bencao.web.desk import Desk, Opened
from bencao.web.page.header import show_header
from bencao.web.trial.words import WORDS

P = ParamSpec("P")
T = TypeVar("T")


def show_fault(found: Failure, language: Language) -> None:
    """Say what could not be answered, why, and what to do."""
    with ui.column().classes("card fault-card w-full gap-1").props("data-part=fault"):
        ui.label(f"{WORDS[language]['error']}: {found.kind}").classes("panel-title")
        ui.label(f"{found.where}: {found.cause}" if found.where else found.cause).classes("fault")
        ui.label(found.mend).classes("hint")


class DeskPage(Generic[Opened]):
    """One reader's page.

    Parameters
    ----------
    room : str
        Its name in the header, and its address.
    desk : Desk
    language : {"en", "zh"}
    tabs : dict of str
        Names and labels.
    on_tab : callable
        Told the name of the tab that is opened.
    """

    def __init__(
        self,
        room: str,
        desk: Desk[Opened],
        language: Language,
        tabs: dict[str, str],
        on_tab: Callable[[str], Awaitable[None]],
    ) -> None:
        self._room = room
        self._desk = desk
        self._language: Language = language
        self._common = WORDS[language]
        self._at: dict[str, str] = {}
        self._asked = 0
        show_header(room, language, self._switch)
        with ui.column().classes("main-column"):
            self._title = ui.column().classes("gap-1")
            with ui.tabs(on_change=lambda event: on_tab(str(event.value))).props("no-caps align=left dense") as bar:
                for name, label in tabs.items():
                    ui.tab(name, label=label).props(f"data-part=tab-{name}")
            self._tabs = bar
            self._choices = ui.row().classes("items-center gap-4 w-full")
            self._wait = ui.row().classes("items-center gap-2").props("data-part=wait")
            with self._wait:
                ui.spinner(size="1.4em")
                ui.label(self._common["reading"]).classes("hint")
            self._wait.set_visibility(False)
            self._stage = ui.column().classes("w-full gap-3")

    def _open_tab(self, tabs: Sequence[str]) -> None:
        """Open the tab that the address names, else the first."""
        asked = self._at.get("tab", "")
        self._tabs.set_value(asked if asked in tabs else tabs[0])

    async def _ask(
        self, function: Callable[Concatenate[Opened, P], T], *arguments: P.args, **named: P.kwargs
    ) -> T | None:
        """The answer; None where it failed, which is shown, or where the reader has asked for another thing since."""
        self._asked += 1
        mine = self._asked
        self._wait.set_visibility(True)
        try:
            found: T | Failure = await self._desk.ask(function, *arguments, **named)
        except BencaoError as error:
            found = Failure.of(error, "")
        if mine != self._asked:
            return None
        self._wait.set_visibility(False)
        if not isinstance(found, Failure):
            return found
        with self._cleared():
            show_fault(found, self._language)
        return None

    def _remember(self, **at: str) -> None:
        """Keep in the address what is shown, so that the page can be loaded again, also in the other language."""
        self._at = {"lang": self._language, **at}
        ui.run_javascript(f"history.replaceState(history.state, '', {'?' + urlencode(self._at)!r})")

    def _switch(self) -> None:
        other = "en" if self._language == "zh" else "zh"
        ui.navigate.to(f"/{self._room}?" + urlencode({**self._at, "lang": other}))

    @contextlib.contextmanager
    def _cleared(self) -> Iterator[None]:
        self._stage.clear()
        with self._stage:
            yield
