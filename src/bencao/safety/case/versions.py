"""What changed between two versions of a case, data element by data element."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from bencao.safety.case.case import Case, occurrences
from bencao.safety.e2b.elements import elements
from bencao.safety.e2b.occurrence import Occurrence

Version = Literal["initial", "follow-up", "amendment", "nullification", "another case"]
Kind = Literal["added", "removed", "changed"]
_Key = tuple[str, tuple[int, ...]]

# Parts that repeat are told apart by what names them, so that one more in front does not change all the rest.
_NAMED_BY = {
    "G.k": ("G.k.2.2", "G.k.2.1.1b", "G.k#id"),
    "E.i": ("E.i.2.1b", "E.i.1.2", "E.i.1.1a", "E.i#id"),
    "F.r": ("F.r.2.2b", "F.r.2.1"),
    "D.7.1.r": ("D.7.1.r.1b", "D.7.1.r.5"),
    "D.8.r": ("D.8.r.1",),
    "C.2.r": ("C.2.r.1.4", "C.2.r.2.1", "C.2.r.4"),
}


@dataclass(frozen=True)
class Change:
    """A data element that differs.

    Attributes
    ----------
    element, name : str
        Number and name in the guide.
    repeats : tuple of int
        In the newer version; in the older one where it was removed.
    kind : {"added", "removed", "changed"}
    old, new : str
        Values; a null flavour as ``(NI)``.
    """

    element: str
    name: str
    repeats: tuple[int, ...]
    kind: Kind
    old: str
    new: str


def version(old: Case, new: Case) -> Version:
    """What a newer report is to an older one (C.1.1, C.1.8.1, C.1.11.1 of the guide)."""
    before, after = old.administration.identification, new.administration.identification
    if (before.worldwide_id.value or old.identifier) != (after.worldwide_id.value or new.identifier):
        return "another case"
    told: dict[str, Version] = {"1": "nullification", "2": "amendment"}
    return told.get(after.nullification_or_amendment.value, "follow-up")


def changes(old: Case, new: Case) -> list[Change]:
    """What a newer version of a case changed, in the order of the guide.

    Drugs, reactions, tests and the like are matched by what names them, else by their place.
    """
    before, after = _values(old), _values(new)
    match = _matched(before, after)
    moved = {_moved(key, match): value for key, value in before.items()}
    found = []
    for key in {**moved, **after}:
        was, now = moved.get(key), after.get(key)
        if _told(was) != _told(now):
            found.append(Change(key[0], _name(key[0]), key[1], _kind(was, now), _told(was), _told(now)))
    order = {number: place for place, number in enumerate(elements())}
    return sorted(found, key=lambda change: (order.get(change.element, len(order)), change.element, change.repeats))


def _values(case: Case) -> dict[_Key, Occurrence]:
    return {(each.element, each.repeats): each for each in occurrences(case) if not each.element.startswith("N.2")}


def _matched(before: Mapping[_Key, Occurrence], after: Mapping[_Key, Occurrence]) -> dict[tuple[str, int], int]:
    """Place in the newer version of each named part of the older one."""
    match: dict[tuple[str, int], int] = {}
    for stem, names in _NAMED_BY.items():
        old, new = _places(before, stem), _places(after, stem)
        free = sorted(new)
        left = []
        for place in sorted(old):
            twin = next((other for other in free if _alike(before, place, after, other, names)), None)
            if twin is None:
                left.append(place)
            else:
                match[stem, place] = twin
                free.remove(twin)
        beyond = max([*new, *old], default=0)
        for place in left:
            if place in free:
                match[stem, place] = place
                free.remove(place)
            else:  # it is gone: a place that the newer version has not
                beyond += 1
                match[stem, place] = beyond
    return match


def _alike(
    before: Mapping[_Key, Occurrence], place: int, after: Mapping[_Key, Occurrence], other: int, names: tuple[str, ...]
) -> bool:
    """Whether two parts have one of the names in common."""
    told = [_told(before.get((name, (place,)))) for name in names]
    return any(one and one == _told(after.get((name, (other,)))) for name, one in zip(names, told, strict=True))


def _places(values: Mapping[_Key, Occurrence], stem: str) -> set[int]:
    bare = {number for number, _ in values if number.removeprefix("FDA.").startswith((f"{stem}.", f"{stem}#"))}
    return {repeats[0] for number, repeats in values if number in bare and repeats}


def _moved(key: _Key, match: Mapping[tuple[str, int], int]) -> _Key:
    number, repeats = key
    stem = next((stem for stem in _NAMED_BY if number.removeprefix("FDA.").startswith((f"{stem}.", f"{stem}#"))), "")
    return (number, (match.get((stem, repeats[0]), repeats[0]), *repeats[1:])) if stem and repeats else key


def _kind(old: Occurrence | None, new: Occurrence | None) -> Kind:
    return "added" if old is None else "removed" if new is None else "changed"


def _told(occurrence: Occurrence | None) -> str:
    if occurrence is None:
        return ""
    return f"({occurrence.null_flavor})" if occurrence.null_flavor else occurrence.value


def _name(number: str) -> str:
    element = elements().get(number)
    return element.name if element else number
