"""Templates filled from a case: a text with the data elements behind it, or nothing where they are missing."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass, field

from bencao.safety.e2b.occurrence import Occurrence
from bencao.safety.narrative.stated import Stated, path
from bencao.safety.narrative.template import Choice, Listing, Sequence, Slot
from bencao.safety.narrative.wording import FORMS, Language, join, meddra, quote
from bencao.safety.validation.report import Elements, Place, shared_depth

_NUMBERED = {"drug": ("drug {}", "药品{}"), "reaction": ("reaction {}", "不良反应{}")}


@dataclass(frozen=True)
class Filled:
    """A text and what it states."""

    text: str
    fields: tuple[Stated, ...] = ()


@dataclass(frozen=True)
class Context:
    """What a sentence is about: places of a case, such as one drug and one reaction."""

    elements: Elements
    lang: Language
    places: tuple[Place, ...] = ()
    names: Mapping[str, str] = field(default_factory=dict)

    def about(self, *places: Place) -> Context:
        """The same case, about these places."""
        return dataclasses.replace(self, places=places)

    def place(self, element: str) -> Place:
        """The place, of those that it is about, that an element stands in."""
        return max(self.places, key=lambda each: shared_depth(each.section, element), default=Place())

    def at(self, element: str) -> list[Occurrence]:
        """The occurrences of an element there."""
        return self.elements.at(element, self.place(element))

    def missing(self, element: str) -> Stated:
        """An element as missing."""
        place = self.place(element)
        repeats = tuple(each for each in place.repeats[: shared_depth(place.section, element)] if each)
        return Stated(element, repeats, path(element, repeats))

    def index(self, section: str) -> int:
        """Which of a repeating part it is about."""
        return next((each.repeats[-1] for each in self.places if each.section == section), 0)


def fill(sequence: Sequence, context: Context) -> Filled | None:
    """Fill a template; nothing where a slot of it cannot be filled."""
    texts: list[str] = []
    fields: list[Stated] = []
    for part in sequence.parts:
        if isinstance(part, str):
            texts.append(part)
            continue
        done = _filled(part, context)
        if done is None:
            return None
        texts.append(done.text)
        fields += done.fields
    return Filled("".join(texts), tuple(dict.fromkeys(fields)))


def stated(occurrence: Occurrence, shown: str = "") -> Stated:
    """An occurrence as what a sentence states."""
    return Stated(
        occurrence.element,
        occurrence.repeats,
        path(occurrence.element, occurrence.repeats),
        occurrence.value,
        occurrence.null_flavor,
        shown,
    )


def _filled(part: Slot | Choice | Listing, context: Context) -> Filled | None:
    if isinstance(part, Slot):
        return _slot(part, context)
    done = [filled for option in part.options if (filled := fill(option, context)) is not None]
    if isinstance(part, Choice):
        return done[0] if done else None if part.required else Filled("")
    if not done:
        return None
    text = join([each.text for each in done], context.lang, "and" if part.last else ",")
    return Filled(text, tuple(field for each in done for field in each.fields))


def _slot(slot: Slot, context: Context) -> Filled | None:
    if slot.kind == "number":
        return Filled(str(context.places[-1].repeats[-1]))
    if slot.kind == "drug":
        return _drug(context)
    if slot.kind == "reaction":
        return _reaction(context)
    there = context.at(slot.elements[0])
    if slot.kind == "absent":
        return None if there else Filled("", (context.missing(slot.elements[0]),))
    if slot.kind in ("equals", "present"):
        met = next((each for each in there if each.value and each.value in (slot.codes or (each.value,))), None)
        return None if met is None else Filled("", (stated(met),))
    if slot.kind == "all":
        return _every(slot, there, context)
    return _value(slot, context)


def _every(slot: Slot, there: list[Occurrence], context: Context) -> Filled | None:
    told = [(each, _worded(slot, [each.value], context)) for each in there if each.value]
    if not told:
        return None
    return Filled(join([text for _, text in told], context.lang), tuple(stated(each, text) for each, text in told))


def _value(slot: Slot, context: Context) -> Filled | None:
    found: list[Occurrence] = []
    for element in slot.elements:
        there = next((each for each in context.at(element) if each.value.strip()), None)
        if there is not None:
            found.append(there)
        elif element not in slot.optional:
            return None
    text = _worded(slot, [each.value for each in found], context)
    return Filled(text, tuple(stated(each, text) for each in found)) if text else None


def _worded(slot: Slot, values: list[str], context: Context) -> str:
    if slot.form == "meddra":
        return meddra(values, context.lang, slot.elements[0], context.names.get(values[0], ""))
    return FORMS[slot.form](values, context.lang, slot.elements[0]) if slot.form else values[0].strip()


def _drug(context: Context) -> Filled:
    for element in ("G.k.2.2", "G.k.2.3.r.1"):
        named = next((each for each in context.at(element) if each.value.strip()), None)
        if named is not None:
            return Filled(named.value.strip(), (stated(named, named.value.strip()),))
    return _unnamed(context, "drug", "G.k", "G.k.2.2")


def _reaction(context: Context) -> Filled:
    for element, form in (("E.i.1.2", quote), ("E.i.1.1a", quote), ("E.i.2.1b", meddra)):
        named = next((each for each in context.at(element) if each.value.strip()), None)
        if named is not None:
            text = form([named.value], context.lang, element)
            return Filled(text, (stated(named, text),))
    return _unnamed(context, "reaction", "E.i", "E.i.1.2")


def _unnamed(context: Context, kind: str, section: str, element: str) -> Filled:
    """A part without a name: by its number in the report."""
    text = _NUMBERED[kind][context.lang == "zh"].format(context.index(section))
    there = next(iter(context.at(element)), None)
    told = stated(there, text) if there else context.missing(element)
    return Filled(text, (dataclasses.replace(told, shown=text),))
