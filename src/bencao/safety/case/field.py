"""A value of a case with where it comes from, and how the parts of a case name their E2B data elements."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Source:
    """Where a value comes from.

    Attributes
    ----------
    document : str
        File or message; empty for what was entered by hand.
    start, end : int
        Characters of the document's text that say it, the end not among them; both -1 where it is no text.
    rule : str
        Rule or model that read it, with its version; empty for a person.
    """

    document: str = ""
    start: int = -1
    end: int = -1
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """A value as E2B writes it, or a null flavour, or nothing.

    Attributes
    ----------
    value : str
    null_flavor : str
        HL7 null flavour in place of a value.
    source : Source or None
    """

    value: str = ""
    null_flavor: str = ""
    source: Source | None = None

    def __bool__(self) -> bool:
        """Whether anything is said: a value or why there is none."""
        return bool(self.value or self.null_flavor)

    def __str__(self) -> str:
        return self.value


ABSENT = Field()


def element(number: str) -> Any:
    """A field that holds the data element of a number."""
    return dataclasses.field(default=ABSENT, metadata={"element": number})


def elements(number: str) -> Any:
    """A tuple of fields, for a data element that repeats by itself."""
    return dataclasses.field(default=(), metadata={"element": number, "repeats": True})


def part(kind: type) -> Any:
    """A part of its own within a case."""
    return dataclasses.field(default_factory=kind, metadata={"part": kind})


def parts(kind: type) -> Any:
    """A part that repeats."""
    return dataclasses.field(default=(), metadata={"part": kind, "repeats": True})
