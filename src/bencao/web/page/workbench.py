"""The page of the room: a target and what to hold to on the left, what was found on the right."""

from __future__ import annotations

import asyncio
import contextlib
from urllib.parse import urlencode

from nicegui import ui
from starlette.requests import Request

from bencao.kernel.errors import BencaoError
from bencao.kernel.workers import Failure
from bencao.synthesis.page import Language
from bencao.web.errors import UnknownJob
from bencao.web.http.api import check_order
from bencao.web.jobs import Job, JobBoard
from bencao.web.orders import PlanOrder
from bencao.web.page.elements import StructureEditor
from bencao.web.page.header import dress_page, language_of, show_header
from bencao.web.page.results import ProgressPanel, ResultPanel
from bencao.web.page.settings import SettingsPanel
from bencao.web.page.target import TargetPanel
from bencao.web.page.words import WORDS

_LOOK = 0.2  # seconds between looks at a running job
EXAMPLES = {
    "lidocaine 利多卡因": "CCN(CC)CC(=O)Nc1c(C)cccc1C",
    "imatinib 伊马替尼": "Cc1ccc(NC(=O)c2ccc(CN3CCN(C)CC3)cc2)cc1Nc1nccc(-c2cccnc2)n1",
    "apixaban 阿哌沙班": "COc1ccc(cc1)-n1nc(C(N)=O)c2CCN(C(=O)c12)c1ccc(cc1)N1CCCCC1=O",
}


def add_page(board: JobBoard, language: Language | None) -> None:
    """Put the page at ``/``.

    Parameters
    ----------
    board : JobBoard
    language : {"en", "zh"}, optional
        Where neither the address nor the browser's setting is to decide.
    """

    @ui.page("/", title="Bencao 本草")
    async def workbench(request: Request, lang: str = "", job: str = "", smiles: str = "") -> None:
        spoken = language_of(request, lang, language)
        dress_page()
        await Workbench(board, spoken).open(job, smiles)


class Workbench:
    """One reader's page.

    Parameters
    ----------
    board : JobBoard
    language : {"en", "zh"}
    """

    def __init__(self, board: JobBoard, language: Language) -> None:
        self._board = board
        self._language: Language = language
        self._words = words = WORDS[language]
        self._job_id = ""
        self._ready = False
        self._client = ui.context.client
        self._owner = f"page {self._client.id}"
        show_header("synthesis", language, self._switch)
        editor_words = {key: words[key] for key in ("draw", "loading", "use", "close", "unread")}
        editor = StructureEditor(editor_words, lambda smiles: self._target.give(smiles))
        with ui.left_drawer(value=True, bordered=True).props("width=400 breakpoint=900").classes("control-drawer"):
            self._target = TargetPanel(language, editor, self._set_ready)
            self._settings = SettingsPanel(language)
            with ui.row().classes("w-full gap-2 no-wrap action-row"):
                self._plan_button = ui.button(words["plan"], icon="account_tree", on_click=self._plan).props(
                    "no-caps unelevated"
                )
                self._plan_button.classes("grow").props("data-part=plan")
                self._cancel_button = ui.button(words["cancel"], on_click=self._cancel).props("no-caps outline")
                self._cancel_button.props("data-part=cancel").set_visibility(False)
            self._fault = ui.label().classes("fault").props("data-part=fault")
        drawer = ui.right_drawer(value=False, bordered=True).props("width=430").classes("step-drawer")
        with ui.column().classes("main-column"):
            self._welcome = self._welcome_card()
            self._progress = ProgressPanel(language)
            self._results = ResultPanel(language, drawer)
        self._set_ready(False)

    def _welcome_card(self) -> ui.column:
        words = self._words
        with ui.column().classes("welcome") as card:
            ui.label(words["welcome"]).classes("welcome-title")
            ui.label(words["welcome text"]).classes("welcome-text")
            with ui.row().classes("items-center gap-2"):
                ui.label(words["examples"]).classes("hint")
                for name, smiles in EXAMPLES.items():
                    ui.button(name, on_click=lambda smiles=smiles: self._target.give(smiles)).props(
                        "outline no-caps dense size=md padding='2px 10px'"
                    )
        return card

    async def open(self, job_id: str, smiles: str = "") -> None:
        """Show the job that the address names, if it does, else the target that it names."""
        if not job_id:
            self._target.give(smiles)
            return
        await self._client.connected()  # a page is to be built at once, and a search may take longer
        try:
            job = self._board.get(job_id)
        except UnknownJob:
            self._results.show_note(self._words["gone"])
            return
        if isinstance(job.order, PlanOrder):
            self._settings.restore(job.order)
            await self._target.restore(job.order)
            await self._follow(job)

    def _set_ready(self, ready: bool) -> None:
        self._ready = ready
        self._plan_button.set_enabled(ready)
        self._fault.set_text("")

    def _switch(self) -> None:
        other = "en" if self._language == "zh" else "zh"
        ui.navigate.to("/?" + urlencode({"lang": other} | ({"job": self._job_id} if self._job_id else {})))

    async def _plan(self) -> None:
        """Start a plan; the one that still runs is given up."""
        self._fault.set_text("")
        try:
            order = self._settings.read(self._target)
            await asyncio.to_thread(check_order, order)
            if self._job_id:
                await asyncio.to_thread(self._give_up, self._job_id)
            job = self._board.submit(order, self._owner)
        except BencaoError as error:
            self._fault.set_text(str(error))
            return
        self._results.clear()
        address = "?" + urlencode({"lang": self._language, "job": job.id})
        ui.run_javascript(f"history.replaceState(history.state, '', {address!r})")
        await self._follow(job)

    def _give_up(self, job_id: str) -> None:
        with contextlib.suppress(UnknownJob):  # forgotten, so nothing runs
            self._board.cancel(job_id)

    async def _cancel(self) -> None:
        self._give_up(self._job_id)

    async def _follow(self, job: Job) -> None:
        """Show how a job goes on, and what came of it, unless another was started meanwhile."""
        self._job_id = job.id
        self._welcome.set_visibility(False)
        self._progress.hide()
        self._cancel_button.set_visibility(True)
        try:
            while not job.over:
                self._progress.show(job)
                await asyncio.sleep(_LOOK)
                if self._job_id != job.id or self._client.is_deleted:
                    return
                job = self._board.get(job.id)
        except UnknownJob:
            self._results.show_note(self._words["gone"])
            return
        self._cancel_button.set_visibility(False)
        self._plan_button.set_text(self._words["replan"])
        self._progress.hide()
        if job.status == "done":
            await self._results.show(job)
        elif job.status == "failed":
            self._results.show_failure(job.failure or Failure("ComputeError", "", ""))
        else:
            self._results.show_note(self._words["cancelled"])
