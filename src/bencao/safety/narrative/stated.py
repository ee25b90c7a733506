"""What a sentence states: the data elements behind its words, by number and by their path in the typed case."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from bencao.safety.case import Case


@dataclass(frozen=True)
class Stated:
    """A data element that a sentence states.

    Attributes
    ----------
    element : str
        Its E2B number.
    repeats : tuple of int
        Its place; shorter than the element has repeating parts where the part itself is missing.
    path : str
        Its place in the typed case, e.g. ``drugs[1].dosages[2].dose``.
    value, null_flavor : str
        As the case has them; both empty where the element is missing, which is what the sentence then says.
    shown : str
        The words of the sentence that stand for it; empty where it only decides the wording.
    """

    element: str
    repeats: tuple[int, ...] = ()
    path: str = ""
    value: str = ""
    null_flavor: str = ""
    shown: str = ""


@dataclass(frozen=True)
class Sentence:
    """A sentence of a narrative.

    Attributes
    ----------
    section : str
        ``source``, ``patient``, ``drugs`` and so on, in the order of the narrative.
    text : str
    fields : tuple of Stated
        All that it rests on, at least one.
    """

    section: str
    text: str
    fields: tuple[Stated, ...]


@dataclass(frozen=True)
class Narration:
    """A narrative of a case: sentences in their order."""

    safety_report_id: str
    language: str
    sentences: tuple[Sentence, ...]

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Its text, a paragraph a section."""
        between = "" if self.language == "zh" else " "
        sections = dict.fromkeys(each.section for each in self.sentences)
        return tuple(
            between.join(each.text for each in self.sentences if each.section == section) for section in sections
        )

    @property
    def text(self) -> str:
        """Its text, an empty line between paragraphs."""
        return "\n\n".join(self.paragraphs)


def path(element: str, repeats: tuple[int, ...]) -> str:
    """Where a data element stands in the typed case; an index that is not known is left out."""
    if "#" in element:
        return "further"
    left = list(repeats)
    told = []
    for name, repeating in _paths()[element]:
        index = (str(left.pop(0)) if left and left[0] else "") if repeating else None
        told.append(name if index is None else f"{name}[{index}]")
    return ".".join(told)


@lru_cache(maxsize=1)
def _paths() -> dict[str, tuple[tuple[str, bool], ...]]:
    """Names of parts by element, each with whether it repeats."""
    found: dict[str, tuple[tuple[str, bool], ...]] = {}

    def walk(kind: Any, before: tuple[tuple[str, bool], ...]) -> None:
        for each in dataclasses.fields(kind):
            here = (*before, (each.name, bool(each.metadata.get("repeats"))))
            if inner := each.metadata.get("part"):
                walk(inner, here)
            elif number := each.metadata.get("element"):
                found[number] = here

    walk(Case, ())
    return found
