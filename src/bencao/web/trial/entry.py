"""The way into the trial room, whose packages may not be installed."""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from nicegui import ui
from starlette.requests import Request

from bencao.kernel.errors import EngineMissing
from bencao.synthesis.page import Language
from bencao.web.page.header import dress_page, language_of, show_header
from bencao.web.trial.words import WORDS

if TYPE_CHECKING:
    from bencao.web.trial.desk import StudyDesk

_INSTALL = "pip install 'bencao[trial]'"
_SERVE = "bencao serve --study STUDY --data ADAM --data SDTM --data RAW"


def open_desk(study: Path, data: Sequence[Path] = (), rules: Sequence[Path] = ()) -> StudyDesk:
    """Open a study to be read in the workbench.

    Parameters
    ----------
    study, data, rules
        See `bencao.trial.browse.StudyPlaces`.

    Returns
    -------
    StudyDesk

    Raises
    ------
    EngineMissing
        A package of the extra ``trial`` is not installed.
    SpecificationError, InputError
        A study that cannot be read, or a folder that is none.
    """
    if missing := _missing():
        raise EngineMissing(f"a study needs {missing}", mend=_INSTALL)
    from bencao.trial.browse import StudyPlaces, open_study
    from bencao.web.trial.desk import StudyDesk

    places = StudyPlaces(study, tuple(data), tuple(rules))
    open_study(places)  # what is wrong with it is said at the start, not on the page
    return StudyDesk(places)


def add_trial_page(desk: StudyDesk | None, language: Language | None) -> None:
    """Put the page at ``/trial``; without a study it says how to open one.

    Parameters
    ----------
    desk : StudyDesk or None
    language : {"en", "zh"}, optional
        Where neither the address nor the browser's setting is to decide.
    """

    @ui.page("/trial", title="Bencao 本草")
    async def trial(
        request: Request, lang: str = "", tab: str = "", dataset: str = "", table: str = "", cell: str = ""
    ) -> None:
        spoken = language_of(request, lang, language)
        dress_page()
        if desk is None:
            _show_closed(spoken)
            return
        from bencao.web.trial.page import StudyPage

        await StudyPage(desk, spoken).open({"tab": tab, "dataset": dataset, "table": table, "cell": cell})


def _missing() -> str:
    """Name of a package that the room needs and that is not installed; empty where all are."""
    try:
        import_module("bencao.trial.browse")
    except ModuleNotFoundError as error:
        if not error.name or error.name.partition(".")[0] == "bencao":
            raise
        return error.name
    return ""


def _show_closed(language: Language) -> None:
    words = WORDS[language]
    missing = _missing()
    other = "en" if language == "zh" else "zh"
    show_header("trial", language, lambda: ui.navigate.to(f"/trial?lang={other}"))
    with ui.column().classes("main-column"), ui.column().classes("welcome").props("data-part=closed"):
        ui.label(words["not installed" if missing else "none open"]).classes("welcome-title")
        ui.label(words["how to install"].format(name=missing) if missing else words["how to open"]).classes(
            "welcome-text"
        )
        ui.label(_INSTALL if missing else _SERVE).classes("smiles-text card")
