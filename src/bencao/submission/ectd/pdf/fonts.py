"""Fonts of a PDF that a reader might not have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pikepdf

# Those of NMPA rule 6.26, without spaces, commas and hyphens, in small letters; style words are taken off first.
_STANDARD = frozenset(["simsun", "宋体", "nsimsun", "timesnewroman", "arial", "couriernew", "symbol", "zapfdingbats"])
_STYLE = re.compile(r"(psmt|ps|mt|bolditalic|boldoblique|bold|italic|regular|normal)$")
_DEEPEST = 8  # forms within forms


def fonts_not_embedded(document: pikepdf.Pdf) -> tuple[str, ...]:
    """Names of fonts that are neither embedded nor among the standard ones."""
    loose: set[str] = set()
    seen: set[tuple[int, int]] = set()
    for page in document.pages:
        for font in _fonts(page.obj, seen, 0):
            name = str(font.get("/BaseFont", "/")).lstrip("/")
            if not _embedded(font) and not is_standard(name):
                loose.add(name)
    return tuple(sorted(loose))


def is_standard(name: str) -> bool:
    """Whether a font's name is one of those that need no embedding."""
    name = re.sub(r"^[A-Z]{6}\+", "", name)
    plain = re.sub(r"[\s,_-]", "", name).lower()
    while (shorter := _STYLE.sub("", plain)) != plain:
        plain = shorter
    return plain in _STANDARD


def _fonts(holder: Any, seen: set[tuple[int, int]], depth: int) -> Iterator[Any]:
    resources = holder.get("/Resources")
    parent = holder.get("/Parent")
    while not isinstance(resources, pikepdf.Dictionary) and isinstance(parent, pikepdf.Dictionary) and depth < _DEEPEST:
        resources, parent, depth = parent.get("/Resources"), parent.get("/Parent"), depth + 1
    if not isinstance(resources, pikepdf.Dictionary):
        return
    fonts = resources.get("/Font")
    if isinstance(fonts, pikepdf.Dictionary):
        for key in fonts:
            if isinstance(fonts[key], pikepdf.Dictionary):
                yield fonts[key]
    forms = resources.get("/XObject")
    if not isinstance(forms, pikepdf.Dictionary) or depth >= _DEEPEST:
        return
    for key in forms:
        form = forms[key]
        mark = form.objgen
        if isinstance(form, pikepdf.Stream) and mark not in seen and str(form.get("/Subtype", "")) == "/Form":
            seen.add(mark)
            yield from _fonts(form, seen, depth + 1)


def _embedded(font: Any) -> bool:
    if str(font.get("/Subtype", "")) == "/Type3":
        return True
    inner = font.get("/DescendantFonts")
    holder = inner[0] if isinstance(inner, pikepdf.Array) and len(inner) else font
    descriptor = holder.get("/FontDescriptor")
    return isinstance(descriptor, pikepdf.Dictionary) and any(
        key in descriptor for key in ("/FontFile", "/FontFile2", "/FontFile3")
    )
