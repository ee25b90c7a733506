"""The way into the submission room, whose packages may not be installed."""

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
from bencao.web.submission.words import WORDS

if TYPE_CHECKING:
    from bencao.web.submission.desk import SubmissionDesks

_ENTRANCE = Entrance(
    "submission",
    "bencao.submission.browse",
    "pip install 'bencao[submission]'",
    "bencao serve --dossier APPLICATION --review FILE.xlf",
    WORDS,
)


def open_submission_desks(
    dossier: Path | None = None, review: Path | None = None, assets: Path | None = None
) -> SubmissionDesks:
    """Open an application, a translation, or both, to be worked on in the workbench.

    Parameters
    ----------
    dossier : Path, optional
        Folder of an application.
    review : Path, optional
        Bilingual file, XLIFF 2.0 or 2.1.
    assets : Path, optional
        See `bencao.submission.browse.DossierPlaces`.

    Raises
    ------
    EngineMissing
        A package of the extra ``submission`` is not installed.
    InputError
        What is absent or cannot be read.
    """
    if missing := _ENTRANCE.missing():
        raise EngineMissing(f"a submission needs {missing}", mend=_ENTRANCE.install)
    from bencao.submission.browse import DossierPlaces, open_dossier, open_review
    from bencao.web.submission.desk import DossierDesk, ReviewDesk, SubmissionDesks

    places = DossierPlaces(dossier, assets) if dossier else None
    # What is wrong with them is said at the start, not on the page.
    if places:
        open_dossier(places)
    if review:
        open_review(review)
    return SubmissionDesks(DossierDesk(places) if places else None, ReviewDesk(review) if review else None)


def add_submission_questions(api: FastAPI, desks: SubmissionDesks | None) -> None:
    """Put the room's questions into the API, where its packages are installed."""
    if not _ENTRANCE.missing():
        from bencao.web.submission.api import add_submission_api

        add_submission_api(api, desks.dossier if desks else None, desks.review if desks else None)


def add_submission_page(desks: SubmissionDesks | None, language: Language | None) -> None:
    """Put the page at ``/submission``; with nothing open it says how to open something."""

    @ui.page("/submission", title="Bencao 本草")
    async def submission(
        request: Request,
        lang: str = "",
        tab: str = "",
        view: str = "",
        leaf: str = "",
        kind: str = "",
        segment: str = "",
    ) -> None:
        spoken = language_of(request, lang, language)
        dress_page()
        if desks is None:
            _ENTRANCE.show_closed(spoken)
            return
        from bencao.web.submission.page import SubmissionPage

        at = {"tab": tab, "view": view, "leaf": leaf, "kind": kind, "segment": segment}
        await SubmissionPage(desks, spoken).open(at)
