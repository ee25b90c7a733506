"""How drugs relate to reactions: E2B(R2) names the reaction in words or by code, E2B(R3) by its place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bencao.safety.e2b.codecs import Held
from bencao.safety.e2b.r2 import codes
from bencao.safety.e2b.r2.fields import Told
from bencao.safety.e2b.r2.placing import Placing

_NAMES = ("reactionmeddrallt", "reactionmeddrapt", "primarysourcereaction")
_OPINION = {
    "drugassessmentsource": "G.k.9.i.2.r.1",
    "drugassessmentmethod": "G.k.9.i.2.r.2",
    "drugresult": "G.k.9.i.2.r.3",
}
_DELAYS = {
    "drugstartperiod": "G.k.9.i.3.1",
    "druglastperiod": "G.k.9.i.3.2",
    "reactionfirsttime": "G.k.9.i.3.1",
    "reactionlasttime": "G.k.9.i.3.2",
}


@dataclass(frozen=True, slots=True)
class _Statement:
    """What is said of one drug and one reaction."""

    drug: int
    reaction: int
    number: str
    opinion: int
    what: Held
    said: Told


def assess(told: Sequence[Told], placing: Placing) -> None:
    """Place what is said of a drug and a reaction together."""
    told = [each for each in told if _in_place(each, placing)]
    statements = _recurrences(told, placing) + _opinions(told, placing) + _delays(told, placing)
    reactions: dict[int, set[int]] = defaultdict(set)
    for each in statements:
        reactions[each.drug].add(each.reaction)
    for each in statements:
        place = sorted(reactions[each.drug]).index(each.reaction) + 1
        placing.put("G.k.9.i.1", (each.drug, place), Held(str(each.reaction)), each.said)
        placing.put(each.number, (each.drug, place, each.opinion), each.what, each.said)


def _in_place(each: Told, placing: Placing) -> bool:
    """Whether an item stands within the parts that say which drug or reaction it is of; one that does not is named."""
    of_pair = each.within in ("drug", "reaction", "drugrecurrence", "drugreactionrelatedness")
    told = of_pair or each.name in ("drugrecuraction", "drugrecurreadministration", "drugcharacterization")
    stands = len(each.at) >= (2 if each.within == "drugreactionrelatedness" else 1)
    if told and not stands:
        placing.unread.append(f"{each} (outside of a drug or reaction)")
    return stands or not told


def _reactions(told: Sequence[Told], term: str = "") -> list[int]:
    """Places of the reactions that bear a term; of all if none is given."""
    within = [each for each in told if each.within == "reaction"]
    return sorted(
        {
            each.at[0]
            for each in within
            if not term or (each.name in _NAMES and each.value.casefold() == term.casefold())
        }
    )


def _recurrences(told: Sequence[Told], placing: Placing) -> list[_Statement]:
    """Whether a reaction came again: those named, else all where it did not, or the only one."""
    found: list[_Statement] = []
    named: dict[int, list[Told]] = defaultdict(list)
    for each in told:
        if each.name == "drugrecuraction":
            named[each.at[0]].append(each)
    for each in told:
        if each.name != "drugrecurreadministration":
            continue
        places: list[int] = []
        for term in named.pop(each.at[0], []):
            matched = _reactions(told, term.value)
            places += matched
            if not matched:
                placing.unread.append(f"{term} (none of the reactions)")
        if not places and (each.value != "1" or len(_reactions(told)) == 1):
            places = _reactions(told)
        if not places or each.value not in ("1", "2", "3"):
            placing.unread.append(f"{each} (of no reaction that is told)")
            continue
        found += [
            _Statement(each.at[0], place, "G.k.9.i.4", 1, Held(each.value), each) for place in dict.fromkeys(places)
        ]
    placing.unread += [str(each) for left in named.values() for each in left]
    return found


def _opinions(told: Sequence[Told], placing: Placing) -> list[_Statement]:
    """Opinions on whether the drug caused the reaction, numbered within the two."""
    found: list[_Statement] = []
    numbers: dict[tuple[int, int], dict[int, int]] = defaultdict(dict)
    for each in told:
        if each.within != "drugreactionrelatedness" or each.name.endswith("version"):
            continue
        term = each.beside.get("drugreactionasses", "")
        places = _reactions(told, term)
        opinion = any(name in each.beside for name in _OPINION)
        if not places or (not term and len(places) > 1) or (each.name == "drugreactionasses" and not opinion):
            placing.unread.append(f"{each} (of no reaction that is told)")
            continue
        if each.name not in _OPINION:
            continue
        for place in places:
            seen = numbers[each.at[0], place]
            number = seen.setdefault(each.at[1], len(seen) + 1)
            found.append(_Statement(each.at[0], place, _OPINION[each.name], number, Held(each.value), each))
    return found


def _delays(told: Sequence[Told], placing: Placing) -> list[_Statement]:
    """Time from the first or last dose to the reaction, where it is clear of which drug and which reaction."""
    found: list[_Statement] = []
    suspects = [each.at[0] for each in told if each.name == "drugcharacterization" and each.value == "1"]
    for each in told:
        if each.name not in _DELAYS:
            if each.name.removesuffix("unit") in _DELAYS and each.name.removesuffix("unit") not in each.beside:
                placing.unread.append(str(each))
            continue
        drugs = [each.at[0]] if each.within == "drug" else suspects
        reactions = [each.at[0]] if each.within == "reaction" else _reactions(told)
        unit = codes.listed("time", each.beside.get(f"{each.name}unit", ""))
        if len(drugs) != 1 or len(reactions) != 1 or unit is None:
            why = "without its unit" if unit is None else "of which drug and reaction is not clear"
            placing.unread.append(f"{each} {each.beside.get(f'{each.name}unit', '')} ({why})")
            continue
        for part, what in (("a", Held(each.value)), ("b", unit)):
            found.append(_Statement(drugs[0], reactions[0], f"{_DELAYS[each.name]}{part}", 1, what, each))
    return found
