"""A PDF opened without trusting it: letters with their places and faces, and ruled lines, page by page."""

from __future__ import annotations

import io
import logging
import os
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pikepdf
from pdfminer.converter import PDFLayoutAnalyzer
from pdfminer.layout import LTChar, LTContainer, LTCurve, LTImage
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage

from bencao.kernel.errors import InputError
from bencao.submission.errors import DocumentError, UnsafeFile

_MOST_BYTES = 256 << 20  # of one stream, unpacked
_UNMAPPED = re.compile(r"\(cid:\d+\)")
_BOLD = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)
_ITALIC = re.compile(r"italic|oblique|kursiv", re.IGNORECASE)
_BULLETS = dict.fromkeys(map(ord, "\uf0b7\uf0a7\uf0d8\uf02d\uf076\uf0fc"), "•")
_LEAST_SCAN = 0.4  # of the page, covered by pictures


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter: its text, box (left, right, bottom, top), baseline, size in points, and face."""

    text: str
    x0: float
    x1: float
    y0: float
    y1: float
    baseline: float
    size: float
    bold: bool = False
    italic: bool = False
    script: str = ""  # superscript or subscript, once its line is known


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line of a table or a border, across where y0 is y1, else upright."""

    x0: float
    y0: float
    x1: float
    y1: float


@dataclass
class Page:
    """A page: its number from 1, size in points, what is written and ruled on it, and how much is pictures."""

    number: int
    width: float
    height: float
    letters: list[Letter] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    pictures: int = 0
    pictured: float = 0.0
    drawn: int = 0
    turned: int = 0

    @property
    def is_scan(self) -> bool:
        """Whether it shows something and writes nothing."""
        return not self.letters and (self.pictured >= _LEAST_SCAN or self.pictures > 0 or self.drawn > 50)


def read_pages(path: str | os.PathLike[str]) -> list[Page]:
    """The pages of a PDF.

    Raises
    ------
    InputError
        Where the file cannot be read.
    DocumentError
        Where it is locked, broken, a scan, or does not say which letters it shows; the page is named.
    UnsafeFile
        Where a stream unpacks without end.
    """
    where = os.fspath(path)
    try:
        data = Path(path).read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read: {error.strerror}", where=where, mend="check the path") from error
    pages = []
    for number, (layout, device) in enumerate(_layouts(_sound(data, where), where), start=1):
        page = Page(number, layout.width, layout.height, rules=device.rules)
        _collect(layout, page, device.heavy)
        _check_page(page, where)
        pages.append(page)
    if not pages:
        raise DocumentError("page 1 is not there: it has no pages", where=where, mend="save it anew")
    return pages


def _sound(data: bytes, where: str) -> bytes:
    """The PDF unlocked and written anew, so that what reads it next finds no fault; each page's content is unpacked."""
    try:
        document = pikepdf.open(io.BytesIO(data), attempt_recovery=False, suppress_warnings=True)
    except pikepdf.PasswordError:
        raise DocumentError(
            "is locked by a password, page 1 and all others", where=where, mend="save it without the password"
        ) from None
    except (pikepdf.PdfError, ValueError) as error:
        cause = str(error).rpartition(": ")[2] or "no PDF"
        raise DocumentError(
            f"is no whole PDF, no page can be read: {cause}", where=where, mend="save it anew"
        ) from None
    with document:
        if document.is_encrypted and not document.allow.extract:
            raise DocumentError(
                "its owner forbids taking text out of it, from page 1 on", where=where, mend="ask for an open copy"
            )
        reached = 0
        try:
            _check_streams(document, where)
            for page in document.pages:
                reached += 1
                contents = page.obj.get("/Contents")
                for stream in contents if isinstance(contents, pikepdf.Array) else [contents]:
                    if isinstance(stream, pikepdf.Stream):
                        stream.read_bytes()
            written = io.BytesIO()
            document.save(written, encryption=False, object_stream_mode=pikepdf.ObjectStreamMode.disable)
        except (pikepdf.PdfError, ValueError, TypeError) as error:
            at = f"{where}: page {max(1, reached)}"
            raise DocumentError(f"is broken: {error}", where=at, mend="save the PDF anew") from None
    return written.getvalue()


def _check_streams(document: pikepdf.Pdf, where: str) -> None:
    for thing in document.objects:
        if not isinstance(thing, pikepdf.Stream) or str(thing.get("/Filter", "")) != "/FlateDecode":
            continue
        unpacker = zlib.decompressobj()
        try:
            unpacker.decompress(thing.read_raw_bytes(), _MOST_BYTES)
        except (zlib.error, pikepdf.PdfError):
            continue  # told with its page, where a page has it
        if unpacker.unconsumed_tail:
            raise UnsafeFile("a stream unpacks without end", where=where, mend="do not use this file")


class _Losses(logging.Handler):
    """Hears where the parser goes on without a text or a stream that it could not read, which it only logs."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep what tells of a loss."""
        if record.getMessage().startswith(("Cannot render", "Data-loss")):
            self.heard.append(record.getMessage())


