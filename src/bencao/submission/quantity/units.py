"""Names of units in both languages, and how a value in one is told in another."""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from fractions import Fraction
from functools import cache
from importlib.resources import files

# The pattern of what may stand between a number and its unit.
_PLAIN = re.compile(r"[A-Za-z]")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its kind, and how many base units of the kind it is worth (None for temperatures)."""

    name: str
    kind: str
    factor: Fraction | None
    english: tuple[str, ...]
    chinese: tuple[str, ...]


@cache
def units() -> dict[str, Unit]:
    """Every unit by its canonical name."""
    text = files("bencao.submission.quantity").joinpath("tables", "units.tsv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE)
    return {
        row["unit"]: Unit(
            row["unit"],
            row["kind"],
            Fraction(row["factor"]) if row["factor"] else None,
            tuple(row["english"].split("|")),
            tuple(row["chinese"].split("|")),
        )
        for row in rows
    }


@cache
def names(language: str) -> dict[str, str]:
    """Canonical name by how a unit is written; words of English in lower case, symbols as they stand."""
    found: dict[str, str] = {}
    for unit in units().values():
        for name in unit.english if language == "en" else unit.chinese:
            found[name] = unit.name
            if language == "en" and len(name) > 4:
                found[name.capitalize()] = unit.name
    return found


@cache
def pattern(language: str) -> str:
    """A regular expression for a unit, the longest name first; a Latin name ends where its letters end."""
    listed = sorted(names(language), key=len, reverse=True)
    return "|".join(re.escape(name) + (r"(?![A-Za-z0-9])" if _PLAIN.match(name[-1]) else "") for name in listed)


def same_kind(one: str, two: str) -> bool:
    """Whether two units measure the same; months count as time."""
    kinds = [units()[name].kind if name in units() else name for name in (one, two)]
    return kinds[0] == kinds[1] or set(kinds) == {"time", "months"}


def same_amount(value: Fraction, unit: str, other: Fraction, other_unit: str) -> bool:
    """Whether two values in units of one kind are the same amount, or are so but for the rounding of a conversion."""
    one, two = units().get(unit), units().get(other_unit)
    if one is None or two is None or one.kind != two.kind or one.name == two.name:
        return False
    if one.kind == "temperature":
        celsius, fahrenheit = (value, other) if unit == "degC" else (other, value)
        return abs(celsius * 9 / 5 + 32 - fahrenheit) <= 1
    if one.factor is None or two.factor is None:
        return False
    left, right = value * one.factor, other * two.factor
    exact = {unit, other_unit}.isdisjoint(_IMPERIAL)
    return left == right if exact else abs(left - right) <= max(left, right) / 10


_IMPERIAL = {"lb", "oz", "ft", "in", "mi"}
