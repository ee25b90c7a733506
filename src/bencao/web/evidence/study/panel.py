"""A study on the page: what it runs over, how far it is, whether its design holds, and only then its results."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from nicegui import ui
from nicegui.events import UploadEventArguments

from bencao.evidence.browse import DataView, StudyFolder, receiving, show_all_data, show_data, show_protocols
from bencao.evidence.browse.protocols import ProtocolRow
from bencao.kernel.errors import BencaoError
from bencao.kernel.workers import Failure
from bencao.synthesis.page import Language
from bencao.web.desk_page import show_fault
from bencao.web.desk_panel import DeskPanel
from bencao.web.errors import UnknownJob
from bencao.web.evidence.desk import EvidenceDesk
from bencao.web.evidence.study.board import StudyOrder, answer_of_job, step_of
from bencao.web.evidence.study.result_view import ResultView
from bencao.web.evidence.words import WORDS
from bencao.web.jobs import Job
from bencao.web.page.data_table import DataTable

_LOOK = 0.3  # seconds between looks at a running job
_LARGEST = 4_000_000_000  # bytes of a file that is sent


class StudyPanel(DeskPanel[StudyFolder]):
    """What one reader runs.

    Parameters
    ----------
    desk : EvidenceDesk
    language : {"en", "zh"}
    remember : callable
        Keeps in the address what is run.
    """

    def __init__(self, desk: EvidenceDesk, language: Language, remember: Callable[..., None]) -> None:
        super().__init__(desk, language, remember)
        self._words, self._board, self._studies = WORDS[language], desk.board, desk.studies
        self._client = ui.context.client
        self._owner = f"page {self._client.id}"
        self._rows: dict[str, ProtocolRow] = {}
        self._job_id = ""

    async def open(self, at: dict[str, str]) -> None:
        """Show what may be run, and the study that the address names, on the stage that is open."""
        words = self._words
        with ui.element("div").classes("review-sides"):
            with ui.column().classes("card w-full gap-2 min-w-0"):
                ui.label(words["choose"]).classes("panel-title")
                self._protocol = (
                    ui.select({}, label=words["protocol file"], on_change=self._chosen)
                    .props("outlined dense options-dense data-part=run-protocol")
                    .classes("w-full")
                )
                self._state = ui.label().classes("hint").props("data-part=protocol-state")
                self._data = (
                    ui.select({}, label=words["data file"], on_change=self._chosen)
                    .props("outlined dense options-dense data-part=run-data")
                    .classes("w-full")
                )
                with ui.row().classes("items-center gap-3"):
                    self._run = ui.button(words["run"], icon="play_arrow", on_click=lambda: self._start("")).props(
                        "no-caps unelevated data-part=run"
                    )
                    self._cancel = ui.button(words["cancel"], on_click=self._give_up).props(
                        "no-caps outline data-part=cancel"
                    )
                    self._cancel.set_visibility(False)
                self._uploader()
            self._shape = ui.column().classes("card w-full gap-2 min-w-0").props("data-part=data-shape")
        self._fault = ui.column().classes("w-full gap-2")
        self._progress = ui.column().classes("card w-full gap-2").props("data-part=progress")
        with self._progress:
            self._stage = ui.label().classes("hint")
            self._bar = ui.linear_progress(value=0.0, show_value=False).props("rounded")
        self._progress.set_visibility(False)
        self._result = ResultView(self._language, self._start)
        await self._list(at.get("protocol", ""), at.get("data", ""))
        if at.get("job"):
            await self._reopen(at["job"])

    def _uploader(self) -> None:
        words = self._words
        with ui.expansion(words["send"], icon="upload_file").classes("w-full panel-fold").props("dense data-part=send"):
            ui.label(words["send hint"]).classes("hint")
            ui.upload(
                on_upload=self._receive,
                on_rejected=lambda: ui.notify(words["too large"], type="negative"),
                auto_upload=True,
                max_file_size=_LARGEST,
                label=words["send"],
            ).props("flat bordered accept='.csv,.parquet,.duckdb,.db,.zip' data-part=upload").classes("w-full")

    async def _receive(self, event: UploadEventArguments) -> None:
        try:
            with receiving(self._studies, event.file.name) as stream:
                async for piece in event.file.iterate():
                    stream.write(piece)
        except BencaoError as error:
            self._tell(Failure.of(error, ""))
            return
        self._fault.clear()
        ui.notify(self._words["sent"].format(name=event.file.name), type="positive")
        await self._list(str(self._protocol.value or ""), event.file.name)

    async def _list(self, protocol: str, data: str) -> None:
        protocols, there = await self._ask_anew(show_protocols), await self._ask_anew(show_all_data)
        if self._protocol.is_deleted:
            return
        for found in (protocols, there):
            if isinstance(found, Failure):
                return self._tell(found)
        assert not isinstance(protocols, Failure) and not isinstance(there, Failure)
        self._rows = {one.name: one for one in protocols}
        told = {one.name: f"{one.name} · {one.title}" if one.title else one.name for one in protocols}
        files = {one.name: f"{one.name} · {self._words[f'is {one.form}']}" for one in there}
        self._protocol.set_options(told, value=protocol if protocol in told else next(iter(told), None))
        self._data.set_options(files, value=data if data in files else None)
        await self._chosen()

    async def _chosen(self) -> None:
        """Say how the protocol stands, and what the data hold."""
        words, row = self._words, self._rows.get(str(self._protocol.value or ""))
        self._run.set_enabled(bool(row and not row.amiss and self._data.value))
        if row:
            state = "row amiss" if row.amiss else "row registered" if row.registered else "row whole"
            self._state.set_text(words[state].format(count=row.amiss, number=row.registered))
        self._remember(tab="study", protocol=self._protocol.value or "", data=self._data.value or "", job=self._job_id)
        name = str(self._data.value or "")
        found = await self._ask(show_data, name) if name else None
        if self._shape.is_deleted or name != str(self._data.value or ""):
            return
        self._shape.clear()
        with self._shape:
            ui.label(words["data"]).classes("panel-title")
            if found is None:
                ui.label(words["no data chosen"]).classes("hint")
            elif isinstance(found, Failure):
                show_fault(found, self._language)
            else:
                self._show_shape(found)

    def _show_shape(self, view: DataView) -> None:
        words = self._words
        ui.label(words[f"shape {view.form}"].format(persons=f"{view.persons:,}", parts=len(view.parts))).classes("hint")
        head = [[(words[f"{view.form} part"], 1), (words[f"{view.form} kind"], 1)]]
        DataTable(head, [list(one) for one in view.parts]).classes("place-table")

    async def _start(self, despite: str) -> None:
        """Run the study; with a reason, also where its diagnostics do not pass."""
        self._fault.clear()
        order = StudyOrder(self._studies, str(self._protocol.value), "", str(self._data.value), despite)
        try:
            job = self._board.run(order, self._owner)
        except BencaoError as error:
            return self._tell(Failure.of(error, ""))
        with self._progress:  # the button that was pressed may go with the result that stood there
            await self._follow(job)

    async def _reopen(self, job_id: str) -> None:
        try:
            job = self._board.get(job_id)
        except UnknownJob as error:
            return self._tell(Failure.of(error, ""))
        await self._follow(job)

    def _give_up(self) -> None:
        self._board.cancel(self._job_id)

    async def _follow(self, job: Job) -> None:
        """Show how a study goes on, and what came of it, unless another was started meanwhile."""
        assert isinstance(job.order, StudyOrder)
        self._job_id = job.id
        self._result.clear()
        self._remember(tab="study", protocol=job.order.protocol, data=job.order.data, job=job.id)
        self._cancel.set_visibility(True)
        while not job.over:
            self._show_progress(job)
            await asyncio.sleep(_LOOK)
            if self._job_id != job.id or self._client.is_deleted or self._progress.is_deleted:
                return
            now = self._board.known(job.id)
            if now is None:
                return
            job = now
        self._cancel.set_visibility(False)
        self._progress.set_visibility(False)
        if job.status == "done":
            self._result.show(answer_of_job(job))
        elif job.status == "failed":
            self._tell(job.failure or Failure("ComputeError", "", ""))
        else:
            ui.notify(self._words["cancelled"])

    def _show_progress(self, job: Job) -> None:
        words, at = self._words, step_of(job)
        self._progress.set_visibility(True)
        if job.status == "waiting" or not at.of:
            self._stage.set_text(words["waiting" if job.status == "waiting" else "reading"])
            self._bar.set_value(0.0)
            return
        said = words[f"stage {at.stage}"]
        self._stage.set_text(words["step"].format(stage=said, number=at.done + 1, of=at.of))
        self._bar.set_value(at.done / at.of)

    def _tell(self, failure: Failure) -> None:
        self._fault.clear()
        with self._fault:
            show_fault(failure, self._language)
