"""XLIFF 2.1 (OASIS, 2018): a document's segments read from its tree, and targets put back without touching the rest."""

from __future__ import annotations

import copy
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lxml import etree

from bencao.kernel.files import write_bytes
from bencao.submission.errors import DocumentError
from bencao.submission.exchange.content import Content
from bencao.submission.exchange.inline import read_inline, write_inline
from bencao.submission.exchange.safe_xml import XML_SPACE, local, parse_file, to_bytes

NAMESPACE = "urn:oasis:names:tc:xliff:document:2.0"
AROUND = frozenset({"pc", "mrk"})
_KINDS = {"sc": "open", "ec": "close"}
# Of a segment that nothing could translate; XLIFF 2.1 lets a tool say more than its state by a prefix of its own.
NEEDS_TRANSLATION = "bencao:needs-translation"


@dataclass(frozen=True, slots=True)
class Segment:
    """A segment of a document.

    Attributes
    ----------
    id : str
        Of file, unit and segment, joined by ``/``.
    source : Content
    target : Content or None
        None where there is no translation.
    state, sub_state : str
        ``initial``, ``translated``, ``reviewed`` or ``final``; a tool's own word.
    """

    id: str
    source: Content
    target: Content | None = None
    state: str = "initial"
    sub_state: str = ""


@dataclass(frozen=True, slots=True)
class Xliff:
    """A bilingual document: its tree as it was read, and its segments."""

    root: Any
    source_language: str
    target_language: str
    segments: tuple[Segment, ...]


def read_xliff(path: str | os.PathLike[str]) -> Xliff:
    """Read an XLIFF 2.0 or 2.1 document.

    Raises
    ------
    InputError, DocumentError, UnsafeFile
        Where the file cannot be read, is no XLIFF 2, or declares entities.
    """
    return xliff_of(parse_file(path), os.fspath(path))


def xliff_of(root: Any, where: str) -> Xliff:
    """The document that a tree holds; raises as `read_xliff`."""
    version = root.get("version", "")
    if local(root) != "xliff" or not version.startswith("2"):
        found = f"XLIFF {version}" if local(root) == "xliff" else f"<{local(root)}>"
        raise DocumentError(f"is {found}", where=where, mend="give XLIFF 2.0 or 2.1")
    if not root.get("srcLang"):
        raise DocumentError("has no srcLang", where=where, mend="say the source language on <xliff>")
    segments = [_segment(element, number, where) for number, element in enumerate(_elements(root), start=1)]
    return Xliff(root, root.get("srcLang"), root.get("trgLang", ""), tuple(segments))


def with_targets(
    document: Xliff, targets: Mapping[str, tuple[Content | None, str, str]], target_language: str = ""
) -> Xliff:
    """The document with new targets.

    Parameters
    ----------
    targets : mapping of str to (Content or None, state, sub-state)
        By the segment's id; None takes a target away.
    target_language : str
        Set where it is given.
    """
    root = copy.deepcopy(document.root)
    if target_language:
        root.set("trgLang", target_language)
    for number, element in enumerate(_elements(root), start=1):
        key = _identity(element, number)
        if key in targets:
            _set_target(element, *targets[key])
    return xliff_of(root, "document")


def build_xliff(
    segments: Sequence[Segment], source_language: str, target_language: str, *, original: str = "document"
) -> Xliff:
    """A document of one file, a unit for each segment; a segment's id names its unit."""
    root = etree.Element(f"{{{NAMESPACE}}}xliff", nsmap={None: NAMESPACE})
    root.set("version", "2.1")
    root.set("srcLang", source_language)
    if target_language:
        root.set("trgLang", target_language)
    file = etree.SubElement(root, f"{{{NAMESPACE}}}file", id="f1", original=original)
    for segment in segments:
        unit = etree.SubElement(file, f"{{{NAMESPACE}}}unit", id=segment.id)
        element = etree.SubElement(unit, f"{{{NAMESPACE}}}segment")
        source = etree.SubElement(element, f"{{{NAMESPACE}}}source")
        source.set(XML_SPACE, "preserve")
        write_inline(source, segment.source, around=AROUND, namespace=NAMESPACE)
        _set_target(element, segment.target, segment.state, segment.sub_state)
    return xliff_of(root, original)


def write_xliff(document: Xliff, path: str | os.PathLike[str]) -> None:
    """Write a document; reading it again gives the same segments and the same tree."""
    write_bytes(path, to_bytes(document.root))


def _elements(root: Any) -> list[Any]:
    return [
        element
        for element in root.iter(f"{{{NAMESPACE}}}segment", f"{{{NAMESPACE}}}ignorable")
        if local(element) == "segment"
    ]


def _identity(element: Any, number: int) -> str:
    unit = element.getparent()
    file = next(element.iterancestors(f"{{{NAMESPACE}}}file"), None)
    names = [file.get("id", "") if file is not None else "", unit.get("id", "")]
    siblings = [child for child in unit if local(child) == "segment"]
    if element.get("id") or len(siblings) > 1:
        names.append(element.get("id") or str(siblings.index(element) + 1))
    return "/".join(names) or str(number)


def _segment(element: Any, number: int, where: str) -> Segment:
    source, target = element.find(f"{{{NAMESPACE}}}source"), element.find(f"{{{NAMESPACE}}}target")
    if source is None:
        raise DocumentError(
            "a <segment> without <source>",
            where=f"{where}: line {element.sourceline}",
            mend="give each segment its source",
        )
    return Segment(
        _identity(element, number),
        read_inline(source, _classify),
        read_inline(target, _classify) if target is not None else None,
        element.get("state", "initial"),
        element.get("subState", ""),
    )


def _classify(element: Any) -> tuple[str, str]:
    name = local(element)
    identity = element.get("startRef") or element.get("id") or ""
    return ("around" if name in AROUND else _KINDS.get(name, "empty")), identity


def _set_target(element: Any, content: Content | None, state: str, sub_state: str) -> None:
    for old in element.findall(f"{{{NAMESPACE}}}target"):
        element.remove(old)
    for name, value in (("state", state), ("subState", sub_state)):
        if value and not (name == "state" and value == "initial"):
            element.set(name, value)
        elif name in element.attrib:
            del element.attrib[name]
    if sub_state and "state" not in element.attrib:
        element.set("state", state)  # the standard wants a state where there is a sub-state
    if content is not None:
        target = etree.SubElement(element, f"{{{NAMESPACE}}}target")
        space = element.find(f"{{{NAMESPACE}}}source").get(XML_SPACE)
        if space:
            target.set(XML_SPACE, space)
        write_inline(target, content, around=AROUND, namespace=NAMESPACE)
