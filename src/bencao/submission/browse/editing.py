"""A segment as a person edits it: its tags written as ``<1>``, ``</1>`` and ``<2/>``, and read back without loss."""

from __future__ import annotations

import re
from collections.abc import Iterable

from bencao.submission.exchange.content import Content, Tag, tidy
from bencao.submission.quality.tags import tag_name


class TagNames:
    """Names for the tags of a segment, as findings say them; text that looks like one is never taken for a tag.

    Parameters
    ----------
    contents : iterable of Content
        Source and translation; a tag that both have gets one name.
    """

    def __init__(self, contents: Iterable[Content]) -> None:
        parts = [part for content in contents for part in content]
        texts = "\0".join(part for part in parts if isinstance(part, str))
        self._names: dict[Tag, str] = {}
        self._tags: dict[str, Tag] = {}
        for part in parts:
            if isinstance(part, Tag) and part not in self._names:
                name = _unlike(tag_name(part), self._tags, texts)
                self._names[part], self._tags[name] = name, part
        longest_first = sorted(self._tags, key=len, reverse=True)
        self._any = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def text(self, content: Content) -> str:
        """Content as it is edited; its tags are among those of the segment."""
        return "".join(part if isinstance(part, str) else self._names[part] for part in content)

    def starts(self, content: Content) -> list[int]:
        """Place in the edited text of each character of the text without tags, and of its end."""
        places: list[int] = []
        at = 0
        for part in content:
            if isinstance(part, str):
                places += range(at, at + len(part))
            at += len(part if isinstance(part, str) else self._names[part])
        return [*places, at]

    def content(self, text: str) -> Content:
        """What a person wrote, as content; a name that is no tag's stays text."""
        parts: list[str | Tag] = []
        at = 0
        for found in self._any.finditer(text):
            parts += [text[at : found.start()], self._tags[found.group()]]
            at = found.end()
        return tidy([*parts, text[at:]])


def _unlike(name: str, taken: Iterable[str], texts: str) -> str:
    """A name that neither another tag has nor any of the texts holds."""
    told, number = name, 1
    while told in taken or told in texts:
        number += 1
        told = f"{name[:-1]}~{number}>"
    return told
