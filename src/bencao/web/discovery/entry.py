"""The way into the discovery room, whose packages may not be installed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI
from nicegui import ui
from starlette.requests import Request

from bencao.kernel.ledger import workspace_folder
from bencao.synthesis.page import Language
from bencao.web.discovery.words import WORDS
from bencao.web.entrance import Entrance
from bencao.web.page.header import dress_page, language_of

if TYPE_CHECKING:
    from bencao.web.discovery.desk import DiscoveryDesk

_ENTRANCE = Entrance(
    "discovery",
    "bencao.discovery.browse",
    "pip install 'bencao[discovery]'",
    "bencao serve --screens FOLDER",
    WORDS,
    ("gemmi", "openmm", "pdbfixer", "vina", "meeko", "posebusters", "fpocket_rs", "scipy", "sklearn"),
)


def open_discovery_desk(folder: Path | None, processes: int = 1) -> DiscoveryDesk | None:
    """Open the room, where its packages are installed.

    Parameters
    ----------
    folder : Path or None
        Where screens are kept; in the workspace where not given.
    processes : int
        That each screen docks with.
    """
    if _ENTRANCE.missing():
        return None
    from bencao.web.discovery.desk import DiscoveryDesk

    return DiscoveryDesk((folder or workspace_folder(None) / "screens").absolute(), processes)


def add_discovery_questions(api: FastAPI, desk: DiscoveryDesk | None) -> None:
    """Put the room's questions into the API, where its packages are installed."""
    if not _ENTRANCE.missing():
        from bencao.web.discovery.api import add_discovery_api

        add_discovery_api(api, desk)


def add_discovery_page(desk: DiscoveryDesk | None, language: Language | None) -> None:
    """Put the page at ``/discovery``; without the room's packages it says what to install."""

    @ui.page("/discovery", title="Bencao 本草")
    async def discovery(request: Request, lang: str = "", screen: str = "", hit: str = "", fold: str = "") -> None:
        spoken = language_of(request, lang, language)
        dress_page()
        if desk is None:
            _ENTRANCE.show_closed(spoken)
            return
        from bencao.web.discovery.page import DiscoveryPage

        await DiscoveryPage(desk, spoken).open(screen, hit, fold)
