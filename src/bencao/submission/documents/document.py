"""Documents read into paragraphs to translate, and written with their translations: .docx, .xlsx, .pptx, .xml, .pdf."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from lxml import etree

from bencao.kernel.errors import InputError
from bencao.submission.documents.dialect import DRAWING, SHEET, WORD, Dialect
from bencao.submission.documents.markup import MarkupParagraph, markup_paragraphs
from bencao.submission.documents.package import Package, package_bytes, read_package
from bencao.submission.documents.paragraph import Paragraph, read_paragraph
from bencao.submission.documents.pdf.block import Left
from bencao.submission.documents.pdf.word import read_pdf
from bencao.submission.documents.table_headers import TableHeaders, table_headers
from bencao.submission.exchange.content import Content, text_of
from bencao.submission.exchange.safe_xml import parse_bytes, parse_file, to_bytes

# Parts with text to translate by the file's ending, and how their paragraphs are made.
_PARTS: dict[str, tuple[tuple[re.Pattern[str], Dialect], ...]] = {
    ".docx": (
        (re.compile(r"word/(?:document|header\d*|footer\d*|footnotes|endnotes|comments|glossary/document)\.xml"), WORD),
        (re.compile(r"word/(?:charts/chart|diagrams/data)\d*\.xml"), DRAWING),
    ),
    ".xlsx": (
        (re.compile(r"xl/(?:sharedStrings|comments\d*|worksheets/sheet\d*)\.xml"), SHEET),
        (re.compile(r"xl/(?:drawings/drawing|charts/chart)\d*\.xml"), DRAWING),
    ),
    ".pptx": (
        (re.compile(r"ppt/(?:slides/slide|notesSlides/notesSlide|charts/chart|diagrams/data)\d*\.xml"), DRAWING),
    ),
}
XML, PDF = ".xml", ".pdf"
ENDINGS = (*_PARTS, XML, PDF)


@dataclass(frozen=True)
class Document:
    """A document: its package, the trees of the parts that hold text, and their paragraphs by id.

    Attributes
    ----------
    paragraphs : dict of str to Paragraph
        By part and number, such as ``word:document.xml.12``; those with text alone, in the order of the parts.
    left : tuple of Left
        What of a PDF is not in it: headers and footers that repeat, pictures, turned letters.
    """

    package: Package
    trees: dict[str, Any]
    paragraphs: dict[str, Paragraph | MarkupParagraph]
    left: tuple[Left, ...] = ()


def read_document(path: str | os.PathLike[str]) -> Document:
    """Read a document.

    Parameters
    ----------
    path : path-like
        ``.docx``, ``.xlsx``, ``.pptx``, ``.xml`` of any kind, or a ``.pdf`` with text, which is read as a .docx.

    Raises
    ------
    InputError, DocumentError, UnsafeFile
        As `read_package` and for parts that are no XML.
    """
    ending = Path(path).suffix.lower()
    if ending == XML:
        return _markup(path)
    if ending not in (*_PARTS, PDF):
        raise InputError(
            f"no document by its name: {ending!r}", where=os.fspath(path), mend=f"give {', '.join(ENDINGS)}"
        )
    package, left = read_pdf(path) if ending == PDF else (read_package(path), ())
    ending = ".docx" if ending == PDF else ending
    trees: dict[str, Any] = {}
    paragraphs: dict[str, Paragraph | MarkupParagraph] = {}
    headers = table_headers(package) if ending == ".xlsx" else TableHeaders(frozenset(), {})
    for name in sorted(package.parts, key=_natural):
        dialect = next((dialect for pattern, dialect in _PARTS[ending] if pattern.fullmatch(name)), None)
        if dialect is None:
            continue
        tree = trees[name] = parse_bytes(package.parts[name], f"{package.path}: {name}")
        for number, element in enumerate(tree.iter(*map(dialect.name, dialect.paragraphs))):
            if headers.hold(name, number, element):
                continue
            paragraph = read_paragraph(element, dialect)
            if text_of(paragraph.content).strip():
                paragraphs[_key(name, number)] = paragraph
    return Document(package, trees, paragraphs, left)


def document_bytes(document: Document, translations: Mapping[str, Content]) -> bytes:
    """The document with translations in the place of its paragraphs; what has none stays as it is.

    The document is used up: read it again for another translation.
    """
    for key, content in translations.items():
        document.paragraphs[key].put(content)
    if "" in document.trees:
        written: bytes = etree.tostring(document.trees[""].getroottree(), encoding="UTF-8", xml_declaration=True)
        return written + b"\n"
    changed = {_part(key) for key in translations}
    parts = {
        name: _bytes_like(document.trees[name], data) if name in changed else data
        for name, data in document.package.parts.items()
    }
    return package_bytes(Package(document.package.path, parts))


def _markup(path: str | os.PathLike[str]) -> Document:
    root = parse_file(path)
    listed = enumerate(markup_paragraphs(root))
    return Document(Package(os.fspath(path), {}), {"": root}, {f"xml.{number}": one for number, one in listed})


def _key(part: str, number: int) -> str:
    """A paragraph's id, of characters that an XML name token may have."""
    return f"{part.replace('/', ':')}.{number}"


def _part(key: str) -> str:
    return key.rpartition(".")[0].replace(":", "/")


def _bytes_like(tree: Any, data: bytes) -> bytes:
    """A tree as a part's bytes, standalone where the part was."""
    written = to_bytes(tree)
    if b'standalone="yes"' in data[:120]:
        head, _, rest = written.partition(b"?>")
        return head.rstrip() + b' standalone="yes"?>' + rest
    return written


def _natural(name: str) -> list[tuple[int, str]]:
    return [(int(part), "") if part.isdigit() else (-1, part) for part in re.split(r"(\d+)", name)]
