"""The way into the evidence room, whose packages may not be installed."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from fastapi import FastAPI
from nicegui import ui
from starlette.requests import Request

from bencao.kernel.errors import EngineMissing
from bencao.synthesis.page import Language
from bencao.web.entrance import Entrance
from bencao.web.evidence.words import WORDS
from bencao.web.page.header import dress_page, language_of

if TYPE_CHECKING:
    from bencao.web.evidence.desk import EvidenceDesk

_ENTRANCE = Entrance(
    "evidence",
    "bencao.evidence.browse",
    "pip install 'bencao[evidence]'",
    "bencao serve --studies FOLDER",
    WORDS,
)


def open_evidence_desk(studies: Path, workers: int = 2) -> EvidenceDesk:
    """Open a folder of protocols and data, to be worked in with the workbench.

    Parameters
    ----------
    studies : Path
        Protocols are read and written here, data are read and received; nothing else is.
    workers : int
        Studies at the same time.

    Raises
    ------
    EngineMissing
        A package of the extra ``evidence`` is not installed.
    InputError
        What is no folder.
    """
    if missing := _ENTRANCE.missing():
        raise EngineMissing(f"studies need {missing}", mend=_ENTRANCE.install)
    from bencao.evidence.browse import StudyFolder
    from bencao.web.evidence.desk import EvidenceDesk
    from bencao.web.jobs import Capacity

    StudyFolder(studies)  # what is wrong with it is said at the start, not on the page
    return EvidenceDesk(studies, Capacity(workers=workers))


def add_evidence_questions(api: FastAPI, desk: EvidenceDesk | None) -> None:
    """Put the room's questions into the API, where its packages are installed."""
    if not _ENTRANCE.missing():
        from bencao.web.evidence.api import add_evidence_api

        add_evidence_api(api, desk)


def add_evidence_page(desk: EvidenceDesk | None, language: Language | None) -> None:
    """Put the page at ``/evidence``; without a folder it says how to open one."""

    @ui.page("/evidence", title="Bencao 本草")
    async def evidence(
        request: Request, lang: str = "", tab: str = "", protocol: str = "", data: str = "", job: str = ""
    ) -> None:
        spoken = language_of(request, lang, language)
        dress_page()
        if desk is None:
            _ENTRANCE.show_closed(spoken)
            return
        from bencao.web.evidence.page import EvidencePage

        await EvidencePage(desk, spoken).open({"tab": tab, "protocol": protocol, "data": data, "job": job})
