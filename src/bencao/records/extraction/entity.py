"""What is found in a note: entities with their status, time and attributes, by character offsets."""

from __future__ import annotations

from dataclasses import dataclass

KINDS = ("disease", "symptom", "drug", "test", "vital_sign", "operation", "body_part", "imaging")
# What one says of findings; a status other than present is not asked of a place in the body.
ASSERTED = frozenset(KINDS) - {"body_part"}


@dataclass(frozen=True, order=True)
class Span:
    """A named piece of text: offsets in characters, end exclusive, and what it is."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Attribute:
    """What is said of an entity: dose, route, frequency, duration, value, flag or body part.

    Attributes
    ----------
    kind : str
    start, end : int
        Offsets in the note, end exclusive.
    text : str
    """

    kind: str
    start: int
    end: int
    text: str


@dataclass(frozen=True)
class Entity:
    """An entity of a note.

    Attributes
    ----------
    start, end : int
        Offsets in the note in characters, end exclusive.
    text : str
    kind : str
        One of `KINDS`, or the label of the model that found it.
    status : str
        present, negated, possible, conditional, past or family.
    date : str
        ISO 8601 date, month or year when it was, or empty.
    time_text : str
        The words that say so, or empty.
    duration : str
        ISO 8601 duration, such as P3D, or empty.
    attributes : tuple of Attribute
    """

    start: int
    end: int
    text: str
    kind: str
    status: str = "present"
    date: str = ""
    time_text: str = ""
    duration: str = ""
    attributes: tuple[Attribute, ...] = ()
