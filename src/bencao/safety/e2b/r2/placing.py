"""Put fields of E2B(R2) to their data elements of E2B(R3), each once, and keep account of those that have none."""

from __future__ import annotations

from dataclasses import dataclass, field

from bencao.safety.e2b.codecs import Held
from bencao.safety.e2b.elements import elements
from bencao.safety.e2b.occurrence import Occurrence
from bencao.safety.e2b.r2 import codes
from bencao.safety.e2b.r2.fields import Place, Told, places


@dataclass
class Placing:
    """What has been placed so far, and what could not be."""

    found: dict[tuple[str, tuple[int, ...]], Held] = field(default_factory=dict)
    unread: list[str] = field(default_factory=list)

    def put(self, number: str, at: tuple[int, ...], what: Held, said: object) -> None:
        """Place a value, unless another stands there; `said` names the field where it cannot be."""
        name, mark, _ = number.partition("#")
        depth = elements()[name].repeating
        key = number, (at + (1,) * depth)[:depth]
        if self.found.setdefault(key, what) != what and not mark:
            self.unread.append(f"{said} (E2B(R3) has {number} once, and it says {self.found[key].value})")

    def occurrences(self) -> tuple[Occurrence, ...]:
        """The data elements in order."""
        order = {number: place for place, number in enumerate(elements())}
        keys = sorted(self.found, key=lambda key: (order[key[0].partition("#")[0]], key))
        return tuple(
            Occurrence(number, at, self.found[number, at].value, self.found[number, at].null_flavor)
            for number, at in keys
        )


def place(told: Told, placing: Placing, only: str = "") -> None:
    """Place a field that belongs to one data element, of numbers that begin with `only`."""
    known = places().get((told.within, told.name))
    if known is None:
        placing.unread.append(str(told))
        return
    for each in known:
        if each.kind == "none":
            placing.unread.append(str(told))
        elif each.element and each.element.startswith(only):
            _place(told, each, placing)


def _place(told: Told, known: Place, placing: Placing) -> None:
    if known.kind in ("meddra", "preferred"):
        _place_term(told, known, placing)
        return
    at = told.at
    if known.element == "C.4.r.1":  # E2B(R2) has one of them in each source, E2B(R3) has a list
        at = (sum(number == "C.4.r.1" for number, _ in placing.found) + 1,)
    if known.kind == "further":
        key = known.element, at
        if key in placing.found:  # the illness in words stands there: the comment goes on from it
            placing.found[key] = Held(f"{placing.found[key].value}; {told.value}")
            return
    if known.kind == "result" and not codes.measured(told.value):
        placing.put("F.r.3.4", at, Held(told.value), told)
        return
    what = _converted(told, known)
    if what is None:
        placing.unread.append(f"{told} (not a value of this field)")
        return
    placing.put(known.element, at, what, told)
    if known.kind == "route":
        placing.put(f"{known.element}#codeSystem", at, Held(codes.ROUTES), told)


def _converted(told: Told, known: Place) -> Held | None:
    if known.kind in codes.LISTS:
        return codes.listed(known.kind, told.value)
    if known.kind == "date":
        form = "lastmenstrualdateformat" if told.name == "patientlastmenstrualdate" else f"{told.name}format"
        return codes.date(told.value, told.beside.get(form, ""))
    if known.kind == "yesno":
        return codes.yes_or_no(known.element, told.value)
    if known.kind == "yes":
        return {"1": Held("true"), "2": Held(null_flavor="NI")}.get(told.value)
    if known.kind == "name":
        return codes.name_or_hidden(known.element, told.value)
    if known.kind == "result":
        return Held(codes.measured(told.value))
    return Held(told.value)


def _place_term(told: Told, known: Place, placing: Placing) -> None:
    """A MedDRA term by its code or in words."""
    version = told.beside.get(known.version, "")
    if known.kind == "preferred" and "reactionmeddrallt" in told.beside:
        placing.unread.append(f"{told} (E2B(R3) has the lowest level term alone)")
    elif codes.is_meddra_code(told.value):
        placing.put(known.element, told.at, Held(told.value), told)
        if version:
            placing.put(known.version_element, told.at, Held(version), told)
    elif known.text_element:
        placing.put(known.text_element, told.at, Held(told.value), told)
        if version:
            placing.unread.append(f"{told.within}/{known.version}: {version} (of a term in words, {told.value[:200]})")
    else:
        placing.unread.append(f"{told} (E2B(R3) has it as a MedDRA code alone)")
