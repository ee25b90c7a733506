"""The discovery room over HTTP, below ``/api/v1/discovery``: thin, the work is done by `board` and the room itself."""

from __future__ import annotations

from enum import Enum
from typing import Annotated, Any

from fastapi import FastAPI, Query, Request, Response
from fastapi.responses import FileResponse
from starlette.concurrency import run_in_threadpool

from bencao.discovery.browse import (
    HitView,
    TargetView,
    show_hit,
    show_hit_scene,
    show_screen,
    show_target,
    show_target_scene,
)
from bencao.kernel.errors import InputError
from bencao.kernel.workers import Failure
from bencao.synthesis.page import Language
from bencao.web.discovery.board import Standing
from bencao.web.discovery.desk import DiscoveryDesk
from bencao.web.discovery.fold_api import add_fold_api
from bencao.web.discovery.forms import Kept, ScreenAnswer, ScreenForm
from bencao.web.errors import TooLarge
from bencao.web.http.answering import answered, opened
from bencao.web.http.forms import Problem
from bencao.web.http.problem import problem, status_of_kind

LARGEST = 200_000_000
# What a screen can be downloaded as.
FILES = {
    "hits.csv": "text/csv",
    "hits.sdf": "chemical/x-mdl-sdfile",
    "molecules.csv": "text/csv",
    "screen.json": "application/json",
    "report.html": "text/html",
    "receptor.pdb": "chemical/x-pdb",
}
_OPEN = "pip install 'bencao[discovery]' and start the workbench again"
_SCENE = "application/json"
_TAG: list[str | Enum] = ["discovery"]

Lang = Annotated[Language, Query(description="Language of what is read: en or zh.")]
Names = Annotated[str, Query(max_length=200)]
Ph = Annotated[float, Query(ge=0, le=14)]
Site = Annotated[str, Query(max_length=2000, description="As in ScreenForm; empty for all pockets.")]


def add_discovery_api(api: FastAPI, desk: DiscoveryDesk | None) -> None:
    """Put the room's questions under ``/discovery``; they are refused where the room is not open."""
    _add_targets(api, desk)
    _add_screens(api, desk)
    _add_hits(api, desk)
    add_fold_api(api, desk, _OPEN)


def _add_targets(api: FastAPI, desk: DiscoveryDesk | None) -> None:
    body = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}

    @api.post(
        "/discovery/files",
        status_code=201,
        tags=_TAG,
        openapi_extra={"requestBody": {"required": True, "content": body}},
    )
    async def keep(request: Request, name: Annotated[str, Query(max_length=200)]) -> Kept:
        """Keep a structure, a ligand or a library, up to 200 MB; its name tells its form, as site.pdb, library.smi."""
        read = bytearray()
        async for piece in request.stream():
            read += piece
            if len(read) > LARGEST:
                raise TooLarge(f"over {LARGEST:,} bytes", where="body", mend="use the command line for large files")
        file = await run_in_threadpool(opened(desk, _OPEN).shelf.keep, name, bytes(read))
        return Kept(file=file, name=name, bytes=len(read))

    @api.get("/discovery/targets/{file}", tags=_TAG)
    async def target(file: str, chains: Names = "", keep: Names = "", ph: Ph = 7.4) -> TargetView:
        """Prepare a structure, say what was changed, and rank its pockets."""
        return answered(await opened(desk, _OPEN).ask(show_target, file, chains, keep, f"{ph:g}"))

    @api.get("/discovery/targets/{file}/scene.mvsj", tags=_TAG, response_class=Response)
    async def target_scene(file: str, chains: Names = "", keep: Names = "", ph: Ph = 7.4, site: Site = "") -> Response:
        """Give the structure with its pockets and the box of a site, for a viewer of MolViewSpec."""
        asked = opened(desk, _OPEN).ask_anew(show_target_scene, file, chains, keep, f"{ph:g}", site)
        return Response(answered(await asked), media_type=_SCENE)


