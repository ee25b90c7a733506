"""What stands in a paragraph, one after another: texts with their formatting, containers, and all else as it is."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal

from lxml import etree

from bencao.submission.documents.dialect import Dialect, W
from bencao.submission.exchange.safe_xml import local

_UNSEEN_ATTRIBUTES = frozenset({"lang", "altLang", "dirty", "err", "noProof", "smtClean"})
# Which of a run's fonts its characters take: Word writes it anew, and a run that differs in it alone looks the same.
_HINT = re.compile(r'\sw:hint="\w+"')
_NO_FONTS = re.compile(r"<w:rFonts[^>]*xmlns:w=\"[^\"]*\"[^>=]*></w:rFonts>")
# An element of a paragraph or a run, the run's properties, and whether it stands in a run.
Held = tuple[Any, Any, bool]


@dataclass
class Item:
    """A text, an opening or closing container, or anything else.

    Attributes
    ----------
    kind : {"text", "open", "close", "held"}
    text : str
    properties : element or None
        Of the run that the text stands in.
    key : str
        Equal for texts whose formatting looks the same.
    shell : element or None
        The container.
    elements : list of Held
        What else stands here.
    """

    kind: Literal["text", "open", "close", "held"]
    text: str = ""
    properties: Any = None
    key: str = ""
    shell: Any = None
    elements: list[Held] = field(default_factory=list)


def read_items(paragraph: Any, dialect: Dialect) -> list[Item]:
    """The items of a paragraph; complex fields are one item, but those whose result is text to translate."""
    items: list[Item] = []
    for child in paragraph:
        if local(child) not in dialect.first | dialect.last:
            _read_child(child, dialect, items)
    return _fields(items) if dialect.namespace == W else items


def _read_child(child: Any, dialect: Dialect, items: list[Item]) -> None:
    name = local(child)
    own = name and etree.QName(child).namespace == dialect.namespace
    if own and name in dialect.dropped:
        return
    if own and name == "r":
        _read_run(child, dialect, items)
    elif own and name == "t" and dialect.bare_text:
        items.append(Item("text", child.text or ""))
    elif own and name in dialect.containers:
        items.append(Item("open", shell=child))
        for grandchild in child:
            if local(grandchild) not in ("sdtPr", "smartTagPr", "customXmlPr", "sdtEndPr"):
                _read_child(grandchild, dialect, items)
        items.append(Item("close"))
    elif name or child.tail:
        items.append(Item("held", elements=[(child, None, False)]))


def _read_run(run: Any, dialect: Dialect, items: list[Item]) -> None:
    properties = run.find(dialect.name("rPr"))
    key = _key(properties, dialect)
    for child in run:
        name = local(child)
        if child is properties or name in dialect.dropped or not name:
            continue
        if name == "t":
            if child.text:
                items.append(Item("text", child.text, properties, key))
        else:
            items.append(Item("held", elements=[(child, properties, True)]))


def _key(properties: Any, dialect: Dialect) -> str:
    """The properties as text, without those that do not show."""
    if properties is None:
        return ""
    parts = [
        _HINT.sub("", etree.tostring(child, method="c14n", exclusive=True).decode())
        for child in properties
        if local(child) not in dialect.unseen and local(child)
    ]
    parts = [part for part in parts if not _NO_FONTS.fullmatch(part)]
    attributes = [
        f"{name}={value}" for name, value in properties.items() if name not in ("lang", "dirty", "err", "noProof")
    ]
    return "".join([*sorted(attributes), *parts])


def _fields(items: list[Item]) -> list[Item]:
    """Complex fields made one item each, a HYPERLINK a pair around its text; one that ends elsewhere is left apart."""
    done: list[Item] = []
    index = 0
    while index < len(items):
        end = _end_of_field(items, index) if _field_char(items[index]) == "begin" else None
        if end is None:
            done.append(items[index])
            index += 1
            continue
        inside = items[index : end + 1]
        split = next((place for place, item in enumerate(inside) if _field_char(item) == "separate"), None)
        if split is not None and _instruction(inside).startswith("HYPERLINK"):
            done.append(Item("open", elements=[held for item in inside[: split + 1] for held in item.elements]))
            done += _fields(inside[split + 1 : -1])
            done.append(Item("close", elements=inside[-1].elements))
        else:
            done.append(Item("held", elements=[held for item in inside for held in _as_held(item)]))
        index = end + 1
    return done


def _end_of_field(items: list[Item], start: int) -> int | None:
    """Where a field ends, None where a container opens or closes before."""
    depth = 0
    for index in range(start, len(items)):
        if items[index].kind in ("open", "close"):
            return None
        char = _field_char(items[index])
        depth += (char == "begin") - (char == "end")
        if char == "end" and depth == 0:
            return index
    return None


def _field_char(item: Item) -> str:
    if item.kind == "held" and item.elements[0][2] and local(item.elements[0][0]) == "fldChar":
        return str(item.elements[0][0].get(f"{{{W}}}fldCharType", ""))
    return ""


def _instruction(items: list[Item]) -> str:
    texts = [
        item.elements[0][0].text or ""
        for item in items
        if item.kind == "held" and local(item.elements[0][0]) == "instrText"
    ]
    return "".join(texts).strip().upper()


def _as_held(item: Item) -> list[Held]:
    if item.kind != "text":
        return item.elements
    element = etree.Element(f"{{{W}}}t")
    element.text = item.text
    element.set("{http://www.w3.org/XML/1998/namespace}space", "preserve")
    return [(element, item.properties, True)]
