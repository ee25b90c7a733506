"""The content of a segment: text with tags in it, as TMX and XLIFF both know it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TagKind = Literal["open", "close", "empty"]


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag in a text.

    Attributes
    ----------
    kind : {"open", "close", "empty"}
        ``open`` and ``close`` come in pairs, one around the text that the other ends.
    id : str
        What pairs them, and what source and target share.
    name : str
        Element in the file it came from: ``bpt``, ``pc``, ``ph`` …
    attributes : tuple of (str, str)
        As they stand in the file.
    inner : tuple of str or Tag
        Native code that the element holds; no text to translate.
    """

    kind: TagKind
    id: str
    name: str = "ph"
    attributes: tuple[tuple[str, str], ...] = ()
    inner: tuple[str | Tag, ...] = ()


Content = tuple[str | Tag, ...]


def text_of(content: Content) -> str:
    """The text without its tags."""
    return "".join(part for part in content if isinstance(part, str))


def tags_of(content: Content) -> list[Tag]:
    """The tags in their order."""
    return [part for part in content if isinstance(part, Tag)]


def tidy(parts: list[str | Tag]) -> Content:
    """The parts with neighbouring texts made one and empty ones left out."""
    joined: list[str | Tag] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part != "":
            joined.append(part)
    return tuple(joined)
