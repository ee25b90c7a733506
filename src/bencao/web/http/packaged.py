"""A browser component whose files lie in a Python package, served once, in a page of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse, HTMLResponse

from bencao.kernel.errors import EngineMissing

FOR_EVER = {"cache-control": "public, max-age=31536000, immutable"}
_PAGES = Path(__file__).parents[1] / "page" / "static"
_KINDS = {".js": "text/javascript", ".css": "text/css"}

# From the place of a file to what is given for it.
Give = Callable[[Path], Response]


def as_it_is(file: Path) -> Response:
    """A script or a style sheet, to be kept by the browser."""
    return FileResponse(file, media_type=_KINDS[file.suffix], headers=FOR_EVER)


def packaged_router(place: str, package: str, what: str, files: Mapping[str, Give]) -> APIRouter:
    """The page at ``/PLACE``, from ``page/static/PLACE.html``, and its files below, under the package's version.

    Parameters
    ----------
    place : str
    package : str
        Its files stand in its folder ``static``.
    what : str
        What is not installed where the package is not.
    files : mapping of str to callable
        Name of each, and what gives it.

    Raises
    ------
    EngineMissing
        Where the package is not installed.
    """
    found = find_spec(package)  # not imported: the package brings a notebook's machinery along
    if not found or not found.origin:
        raise EngineMissing(f"the {what} is not installed", mend="pip install 'bencao[web]'")
    folder = Path(found.origin).parent / "static"
    root = f"/{place}/{version(package)}"
    page = (_PAGES / f"{place}.html").read_text(encoding="utf-8").format(folder=root)
    router = APIRouter(include_in_schema=False)
    router.add_api_route(f"/{place}", lambda: HTMLResponse(page), response_model=None)
    for name, give in files.items():
        router.add_api_route(f"{root}/{name}", _giving(give, folder / name), response_model=None)
    return router


def _giving(give: Give, file: Path) -> Callable[[], Response]:
    return lambda: give(file)
