"""The page of the discovery room: set up a screen, watch it, read its hits; fold a protein."""

from __future__ import annotations

import asyncio
import json
from typing import Any
from urllib.parse import urlencode

from nicegui import ui

from bencao.discovery.browse import show_screen
from bencao.kernel.errors import BencaoError
from bencao.kernel.workers import Failure
from bencao.synthesis.page import Language
from bencao.web.desk_page import show_fault
from bencao.web.discovery.board import Standing
from bencao.web.discovery.desk import DiscoveryDesk
from bencao.web.discovery.fold_panel import FoldPanel
from bencao.web.discovery.progress_panel import ProgressPanel
from bencao.web.discovery.results_panel import ResultsPanel
from bencao.web.discovery.setup_panel import SetupPanel
from bencao.web.discovery.words import WORDS
from bencao.web.page.header import show_header

_LOOK = 0.3  # seconds between looks at a running screen
_TABS = ("setup", "results", "fold")
# The browser, not the server, remembers what was started in it: nobody is shown another's screens.
_KEEP = (
    "{const kept = JSON.parse(localStorage.getItem('bencao screens') ?? '[]').filter((one) => one[0] !== %(name)s);"
    " localStorage.setItem('bencao screens', JSON.stringify([[%(name)s, %(title)s], ...kept].slice(0, 12)))}"
)


class DiscoveryPage:
    """One reader's page.

    Parameters
    ----------
    desk : DiscoveryDesk
    language : {"en", "zh"}
    """

    def __init__(self, desk: DiscoveryDesk, language: Language) -> None:
        self._desk = desk
        self._language: Language = language
        self._words = words = WORDS[language]
        self._client = ui.context.client
        self._at: dict[str, str] = {}
        self._screen = ""
        show_header("discovery", language, self._switch)
        with ui.column().classes("main-column"):
            with ui.tabs().props("no-caps align=left dense") as self._tabs:
                for name in _TABS:
                    ui.tab(name, label=words[name]).props(f"data-part=tab-{name}")
            with ui.tab_panels(self._tabs, value="setup", keep_alive=True).classes("w-full room-panels"):
                with ui.tab_panel("setup"):
                    self._setup = SetupPanel(desk, language, self._start)
                with ui.tab_panel("results"):
                    self._title = ui.label(words["none yet"]).classes("panel-title").props("data-part=screen")
                    self._progress = ProgressPanel(language, self._stop, self._resume)
                    self._results = ResultsPanel(desk, language, self._remember)
                    self._fault = ui.column().classes("w-full")
                with ui.tab_panel("fold"):
                    self._fold = FoldPanel(desk, language, self._remember)

    async def open(self, screen: str, hit: str, fold: str = "") -> None:
        """Show the screen or the fold that the address names."""
        await self._client.connected()  # a page is to be built at once, and a screen takes longer
        if fold:
            self._tabs.set_value("fold")
            await self._fold.follow(fold)
        elif screen:
            await self._follow(screen, hit)
        else:
            await self._offer_earlier()

    async def _offer_earlier(self) -> None:
        told = await ui.run_javascript("localStorage.getItem('bencao screens')", timeout=10.0)
        try:
            kept = [(str(name), str(title)) for name, title in json.loads(told or "[]")]
        except (TypeError, ValueError):
            return
        if kept:
            with self._setup.before:
                ui.label(self._words["before"]).classes("panel-subtitle")
                for name, title in kept:
                    address = "/discovery?" + urlencode({"lang": self._language, "screen": name})
                    ui.link(title, address).classes("top-link").props("data-part=earlier")

    async def _start(self, name: str) -> None:
        """Run a screen that was kept."""
        self._desk.board.run(name, f"page {self._client.id}")
        told = {"name": json.dumps(name), "title": json.dumps(self._titled(name))}
        ui.run_javascript(_KEEP % told)
        await self._follow(name, "")

    def _titled(self, name: str) -> str:
        task = self._desk.shelf.task(name)
        return f"{task.target.structure.name} · {task.library.name}"

    async def _follow(self, name: str, hit: str) -> None:
        """Show how a screen goes on, and what came of it, unless another was started meanwhile."""
        self._screen = name
        self._tabs.set_value("results")
        self._results.clear()
        self._fault.clear()
        self._remember(screen=name, **({"hit": hit} if hit else {}))
        try:
            self._title.set_text(self._titled(name))
            standing = self._desk.board.standing(name)
            while standing.state in ("waiting", "running"):
                self._progress.show(standing)
                await asyncio.sleep(_LOOK)
                if self._screen != name or self._client.is_deleted:
                    return
                standing = self._desk.board.standing(name)
        except BencaoError:
            self._title.set_text(self._words["gone"])
            return
        await self._show(standing, hit)

    async def _show(self, standing: Standing, hit: str) -> None:
        if standing.state != "done":
            self._progress.show(standing)
            return
        self._progress.hide()
        try:
            found: dict[str, Any] | Failure = await self._desk.ask(show_screen, standing.name)
        except BencaoError as error:
            found = Failure.of(error, "")
        if isinstance(found, Failure):
            with self._fault:
                show_fault(found, self._language)
        else:
            await self._results.show(standing.name, found, hit)

    def _stop(self) -> None:
        if self._desk.board.standing(self._screen).state in ("waiting", "running"):
            self._desk.board.cancel(self._screen)

    async def _resume(self) -> None:
        try:
            self._desk.board.run(self._screen, f"page {self._client.id}")
        except BencaoError as error:
            ui.notify(str(error), type="negative")
            return
        await self._follow(self._screen, "")

    def _remember(self, **at: str) -> None:
        """Keep in the address what is shown, so that the page can be loaded again, also in the other language."""
        self._at = {"lang": self._language, **at}
        ui.run_javascript(f"history.replaceState(history.state, '', {'?' + urlencode(self._at)!r})")

    def _switch(self) -> None:
        other = "en" if self._language == "zh" else "zh"
        ui.navigate.to("/discovery?" + urlencode({**self._at, "lang": other}))
