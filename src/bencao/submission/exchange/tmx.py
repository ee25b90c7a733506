"""TMX 1.4b, the Localization Industry Standards Association's translation memory exchange, read and written whole."""

from __future__ import annotations

import os
from typing import Any

from lxml import etree

from bencao.kernel.files import write_bytes
from bencao.submission.errors import DocumentError
from bencao.submission.exchange.content import Tag
from bencao.submission.exchange.inline import read_inline, write_inline
from bencao.submission.exchange.memory import Attributes, Memory, Note, Unit, Variant
from bencao.submission.exchange.safe_xml import XML_LANG, local, parse_file, to_bytes

# Elements that stand around text to translate; all others of TMX hold native code.
AROUND = frozenset({"hi"})
_KINDS = {"bpt": "open", "ept": "close"}
_HEADER = (
    ("creationtool", "bencao"),
    ("creationtoolversion", "1"),
    ("segtype", "sentence"),
    ("o-tmf", "bencao"),
    ("adminlang", "en"),
    ("srclang", "*all*"),
    ("datatype", "plaintext"),
)


def read_tmx(path: str | os.PathLike[str]) -> Memory:
    """Read a translation memory.

    Parameters
    ----------
    path : path-like

    Returns
    -------
    Memory

    Raises
    ------
    InputError, DocumentError, UnsafeFile
        Where the file cannot be read, is no TMX, or declares entities.
    """
    root = parse_file(path)
    where = os.fspath(path)
    body = root.find("{*}body")
    if local(root) != "tmx" or body is None:
        raise DocumentError(
            f"its root is <{local(root)}>, not <tmx> with a <body>", where=where, mend="give a TMX file"
        )
    header = root.find("{*}header")
    return Memory(
        tuple(_unit(unit, where) for unit in body if local(unit) == "tu"),
        _attributes(header) if header is not None else (),
        _notes(header) if header is not None else (),
    )


def write_tmx(memory: Memory, path: str | os.PathLike[str]) -> None:
    """Write a translation memory; reading it again gives an equal one.

    Raises
    ------
    InputError
        Where the file cannot be written.
    DocumentError
        Where a text holds a character that XML cannot.
    """
    write_bytes(path, tmx_bytes(memory, os.fspath(path)))


def tmx_bytes(memory: Memory, where: str = "memory") -> bytes:
    """A translation memory as the bytes of its file."""
    root = etree.Element("tmx", version="1.4")
    header = etree.SubElement(root, "header")
    given = dict(memory.attributes)
    for key, value in (*((key, value) for key, value in _HEADER if key not in given), *memory.attributes):
        header.set(key, value)
    body = etree.SubElement(root, "body")
    try:
        _write_notes(header, memory.notes)
        for unit in memory.units:
            _write_unit(body, unit)
    except ValueError as error:
        raise DocumentError(
            f"a text cannot stand in XML: {error}", where=where, mend="remove control characters"
        ) from None
    return to_bytes(root)


def _unit(element: Any, where: str) -> Unit:
    variants = []
    for variant in element:
        if local(variant) != "tuv":
            continue
        language = variant.get(XML_LANG) or variant.get("lang")
        segment = variant.find("{*}seg")
        if language is None or segment is None:
            lacking = "xml:lang" if language is None else "<seg>"
            raise DocumentError(
                f"a <tuv> without {lacking}",
                where=f"{where}: line {variant.sourceline}",
                mend="give each variant its language and its segment",
            )
        variants.append(
            Variant(language, read_inline(segment, _classify), _attributes(variant, XML_LANG, "lang"), _notes(variant))
        )
    return Unit(tuple(variants), element.get("tuid", ""), _attributes(element, "tuid"), _notes(element))


def _classify(element: Any) -> tuple[str, str]:
    name = local(element)
    identity = element.get("i") or element.get("x") or ""
    return ("around" if name in AROUND else _KINDS.get(name, "empty")), identity


def _attributes(element: Any, *but: str) -> Attributes:
    return tuple((str(key), str(value)) for key, value in element.attrib.items() if key not in but)


def _notes(element: Any) -> tuple[Note, ...]:
    return tuple(
        Note(local(child), child.text or "", _attributes(child))
        for child in element
        if local(child) in ("note", "prop")
    )


def _write_notes(parent: Any, notes: tuple[Note, ...]) -> None:
    for note in notes:
        child = etree.SubElement(parent, note.kind)
        for key, value in note.attributes:
            child.set(key, value)
        child.text = note.text


def _write_unit(body: Any, unit: Unit) -> None:
    element = etree.SubElement(body, "tu")
    if unit.id:
        element.set("tuid", unit.id)
    for key, value in unit.attributes:
        element.set(key, value)
    _write_notes(element, unit.notes)
    for variant in unit.variants:
        child = etree.SubElement(element, "tuv")
        child.set(XML_LANG, variant.language)
        for key, value in variant.attributes:
            child.set(key, value)
        _write_notes(child, variant.notes)
        write_inline(etree.SubElement(child, "seg"), variant.content, around=AROUND)


def shared_identity(tag: Tag) -> str:
    """What tags of source and target share in TMX: ``x`` where it is given, else ``i``."""
    return dict(tag.attributes).get("x") or tag.id
