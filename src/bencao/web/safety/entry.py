"""The way into the safety room, whose packages may not be installed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI
from nicegui import ui
from starlette.requests import Request

from bencao.kernel.errors import EngineMissing
from bencao.synthesis.page import Language
from bencao.web.entrance import Entrance
from bencao.web.page.header import dress_page, language_of
from bencao.web.safety.words import WORDS

if TYPE_CHECKING:
    from bencao.web.safety.desk import SafetyDesk

_ENTRANCE = Entrance(
    "safety",
    "bencao.safety.browse",
    "pip install 'bencao[safety]'",
    "bencao serve --cases CASES --documents TEXTS --duplicates pairs.jsonl --signals measures.csv",
    WORDS,
)


def add_safety_questions(api: FastAPI, desk: SafetyDesk | None) -> None:
    """Put the room's questions into the API, where its packages are installed."""
    if not _ENTRANCE.missing():
        from bencao.web.safety.api import add_safety_api

        add_safety_api(api, desk)


def open_safety_desk(
    cases: tuple[Path, ...],
    documents: tuple[Path, ...] = (),
    duplicates: Path | None = None,
    signals: Path | None = None,
    trends: Path | None = None,
) -> SafetyDesk:
    """Open cases and signals to be read in the workbench; for the parameters see `bencao.safety.browse.SafetyPlaces`.

    Raises
    ------
    EngineMissing
        A package of the extra ``safety`` is not installed.
    InputError
        A file or folder that is absent or cannot be read as a whole.
    """
    if missing := _ENTRANCE.missing():
        raise EngineMissing(f"cases need {missing}", mend=_ENTRANCE.install)
    from bencao.safety.browse import SafetyPlaces, open_safety
    from bencao.web.safety.desk import SafetyDesk

    places = SafetyPlaces(cases, documents, duplicates, signals, trends)
    open_safety(places)  # what is wrong with it is said at the start, not on the page
    return SafetyDesk(places)


def add_safety_page(desk: SafetyDesk | None, language: Language | None) -> None:
    """Put the page at ``/safety``; without cases it says how to open some."""

    @ui.page("/safety", title="Bencao 本草")
    async def safety(
        request: Request, lang: str = "", tab: str = "", case: str = "", pair: str = "", drug: str = ""
    ) -> None:
        spoken = language_of(request, lang, language)
        dress_page()
        if desk is None:
            _ENTRANCE.show_closed(spoken)
            return
        from bencao.web.safety.page import SafetyPage

        await SafetyPage(desk, spoken).open({"tab": tab, "case": case, "pair": pair, "drug": drug})
