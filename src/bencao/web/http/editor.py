"""Ketcher, served once: as a static module that the browser keeps, in a page of its own."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from fastapi import APIRouter, Response

from bencao.web.http.packaged import FOR_EVER, as_it_is, packaged_router

# More than half of the file is a map for debugging, at its end.
_SOURCE_MAP = b"//# sourceMappingURL="


def editor_router() -> APIRouter:
    """The editor's page at ``/editor`` and its files below.

    Raises
    ------
    EngineMissing
        Where it is not installed.
    """
    files = {"widget.js": _without_map, "widget.css": as_it_is}
    return packaged_router("editor", "ipyketcher", "structure editor", files)


def _without_map(file: Path) -> Response:
    return Response(_script(file), media_type="text/javascript", headers=FOR_EVER)


@lru_cache(maxsize=1)
def _script(file: Path) -> bytes:
    whole = file.read_bytes()
    end = whole.rfind(_SOURCE_MAP)
    return whole if end < 0 else whole[:end]
