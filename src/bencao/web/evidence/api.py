"""The evidence room over HTTP, below ``/api/v1/evidence``: thin, the work is done by `bencao.evidence.browse`."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Literal

from fastapi import FastAPI, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from pydantic import BaseModel, Field

from bencao.evidence.browse import (
    DataRow,
    DataView,
    ProtocolRow,
    ProtocolView,
    freeze_protocol,
    receiving,
    save_protocol,
    show_all_data,
    show_data,
    show_protocol,
    show_protocols,
)
from bencao.evidence.protocol.editing.checking import Amiss, check_text
from bencao.evidence.study.steps import STAGES
from bencao.synthesis.page import Language
from bencao.web.evidence.desk import EvidenceDesk
from bencao.web.evidence.study.board import StudyOrder, answer_of_job, step_of
from bencao.web.evidence.study.downloads import DOWNLOADS, download
from bencao.web.http.answering import answered, opened
from bencao.web.http.api import ROOT, owner_of
from bencao.web.http.forms import Form, Problem
from bencao.web.http.problem import problem, status_of_kind
from bencao.web.jobs import Job

_OPEN = "start the workbench with --studies"
_TAG: list[str | Enum] = ["evidence"]
_HERE = f"{ROOT}/evidence/jobs"

Lang = Annotated[Language, Query(description="Language of what is read: en or zh.")]
Name = Annotated[str, Field(max_length=200, description="Of a file in the folder.")]


class ProtocolText(Form):
    """A protocol as YAML."""

    text: str = Field(max_length=500_000)


class SavedText(ProtocolText):
    """A protocol to be saved."""

    digest: str = Field("", max_length=64, description="SHA-256 of the file it was made from; empty for a new one.")


class Saved(BaseModel):
    """SHA-256 of the file now."""

    digest: str


class CheckAnswer(BaseModel):
    """What is amiss in a protocol."""

    whole: bool
    sha256: str = Field(description="Of its content, whatever its spelling; empty while something is amiss.")
    amiss: list[Amiss] = Field(description="Each with its key.")


class Registration(Form):
    """A protocol to be frozen."""

    digest: str = Field(max_length=64, description="SHA-256 of its file.")
    reason: str = Field("", max_length=2_000, description="Why a registered protocol is changed.")


class StudyForm(Form):
    """A study to run."""

    protocol: Name
    data: Name
    digest: str = Field("", max_length=64, description="SHA-256 of the protocol's file, to be refused if it changed.")
    despite: str = Field("", max_length=2_000, description="Why results are shown though diagnostics do not pass.")


class StepAnswer(BaseModel):
    """How far a study is."""

    stage: str = Field(description=f"{', '.join(STAGES)}; empty while nothing has begun.")
    done: int
    of: int
    seconds: float


class StudyJobAnswer(BaseModel):
    """A study as it stands."""

    id: str
    status: Literal["waiting", "running", "done", "failed", "cancelled"]
    progress: StepAnswer
    hidden: bool | None = Field(description="Whether diagnostics keep the results back; null until it is done.")
    failed: list[str] = Field(description="Diagnostics that do not pass.")
    error: Problem | None = Field(description="Why it failed.")
    links: dict[str, str]


def add_evidence_api(api: FastAPI, desk: EvidenceDesk | None) -> None:
    """Put the room's questions under ``/evidence``; those about the folder are refused where none is open."""
    _add_protocols(api, desk)
    _add_data(api, desk)
    _add_studies(api, desk)


def _add_protocols(api: FastAPI, desk: EvidenceDesk | None) -> None:
    @api.post("/evidence/check", tags=_TAG)
    async def check(given: ProtocolText, lang: Lang = "en") -> CheckAnswer:
        """Say all that is amiss in a protocol, each at its key; no data are opened and nothing is kept."""
        found = await run_in_threadpool(check_text, given.text, lang)
        whole = found.protocol
        return CheckAnswer(whole=whole is not None, sha256=whole.digest if whole else "", amiss=list(found.amiss))

    @api.get("/evidence/protocols", tags=_TAG)
    async def protocols() -> list[ProtocolRow]:
        """List the protocols of the folder."""
        return list(answered(await opened(desk, _OPEN).ask_anew(show_protocols)))

    @api.get("/evidence/protocols/{name}", tags=_TAG)
    async def protocol(name: str, lang: Lang = "en") -> ProtocolView:
        """Give a protocol's text, what is amiss, and its registered versions with what each changed."""
        return answered(await opened(desk, _OPEN).ask_anew(show_protocol, name, lang))

    @api.put("/evidence/protocols/{name}", tags=_TAG)
    async def save(name: str, given: SavedText) -> Saved:
        """Write a protocol, whole or amiss: refused where somebody else changed the file since."""
        asked = opened(desk, _OPEN).ask_anew(save_protocol, name, given.text, given.digest)
        return Saved(digest=answered(await asked))

    @api.post("/evidence/protocols/{name}/register", tags=_TAG)
    async def register(name: str, given: Registration, lang: Lang = "en") -> ProtocolView:
        """Freeze a protocol in the ledger; a change of a registered one needs a reason and makes a new version."""
        asked = opened(desk, _OPEN).ask_anew(freeze_protocol, name, given.reason, given.digest, lang)
        return answered(await asked)


