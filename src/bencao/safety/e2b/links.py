"""Which drug and which reaction an assessment speaks of: by id in the message, by repeats in the data elements."""

# In the message the role of a drug, and how it relates to a reaction, stand apart and name both by their ids; among the
# data elements they are repeats of the drug (k) and, within it, of the reactions assessed (i), see G.k.9.i.

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import NAMESPACE_OID, uuid5

from bencao.safety.e2b.occurrence import Occurrence

DRUG_ID, REACTION_ID, ASSESSED = "G.k#id", "E.i#id", "G.k.9.i.1"
_ROLES = ("G.k.1", "FDA.G.k.1.a")
_PAIRS = "G.k.9.i."
_RELATEDNESS = "G.k.9.i.2.r."


@dataclass(frozen=True, slots=True)
class Loose:
    """A value as it stands in the message.

    Attributes
    ----------
    occurrence : Occurrence
        Its repeats are those of the message's elements.
    drug, reaction : str
        Ids of what it speaks of; empty where the message says so by its place.
    """

    occurrence: Occurrence
    drug: str = ""
    reaction: str = ""


def gathered(loose: Iterable[Loose]) -> list[Occurrence]:
    """Values of a message with the repeats of the data elements."""
    found = list(loose)
    drugs = {each.occurrence.value: each.occurrence.repeats[0] for each in found if each.occurrence.element == DRUG_ID}
    reactions = {
        each.occurrence.value: each.occurrence.repeats[0] for each in found if each.occurrence.element == REACTION_ID
    }
    whole = [*found]
    for each in found:
        for told, known, element in ((each.drug, drugs, DRUG_ID), (each.reaction, reactions, REACTION_ID)):
            if told and told not in known:  # one more that the message has not, of which only the id is known
                known[told] = max(known.values(), default=0) + 1
                whole.append(Loose(Occurrence(element, (known[told],), told)))
    assessed: dict[int, set[str]] = defaultdict(set)
    kept: list[tuple[Loose, int]] = []
    for each in whole:
        drug = drugs[each.drug] if each.drug else each.occurrence.repeats[0] if each.reaction else 0
        if each.reaction:
            assessed[drug].add(each.reaction)
        kept.append((each, drug))
    place = {
        (drug, reaction): number
        for drug, named in assessed.items()
        for number, reaction in enumerate(sorted(named, key=reactions.__getitem__), 1)
    }
    seen: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    occurrences: list[Occurrence] = []
    for each, drug in kept:
        occurrence = each.occurrence
        repeats = occurrence.repeats
        if drug and each.reaction:
            pair = drug, place[drug, each.reaction]
            repeats = pair
            if occurrence.element.startswith(_RELATEDNESS):
                number = seen[pair].setdefault(occurrence.repeats[-1], len(seen[pair]) + 1)
                repeats = (*pair, number)
            if occurrence.element == ASSESSED:
                continue
        elif drug:
            repeats = (drug,)
        occurrences.append(Occurrence(occurrence.element, repeats, occurrence.value, occurrence.null_flavor))
    pairs = sorted(place.items())
    occurrences += [Occurrence(ASSESSED, (drug, number), reaction) for (drug, reaction), number in pairs]
    return occurrences


def scattered(occurrences: Iterable[Occurrence]) -> list[Loose]:
    """The values of a report as they stand in its message; the reverse of `gathered`.

    Drugs and reactions without an id get one made of the report's own identifier.
    """
    given = list(occurrences)
    values = {(each.element, each.repeats): each.value for each in given}
    report = values.get(("C.1.1", ()), "")
    drugs = _ids(given, "G.k", "FDA.G.k", DRUG_ID, report)
    reactions = _ids(given, "E.i", "FDA.E.i", REACTION_ID, report)
    loose = [Loose(Occurrence(DRUG_ID, (place,), name)) for place, name in drugs.items()]
    loose += [Loose(Occurrence(REACTION_ID, (place,), name)) for place, name in reactions.items()]
    pairs: dict[tuple[int, ...], str] = {}
    for each in given:
        if each.element.startswith(_PAIRS):
            told = values.get((ASSESSED, each.repeats[:2]), "")
            pairs[each.repeats[:2]] = reactions.get(reaction_of(told, each.repeats[1], reactions), "")
    numbers: dict[tuple[object, ...], int] = {}
    spoken: set[tuple[int, ...]] = set()
    for each in given:
        element, repeats = each.element, each.repeats
        if element in (DRUG_ID, REACTION_ID, ASSESSED):
            continue
        if element in _ROLES:
            loose.append(Loose(each, drug=drugs[repeats[0]]))
        elif element.startswith(_PAIRS):
            reaction = pairs[repeats[:2]]
            spoken.add(repeats[:2])
            if element.startswith(_RELATEDNESS):
                number = numbers.setdefault(("relatedness", *repeats), len(numbers) + 1)
                loose.append(Loose(_moved(each, (number,)), drugs[repeats[0]], reaction))
            else:
                loose.append(Loose(_moved(each, repeats), reaction=reaction))
        else:
            loose.append(Loose(each))
    for pair in sorted(set(pairs) - spoken):
        number = numbers.setdefault(("relatedness", *pair), len(numbers) + 1)
        loose.append(Loose(Occurrence(ASSESSED, (number,), pairs[pair]), drugs[pair[0]], pairs[pair]))
    return loose


def reaction_of(told: str, own: int, ids: Mapping[int, str]) -> int:
    """Place of the reaction that an assessment speaks of.

    Parameters
    ----------
    told : str
        What the assessment says (G.k.9.i.1): the reaction's id, or its place; empty or unknown, it is by its own place.
    own : int
        Place of the assessment within its drug.
    ids : mapping of int to str
        Id of each reaction by its place.
    """
    by_id = next((place for place, name in ids.items() if told and name == told), None)
    return by_id or (int(told) if told.isdecimal() and len(told) < 6 else own)


def _moved(occurrence: Occurrence, repeats: tuple[int, ...]) -> Occurrence:
    return Occurrence(occurrence.element, repeats, occurrence.value, occurrence.null_flavor)


def _ids(given: list[Occurrence], stem: str, regional: str, element: str, report: str) -> dict[int, str]:
    """Id of each drug or reaction, by its place."""
    places = {each.repeats[0] for each in given if each.element.startswith((f"{stem}.", f"{regional}.", f"{stem}#"))}
    told = {each.repeats[0]: each.value for each in given if each.element == element}
    return {place: told.get(place) or str(uuid5(NAMESPACE_OID, f"{report}/{stem}/{place}")) for place in sorted(places)}
