"""Which units the data elements may have (ICH E2B(R3) implementation guide, constrained UCUM)."""

from __future__ import annotations

import re

_SPAN = ("s", "min", "h", "d", "wk", "mo", "a")
_GESTATION = ("mo", "wk", "d", "{trimester}")
UNITS: dict[str, tuple[str, ...]] = {
    "D.2.2b": ("a", "mo", "wk", "d", "h", "10.a"),
    "D.2.2.1b": _GESTATION,
    "D.10.2.2b": ("a", "10.a"),
    "E.i.6b": _SPAN,
    "G.k.4.r.3": ("a", "mo", "wk", "d", "h", "min", "{cyclical}", "{asnecessary}", "{total}"),
    "G.k.4.r.6b": _SPAN,
    "G.k.6b": _GESTATION,
    "G.k.9.i.3.1b": _SPAN,
    "G.k.9.i.3.2b": _SPAN,
}
# Doses, strengths and results take any UCUM unit; its letters and operators are fixed, the rest is a person's matter.
FREE_UNITS = frozenset(("F.r.3.3", "G.k.2.3.r.3b", "G.k.4.r.1b", "G.k.5b"))
_UCUM = re.compile(r"[A-Za-z0-9\[\]{}()_./%*'\"^+-]+")
# How many of a unit make a year, for ages.
YEARS = {"a": 1.0, "10.a": 10.0, "mo": 1 / 12, "wk": 1 / 52.1775, "d": 1 / 365.25, "h": 1 / 8766}


def unit_is_known(element: str, unit: str) -> bool:
    """Whether a unit may stand in an element; spaces within braces and the case of braces' words do not count."""
    allowed = UNITS.get(element)
    if allowed is None:
        return bool(_UCUM.fullmatch(re.sub(r"\{[^}]*\}", "{}", unit)))
    plain = re.sub(r"\s", "", unit).lower() if unit.startswith("{") else unit
    return plain in allowed
