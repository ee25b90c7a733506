"""What a unit of a laboratory measures: its dimension, so that a test and its unit can be held against each other."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

Dimension = tuple[tuple[str, int], ...]  # base quantities with their powers, sorted; empty for a pure number

_ATOMS: dict[str, str] = {
    **dict.fromkeys(("g", "克"), "mass"),
    **dict.fromkeys(("mol", "摩尔", "osm", "eq"), "substance"),
    **dict.fromkeys(("l", "升"), "volume"),
    **dict.fromkeys(("u", "iu", "单位", "kat"), "activity"),
    **dict.fromkeys(("s", "sec", "秒", "min", "分", "分钟", "h", "hr", "小时", "d", "天"), "time"),
    **dict.fromkeys(("mmhg", "pa", "mmh2o", "cmh2o"), "pressure"),
    **dict.fromkeys(("m", "米"), "length"),
    **dict.fromkeys(("cel", "℃", "°c"), "temperature"),
}
_NUMBERS = frozenset(
    ("", "1", "%", "‰", "ratio", "个", "cells", "cell", "copies", "copy", "拷贝", "次", "hp", "hpf", "lp")
)
_PREFIXES = ("da", "k", "m", "u", "μ", "n", "p", "f", "d", "c", "毫", "微", "纳")
_POWER_OF_TEN = re.compile(r"^[x×*]?10[\^*]?e?\d*$")
_SPAN = re.compile(r"^\d+(?=(h|hr|小时|d|天|min)$)")  # as in mg/24h
_EXPONENT = re.compile(r"^(.*?)\^?([23²³])$")

# Dimension of a property, by LOINC's abbreviation (LOINC Users' Guide, property).
PROPERTIES: dict[str, Dimension] = {
    "mcnc": (("mass", 1), ("volume", -1)),
    "scnc": (("substance", 1), ("volume", -1)),
    "ccnc": (("activity", 1), ("volume", -1)),
    "acnc": (("activity", 1), ("volume", -1)),
    "ncnc": (("volume", -1),),
    "nfr": (),
    "vfr": (),
    "mfr": (),
    "sfr": (),
    "ratio": (),
    "rto": (),
    "entmass": (("mass", 1),),
    "entvol": (("volume", 1),),
    "time": (("time", 1),),
    "pres": (("pressure", 1),),
    "mass": (("mass", 1),),
    "vol": (("volume", 1),),
    "mrat": (("mass", 1), ("time", -1)),
    "srat": (("substance", 1), ("time", -1)),
}


def dimension(unit: str) -> Dimension | None:
    """Dimension of a unit as hospitals and UCUM write it; None where it is not understood.

    Examples
    --------
    >>> dimension("μmol/L") == dimension("mmol/dL")
    True
    >>> dimension("mg/dL") == dimension("mmol/L")
    False
    """
    text = (
        unicodedata.normalize("NFKC", unit)
        .lower()
        .replace(" ", "")
        .replace("[iu]", "iu")
        .replace("{", "")
        .replace("}", "")
    )
    text = text.replace("10*", "10^").replace("µ", "μ")
    powers: Counter[str] = Counter()
    for place, part in enumerate(text.split("/")):
        for atom in re.split(r"[.·]|\*(?!\d)", part):
            found = _atom(atom)
            if found is None:
                return None
            quantity, power = found
            if quantity:
                powers[quantity] += -power if place else power
    return tuple(sorted((quantity, power) for quantity, power in powers.items() if power))


def _atom(atom: str) -> tuple[str, int] | None:
    if atom in _NUMBERS or _POWER_OF_TEN.match(atom):
        return "", 0
    if found := _measure(_SPAN.sub("", atom)):
        return found, 1
    if (match := _EXPONENT.match(atom)) and _measure(match[1]) == "length":
        return ("volume", 1) if match[2] in "3³" else ("length", 2)
    return None


def _measure(atom: str) -> str | None:
    if atom in _ATOMS:
        return _ATOMS[atom]
    return next(
        (_ATOMS[atom[len(one) :]] for one in _PREFIXES if atom.startswith(one) and atom[len(one) :] in _ATOMS), None
    )
