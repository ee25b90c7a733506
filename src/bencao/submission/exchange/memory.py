"""A translation memory as TMX has it: units with one variant a language."""

from __future__ import annotations

from dataclasses import dataclass, field

from bencao.submission.exchange.content import Content

Attributes = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A ``note`` or ``prop`` of a header, a unit or a variant; `kind` is the element's name."""

    kind: str
    text: str
    attributes: Attributes = ()


@dataclass(frozen=True, slots=True)
class Variant:
    """A unit's text in one language."""

    language: str
    content: Content
    attributes: Attributes = ()
    notes: tuple[Note, ...] = ()


@dataclass(frozen=True, slots=True)
class Unit:
    """Texts that translate each other."""

    variants: tuple[Variant, ...]
    id: str = ""
    attributes: Attributes = ()
    notes: tuple[Note, ...] = ()

    def variant(self, language: str) -> Variant | None:
        """The first variant in a language; ``zh`` finds ``zh-CN`` too."""
        head = language.lower().partition("-")[0]
        for variant in self.variants:
            if variant.language.lower() == language.lower():
                return variant
        for variant in self.variants:
            if variant.language.lower().replace("_", "-").partition("-")[0] == head:
                return variant
        return None


@dataclass(frozen=True, slots=True)
class Memory:
    """A translation memory.

    Attributes
    ----------
    units : tuple of Unit
    attributes : tuple of (str, str)
        Of the header: ``srclang``, ``segtype``, ``creationtool`` …
    notes : tuple of Note
        Notes and properties of the header.
    """

    units: tuple[Unit, ...]
    attributes: Attributes = ()
    notes: tuple[Note, ...] = field(default=())