def _add_screens(api: FastAPI, desk: DiscoveryDesk | None) -> None:
    def owner(request: Request) -> str:
        return request.client.host if request.client else "unknown"

    async def answer(standing: Standing, root: str) -> ScreenAnswer:
        found = await opened(desk, _OPEN).ask(show_screen, standing.name) if standing.state == "done" else None
        return screen_answer(standing, None if found is None else answered(found), root)

    def root(request: Request) -> str:
        return f"{request.scope.get('root_path', '')}/discovery/screens"

    @api.post("/discovery/screens", status_code=202, tags=_TAG)
    async def start(form: ScreenForm, request: Request, response: Response) -> ScreenAnswer:
        """Start a screen; look at it until it is done."""
        held = opened(desk, _OPEN)
        name = held.shelf.add(await run_in_threadpool(form.read, held.shelf))
        standing = held.board.run(name, owner(request))
        response.headers["location"] = f"{root(request)}/{name}"
        return await answer(standing, root(request))

    @api.get("/discovery/screens/{screen}", tags=_TAG)
    async def look(screen: str, request: Request) -> ScreenAnswer:
        """Say how a screen stands, with what it found once it is done."""
        return await answer(opened(desk, _OPEN).board.standing(screen), root(request))

    @api.post("/discovery/screens/{screen}/stop", tags=_TAG)
    async def stop(screen: str, request: Request) -> ScreenAnswer:
        """End a screen; what is docked is kept, and it can go on later."""
        board = opened(desk, _OPEN).board
        if board.standing(screen).state in ("waiting", "running"):
            board.cancel(screen)
        return await answer(board.standing(screen), root(request))

    @api.post("/discovery/screens/{screen}/resume", status_code=202, tags=_TAG)
    async def resume(screen: str, request: Request) -> ScreenAnswer:
        """Have a stopped or failed screen go on where it was, also one that another server began."""
        return await answer(opened(desk, _OPEN).board.run(screen, owner(request)), root(request))


def _add_hits(api: FastAPI, desk: DiscoveryDesk | None) -> None:
    @api.get("/discovery/screens/{screen}/hits/{rank}", tags=_TAG)
    async def hit(screen: str, rank: str, lang: Lang = "en") -> HitView:
        """Give a hit with its pose, its contacts, and these drawn."""
        return answered(await opened(desk, _OPEN).ask(show_hit, screen, rank, lang))

    @api.get("/discovery/screens/{screen}/hits/{rank}/scene.mvsj", tags=_TAG, response_class=Response)
    async def scene(screen: str, rank: str) -> Response:
        """Give a hit's pose in its pocket, for a viewer of MolViewSpec."""
        asked = opened(desk, _OPEN).ask_anew(show_hit_scene, screen, rank)  # too large to be kept
        return Response(answered(await asked), media_type=_SCENE)

    @api.get("/discovery/screens/{screen}/files/{name}", tags=_TAG, response_class=FileResponse)
    async def file(screen: str, name: str, lang: Lang = "en") -> FileResponse:
        """Give a file of a finished screen, such as hits.csv, hits.sdf, screen.json or report.html."""
        held = opened(desk, _OPEN)
        if name not in FILES:
            raise InputError(f"no file {name[:64]!r}", where="name", mend=f"it has {', '.join(FILES)}")
        answered(await held.ask(show_screen, screen))
        stored = "report.zh.html" if name == "report.html" and lang == "zh" else name
        return FileResponse(held.shelf.place(screen) / stored, media_type=FILES[name], filename=name)


def screen_answer(standing: Standing, found: dict[str, Any] | None, root: str) -> ScreenAnswer:
    """A screen as the API gives it.

    Parameters
    ----------
    standing : Standing
    found : dict or None
        What ``screen.json`` holds.
    root : str
        Path that screens stand at.
    """
    here = f"{root}/{standing.name}"
    links = {"self": here}
    if standing.state in ("waiting", "running"):
        links["stop"] = f"{here}/stop"
    elif standing.state == "done":
        links |= {name: f"{here}/files/{name}" for name in FILES}
    else:
        links["resume"] = f"{here}/resume"
    failure: Failure | None = standing.failure if standing.state == "failed" else None
    return ScreenAnswer(
        screen=standing.name,
        status=standing.state,
        stage=standing.stage,
        done=standing.done,
        total=standing.total,
        seconds=round(standing.seconds, 2),
        result=found,
        error=Problem(**problem(failure, status_of_kind(failure.kind))) if failure else None,
        links=links,
    )
