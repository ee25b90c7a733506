"""Bookmarks and links of a PDF: what each does, and where it leads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import pikepdf

Action = Literal["none", "goto", "file", "uri", "other"]
_MOST = 100_000  # items; more is a loop or an attack


@dataclass(frozen=True)
class Jump:
    """A bookmark or a link.

    Parameters
    ----------
    label : str
        Title of the bookmark, or the page of the link.
    action : {"none", "goto", "file", "uri", "other"}
    kind : str
        Name of the action, such as ``GoToR``.
    target : str
        File or address; "" in the document itself.
    page : int
        The page it leads to in this document from 1 on; 0 where that page does not exist or the action leads elsewhere.
    inherits_zoom : bool
    actions : int
        How many actions it has.
    """

    label: str
    action: Action
    kind: str
    target: str = ""
    page: int = 0
    inherits_zoom: bool = True
    actions: int = 1


def bookmarks(document: pikepdf.Pdf) -> tuple[Jump, ...]:
    """The outline, top to bottom."""
    outlines = document.Root.get("/Outlines")
    if not isinstance(outlines, pikepdf.Dictionary):
        return ()
    places = _Places(document)
    return tuple(places.jump(item, str(item.get("/Title", ""))) for item in _items(outlines))


def links(document: pikepdf.Pdf) -> tuple[Jump, ...]:
    """Link annotations, page by page."""
    places = _Places(document)
    found = []
    for number, page in enumerate(document.pages, start=1):
        annotations = page.obj.get("/Annots")
        if not isinstance(annotations, pikepdf.Array):
            continue
        for one in annotations:
            if isinstance(one, pikepdf.Dictionary) and str(one.get("/Subtype", "")) == "/Link":
                found.append(places.jump(one, f"p. {number}"))
    return tuple(found)


def _items(outlines: Any) -> Iterator[Any]:
    seen: set[tuple[int, int]] = set()
    left = [outlines.get("/First")]
    while left:
        item = left.pop()
        if not isinstance(item, pikepdf.Dictionary) or len(seen) > _MOST:
            continue
        mark = item.objgen
        if mark != (0, 0) and mark in seen:
            continue
        seen.add(mark if mark != (0, 0) else (-len(seen), 0))
        left.append(item.get("/Next"))
        yield item
        left.append(item.get("/First"))


class _Places:
    """Where destinations lead in one document."""

    def __init__(self, document: pikepdf.Pdf) -> None:
        self.pages = {page.obj.objgen: number for number, page in enumerate(document.pages, start=1)}
        self.count = len(self.pages)
        self.named = _named(document)

    def jump(self, item: Any, label: str) -> Jump:
        action = item.get("/A")
        if not isinstance(action, pikepdf.Dictionary):
            if "/Dest" not in item:
                return Jump(label, "none", "", actions=0)
            page, inherits = self._destination(item["/Dest"])
            return Jump(label, "goto", "GoTo", page=page, inherits_zoom=inherits)
        count = _count(action)
        kind = str(action.get("/S", "")).lstrip("/")
        if kind == "GoTo":
            page, inherits = self._destination(action.get("/D"))
            return Jump(label, "goto", kind, page=page, inherits_zoom=inherits, actions=count)
        if kind in ("GoToR", "Launch"):
            zoom = _inherits(action.get("/D"))
            return Jump(label, "file", kind, _file(action.get("/F")), inherits_zoom=zoom, actions=count)
        if kind == "URI":
            return Jump(label, "uri", kind, str(action.get("/URI", "")), actions=count)
        return Jump(label, "other" if kind else "none", kind, actions=count if kind else 0)

    def _destination(self, value: Any) -> tuple[int, bool]:
        if isinstance(value, (pikepdf.String, pikepdf.Name)):
            value = self.named.get(str(value))
        if isinstance(value, pikepdf.Dictionary):
            value = value.get("/D")
        if not isinstance(value, pikepdf.Array) or len(value) == 0:
            return 0, True
        first = value[0]
        if isinstance(first, pikepdf.Dictionary):
            page = self.pages.get(first.objgen, 0)
        else:
            page = int(first) + 1 if isinstance(first, int) and 0 <= first < self.count else 0
        return page, _inherits(value)


def _inherits(value: Any) -> bool:
    """Whether a destination leaves the magnification as it is: /XYZ with no zoom, or zoom 0 (ISO 32000 12.3.2.2)."""
    if not isinstance(value, pikepdf.Array) or len(value) < 2:
        return True
    if str(value[1]) != "/XYZ":
        return False
    zoom = value[4] if len(value) > 4 else None
    return zoom is None or (not isinstance(zoom, pikepdf.Object) and float(zoom) == 0)


def _count(action: Any) -> int:
    count, left = 0, [action]
    while left and count < _MOST:
        one = left.pop()
        if isinstance(one, pikepdf.Array):
            left.extend(one)
        elif isinstance(one, pikepdf.Dictionary):
            count += 1
            left.append(one.get("/Next"))
    return count


def _file(value: Any) -> str:
    if isinstance(value, pikepdf.Dictionary):
        value = value.get("/UF") or value.get("/F")
    return str(value) if value is not None else ""


def _named(document: pikepdf.Pdf) -> dict[str, Any]:
    found: dict[str, Any] = {}
    old = document.Root.get("/Dests")
    if isinstance(old, pikepdf.Dictionary):
        found.update({str(key): old[key] for key in old})
    names = document.Root.get("/Names")
    tree = names.get("/Dests") if isinstance(names, pikepdf.Dictionary) else None
    left, steps = [tree], 0
    while left and steps < _MOST:
        steps += 1
        node = left.pop()
        if not isinstance(node, pikepdf.Dictionary):
            continue
        pairs = node.get("/Names")
        if isinstance(pairs, pikepdf.Array):
            found.update({str(pairs[at]): pairs[at + 1] for at in range(0, len(pairs) - 1, 2)})
        kids = node.get("/Kids")
        if isinstance(kids, pikepdf.Array):
            left.extend(kids)
    return found
