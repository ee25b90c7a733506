"""A paragraph's runs to a text with tags, and a translated one back to runs with all that they carried."""

from __future__ import annotations

import copy
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from bencao.submission.documents.dialect import A, Dialect
from bencao.submission.documents.items import Item, read_items
from bencao.submission.exchange.content import Content, Tag, tidy
from bencao.submission.exchange.safe_xml import XML_SPACE, local


@dataclass
class Paragraph:
    """A paragraph: where it stands, its text with tags, and what the tags stand for.

    Attributes
    ----------
    element : element
        Of the tree, changed by `put`.
    content : Content
        Tags ``pc`` around text with formatting or in a container, ``ph`` for anything else.
    """

    element: Any
    dialect: Dialect
    content: Content
    _base: Any = None  # run properties of most of the text
    _held: dict[str, list[Item]] = field(default_factory=dict)  # opening item, then what closes it

    def put(self, content: Content) -> None:
        """Write a text with the paragraph's tags into its element."""
        element, dialect = self.element, self.dialect
        kept = [child for child in element if local(child) in dialect.first]
        ends = [child for child in element if local(child) in dialect.last]
        for child in list(element):
            element.remove(child)
        for child in kept:
            element.append(child)
        _write(self, content)
        for child in ends:
            element.append(child)


def read_paragraph(element: Any, dialect: Dialect) -> Paragraph:
    """Read a paragraph; the element is left as it is."""
    items = read_items(element, dialect)
    base = _most_used(items)
    paragraph = Paragraph(element, dialect, (), base.properties if base else None)
    parts: list[str | Tag] = []
    stack: list[str] = []
    number = 0
    base_key = base.key if base else ""
    open_format: tuple[str, str] | None = None  # key and id
    for item in items:
        if open_format is not None and (item.kind != "text" or item.key != open_format[0]):
            parts.append(Tag("close", open_format[1], "pc"))
            open_format = None
        if item.kind == "text":
            if item.key != base_key and open_format is None:
                number += 1
                paragraph._held[str(number)] = [item]
                parts.append(Tag("open", str(number), "pc", (("id", str(number)),)))
                open_format = (item.key, str(number))
            parts.append(item.text)
        elif item.kind == "open":
            number += 1
            stack.append(str(number))
            paragraph._held[str(number)] = [item]
            parts.append(Tag("open", str(number), "pc", (("id", str(number)),)))
        elif item.kind == "close":
            paragraph._held[stack[-1]].append(item)
            parts.append(Tag("close", stack.pop(), "pc"))
        else:
            number += 1
            paragraph._held[str(number)] = [item]
            parts.append(Tag("empty", str(number), "ph", (("id", str(number)),)))
    if open_format is not None:
        parts.append(Tag("close", open_format[1], "pc"))
    paragraph.content = tidy(parts)
    return paragraph


def _write(paragraph: Paragraph, content: Content) -> None:
    dialect = paragraph.dialect
    places = [paragraph.element]
    formats = [paragraph._base]
    for part in content:
        if isinstance(part, str):
            bare = dialect.bare_text and len(content) == 1 and formats[-1] is None
            _append_text(places[-1], part, formats[-1], dialect, bare=bare)
            continue
        held = paragraph._held.get(part.id)
        if held is None:
            continue
        item = held[0]
        if item.kind == "text":
            formats.append(item.properties) if part.kind == "open" else formats.pop()
        elif item.kind == "open":
            if part.kind == "open":
                _append_items(places[-1], item, dialect)
                places.append(item.shell if item.shell is not None else places[-1])
            else:
                places.pop()
                _append_items(places[-1], held[-1], dialect)
        else:
            _append_items(places[-1], item, dialect)


def _append_text(place: Any, text: str, properties: Any, dialect: Dialect, *, bare: bool) -> None:
    run = place if bare else etree.SubElement(place, dialect.name("r"))
    if properties is not None:
        run.append(copy.deepcopy(properties))
    element = etree.SubElement(run, dialect.name("t"))
    element.text = text
    if dialect.namespace != A and text != text.strip():
        element.set(XML_SPACE, "preserve")


def _append_items(place: Any, item: Item, dialect: Dialect) -> None:
    """Put back what a tag holds: elements as they were, or what stood in a run in a run of its own."""
    if item.shell is not None:
        for child in list(item.shell):
            if local(child) not in ("sdtPr", "smartTagPr", "customXmlPr", "sdtEndPr"):
                item.shell.remove(child)
        place.append(item.shell)
    for element, properties, in_run in item.elements:
        if not in_run:
            place.append(element)
            continue
        run = etree.SubElement(place, dialect.name("r"))
        if properties is not None:
            run.append(copy.deepcopy(properties))
        run.append(element)


def _most_used(items: list[Item]) -> Item | None:
    counts: Counter[str] = Counter()
    for item in items:
        if item.kind == "text":
            counts[item.key] += len(item.text.strip()) + 1
    if not counts:
        return None
    key = counts.most_common(1)[0][0]
    return next(item for item in items if item.kind == "text" and item.key == key)
