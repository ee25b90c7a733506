"""Mol*, served once: the MolViewSpec widget of ipymolstar as a static module, in a page of its own."""

from __future__ import annotations

from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from fastapi import APIRouter
from fastapi.responses import FileResponse, HTMLResponse

from bencao.kernel.errors import EngineMissing

_PACKAGE = "ipymolstar"
_PAGE = Path(__file__).parents[1] / "page" / "static" / "viewer.html"
_FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}


def viewer_assets() -> Path:
    """Folder of Mol*'s script and style sheet.

    Raises
    ------
    EngineMissing
    """
    found = find_spec(_PACKAGE)  # not imported: the package brings a notebook's machinery along
    if not found or not found.origin:
        raise EngineMissing("the molecule viewer is not installed", mend="pip install 'bencao[web]'")
    return Path(found.origin).parent / "static"


def viewer_router() -> APIRouter:
    """The viewer's page at ``/viewer`` and its files below, under the version of the package.

    Raises
    ------
    EngineMissing
    """
    folder = viewer_assets()
    root = f"/viewer/{version(_PACKAGE)}"
    page = _PAGE.read_text(encoding="utf-8").format(folder=root)
    router = APIRouter(include_in_schema=False)

    @router.get("/viewer")
    def viewer() -> HTMLResponse:
        return HTMLResponse(page)

    @router.get(f"{root}/molviewspec.js")
    def script() -> FileResponse:
        return FileResponse(folder / "molviewspec.js", media_type="text/javascript", headers=_FOR_EVER)

    @router.get(f"{root}/molviewspec.css")
    def style() -> FileResponse:
        return FileResponse(folder / "molviewspec.css", media_type="text/css", headers=_FOR_EVER)

    return router
