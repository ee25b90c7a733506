"""Reports in which any data element may stand, with repeats and null flavours."""

from __future__ import annotations

from random import Random

from hypothesis import strategies as st

from bencao.safety.e2b.elements import Element, elements
from bencao.safety.e2b.occurrence import Occurrence

_WORDS = ("headache", "头痛", "Übelkeit", "a < b & c", '"quoted"', "two  blanks", "100%", "é", "𝛼")
# Either of the two codes of a product may stand in the message.
_APART = ("D.8.r.3", "D.10.8.r.3", "G.k.2.1.2")


def value(element: Element, random: Random) -> tuple[str, str]:
    """A value or a null flavour of an element."""
    if element.nulls and random.random() < 0.2:
        return "", random.choice(sorted(element.nulls))
    number = str(random.randrange(10_000))
    if element.codes:
        return random.choice(element.codes), ""
    if element.kind == "date":
        return f"{random.randint(1950, 2020)}{random.randint(1, 12):02}{random.randint(1, 28):02}", ""
    if element.number == "F.r.3.2":
        return random.choice(("", "<", "<=", ">", ">=")) + number, ""
    if element.kind == "number":
        return number, ""
    return ("aGVsbG8=" if element.kind == "base64" else random.choice(_WORDS)), ""


def report(seed: int, chance: float, most: int = 3) -> list[Occurrence]:
    """A report's data elements; every repeating part has up to `most`, and leaves no number out."""
    random = Random(seed)
    drugs, reactions = random.randint(1, most), random.randint(1, most)
    found: list[Occurrence] = []
    for element in elements().values():
        if element.number.startswith(("N.1", "G.k.9", *_APART)):
            continue
        found += [
            Occurrence(element.number, repeats, *value(element, random))
            for repeats in _places(element, drugs, reactions)
            if random.random() < chance
        ]
    found += [Occurrence("G.k#id", (place,), f"drug-{place}") for place in range(1, drugs + 1)]
    found += [Occurrence("E.i#id", (place,), f"reaction-{place}") for place in range(1, reactions + 1)]
    for drug in range(1, drugs + 1):
        found += _assessments(drug, reactions, chance, random)
    return _closed_up(found)


def reports(chance: float = 0.5) -> st.SearchStrategy[list[Occurrence]]:
    """Reports of any seed, some with few of the data elements and some with all."""
    return st.tuples(st.integers(0, 2**32), st.sampled_from((0.05, chance, 1.0))).map(lambda made: report(*made))


def _assessments(drug: int, reactions: int, chance: float, random: Random) -> list[Occurrence]:
    chosen = [place for place in range(1, reactions + 1) if random.random() < chance]
    found: list[Occurrence] = []
    for place, reaction in enumerate(chosen, 1):
        found.append(Occurrence("G.k.9.i.1", (drug, place), f"reaction-{reaction}"))
        for element in elements().values():
            if element.number.startswith("G.k.9.i.2.r"):
                found += [Occurrence(element.number, (drug, place, r), *value(element, random)) for r in (1, 2)]
            elif element.number.startswith("G.k.9.i.") and element.number != "G.k.9.i.1" and random.random() < chance:
                found.append(Occurrence(element.number, (drug, place), *value(element, random)))
    return found


def _places(element: Element, drugs: int, reactions: int) -> list[tuple[int, ...]]:
    every: list[tuple[int, ...]] = [()]
    for letter in (part for part in element.number.split(".") if part in ("r", "i", "k")):
        count = {"k": drugs, "i": reactions, "r": 1 if element.number.startswith("N.2") else 2}[letter]
        every = [(*each, number) for each in every for number in range(1, count + 1)]
    return every


def _closed_up(found: list[Occurrence]) -> list[Occurrence]:
    """The same with repeats that leave none out, as a message numbers them."""
    groups: dict[tuple[str, tuple[int, ...]], set[int]] = {}
    for each in found:
        for depth, name in enumerate(_levels(each.element)):
            groups.setdefault((name, each.repeats[:depth]), set()).add(each.repeats[depth])
    place = {(key, old): new for key, numbers in groups.items() for new, old in enumerate(sorted(numbers), 1)}
    return [
        Occurrence(
            each.element,
            tuple(
                place[(name, each.repeats[:depth]), each.repeats[depth]]
                for depth, name in enumerate(_levels(each.element))
            ),
            each.value,
            each.null_flavor,
        )
        for each in found
    ]


def _levels(number: str) -> list[str]:
    """The repeating parts an element stands in, from the outside in."""
    words = number.removeprefix("FDA.").partition("#")[0].split(".")
    stems = [".".join(words[: place + 1]) for place, word in enumerate(words) if word in ("r", "i", "k")]
    if number in ("E.i#id", "G.k#id"):
        return [number[:3]]
    return stems
