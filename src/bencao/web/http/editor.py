"""Ketcher, served once: as a static module that the browser keeps, in a page of its own."""

from __future__ import annotations

from functools import lru_cache
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from bencao.kernel.errors import EngineMissing

_PACKAGE = "ipyketcher"
_PAGE = Path(__file__).parents[1] / "page" / "static" / "editor.html"
_FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}
# More than half of the file is a map for debugging, at its end.
_SOURCE_MAP = b"//# sourceMappingURL="


def assets() -> Path:
    """Folder of Ketcher's script and style sheet.

    Raises
    ------
    EngineMissing
    """
    found = find_spec(_PACKAGE)  # not imported: the package brings a notebook's machinery along
    if not found or not found.origin:
        raise EngineMissing("the structure editor is not installed", mend="pip install 'bencao[web]'")
    return Path(found.origin).parent / "static"


def editor_router() -> APIRouter:
    """The editor's page at ``/editor`` and its files below, under the version of the package.

    Raises
    ------
    EngineMissing
    """
    folder = assets()
    root = f"/editor/{version(_PACKAGE)}"
    page = _PAGE.read_text(encoding="utf-8").format(folder=root)
    router = APIRouter(include_in_schema=False)

    @router.get("/editor")
    def editor() -> HTMLResponse:
        return HTMLResponse(page)

    @router.get(f"{root}/widget.js")
    def script() -> Response:
        return Response(_script(folder), media_type="text/javascript", headers=_FOR_EVER)

    @router.get(f"{root}/widget.css")
    def style() -> Response:
        return Response((folder / "widget.css").read_bytes(), media_type="text/css", headers=_FOR_EVER)

    return router


@lru_cache(maxsize=1)
def _script(folder: Path) -> bytes:
    whole = (folder / "widget.js").read_bytes()
    end = whole.rfind(_SOURCE_MAP)
    return whole if end < 0 else whole[:end]