class _Device(PDFLayoutAnalyzer):  # type: ignore[misc]  # pdfminer's classes are Any
    """Collects a page's things, and which letters are drawn heavy where no bold face is at hand."""

    def __init__(self, manager: PDFResourceManager) -> None:
        super().__init__(manager, laparams=None)
        self.heavy: set[int] = set()
        self.rules: list[Rule] = []
        self.layout: Any = None
        self._render = 0

    def render_string(self, textstate: Any, seq: Any, ncs: Any, graphicstate: Any) -> None:
        """Note how letters are drawn: filled and stroked is bold."""
        self._render = textstate.render
        super().render_string(textstate, seq, ncs, graphicstate)

    def render_char(self, *args: Any, **named: Any) -> float:
        """Mark the letter that was added."""
        advance: float = super().render_char(*args, **named)
        if self._render == 2:
            self.heavy.add(id(self.cur_item._objs[-1]))
        return advance

    def receive_layout(self, ltpage: Any) -> None:
        """Keep the page."""
        self.layout = ltpage


def _layouts(data: bytes, where: str) -> Iterator[tuple[Any, _Device]]:
    manager = PDFResourceManager()
    number = 0
    losses, logger = _Losses(), logging.getLogger("pdfminer")
    logger.addHandler(losses)
    try:
        for page in PDFPage.get_pages(io.BytesIO(data)):
            number += 1
            device = _Device(manager)
            PDFPageInterpreter(manager, device).process_page(page)
            if losses.heard:
                raise ValueError(losses.heard[0])
            yield device.layout, device
    except (InputError, MemoryError):
        raise
    except Exception as error:  # a hostile PDF makes the parser fail in any way
        at = f"{where}: page {max(1, number)}"
        raise DocumentError(f"cannot be read: {type(error).__name__} {error}", where=at, mend="save it anew") from None
    finally:
        logger.removeHandler(losses)


def _collect(container: Any, page: Page, heavy: set[int]) -> None:
    for thing in container:
        if isinstance(thing, LTChar):
            _letter(thing, page, id(thing) in heavy)
        elif isinstance(thing, LTImage):
            page.pictures += 1
            page.pictured += abs(thing.width * thing.height) / max(1.0, page.width * page.height)
        elif isinstance(thing, LTCurve):
            page.drawn += 1
            page.rules.extend(_rules(thing))
        elif isinstance(thing, LTContainer):
            _collect(thing, page, heavy)


def _letter(char: Any, page: Page, heavy: bool) -> None:
    a, b, c, d, _, baseline = char.matrix
    if abs(b) > 0.01 * (abs(a) + abs(b)) or a <= 0:
        page.turned += bool(char.get_text().strip())
        return
    name = char.fontname
    skewed = abs(c) > 0.1 * abs(d)
    size = char.fontsize * abs(d) if hasattr(char, "fontsize") and char.fontsize > 0 and abs(d) <= 10 else char.size
    text = char.get_text().translate(_BULLETS)
    box = (char.x0, char.x1, char.y0, char.y1)
    if not 0.5 * char.size <= size <= 2 * char.size:
        size = char.size
    page.letters.append(
        Letter(text, *box, baseline, size, heavy or bool(_BOLD.search(name)), skewed or bool(_ITALIC.search(name)))
    )


def _rules(curve: Any) -> Iterator[Rule]:
    width, height = curve.width, curve.height
    if height <= 2.5 and width > 4:
        middle = (curve.y0 + curve.y1) / 2
        yield Rule(curve.x0, middle, curve.x1, middle)
    elif width <= 2.5 and height > 4:
        middle = (curve.x0 + curve.x1) / 2
        yield Rule(middle, curve.y0, middle, curve.y1)
    elif (
        curve.stroke
        and len(curve.pts) in (4, 5)
        and all(
            abs(one[0] - two[0]) < 1 or abs(one[1] - two[1]) < 1
            for one, two in zip(curve.pts, curve.pts[1:], strict=False)
        )
    ):
        for y in (curve.y0, curve.y1):
            yield Rule(curve.x0, y, curve.x1, y)
        for x in (curve.x0, curve.x1):
            yield Rule(x, curve.y0, x, curve.y1)


def _check_page(page: Page, where: str) -> None:
    at = f"{where}: page {page.number}"
    if not any(letter.text.strip() for letter in page.letters):
        page.letters.clear()
    if page.is_scan:
        raise DocumentError("is a picture without text", where=at, mend="have it recognised (OCR), then give the PDF")
    unmapped = sum(bool(_UNMAPPED.fullmatch(letter.text)) for letter in page.letters)
    if unmapped:
        raise DocumentError(
            f"{unmapped} of its letters do not say what they are",
            where=at,
            mend="save it anew with fonts embedded and mapped, or have it recognised (OCR)",
        )
