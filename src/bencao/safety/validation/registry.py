"""The application numbers registered with FDA, as the user's list has them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from bencao.kernel.errors import InputError
from bencao.safety.tables import read_rows, read_text

COLUMNS = ("kind", "number", "center", "product")
KINDS = ("IND", "PANDA")


@dataclass(frozen=True, slots=True)
class Application:
    """An application: ``IND`` or ``PANDA`` (pre-ANDA), its number, the center (CDER, CBER) and its product."""

    kind: str
    number: str
    center: str
    product: str = ""


@dataclass(frozen=True)
class Registry:
    """Applications by kind and number."""

    applications: tuple[Application, ...]

    def find(self, kind: str, number: str) -> list[Application]:
        """The applications with a number; letters and leading zeros do not count."""
        wanted = _digits(number)
        return [each for each in self.applications if each.kind == kind and _digits(each.number) == wanted]


def read_registry(path: Path) -> Registry:
    """Read a CSV with the columns kind, number, center and product.

    Raises
    ------
    InputError
        A file that cannot be read, lacks a column, or has a kind other than IND or PANDA.
    """
    rows = read_rows(path, COLUMNS)
    for number, row in enumerate(rows, 2):
        if row["kind"] not in KINDS:
            raise InputError(f"kind {row['kind']!r}", where=f"{path}: row {number}", mend="write IND or PANDA")
    return Registry(tuple(Application(*(row[name].strip() for name in COLUMNS)) for row in rows))


def read_lines(path: Path) -> list[str]:
    """Read a list, one a line; empty lines do not count.

    Raises
    ------
    InputError
        A file that cannot be read, or is not UTF-8.
    """
    return [line.strip() for line in read_text(path).splitlines() if line.strip()]


def _digits(number: str) -> str:
    return re.sub(r"\D", "", number).lstrip("0")
