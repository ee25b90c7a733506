"""What all pages share: look, language, and the bar with the rooms, the API's manual and the other language."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from nicegui import ui
from starlette.requests import Request

from bencao.synthesis.page import Language
from bencao.synthesis.page.words import LANGUAGES
from bencao.web.http.api import ROOT
from bencao.web.page.words import WORDS, preferred

_ROOMS = {
    "synthesis": "/",
    "discovery": "/discovery",
    "trial": "/trial",
    "safety": "/safety",
    "submission": "/submission",
    "records": "/records",
    "evidence": "/evidence",
}
_STYLE = (Path(__file__).parent / "static" / "workbench.css").read_text(encoding="utf-8")


def language_of(request: Request, asked: str, language: Language | None) -> Language:
    """The language of a page: that its address asks for, else the server's, else the browser's."""
    chosen = next((one for one in LANGUAGES if one == asked), None)
    return chosen or language or preferred(request.headers.get("accept-language", ""))


def dress_page() -> None:
    """Give the page the workbench's look."""
    ui.add_css(_STYLE)
    ui.colors(primary="#2c6e54", secondary="#5c6963", accent="#8a5a0b", negative="#b3261e")


def show_header(room: str, language: Language, on_switch: Callable[[], None]) -> None:
    """Put the bar on the page.

    Parameters
    ----------
    room : {"synthesis", "discovery", "trial", "safety", "submission", "records", "evidence"}
        The one that is open.
    language : {"en", "zh"}
    on_switch : callable
        Opens the page in the other language.
    """
    words = WORDS[language]
    ui.query("html").props(f'lang="{"zh-Hans" if language == "zh" else "en"}"')
    with ui.header().classes("top-bar items-center justify-between"):
        with ui.row().classes("items-baseline gap-4"):
            ui.label("Bencao 本草").classes("brand")
            for name, address in _ROOMS.items():
                link = ui.link(words[f"room {name}"], f"{address}?lang={language}").classes("room")
                if name == room:
                    link.classes("here").props("aria-current=page")
        with ui.row().classes("items-center gap-4"):
            ui.link(words["api"], f"{ROOT}/docs", new_tab=True).classes("top-link")
            ui.button(words["other language"], icon="translate", on_click=on_switch).props(
                "flat dense no-caps"
            ).classes("top-link").props("data-part=language")
