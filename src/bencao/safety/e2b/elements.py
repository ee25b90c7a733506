"""The data elements of E2B(R3) and FDA's regional ones: what each is called and what it may hold."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_TABLE = Path(__file__).parent / "elements.tsv"


@dataclass(frozen=True, slots=True)
class Element:
    """A data element.

    Attributes
    ----------
    number, name : str
    length : int or None
        Most characters.
    kind : str
        ``date``, ``number``, ``letters``, ``text``, ``boolean`` or ``base64``.
    codes : tuple of str
        Values allowed; empty where any are.
    ich, postmarket, premarket : str
        ``required``, ``conditional``, ``optional`` or empty; the latter two where FDA asks for more than ICH.
    nulls : frozenset of str
        Null flavours allowed.
    root : str
        Object identifier of its code system or identifiers.
    """

    number: str
    name: str
    length: int | None
    kind: str
    codes: tuple[str, ...]
    ich: str
    postmarket: str
    premarket: str
    nulls: frozenset[str]
    root: str

    @property
    def repeating(self) -> int:
        """How many parts of its number repeat."""
        return depth(self.number)


def depth(number: str) -> int:
    """How many parts of a number repeat, of a further attribute's (``NUMBER#name``) too."""
    return sum(part in ("r", "i", "k") for part in number.partition("#")[0].split("."))


@lru_cache(maxsize=1)
def elements() -> dict[str, Element]:
    """All data elements by number, in the order of the guide."""
    with _TABLE.open(encoding="utf-8", newline="") as handle:
        return {row["number"]: _element(row) for row in csv.DictReader(handle, delimiter="\t")}


def _element(row: dict[str, str]) -> Element:
    return Element(
        row["number"],
        row["name"],
        int(row["length"]) if row["length"] else None,
        row["type"],
        tuple(row["codes"].split()),
        row["ich"],
        row["postmarket"],
        row["premarket"],
        frozenset(row["nulls"].split()),
        row["root"],
    )
