"""Whether the pages of a PDF can be searched."""

from __future__ import annotations

import re
from typing import Any

import pikepdf

_SHOWS_TEXT = re.compile(rb"(?:\)|>|\])\s*(?:Tj|TJ|'|\")")
_SHOWS_IMAGE = re.compile(rb"/[^\s/]+\s+Do\b|\bBI\b|\b(?:f|F|S|B|sh)\*?\s")
_DEEPEST = 6


def pages_without_text(document: pikepdf.Pdf) -> tuple[int, ...]:
    """Numbers, from 1, of pages that draw something and write nothing.

    An empty page is not told: there is nothing on it to search.
    """
    return tuple(number for number, page in enumerate(document.pages, start=1) if _is_bare(page))


def _is_bare(page: pikepdf.Page) -> bool:
    content = _content(page.obj.get("/Contents"))
    if _SHOWS_TEXT.search(content):
        return False
    forms = _forms(page.obj.get("/Resources"), 0)
    if any(_SHOWS_TEXT.search(form) for form in forms):
        return False
    return bool(_SHOWS_IMAGE.search(content))


def _content(value: Any) -> bytes:
    streams = list(value) if isinstance(value, pikepdf.Array) else [value]
    parts = []
    for stream in streams:
        if isinstance(stream, pikepdf.Stream):
            try:
                parts.append(stream.read_bytes())
            except pikepdf.PdfError:
                parts.append(b"")
    return b"\n".join(parts)


def _forms(resources: Any, depth: int) -> list[bytes]:
    objects = resources.get("/XObject") if isinstance(resources, pikepdf.Dictionary) else None
    if not isinstance(objects, pikepdf.Dictionary) or depth > _DEEPEST:
        return []
    found = []
    for key in objects:
        form = objects[key]
        if isinstance(form, pikepdf.Stream) and str(form.get("/Subtype", "")) == "/Form":
            found.append(_content(form))
            found.extend(_forms(form.get("/Resources"), depth + 1))
    return found
