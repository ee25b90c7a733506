"""The elements of the backbones: their order, headings, attributes and folders."""

from __future__ import annotations

import csv
import functools
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources

from bencao.submission.errors import ManifestError


@dataclass(frozen=True)
class Element:
    """One heading of the dossier.

    Parameters
    ----------
    name : str
        Of the element in the backbone, e.g. ``m3-2-s-drug-substance`` or ``cn-1-3-1-1``.
    parent : str
        Name of the element around it, "" at the top.
    number : str
        Of the heading in the common technical document, e.g. ``3.2.S``.
    english, chinese : str
        The heading.
    repeats : bool
        Whether it may stand several times, told apart by its attributes.
    extension : bool
        Whether the definition lets a node extension stand in it.
    holds_leaves : bool
    required, optional : tuple of str
        Attributes.
    folder : str
        Where its files lie in the sequence, ICH eCTD 3.2.2 appendix 4; ``{substance}`` and the like stand for an
        attribute's value.
    """

    name: str
    parent: str
    number: str
    english: str
    chinese: str
    repeats: bool
    extension: bool
    holds_leaves: bool
    required: tuple[str, ...]
    optional: tuple[str, ...]
    folder: str

    def heading(self, lang: str) -> str:
        """The heading in a language, ``en`` or ``zh``."""
        return (self.chinese if lang == "zh" else self.english) or self.english


def table(name: str) -> list[dict[str, str]]:
    """A table of the package, row by row."""
    text = (resources.files(__package__) / "tables" / name).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), delimiter="\t"))


@functools.cache
def ich_elements() -> Mapping[str, Element]:
    """Elements of modules 1 to 5 by name, in the order of ich-ectd-3-2.dtd."""
    return {row["element"]: _element(row) for row in table("ich_elements.tsv")}


@functools.cache
def cn_elements() -> Mapping[str, Element]:
    """Elements of China's module 1 by name, in the order of cn-regional-1-0.xsd."""
    return {row["element"]: _element(row) for row in table("cn_elements.tsv")}


def _element(row: dict[str, str]) -> Element:
    holds = bool(row.get("leaves", "y"))
    return Element(
        row["element"],
        row["parent"],
        row["number"],
        row["en"],
        row["zh"],
        bool(row.get("repeats")),
        bool(row.get("extension", row.get("leaves", ""))),
        holds,
        tuple(row.get("required", "").split()),
        tuple(row.get("optional", "").split()),
        row["folder"],
    )


def element_at(place: str, regional: Mapping[str, Element], where: str) -> Element:
    """The element that a manifest means by its name or by the number of its heading.

    Parameters
    ----------
    place : str
        ``3.2.S.4.1``, ``m3-2-s-4-1-specification``, ``1.3.1.1`` or ``cn-1-3-1-1``.
    regional : mapping
        Elements of the region's module 1.
    where : str
        What an error names.

    Raises
    ------
    ManifestError
        Where there is no such heading.
    """
    known = {**ich_elements(), **regional}
    if place in known:
        return known[place]
    for element in known.values():
        if element.number.casefold() == place.casefold():
            return element
    raise ManifestError(
        f"{place!r} is no heading of this region's dossier",
        where=where,
        mend="give a heading's number such as 3.2.S.4.1, or an element's name such as m3-2-s-4-1-specification",
    )


def chain(element: Element) -> tuple[Element, ...]:
    """The elements around an element, outermost first, and itself."""
    known = cn_elements() if element.name in cn_elements() else ich_elements()
    found = [element]
    while found[0].parent:
        found.insert(0, known[found[0].parent])
    return tuple(found)
