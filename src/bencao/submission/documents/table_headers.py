"""Texts of a workbook that name the columns of its tables: formulas go by them, so they stay as they are."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import Any

from bencao.submission.documents.dialect import S
from bencao.submission.documents.package import Package
from bencao.submission.exchange.safe_xml import parse_bytes

_RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
_CELL = re.compile(r"([A-Z]+)(\d+)")


@dataclass(frozen=True)
class TableHeaders:
    """Where the headers of a workbook's tables stand.

    Attributes
    ----------
    strings : frozenset of int
        Numbers of the shared strings among them.
    ranges : dict of str to list of str
        References of the tables of each sheet's part.
    """

    strings: frozenset[int]
    ranges: dict[str, list[str]]

    def hold(self, part: str, number: int, element: Any) -> bool:
        """Whether a text, the so-many-th of its part, is a header's."""
        if part == "xl/sharedStrings.xml":
            return number in self.strings
        cell = element.getparent().get("r", "") if part in self.ranges else ""
        return any(_heads(cell, reference) for reference in self.ranges.get(part, ()))


def table_headers(package: Package) -> TableHeaders:
    """Find the headers of a workbook's tables."""
    strings: set[int] = set()
    found: dict[str, list[str]] = {}
    for name, data in package.parts.items():
        if not re.fullmatch(r"xl/worksheets/sheet\d*\.xml", name):
            continue
        ranges = [parse_bytes(package.parts[table], table).get("ref", "") for table in _tables(package, name)]
        if ranges:
            found[name] = ranges
            strings |= _strings(parse_bytes(data, name), ranges)
    return TableHeaders(frozenset(strings), found)


def _tables(package: Package, sheet: str) -> list[str]:
    folder, _, file = sheet.rpartition("/")
    relations = package.parts.get(f"{folder}/_rels/{file}.rels")
    if relations is None:
        return []
    targets = [
        posixpath.normpath(posixpath.join(folder, relation.get("Target", ""))).lstrip("/")
        for relation in parse_bytes(relations, sheet).iter(_RELATIONS)
        if relation.get("Type", "").endswith("/table")
    ]
    return [target for target in targets if target in package.parts]


def _strings(sheet: Any, ranges: list[str]) -> set[int]:
    found = set()
    for cell in sheet.iter(f"{{{S}}}c"):
        value = cell.find(f"{{{S}}}v")
        if cell.get("t") == "s" and value is not None and any(_heads(cell.get("r", ""), one) for one in ranges):
            found.add(int(value.text))
    return found


def _heads(cell: str, reference: str) -> bool:
    start, _, end = reference.partition(":")
    place, first, last = (_CELL.match(text) for text in (cell, start, end or start))
    if place is None or first is None or last is None:
        return False
    return place[2] == first[2] and _column(first[1]) <= _column(place[1]) <= _column(last[1])


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - 64
    return number
