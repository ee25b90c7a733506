"""The fields of an E2B(R2) message, where each belongs in E2B(R3), and what a message says in them."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from lxml import etree

_TABLE = Path(__file__).parent / "fields.tsv"
# Parts of a report that may stand more than once.
_REPEATING = {
    "reportduplicate", "linkedreport", "primarysource", "medicalhistoryepisode", "patientpastdrugtherapy",
    "patientdeathcause", "patientautopsy", "parentmedicalhistoryepisode", "parentpastdrugtherapy", "reaction", "test",
    "drug", "activesubstance", "drugrecurrence", "drugreactionrelatedness",
}  # fmt: skip
_PARTS = _REPEATING | {"patient", "patientdeath", "parent", "sender", "receiver", "summary"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a field belongs.

    Attributes
    ----------
    element : str
        Data element of E2B(R3); empty where it has none, or is found by `whole.py` and `assessments.py`.
    kind : str
        How it is written: ``text``, ``date``, ``yesno``, a list of `codes.LISTS` and the like; ``form`` for the form of
        another field, ``whole`` for what speaks of several parts, ``none`` for what has no place.
    version, version_element, text_element : str
        Of a MedDRA term: the field with its version, where that belongs, and where a term in words does.
    """

    element: str
    kind: str
    version: str
    version_element: str
    text_element: str


@dataclass(frozen=True, slots=True)
class Told:
    """A field of a message with a value.

    Attributes
    ----------
    within, name, value : str
        The part it stands in, its name, its text.
    at : tuple of int
        Which of the repeating parts, from 1, from the outside in.
    beside : mapping of str
        The other fields of the same part; of several by one name the first.
    """

    within: str
    name: str
    value: str
    at: tuple[int, ...]
    beside: Mapping[str, str]

    def __str__(self) -> str:
        place = f"[{','.join(map(str, self.at))}]" if self.at else ""
        return f"{self.within}{place}/{self.name}: {self.value[:200]}"


@lru_cache(maxsize=1)
def places() -> dict[tuple[str, str], tuple[Place, ...]]:
    """Where the fields belong, by the part they stand in and their name."""
    found: dict[tuple[str, str], tuple[Place, ...]] = {}
    with _TABLE.open(encoding="utf-8", newline="") as handle:
        for row in csv.DictReader(handle, delimiter="\t"):
            key = row.pop("within"), row.pop("name")
            found[key] = (*found.get(key, ()), Place(**row))
    return found


def told_in(element: etree._Element, at: tuple[int, ...] = ()) -> list[Told]:
    """The fields with a value in a part of a message and in the parts within it."""
    found: list[Told] = []
    counts: Counter[str] = Counter()
    leaves: list[tuple[str, str]] = []
    inner: list[Told] = []
    for child in element:
        if not isinstance(child.tag, str):
            continue
        if child.tag in _PARTS:
            leaves += _beside_fields(child)
            place = (*at, counts[child.tag] + 1) if child.tag in _REPEATING else at
            within = told_in(child, place)
            counts[child.tag] += bool(within)
            inner += within
        else:
            leaves += _leaf(child)
    beside = dict(reversed(leaves))
    found += [Told(str(element.tag), name, value, at, beside) for name, value in leaves]
    return found + inner


def _beside_fields(part: etree._Element) -> list[tuple[str, str]]:
    """Attributes of a part and text between its fields, which no field holds."""
    name = str(part.tag)
    texts = [part.text, *(child.tail for child in part)]
    found = [(f"{name}@{key}", value) for key, value in part.attrib.items()]
    return found + [(f"{name}/", text.strip()) for text in texts if text and text.strip()]


def _leaf(element: etree._Element) -> list[tuple[str, str]]:
    """A field's text; and its attributes and what stands within it, which no field has."""
    name = str(element.tag)
    found = [(name, element.text.strip())] if element.text and element.text.strip() else []
    for part in element.iter():
        if isinstance(part.tag, str):
            inner = name if part is element else f"{name}/{part.tag}"
            found += [(f"{inner}@{key}", value) for key, value in part.attrib.items()]
            if part is not element and part.text and part.text.strip():
                found.append((inner, part.text.strip()))
        if part is not element and part.tail and part.tail.strip():
            found.append((f"{name}/", part.tail.strip()))
    return found
