"""Reading a backbone: its leaves in order, its elements, its envelope, and how it names its definition."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bencao.submission.ectd.backbone.leaf import EXTENSION, Leaf, Level, Place
from bencao.submission.exchange.safe_xml import XML_LANG, local, parse_bytes

_SCHEMA = "{http://www.w3.org/2001/XMLSchema-instance}schemaLocation"
_WRAPPERS = ("cn-content", "m1-eu")  # around module 1, no heading of it
_NO_PLACE = frozenset(["ID", XML_LANG])


@dataclass(frozen=True)
class Node:
    """An element that holds leaves or may hold them."""

    place: Place
    attributes: tuple[tuple[str, str], ...]
    line: int
    leaves_below: int


@dataclass(frozen=True)
class Backbone:
    """One backbone as read.

    Parameters
    ----------
    path : str
        In the sequence, with ``/``.
    root : lxml element
        For the definition's verdict.
    system : str or None
        What its document type or schema location names.
    version : str
        ``dtd-version`` or ``schema-version`` of the root.
    leaves : tuple of Leaf
    nodes : tuple of Node
        Elements of the dossier's tree, node extensions among them.
    envelope : dict
        Of China: text, or code, by the element's name. Of the EU: the first envelope's.
    """

    path: str
    root: Any
    system: str | None
    version: str
    leaves: tuple[Leaf, ...]
    nodes: tuple[Node, ...]
    envelope: dict[str, str]

    @functools.cached_property
    def by_id(self) -> dict[str, Leaf]:
        """The leaves by their IDs."""
        return {leaf.id: leaf for leaf in self.leaves}


def read_backbone(data: bytes, path: str, where: str) -> Backbone:
    """Read a backbone.

    Parameters
    ----------
    data : bytes
    path : str
        In its sequence.
    where : str
        What an error names.

    Raises
    ------
    DocumentError, UnsafeFile
        As `bencao.submission.exchange.safe_xml.parse_bytes`.
    """
    root = parse_bytes(data, where)
    leaves: list[Leaf] = []
    nodes: list[Node] = []
    _walk(root, (), leaves, nodes)
    info = root.getroottree().docinfo
    schema = (root.get(_SCHEMA) or "").split()
    return Backbone(
        path,
        root,
        info.system_url or (schema[-1] if schema else None),
        root.get("dtd-version") or root.get("schema-version") or "",
        tuple(leaves),
        tuple(nodes),
        _envelope(root),
    )


def _walk(element: Any, place: Place, leaves: list[Leaf], nodes: list[Node]) -> None:
    for child in element:
        name = local(child)
        if name == "leaf":
            leaves.append(_leaf(child, place))
        elif name in _WRAPPERS:
            _walk(child, place, leaves, nodes)
        elif name and name not in ("title", "envelope", "cn-envelope", "eu-envelope"):
            attributes = tuple(sorted((str(key), value) for key, value in child.attrib.items()))
            told = tuple((key, value) for key, value in attributes if key not in _NO_PLACE)
            if name == EXTENSION:
                told = (("title", _title(child) or ""),)
            inner = (*place, Level(name, told))
            before = len(leaves)
            at = len(nodes)
            _walk(child, inner, leaves, nodes)
            nodes.insert(at, Node(inner, attributes, child.sourceline or 0, len(leaves) - before))


def _leaf(element: Any, place: Place) -> Leaf:
    values = {local_name(key): value for key, value in element.attrib.items()}
    href = values.get("href")
    name = (href or "").rsplit("/", 1)[-1].lower()
    return Leaf(
        values.get("ID", ""),
        values.get("operation", ""),
        href,
        _title(element),
        values.get("checksum"),
        values.get("checksum-type"),
        values.get("modified-file"),
        element.get(XML_LANG),
        place,
        element.sourceline or 0,
        "stf" in values.get("version", "").lower() or bool(re.match(r"stf-.*\.xml$", name)),
    )


def local_name(key: Any) -> str:
    """Name of an attribute without its namespace."""
    return str(key).rpartition("}")[2]


def _title(element: Any) -> str | None:
    for child in element:
        if local(child) == "title":
            return "".join(child.itertext())
    return None


def _envelope(root: Any) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in _envelope_values(root):
        found.setdefault(name, value)
    return found


def _envelope_values(root: Any) -> Iterator[tuple[str, str]]:
    for envelope in root.iter():
        if local(envelope) not in ("cn-envelope", "envelope"):
            continue
        for element in envelope.iter():
            name = local(element)
            if not name or element is envelope:
                continue
            code = element.get("code") or element.get("type")
            yield name, code if code is not None else (element.text or "").strip()
            if element.get("version"):
                yield f"{name}-version", element.get("version")
