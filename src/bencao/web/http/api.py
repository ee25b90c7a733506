"""The jobs of the workbench over HTTP, at ``/api/v1``: thin, the work is done by `jobs` and `bencao.synthesis`."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import FastAPI, HTTPException, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse
from starlette.exceptions import HTTPException as StarletteHTTPException

from bencao.kernel.errors import BencaoError, ComputeError, InputError
from bencao.kernel.version import package_version
from bencao.synthesis import read_target
from bencao.synthesis.constraints import refuse_target
from bencao.synthesis.constraints.settings import bonds_of_target
from bencao.synthesis.page import Language
from bencao.web.downloads import DOWNLOADS, download
from bencao.web.errors import Failed
from bencao.web.http.documentation import render_documentation
from bencao.web.http.forms import (
    ExpandAnswer,
    ExpandForm,
    HealthAnswer,
    JobAnswer,
    PlanForm,
    Problem,
    job_answer,
)
from bencao.web.http.problem import problem, status_of_kind
from bencao.web.jobs import Job, JobBoard
from bencao.web.orders import ExpandOrder, PlanOrder

ROOT = "/api/v1"
_PROBLEM = "application/problem+json"
# Seconds that a request for single steps waits, its time in the queue included.
_PATIENCE = 120.0

Lang = Annotated[Language, Query(description="Language of what is read: en or zh.")]


def create_api(board: JobBoard, rooms: Sequence[Callable[[FastAPI], None]] = ()) -> FastAPI:
    """The API as an application of its own, to be mounted at ``/api/v1``.

    Parameters
    ----------
    board : JobBoard
        Started.
    rooms : sequence of callable
        Each adds the questions of another room.

    Returns
    -------
    FastAPI
    """
    said = {
        401: "No token",
        404: "No such job, or nothing open",
        413: "Too large",
        422: "Wrong input",
        429: "Too many jobs",
    }
    refusals: dict[int | str, dict[str, Any]] = {
        status: {"model": Problem, "description": words} for status, words in said.items()
    }
    api = FastAPI(
        title="Bencao workbench",
        version=package_version(),
        summary="Plan how to make a molecule, find one; trace a trial's numbers; check safety reports; run studies.",
        docs_url=None,
        redoc_url=None,
        responses=refusals,
    )
    _add_errors(api)
    _add_jobs(api, board)
    for add in rooms:
        add(api)

    @api.get("/health", tags=["server"])
    def health() -> HealthAnswer:
        """Say how many workers there are, how busy they are, and what they work with."""
        load = board.load_now()
        return HealthAnswer(status="ok", version=package_version(), provenance=dict(board.identity), **load)

    @api.get("/docs", include_in_schema=False)
    def documentation() -> HTMLResponse:
        return HTMLResponse(render_documentation(api.openapi(), ROOT))

    return api


def check_order(order: PlanOrder | ExpandOrder) -> None:
    """Refuse at once what a worker would refuse.

    Raises
    ------
    TargetError, ScheduledTarget, ExplosiveTarget, ConstraintError
    """
    target = read_target(order.smiles)
    refuse_target(target)
    if isinstance(order, PlanOrder):
        asked = order.constraints
        bonds_of_target((*asked.frozen_bonds, *([asked.required_break] if asked.required_break else ())), target)


def owner_of(request: Request) -> str:
    """Whose job a request's is, for the fairness of the queue: its address."""
    return request.client.host if request.client else "unknown"


def _add_jobs(api: FastAPI, board: JobBoard) -> None:
    def answer(job: Job) -> JobAnswer:
        return job_answer(job, ROOT, tuple(DOWNLOADS))

    @api.post("/plan", status_code=202, tags=["jobs"])
    def plan(form: PlanForm, request: Request, response: Response) -> JobAnswer:
        """Start a plan; look at the job until it is done."""
        order = form.read()
        check_order(order)
        job = board.submit(order, owner_of(request))
        response.headers["location"] = f"{ROOT}/jobs/{job.id}"
        return answer(job)

    @api.post("/expand", tags=["jobs"])
    def expand(form: ExpandForm, request: Request) -> ExpandAnswer:
        """Propose single steps to a molecule; the answer comes when they are there."""
        order = form.read()
        check_order(order)
        job = board.wait(board.submit(order, owner_of(request)).id, _PATIENCE)
        if not job.over:
            board.cancel(job.id)
            raise ComputeError("no worker came to it in time", mend="try again later")
        if job.failure:
            failed = problem(job.failure, status_of_kind(job.failure.kind))
            raise HTTPException(failed["status"], failed)
        target = read_target(order.smiles)
        assert isinstance(job.result, tuple)
        proposals = [proposal.as_json() for proposal in job.result]
        return ExpandAnswer(smiles=target.smiles, warnings=list(target.warnings), proposals=proposals)

    @api.get("/jobs/{job_id}", tags=["jobs"])
    def look(job_id: str) -> JobAnswer:
        """Say how a job stands, with its plan once it is done."""
        return answer(board.get(job_id))

    @api.post("/jobs/{job_id}/cancel", tags=["jobs"])
    def cancel(job_id: str) -> JobAnswer:
        """End a job without a result; what runs stops at its next expansion."""
        return answer(board.cancel(job_id))

    def add_download(form: str, media_type: str) -> None:
        @api.get(
            f"/jobs/{{job_id}}/{form}",
            tags=["downloads"],
            summary=f"Download {form}",
            response_class=Response,
            responses={200: {"content": {media_type: {}}}},
        )
        def give(job_id: str, lang: Lang = "en") -> Response:
            """Give the plan as a file; the ledger knows it afterwards."""
            data = download(board.get(job_id), form, lang)
            named = {"content-disposition": f'attachment; filename="{form}"'}
            return Response(data, media_type=media_type, headers=named)

    for form, made in DOWNLOADS.items():
        add_download(form, made.media_type)


def _add_errors(api: FastAPI) -> None:
    """Answer every error with a problem document."""

    def refuse(error: BencaoError) -> JSONResponse:
        status = status_of_kind(error.kind)
        headers = {"retry-after": "10"} if status == 429 else None
        return JSONResponse(problem(error, status), status, headers, media_type=_PROBLEM)

    @api.exception_handler(BencaoError)
    async def known(request: Request, error: BencaoError) -> JSONResponse:
        return refuse(error)

    @api.exception_handler(Failed)
    async def failed(request: Request, error: Failed) -> JSONResponse:
        status = status_of_kind(error.failure.kind)
        return JSONResponse(problem(error.failure, status), status, media_type=_PROBLEM)

    @api.exception_handler(RequestValidationError)
    async def malformed(request: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        return refuse(InputError(first["msg"], where=where, mend=f"see {ROOT}/docs"))

    @api.exception_handler(StarletteHTTPException)
    async def other(request: Request, error: StarletteHTTPException) -> JSONResponse:
        if isinstance(error.detail, dict):
            return JSONResponse(error.detail, error.status_code, media_type=_PROBLEM)
        body = problem(
            InputError(str(error.detail), where=request.url.path, mend=f"see {ROOT}/docs"), error.status_code
        )
        return JSONResponse(body | {"title": str(error.detail)}, error.status_code, media_type=_PROBLEM)
