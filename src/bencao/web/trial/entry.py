"""The way into the trial room, whose packages may not be installed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI
from nicegui import ui
from starlette.requests import Request

from bencao.kernel.errors import EngineMissing
from bencao.synthesis.page import Language
from bencao.web.entrance import Entrance
from bencao.web.page.header import dress_page, language_of
from bencao.web.trial.words import WORDS

if TYPE_CHECKING:
    from bencao.web.trial.desk import StudyDesk

_ENTRANCE = Entrance(
    "trial",
    "bencao.trial.browse",
    "pip install 'bencao[trial]'",
    "bencao serve --study STUDY --data ADAM --data SDTM --data RAW",
    WORDS,
)


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
    if missing := _ENTRANCE.missing():
        raise EngineMissing(f"a study needs {missing}", mend=_ENTRANCE.install)
    from bencao.trial.browse import StudyPlaces, open_study
    from bencao.web.trial.desk import StudyDesk

    places = StudyPlaces(study, tuple(data), tuple(rules))
    open_study(places)  # what is wrong with it is said at the start, not on the page
    return StudyDesk(places)


def add_trial_questions(api: FastAPI, desk: StudyDesk | None) -> None:
    """Put the room's questions into the API, where its packages are installed."""
    if not _ENTRANCE.missing():
        from bencao.web.trial.api import add_trial_api

        add_trial_api(api, desk)


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
            _ENTRANCE.show_closed(spoken)
            return
        from bencao.web.trial.page import StudyPage

        await StudyPage(desk, spoken).open({"tab": tab, "dataset": dataset, "table": table, "cell": cell})
