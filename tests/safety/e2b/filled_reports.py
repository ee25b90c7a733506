"""Reports in which any data element may stand, with repeats and null flavours."""

from __future__ import annotations

from hypothesis import strategies as st

from bencao.safety.e2b.elements import Element, elements
from bencao.safety.e2b.occurrence import Occurrence

# What XML keeps as it is: no control characters, no white space that an attribute would lose.
_TEXTS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc"), blacklist_characters="\u2028\u2029\x85"), min_size=1, max_size=12
)
TEXTS = _TEXTS.map(str.strip).filter(bool)
_NUMBERS = st.integers(0, 9_999).map(str)
# Either of the two codes of a product, and an end of a result's interval, share a place in the message.
_APART = {"D.8.r.3", "D.10.8.r.3", "G.k.2.1.2"}


def values(element: Element) -> st.SearchStrategy[tuple[str, str]]:
    """A value or a null flavour of an element."""
    if element.codes:
        told = st.sampled_from(element.codes)
    elif element.kind == "date":
        told = st.dates().map(lambda day: f"{day:%Y%m%d}".zfill(8))
    elif element.number == "F.r.3.2":
        told = st.tuples(st.sampled_from(["", "<", "<=", ">", ">="]), _NUMBERS).map("".join)
    elif element.kind == "number":
        told = _NUMBERS
    elif element.kind == "base64":
        told = st.sampled_from(["JVBERi0xLjQ=", "aGVsbG8="])
    else:
        told = TEXTS
    pairs = told.map(lambda value: (value, ""))
    if element.nulls:
        pairs = pairs | st.sampled_from(sorted(element.nulls)).map(lambda null: ("", null))
    return pairs


@st.composite
def reports(draw: st.DrawFn, chance: float = 0.4, most: int = 2) -> list[Occurrence]:
    """A report's data elements; every repeating part has up to `most`."""
    drugs, reactions = draw(st.integers(1, most)), draw(st.integers(1, most))
    found: list[Occurrence] = []
    for element in elements().values():
        number = element.number
        if number.startswith("N.1") or number == "G.k.9.i.1" or any(number.startswith(each) for each in _APART):
            continue
        if draw(st.floats(0, 1)) > chance:
            continue
        for repeats in draw(_places(element, drugs, reactions, most)):
            value, null = draw(values(element))
            found.append(Occurrence(number, (1,) if number.startswith("N.2.r") else repeats, value, null))
    found += [Occurrence("G.k#id", (place,), f"drug-{place}") for place in range(1, drugs + 1)]
    found += [Occurrence("E.i#id", (place,), f"reaction-{place}") for place in range(1, reactions + 1)]
    assessed = {each.repeats[:2] for each in found if each.element.startswith("G.k.9.i.")}
    found += [Occurrence("G.k.9.i.1", pair, f"reaction-{pair[1]}") for pair in assessed]
    return _closed_up(found)


def _places(element: Element, drugs: int, reactions: int, most: int) -> st.SearchStrategy[list[tuple[int, ...]]]:
    letters = [part for part in element.number.split(".") if part in ("r", "i", "k")]
    if not letters:
        return st.just([()])
    counts = []
    for place, letter in enumerate(letters):
        first = element.number.split(".")[0 if not element.number.startswith("FDA") else 1]
        counts.append(drugs if letter == "k" else reactions if letter == "i" and (first == "E" or place) else most)
    every: list[tuple[int, ...]] = [()]
    for count in counts:
        every = [(*each, number) for each in every for number in range(1, count + 1)]
    return st.lists(st.sampled_from(every), min_size=1, max_size=3, unique=True)


def _closed_up(found: list[Occurrence]) -> list[Occurrence]:
    """The same with repeats that leave none out, as a message numbers them."""
    groups: dict[tuple[str, tuple[int, ...]], set[int]] = {}
    keyed = [(each, _levels(each.element)) for each in found]
    for each, names in keyed:
        for depth, name in enumerate(names):
            groups.setdefault((name, each.repeats[:depth]), set()).add(each.repeats[depth])
    place = {(key, old): new for key, numbers in groups.items() for new, old in enumerate(sorted(numbers), 1)}
    return [
        Occurrence(
            each.element,
            tuple(place[(name, each.repeats[:depth]), each.repeats[depth]] for depth, name in enumerate(names)),
            each.value,
            each.null_flavor,
        )
        for each, names in keyed
    ]


def _levels(number: str) -> list[str]:
    """The repeating parts an element stands in, from the outside in."""
    bare = number.removeprefix("FDA.").partition("#")[0].split(".")
    names = [".".join(bare[: place + 1]) for place, word in enumerate(bare) if word in ("r", "i", "k")]
    # The element itself repeats where its number ends in the letter; FDA's devices are apart from ICH's parts.
    return [("FDA." if number.startswith("FDA.") and place else "") + name for place, name in enumerate(names)]
