"""Folding over HTTP, below ``/api/v1/discovery/folds``."""

from __future__ import annotations

from enum import Enum

from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse
from starlette.concurrency import run_in_threadpool

from bencao.discovery.browse import show_fold, show_fold_scene
from bencao.web.discovery.board import Standing
from bencao.web.discovery.desk import DiscoveryDesk
from bencao.web.discovery.forms import FoldAnswer, FoldForm
from bencao.web.http.answering import answered, opened
from bencao.web.http.forms import Problem
from bencao.web.http.problem import problem, status_of_kind

_TAG: list[str | Enum] = ["discovery"]


def add_fold_api(api: FastAPI, desk: DiscoveryDesk | None, mend: str) -> None:
    """Put folding into the API.

    Parameters
    ----------
    api : FastAPI
    desk : DiscoveryDesk or None
    mend : str
        How to open the room, where it is not.
    """

    async def answer(standing: Standing, request: Request) -> FoldAnswer:
        done = standing.state == "done"
        found = answered(await opened(desk, mend).ask(show_fold, standing.name)) if done else None
        here = f"{request.scope.get('root_path', '')}/discovery/folds/{standing.name}"
        links = {"self": here}
        if done:
            links |= {"fold.pdb": f"{here}/fold.pdb", "scene.mvsj": f"{here}/scene.mvsj"}
        elif standing.state in ("waiting", "running"):
            links["stop"] = f"{here}/stop"
        failure = standing.failure if standing.state == "failed" else None
        error = Problem(**problem(failure, status_of_kind(failure.kind))) if failure else None
        return FoldAnswer(
            fold=standing.name,
            status=standing.state,
            stage=standing.stage,
            done=standing.done,
            total=standing.total,
            seconds=round(standing.seconds, 2),
            result=found,
            error=error,
            links=links,
        )

    @api.post("/discovery/folds", status_code=202, tags=_TAG)
    async def fold(form: FoldForm, request: Request) -> FoldAnswer:
        """Fold a protein on the CPU, which takes minutes; look at it until it is done."""
        held = opened(desk, mend)
        name = held.folds.add(await run_in_threadpool(form.read, held.folds))
        owner = request.client.host if request.client else "unknown"
        return await answer(held.board.fold(name, owner), request)

    @api.get("/discovery/folds/{fold}", tags=_TAG)
    async def look(fold: str, request: Request) -> FoldAnswer:
        """Say how a fold stands, with the confidence of its residues once it is done."""
        return await answer(opened(desk, mend).board.standing_of_fold(fold), request)

    @api.post("/discovery/folds/{fold}/stop", tags=_TAG)
    async def stop(fold: str, request: Request) -> FoldAnswer:
        """End a fold; nothing of it is kept."""
        board = opened(desk, mend).board
        if board.standing_of_fold(fold).state in ("waiting", "running"):
            board.cancel(fold)
        return await answer(board.standing_of_fold(fold), request)

    @api.get("/discovery/folds/{fold}/fold.pdb", tags=_TAG, response_class=FileResponse)
    async def structure(fold: str) -> FileResponse:
        """Give the structure; the confidence of a residue stands where the B factor does."""
        held = opened(desk, mend)
        answered(await held.ask(show_fold, fold))
        return FileResponse(held.folds.place(fold) / "fold.pdb", media_type="chemical/x-pdb", filename="fold.pdb")

    @api.get("/discovery/folds/{fold}/scene.mvsj", tags=_TAG, response_class=Response)
    async def scene(fold: str) -> Response:
        """Give the structure coloured by its confidence, for a viewer of MolViewSpec."""
        asked = opened(desk, mend).ask_anew(show_fold_scene, fold)
        return Response(answered(await asked), media_type="application/json")
