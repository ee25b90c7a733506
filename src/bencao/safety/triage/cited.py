"""An answer with the data elements that it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bencao.safety.e2b.occurrence import Occurrence
from bencao.safety.validation.report import Elements, Place

YES, NO, UNKNOWN = "yes", "no", "unknown"


@dataclass(frozen=True, slots=True)
class Cite:
    """A data element that an answer rests on, or a person's own answer.

    Attributes
    ----------
    element : str
        Its number; ``answers`` where a person answered.
    repeats : tuple of int
    value : str
        What it says; a null flavour as ``~NI``; empty where it is missing.
    """

    element: str
    repeats: tuple[int, ...] = ()
    value: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """``yes``, ``no``, ``unknown`` or another word, with what it rests on."""

    value: str
    cites: tuple[Cite, ...] = ()


def cite(occurrence: Occurrence) -> Cite:
    """An occurrence as what is cited."""
    said = occurrence.value or f"~{occurrence.null_flavor}"
    return Cite(occurrence.element, occurrence.repeats, said)


def cited(fields: Elements, place: Place, *numbers: str) -> tuple[Cite, ...]:
    """What elements say at a place; one that is missing is cited with nothing."""
    found: list[Cite] = []
    for number in numbers:
        there = fields.at(number, place)
        found.extend([cite(each) for each in there] if there else [Cite(number, place.repeats)])
    return tuple(found)


def together(answers: Iterable[Answer]) -> tuple[Cite, ...]:
    """All that several answers rest on, once each."""
    return tuple(dict.fromkeys(each for answer in answers for each in answer.cites))
