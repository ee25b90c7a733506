"""Elements in a segment to content and back, for any format that tells which of them hold text to translate."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from lxml import etree

from bencao.submission.exchange.content import Content, Tag, TagKind, tidy
from bencao.submission.exchange.safe_xml import local

# What a format says of an element: the tag's kind, or "around" where it stands around text to translate.
Classify = Callable[[Any], tuple[TagKind | str, str]]


def read_inline(element: Any, classify: Classify) -> Content:
    """The content of a ``seg``, ``source`` or ``target``."""
    parts: list[str | Tag] = [element.text or ""]
    for child in element:
        name = local(child)
        if name:
            parts.extend(_tags(child, name, classify))
        parts.append(child.tail or "")
    return tidy(parts)


def _tags(child: Any, name: str, classify: Classify) -> list[str | Tag]:
    kind, identity = classify(child)
    attributes = tuple((str(key), str(value)) for key, value in child.attrib.items())
    if kind == "around":
        return [
            Tag("open", identity, name, attributes),
            *read_inline(child, classify),
            Tag("close", identity, name),
        ]
    if kind not in ("open", "close"):
        kind = "empty"
    return [Tag(kind, identity, name, attributes, read_inline(child, classify))]  # type: ignore[arg-type]


def write_inline(element: Any, content: Content, *, around: frozenset[str], namespace: str = "") -> None:
    """Put content into an element: tags named in `around` are nested, the others stand by themselves.

    A closing tag without its opening one is left out; `pair_up` says so beforehand.
    """
    current, last = element, None
    stack: list[Any] = []
    for part in content:
        if isinstance(part, str):
            if last is None:
                current.text = (current.text or "") + part
            else:
                last.tail = (last.tail or "") + part
        elif part.name in around and part.kind == "close":
            if stack:
                last = current
                current = stack.pop()
        else:
            child = etree.SubElement(current, f"{{{namespace}}}{part.name}" if namespace else part.name)
            for key, value in part.attributes:
                child.set(key, value)
            if part.name in around:
                stack.append(current)
                current, last = child, None
            else:
                write_inline(child, part.inner, around=around, namespace=namespace)
                last = child


def closing(content: Content) -> Content:
    """Content whose opening tags are all closed, at the end where not before."""
    open_tags = [part for part in content if isinstance(part, Tag) and part.kind == "open"]
    closed = {part.id for part in content if isinstance(part, Tag) and part.kind == "close"}
    left = [replace(tag, kind="close", attributes=(), inner=()) for tag in reversed(open_tags) if tag.id not in closed]
    return (*content, *left)