def _add_data(api: FastAPI, desk: EvidenceDesk | None) -> None:
    @api.get("/evidence/data", tags=_TAG)
    async def data() -> list[DataRow]:
        """List what a study may run over: tables, and databases of the common data model."""
        return list(answered(await opened(desk, _OPEN).ask_anew(show_all_data)))

    @api.get("/evidence/data/{name}", tags=_TAG)
    async def shape(name: str) -> DataView:
        """Give the columns of a table, or the tables of a database; no values."""
        return answered(await opened(desk, _OPEN).ask_anew(show_data, name))

    body = {"required": True, "content": {"application/octet-stream": {"schema": {"type": "string"}}}}

    @api.put("/evidence/data/{name}", tags=_TAG, status_code=201, openapi_extra={"requestBody": body})
    async def receive(name: str, request: Request) -> DataView:
        """Take in a table (.csv, .parquet) or a database (.duckdb, .zip); a name that is taken is refused."""
        here = opened(desk, _OPEN)
        with receiving(here.studies, name) as stream:
            async for piece in request.stream():
                stream.write(piece)
        return answered(await here.ask_anew(show_data, name))


def _add_studies(api: FastAPI, desk: EvidenceDesk | None) -> None:
    @api.post("/evidence/studies", status_code=202, tags=_TAG)
    def study(given: StudyForm, request: Request, response: Response) -> StudyJobAnswer:
        """Run a protocol over data; look at the job until it is done. A reason in `despite` goes into the ledger."""
        room = opened(desk, _OPEN)
        room.studies.protocol(given.protocol)
        room.studies.known_data(given.data)
        order = StudyOrder(room.studies, given.protocol, given.digest, given.data, given.despite)
        job = room.board.run(order, owner_of(request))
        response.headers["location"] = f"{_HERE}/{job.id}"
        return _job_answer(job)

    @api.get("/evidence/jobs/{job_id}", tags=_TAG)
    def look(job_id: str) -> StudyJobAnswer:
        """Say how a study stands, and whether its results are kept back."""
        return _job_answer(opened(desk, _OPEN).board.get(job_id))

    @api.post("/evidence/jobs/{job_id}/cancel", tags=_TAG)
    def cancel(job_id: str) -> StudyJobAnswer:
        """End a study without a result; what runs stops before its next step."""
        return _job_answer(opened(desk, _OPEN).board.cancel(job_id))

    def add_download(form: str, media_type: str) -> None:
        @api.get(
            f"/evidence/jobs/{{job_id}}/study.{form}",
            tags=_TAG,
            summary=f"Download study.{form}",
            response_class=Response,
            responses={200: {"content": {media_type: {}}}},
        )
        def give(job_id: str, lang: Lang = "en") -> Response:
            """Give the study as a file, without what is kept back; the ledger knows it afterwards."""
            name, data = download(answer_of_job(opened(desk, _OPEN).board.get(job_id)), form, lang)
            named = {"content-disposition": f'attachment; filename="{name}"'}
            return Response(data, media_type=media_type, headers=named)

    for form, media_type in DOWNLOADS.items():
        add_download(form, media_type)


def _job_answer(job: Job) -> StudyJobAnswer:
    at, links = step_of(job), {"self": f"{_HERE}/{job.id}"}
    answer = answer_of_job(job) if job.status == "done" else None
    if not job.over:
        links["cancel"] = f"{_HERE}/{job.id}/cancel"
    if answer:
        links |= {form: f"{_HERE}/{job.id}/study.{form}" for form in DOWNLOADS}
    return StudyJobAnswer(
        id=job.id,
        status=job.status,
        progress=StepAnswer(stage=at.stage, done=at.done, of=at.of, seconds=round(job.seconds, 2)),
        hidden=answer.hidden if answer else None,
        failed=list(answer.failed) if answer else [],
        error=Problem(**problem(job.failure, status_of_kind(job.failure.kind))) if job.failure else None,
        links=links,
    )
