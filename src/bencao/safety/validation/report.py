"""One report as rules look at it: its data elements by number and by the repeat they stand in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from bencao.safety.e2b.occurrence import Occurrence
from bencao.safety.validation.registry import Registry

REPEATING = frozenset("rik")
PREMARKET_RECEIVERS = ("CDER_IND", "CBER_IND", "CDER_IND_EXEMPT_BA_BE")
POSTMARKET_RECEIVERS = ("CDER", "CBER")
ROUTES = ("postmarket", "premarket", "vaers")


@dataclass(frozen=True, slots=True)
class Place:
    """A repeat of a repeating part: ``Place("G.k.4.r", (1, 2))`` is the first drug's second dosage."""

    section: str = ""
    repeats: tuple[int, ...] = ()


@dataclass(frozen=True)
class Background:
    """What rules need besides the message.

    Attributes
    ----------
    as_of : str
        The moment that dates are held against, ``CCYYMMDDhhmmss`` in UTC.
    route : str
        ``postmarket``, ``premarket`` or ``vaers``; empty to take it from the receivers named (N.2.r.3, N.1.4).
    submitted : frozenset of str or None
        Case numbers (C.1.1) sent before. Without them a report counts as initial if its most recent information
        (C.1.5) is no later than its first (C.1.4).
    registry : Registry or None
        Application numbers that FDA has registered.
    device_problems : frozenset of str or None
        FDA's or IMDRF's device problem codes. Without them only the form of a code is judged.
    """

    as_of: str
    route: str = ""
    submitted: frozenset[str] | None = None
    registry: Registry | None = None
    device_problems: frozenset[str] | None = None


class Elements:
    """The data elements of one report, by number and place.

    Parameters
    ----------
    occurrences : iterable of Occurrence
    """

    def __init__(self, occurrences: Iterable[Occurrence]) -> None:
        self.by_element: dict[str, list[Occurrence]] = {}
        self._places: dict[str, dict[tuple[int, ...], None]] = {}
        for each in occurrences:
            self.by_element.setdefault(each.element, []).append(each)
            for section, depth in sections_of(each.element):
                if len(each.repeats) >= depth:
                    self._places.setdefault(section, {})[each.repeats[:depth]] = None

    def at(self, element: str, place: Place) -> list[Occurrence]:
        """The occurrences of an element that stand in a place, or around it."""
        found = self.by_element.get(element, [])
        depth = shared_depth(place.section, element)
        return [each for each in found if each.repeats[:depth] == place.repeats[:depth]] if depth else found

    def places(self, section: str) -> list[Place]:
        """The repeats of a section; the whole report where the section is empty."""
        if not section:
            return [Place()]
        return [Place(section, repeats) for repeats in sorted(self._places.get(section, {}))]

    def first(self, element: str, place: Place | None = None) -> Occurrence | None:
        """The first occurrence of an element, or nothing."""
        return next(iter(self.at(element, place or Place())), None)

    def value(self, element: str, place: Place | None = None) -> str:
        """The first value of an element, or nothing."""
        return next((each.value for each in self.at(element, place or Place()) if each.value), "")

    @property
    def safety_report_id(self) -> str:
        """C.1.1."""
        return self.value("C.1.1")


class Report(Elements):
    """The data elements of one message and of its batch, with what rules need besides.

    Parameters
    ----------
    occurrences : iterable of Occurrence
        Of the message, and of the batch (N.1).
    background : Background
    """

    def __init__(self, occurrences: Iterable[Occurrence], background: Background) -> None:
        super().__init__(occurrences)
        self.background = background

    @property
    def route(self) -> str:
        """The way it is sent to FDA: as told, or as its receivers say."""
        if self.background.route:
            return self.background.route
        receiver, batch = self.value("N.2.r.3"), self.value("N.1.4")
        if "VAERS" in receiver or "VAERS" in batch:
            return "vaers"
        if receiver in POSTMARKET_RECEIVERS:
            return "postmarket"
        if receiver in PREMARKET_RECEIVERS or batch == "ZZFDA_PREMKT":
            return "premarket"
        return "postmarket"

    @property
    def initial(self) -> bool:
        """Whether nothing was sent of this case before."""
        if self.background.submitted is not None:
            return self.safety_report_id not in self.background.submitted
        first, last = self.value("C.1.4")[:8], self.value("C.1.5")[:8]
        return not (first and last and last > first)


@cache
def sections_of(element: str) -> tuple[tuple[str, int], ...]:
    """The repeating sections that an element stands in, from the outside in, each with its depth."""
    parts = bare(element).split(".")
    found: list[tuple[str, int]] = []
    for end, part in enumerate(parts, 1):
        if part in REPEATING:
            found.append((".".join(parts[:end]), len(found) + 1))
    return tuple(found)


@cache
def shared_depth(section: str, element: str) -> int:
    """How many repeats an element has in common with a section."""
    inside = {name for name, _ in sections_of(section)}
    return sum(name in inside for name, _ in sections_of(element))


@cache
def bare(element: str) -> str:
    """An element's number without region and without the mark of a further attribute."""
    return element.removeprefix("FDA.").partition("#")[0]


def section_of(element: str) -> str:
    """The innermost repeating section of an element; empty where it stands once in a report."""
    found = sections_of(element)
    return found[-1][0] if found and not element.startswith("N.2.r") else ""
