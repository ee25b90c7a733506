"""Facts of a PDF that the rules of a dossier ask for, read with pikepdf; nothing in it is run or fetched."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf

from bencao.submission.ectd.pdf.fonts import fonts_not_embedded
from bencao.submission.ectd.pdf.links import Jump, bookmarks, links
from bencao.submission.ectd.pdf.text import pages_without_text

_SIZES = ((595.28, 841.89), (612.0, 792.0))  # points: A4, US letter
_NEAR = 6.0
# What the reader says of a damaged file is told by the facts, not on stderr.
logging.getLogger("pikepdf").addHandler(logging.NullHandler())
_MOVING = {"/Movie", "/Screen", "/RichMedia", "/Sound", "/3D"}
_SCRIPTS = {"/JavaScript", "/Rendition", "/Movie", "/Sound", "/RichMediaExecute"}


@dataclass(frozen=True)
class PdfFacts:
    """What was found in a PDF; where `unreadable` is not "", nothing else is known.

    Parameters
    ----------
    unreadable : str
        Why it cannot be read.
    needs_password, restricted : bool
        Locked against opening; or open, with a security setting.
    pages : int
    version : str
        ``1.4`` to ``2.0``.
    archive : str
        ``1``, ``2`` or ``3`` of PDF/A, "" where it claims none.
    bookmarks, links : tuple of Jump
    attachments : tuple of str
    annotations : tuple of str
        Kinds of annotations that are no link.
    moving : tuple of str
        Scripts, 3D, sound and film.
    shows_bookmarks : bool
        Whether it opens with its bookmarks.
    default_view : bool
        Whether magnification and layout at the opening are left to the reader.
    linearized : bool
        Fast web view.
    bare_pages : tuple of int
        Pages that show something and have no text.
    loose_fonts : tuple of str
        Fonts that are neither embedded nor standard.
    odd_pages : tuple of (int, str)
        Pages, from 1, that are neither A4 nor US letter, with their size in points.
    """

    unreadable: str = ""
    needs_password: bool = False
    restricted: bool = False
    pages: int = 0
    version: str = ""
    archive: str = ""
    bookmarks: tuple[Jump, ...] = ()
    links: tuple[Jump, ...] = ()
    attachments: tuple[str, ...] = ()
    annotations: tuple[str, ...] = ()
    moving: tuple[str, ...] = ()
    shows_bookmarks: bool = False
    default_view: bool = True
    linearized: bool = False
    bare_pages: tuple[int, ...] = ()
    loose_fonts: tuple[str, ...] = ()
    odd_pages: tuple[tuple[int, str], ...] = ()


def pdf_facts(path: str | Path) -> PdfFacts:
    """Read what the rules ask for.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    PdfFacts
        A broken or locked file is an answer, not an error.
    """
    try:
        with pikepdf.open(path) as document:
            return _facts(document)
    except pikepdf.PasswordError:
        return PdfFacts(unreadable="a password is needed", needs_password=True)
    except (pikepdf.PdfError, OSError, ValueError, RecursionError) as error:
        return PdfFacts(unreadable=str(error).splitlines()[0].rpartition(": ")[2] or type(error).__name__)


def _facts(document: pikepdf.Pdf) -> PdfFacts:
    root = document.Root
    pages = len(document.pages)
    mode = str(root.get("/PageMode", ""))
    opening = root.get("/OpenAction")
    other = [kind for kind in _annotation_kinds(document) if kind not in ("/Link", "/Popup")]
    return PdfFacts(
        restricted=document.is_encrypted,
        pages=pages,
        version=document.pdf_version,
        archive=_archive_part(document),
        bookmarks=bookmarks(document),
        links=links(document),
        attachments=(*document.attachments, *(kind for kind in other if kind == "/FileAttachment")),
        annotations=tuple(sorted(set(other))),
        moving=tuple(sorted({*(_MOVING & set(other)), *_script_kinds(document, root)})),
        shows_bookmarks=mode == "/UseOutlines",
        default_view=_is_default_view(root, opening),
        linearized=document.is_linearized,
        bare_pages=pages_without_text(document),
        loose_fonts=fonts_not_embedded(document),
        odd_pages=tuple(_odd_pages(document)),
    )


def _odd_pages(document: pikepdf.Pdf) -> Iterator[tuple[int, str]]:
    for number, page in enumerate(document.pages, start=1):
        left, bottom, right, top = (_number(side) for side in page.mediabox)
        sides = sorted((abs(right - left), abs(top - bottom)))
        if not any(abs(sides[0] - short) <= _NEAR and abs(sides[1] - long) <= _NEAR for short, long in _SIZES):
            yield number, f"{sides[0]:.0f} x {sides[1]:.0f}"


def _annotation_kinds(document: pikepdf.Pdf) -> Iterator[str]:
    for page in document.pages:
        for annotation in _listed(page.obj.get("/Annots")):
            yield str(annotation.get("/Subtype", "?"))


def _listed(value: Any) -> list[Any]:
    if not isinstance(value, pikepdf.Array):
        return []
    return [one for one in value if isinstance(one, pikepdf.Dictionary)]


def _script_kinds(document: pikepdf.Pdf, root: Any) -> set[str]:
    """Kinds of scripts and films started by an action anywhere a reader would run it."""
    holders: list[Any] = [root]
    for page in document.pages:
        holders.append(page.obj)
        holders.extend(_listed(page.obj.get("/Annots")))
    found: set[str] = set()
    for holder in holders:
        actions = [holder.get("/A"), holder.get("/OpenAction")]
        more = holder.get("/AA")
        if isinstance(more, pikepdf.Dictionary):
            actions.extend(more.get(key) for key in more)
        for action in actions:
            if isinstance(action, pikepdf.Dictionary) and str(action.get("/S", "")) in _SCRIPTS:
                found.add(str(action["/S"]))
    names = root.get("/Names")
    if isinstance(names, pikepdf.Dictionary) and "/JavaScript" in names:
        found.add("/JavaScript")
    return found


def _is_default_view(root: Any, opening: Any) -> bool:
    if str(root.get("/PageLayout", "/SinglePage")) not in ("/SinglePage", "/OneColumn"):
        return False
    destination = opening.get("/D") if isinstance(opening, pikepdf.Dictionary) else opening
    if not isinstance(destination, pikepdf.Array) or len(destination) < 2:
        return True
    return str(destination[1]) == "/XYZ" and not (len(destination) > 4 and _number(destination[4]))


def _number(value: Any) -> float:
    try:
        return float(value)
    except (TypeError, ValueError):
        return 0.0


def _archive_part(document: pikepdf.Pdf) -> str:
    try:
        with document.open_metadata() as metadata:
            return str(metadata.get("pdfaid:part", "") or "")
    except (pikepdf.PdfError, ValueError, KeyError, SyntaxError):
        return ""
