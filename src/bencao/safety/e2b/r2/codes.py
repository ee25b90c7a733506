"""Codes and forms of E2B(R2) values in those of E2B(R3): units in UCUM, yes and no, renumbered lists."""

from __future__ import annotations

import re
from functools import lru_cache

from bencao.safety.e2b.codecs import Held
from bencao.safety.e2b.elements import elements

# ICH E2B(R2), attachment 1 (units and intervals), and the lists within its text, beside ICH E2B(R3)'s UCUM units.
_TIME = {
    "800": "10.a",
    "801": "a",
    "802": "mo",
    "803": "wk",
    "804": "d",
    "805": "h",
    "806": "min",
    "807": "s",
}
_UNITS = (
    "kg g mg ug ng pg mg/kg ug/kg mg/m2 ug/m2 L mL uL Bq GBq MBq kBq Ci mCi uCi nCi mol mmol umol [iU] k[iU] M[iU]",
    "[iU]/kg meq % [drp] {DF}",
)
_DOSE = {f"{number:03}": unit for number, unit in enumerate(" ".join(_UNITS).split(), 1)}


def _same(last: int, **other: str) -> dict[str, str]:
    return {str(number): str(number) for number in range(1, last + 1)} | {key[1:]: new for key, new in other.items()}


LISTS: dict[str, dict[str, str]] = {
    "messagetype": {"ichicsr": "1"},
    "reporttype": _same(4),
    "nullified": {"1": "1"},
    "qualification": _same(5),
    "studytype": _same(3),
    "sendertype": _same(6),
    "agegroup": _same(6),
    "sex": _same(2),
    "highlighted": _same(4),
    "outcome": _same(5, _6="0"),
    "role": _same(3),
    "action": _same(4, _5="0", _6="9"),
    "time": _TIME,
    "gestation": {key: _TIME[key] for key in ("802", "803", "804")} | {"810": "{trimester}"},
    "interval": {key: unit for key, unit in _TIME.items() if key not in ("800", "807")}
    | {"810": "{cyclical}", "811": "{trimester}", "812": "{asnecessary}", "813": "{total}"},
    "dose": _DOSE,
}
ROUTES = "2.16.840.1.113883.3.989.2.1.1.14"  # ICH's list of routes, numbered as in E2B(R2)
# Length of a date by the code of its form (UN/EDIFACT 2379).
_FORMS = {"102": 8, "610": 6, "602": 4, "203": 12, "204": 14}
_HIDDEN = {"PRIVACY": "MSK", "UNKNOWN": "UNK"}
_CODE = re.compile(r"[1-9]\d{7}")
_NUMBER = re.compile(r"([<>]=?)?\s*(\d+(?:\.\d+)?)")


def listed(kind: str, told: str) -> Held | None:
    """A code of one of `LISTS`, renumbered; None where the list has it not."""
    value = LISTS[kind].get(told) or LISTS[kind].get(told.zfill(3))
    return Held(value) if value else None


def name_or_hidden(number: str, told: str) -> Held:
    """A name, or the null flavour that E2B(R2) writes as a word, where the data element allows it."""
    flavour = _HIDDEN.get(told.upper(), "")
    return Held(null_flavor=flavour) if flavour and flavour in _nulls(number) else Held(told)


def date(told: str, form: str) -> Held | None:
    """A date or time; None if it is not written in the form that its code says."""
    right = told.isascii() and told.isdecimal() and len(told) in _FORMS.values()
    return Held(told) if right and (not form or _FORMS.get(form) == len(told)) else None


def yes_or_no(number: str, told: str) -> Held | None:
    """1 as true, 2 as false, 3 as unknown, each if the data element allows it; where it has no ``false``, 2 is NI."""
    if told == "3":
        return Held(null_flavor="UNK") if "UNK" in _nulls(number) else None
    if told == "2" and "false" not in elements()[number].codes:
        return Held(null_flavor="NI") if "NI" in _nulls(number) else None
    return {"1": Held("true"), "2": Held("false")}.get(told)


def is_meddra_code(told: str) -> bool:
    """Whether a term is given by its code of eight digits, and not in words."""
    return _CODE.fullmatch(told) is not None


def measured(told: str) -> str:
    """A result that is a number, perhaps with a sign as in ``<10``; empty for words."""
    found = _NUMBER.fullmatch(told)
    return f"{found[1] or ''}{found[2]}" if found else ""


@lru_cache(maxsize=512)
def _nulls(number: str) -> frozenset[str]:
    return elements()[number].nulls
