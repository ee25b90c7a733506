"""The page of the submission room: a dossier with its check, and a translation under review."""

from __future__ import annotations

from typing import Any

from nicegui import ui

from bencao.submission.browse import show_dossier
from bencao.submission.browse.tree import ALL
from bencao.synthesis.page import Language
from bencao.web.desk_page import DeskPage
from bencao.web.submission.desk import SubmissionDesks
from bencao.web.submission.dossier_panel import DossierPanel
from bencao.web.submission.review_panel import ReviewPanel
from bencao.web.submission.words import WORDS

TABS = ("dossier", "review")


class SubmissionPage(DeskPage[Any]):
    """One reader's page of the dossier and the translation.

    Parameters
    ----------
    desks : SubmissionDesks
        One of them at least is open.
    language : {"en", "zh"}
    """

    def __init__(self, desks: SubmissionDesks, language: Language) -> None:
        self._words = WORDS[language]
        self._desks = desks
        desk = desks.dossier or desks.review
        assert desk is not None
        super().__init__("submission", desk, language, {name: self._words[name] for name in TABS}, self._go)
        self._review = ReviewPanel(desks.review, language, self._remember) if desks.review else None

    async def open(self, at: dict[str, str]) -> None:
        """Show the part that the address names."""
        self._at = {name: value for name, value in at.items() if value}
        await ui.context.client.connected()  # a page is to be built at once, and a dossier may take longer
        self._open_tab(TABS if self._desks.dossier else TABS[::-1])

    async def _go(self, tab: str) -> None:
        asked = self._at
        self._asked += 1  # what was asked for on the tab before is no longer waited for
        self._wait.set_visibility(False)
        if tab == "dossier":
            await self._open_dossier(asked)
        else:
            await self._open_review(asked)

    async def _open_dossier(self, asked: dict[str, str]) -> None:
        self._remember(tab="dossier", **{name: asked[name] for name in ("view", "leaf") if asked.get(name)})
        if self._desks.dossier is None:
            self._say("no dossier")
            return
        with self._cleared():
            pass
        view = await self._ask(show_dossier, asked.get("view", ALL), self._language)
        if view is not None:
            panel = DossierPanel(self._desks.dossier, self._language, self._remember)
            with self._cleared():
                await panel.open(view, asked.get("leaf", ""))

    async def _open_review(self, asked: dict[str, str]) -> None:
        self._remember(tab="review", **{name: asked[name] for name in ("kind", "segment") if asked.get(name)})
        if self._review is None:
            self._say("no review")
            return
        with self._cleared():
            await self._review.open(asked.get("kind", ""), asked.get("segment", ""))

    def _say(self, name: str) -> None:
        with self._cleared():
            ui.label(self._words[name]).classes("hint").props("data-part=nothing-open")
