"""Any XML document: elements with text of their own are paragraphs, what stands within them becomes tags."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from typing import Any

from bencao.submission.exchange.content import Content, Tag, tidy
from bencao.submission.exchange.safe_xml import local


@dataclass
class MarkupParagraph:
    """An element with text: its content, and the elements that its tags stand for.

    Attributes
    ----------
    element : element
        Of the tree, changed by `put`.
    content : Content
        Tags ``pc`` around text in an element of its own, ``ph`` for elements without text, comments and instructions.
    """

    element: Any
    content: Content
    _held: dict[str, Any] = field(default_factory=dict)

    def put(self, content: Content) -> None:
        """Write a text with the paragraph's tags into its element."""
        for child in list(self.element):
            self.element.remove(child)
        self.element.text = None
        current, last = self.element, None
        stack: list[Any] = []
        for part in content:
            if isinstance(part, str):
                if last is None:
                    current.text = (current.text or "") + part
                else:
                    last.tail = (last.tail or "") + part
            elif part.kind == "close":
                last, current = current, stack.pop()
            elif part.id in self._held:
                child = copy.deepcopy(self._held[part.id])
                child.tail = None
                current.append(child)
                last = child
                if part.kind == "open":
                    for grandchild in list(child):
                        child.remove(grandchild)
                    child.text = None
                    stack.append(current)
                    current, last = child, None


def markup_paragraphs(root: Any) -> list[MarkupParagraph]:
    """The paragraphs of a tree: the outermost elements that have text of their own, in order."""
    found: list[MarkupParagraph] = []

    def walk(element: Any) -> None:
        if not local(element):
            return
        if _has_text(element):
            held: dict[str, Any] = {}
            content = _content(element, held)
            found.append(MarkupParagraph(element, content, held))
            return
        for child in element:
            walk(child)

    walk(root)
    return found


def _has_text(element: Any) -> bool:
    return bool((element.text or "").strip()) or any((child.tail or "").strip() for child in element)


def _content(element: Any, held: dict[str, Any]) -> Content:
    parts: list[str | Tag] = [element.text or ""]
    for child in element:
        number = str(len(held) + 1)
        held[number] = child
        identity = (("id", number),)
        if local(child) and "".join(child.itertext()).strip():
            parts += [Tag("open", number, "pc", identity), *_content(child, held), Tag("close", number, "pc")]
        else:
            parts.append(Tag("empty", number, "ph", identity))
        parts.append(child.tail or "")
    return tidy(parts)
