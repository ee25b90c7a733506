"""The way into the safety room, whose packages may not be installed."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from nicegui import ui
from starlette.requests import Request

from bencao.kernel.errors import EngineMissing
from bencao.synthesis.page import Language
from bencao.web.page.header import dress_page, language_of, show_header
from bencao.web.safety.words import WORDS

if TYPE_CHECKING:
    from bencao.web.safety.desk import SafetyDesk

_INSTALL = "pip install 'bencao[safety]'"
_SERVE = "bencao serve --cases CASES --documents TEXTS --duplicates pairs.jsonl --signals measures.csv"


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
    if missing := _missing():
        raise EngineMissing(f"cases need {missing}", mend=_INSTALL)
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
            _show_closed(spoken)
            return
        from bencao.web.safety.page import SafetyPage

        await SafetyPage(desk, spoken).open({"tab": tab, "case": case, "pair": pair, "drug": drug})


def _missing() -> str:
    """Name of a package that the room needs and that is not installed; empty where all are."""
    try:
        import_module("bencao.safety.browse")
    except ModuleNotFoundError as error:
        if not error.name or error.name.partition(".")[0] == "bencao":
            raise
        return error.name
    return ""


def _show_closed(language: Language) -> None:
    words = WORDS[language]
    missing = _missing()
    other = "en" if language == "zh" else "zh"
    show_header("safety", language, lambda: ui.navigate.to(f"/safety?lang={other}"))
    with ui.column().classes("main-column"), ui.column().classes("welcome").props("data-part=closed"):
        ui.label(words["not installed" if missing else "none open"]).classes("welcome-title")
        said = words["how to install"].format(name=missing) if missing else words["how to open"]
        ui.label(said).classes("welcome-text")
        ui.label(_INSTALL if missing else _SERVE).classes("smiles-text card")
