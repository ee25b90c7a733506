"""Paragraphs, headings and tables as the parts of a .docx."""

from __future__ import annotations

import itertools
import os
import re
from collections.abc import Sequence
from typing import Any

from lxml import etree

from bencao.submission.documents.dialect import W
from bencao.submission.documents.package import Package
from bencao.submission.documents.pdf.block import Left, Table, Text, blocks_of
from bencao.submission.documents.pdf.page import Letter, Page, read_pages
from bencao.submission.errors import DocumentError
from bencao.submission.exchange.safe_xml import XML_SPACE, to_bytes

_TYPES = "http://schemas.openxmlformats.org/package/2006/content-types"
_LINKS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_NOT_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")


def read_pdf(path: str | os.PathLike[str]) -> tuple[Package, tuple[Left, ...]]:
    """A text PDF as the package of a .docx, and what was left out; errors as `read_pages`."""
    pages = read_pages(path)
    blocks, left, bare = blocks_of(pages)
    for page in pages:
        if page.pictures and page.number in bare:
            raise DocumentError(
                "is a picture without text but its header or footer",
                where=f"{os.fspath(path)}: page {page.number}",
                mend="have it recognised (OCR), then give the PDF",
            )
    return Package(os.fspath(path), _parts(blocks, pages)), tuple(left)


def _parts(blocks: Sequence[Text | Table], pages: Sequence[Page]) -> dict[str, bytes]:
    root = _element(None, "document")
    body = _element(root, "body")
    for block in blocks:
        if isinstance(block, Text):
            _paragraph(body, block)
        else:
            _table(body, block)
            _element(body, "p")  # else two tables would run together
    section = _element(body, "sectPr")
    _element(section, "pgSz", w=round(20 * pages[0].width), h=round(20 * pages[0].height))
    types = (
        f'<Types xmlns="{_TYPES}"><Default Extension="rels" '
        'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/word/document.xml" ContentType="{_MAIN}.document.main+xml"/>'
        f'<Override PartName="/word/styles.xml" ContentType="{_MAIN}.styles+xml"/></Types>'
    )
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    return {
        "[Content_Types].xml": (head + types).encode(),
        "_rels/.rels": (head + _link("officeDocument", "word/document.xml")).encode(),
        "word/document.xml": to_bytes(root.getroottree()),
        "word/_rels/document.xml.rels": (head + _link("styles", "styles.xml")).encode(),
        "word/styles.xml": to_bytes(_styles().getroottree()),
    }


def _link(kind: str, target: str) -> str:
    one = f'<Relationship Id="rId1" Type="{_OFFICE}/{kind}" Target="{target}"/>'
    return f'<Relationships xmlns="{_LINKS}">{one}</Relationships>'


def _element(parent: Any, tag: str, **attributes: object) -> Any:
    name = f"{{{W}}}{tag}"
    element = etree.Element(name, nsmap={"w": W}) if parent is None else etree.SubElement(parent, name)
    for key, value in attributes.items():
        element.set(f"{{{W}}}{key}", str(value))
    return element


def _styles() -> Any:
    root = _element(None, "styles")
    _style(root, "Normal", "Normal", 22, None)
    _style(root, "Title", "Title", 48, None)
    for level in range(1, 7):
        _style(root, f"Heading{level}", f"heading {level}", max(22, 34 - 4 * level), level)
    return root


def _style(root: Any, key: str, name: str, half_points: int, level: int | None) -> None:
    style = _element(root, "style", type="paragraph", styleId=key)
    if key == "Normal":
        style.set(f"{{{W}}}default", "1")
    _element(style, "name", val=name)
    if key != "Normal":
        _element(style, "basedOn", val="Normal")
        _element(style, "next", val="Normal")
    paragraph = _element(style, "pPr")
    _element(paragraph, "spacing", after=120)
    if level is not None:
        _element(paragraph, "outlineLvl", val=level - 1)
    run = _element(style, "rPr")
    if key != "Normal":
        _element(run, "b")
    _element(run, "sz", val=half_points)


def _paragraph(parent: Any, text: Text) -> None:
    paragraph = _element(parent, "p")
    if text.level:
        name = "Title" if text.level < 0 else f"Heading{text.level}"
        _element(_element(paragraph, "pPr"), "pStyle", val=name)

    def face(letter: Letter) -> tuple[bool, bool, str]:
        return letter.bold and not text.level, letter.italic, letter.script

    for (bold, italic, script), letters in itertools.groupby(_carried(text.letters), key=face):
        run = _element(paragraph, "r")
        properties = _element(run, "rPr") if bold or italic or script else None
        for name, wanted in (("b", bold), ("i", italic)):
            if wanted:
                _element(properties, name)
        if script:
            _element(properties, "vertAlign", val=script)
        said = _NOT_XML.sub("\ufffd", "".join(letter.text for letter in letters))
        for number, part in enumerate(said.split("\t")):
            if number:
                _element(run, "tab")
            if part:
                written = _element(run, "t")
                written.text = part
                written.set(XML_SPACE, "preserve")


def _carried(letters: Sequence[Letter]) -> list[Letter]:
    return [letter for letter in letters if letter.text]


def _table(parent: Any, table: Table) -> None:
    element = _element(parent, "tbl")
    borders = _element(_element(element, "tblPr"), "tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        _element(borders, side, val="single", sz=4)
    columns = _element(element, "tblGrid")
    widths = [round(20 * (right - left)) for left, right in itertools.pairwise(table.grid.xs)]
    for width in widths:
        _element(columns, "gridCol", w=width)
    held = {
        (cell.row + down, cell.column): (cell, texts, down) for cell, texts in table.cells for down in range(cell.rows)
    }
    for row in range(len(table.grid.ys) - 1):
        line = _element(element, "tr")
        for place in sorted(column for one, column in held if one == row):
            cell, texts, down = held[row, place]
            box = _element(line, "tc")
            properties = _element(box, "tcPr")
            _element(properties, "tcW", w=sum(widths[place : place + cell.columns]), type="dxa")
            if cell.columns > 1:
                _element(properties, "gridSpan", val=cell.columns)
            if cell.rows > 1:
                _element(properties, "vMerge", val="continue" if down else "restart")
            for text in texts if not down else ():
                _paragraph(box, text)
            if down or not texts:
                _element(box, "p")
