"""Pairs of cases that may be one, side by side."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bencao.kernel.errors import InputError
from bencao.safety.browse.cases import values_of
from bencao.safety.browse.places import OpenSafety
from bencao.safety.case import Case
from bencao.safety.narrative.wording import Language


@dataclass(frozen=True)
class PairRow:
    """A pair of the list."""

    number: int
    one: str
    other: str
    probability: str
    cluster: str


@dataclass(frozen=True)
class PairsView:
    """All pairs, likeliest first."""

    rows: tuple[PairRow, ...]


@dataclass(frozen=True)
class PairView:
    """Two cases side by side.

    Attributes
    ----------
    one, other : str
    probability : str
    weights : tuple of (str, str)
        What spoke for and against, by field.
    values : tuple of (name, one, other, equal)
        Data elements that either has.
    missing : tuple of str
        Of the two, those that are not among the cases given.
    """

    one: str
    other: str
    probability: str
    weights: tuple[tuple[str, str], ...]
    values: tuple[tuple[str, str, str, bool], ...]
    missing: tuple[str, ...]


def show_pairs(safety: OpenSafety) -> PairsView:
    """All pairs, likeliest first."""
    order = sorted(range(len(safety.pairs)), key=lambda place: (-_probability(safety.pairs[place]), place))
    return PairsView(tuple(_row(place, safety.pairs[place]) for place in order))


def show_pair(safety: OpenSafety, number: str, lang: Language) -> PairView:
    """A pair by its place; raises InputError where there is none."""
    if not number.isdecimal() or int(number) >= len(safety.pairs):
        raise InputError(f"no pair {number}", where="duplicates", mend="choose one of the list")
    pair = safety.pairs[int(number)]
    names = str(pair["a"]), str(pair["b"])
    cases = [safety.find(name) for name in names]
    tables = [_values(case, safety, lang) if case else {} for case in cases]
    keys = dict.fromkeys([*tables[0], *tables[1]])
    values = [(key, tables[0].get(key, ""), tables[1].get(key, "")) for key in keys]
    return PairView(
        *names,
        f"{_probability(pair):.3f}",
        tuple((str(each.get("field", "")), _weight(each)) for each in pair.get("fields", []) if isinstance(each, dict)),
        tuple((key, one, other, bool(one) and one == other) for key, one, other in values),
        tuple(name for name, case in zip(names, cases, strict=True) if case is None),
    )


def _values(case: Case, safety: OpenSafety, lang: Language) -> dict[str, str]:
    found: dict[str, str] = {}
    for row in values_of(case, safety, lang):
        repeats = f"[{','.join(map(str, row.repeats))}]" if row.repeats else ""
        found[f"{row.element}{repeats} {row.name}"] = row.shown
    return found


def _row(place: int, pair: dict[str, Any]) -> PairRow:
    return PairRow(place, str(pair["a"]), str(pair["b"]), f"{_probability(pair):.3f}", str(pair.get("cluster", "")))


def _probability(pair: dict[str, Any]) -> float:
    told = pair.get("probability", 0.0)
    return float(told) if isinstance(told, int | float) else 0.0


def _weight(told: dict[str, Any]) -> str:
    weight = told.get("weight")
    number = f"{weight:+.2f}" if isinstance(weight, int | float) else ""
    return " ".join(filter(None, (number, str(told.get("said", "")))))
