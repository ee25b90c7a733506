"""What of a case is to be coded, and MedDRA's codes put where E2B(R3) has them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from bencao.safety.case import Case, Source
from bencao.safety.case.case import sourced, with_occurrences
from bencao.safety.coding.coding import Coded
from bencao.safety.coding.vocabulary import Kind, Vocabulary
from bencao.safety.e2b.occurrence import Occurrence
from bencao.safety.errors import LicenceRequired

# Data elements (ICH E2B(R3) Implementation Guide): words as reported, then version and code of MedDRA's LLT.
_MEDDRA = {
    "E.i.1.1a": ("E.i.2.1a", "E.i.2.1b"),
    "F.r.2.1": ("F.r.2.2a", "F.r.2.2b"),
    "G.k.7.r.1": ("G.k.7.r.2a", "G.k.7.r.2b"),
    "D.9.2.r.2": ("D.9.2.r.1a", "D.9.2.r.1b"),
    "D.9.4.r.2": ("D.9.4.r.1a", "D.9.4.r.1b"),
}
_DRUGS = ("G.k.2.2", "D.8.r.1")
_TRANSLATED = {"E.i.1.1a": "E.i.1.2"}


@dataclass(frozen=True)
class Uncoded:
    """Words of a case that stand for a reaction, a test, an indication or a drug.

    Attributes
    ----------
    case : str
        Safety report identifier.
    element : str
    repeats : tuple of int
    kind : {"reaction", "drug"}
    text : str
    source : Source or None
        Where the words stand.
    """

    case: str
    element: str
    repeats: tuple[int, ...]
    kind: Kind
    text: str
    source: Source | None


def uncoded(case: Case) -> Iterator[Uncoded]:
    """The words of a case that have no MedDRA code yet, and its drugs, in the order of its sections.

    A reaction that was translated is coded by its translation.
    """
    told = sourced(case)
    values = {(each.element, each.repeats): each.value for each, _ in told if each.value}
    for each, source in told:
        if not each.value:
            continue
        if each.element in _DRUGS:
            yield Uncoded(case.identifier, each.element, each.repeats, "drug", each.value, source)
        elif each.element in _MEDDRA and (_MEDDRA[each.element][1], each.repeats) not in values:
            text = values.get((_TRANSLATED.get(each.element, ""), each.repeats), each.value)
            yield Uncoded(case.identifier, each.element, each.repeats, "reaction", text, source)


def with_codes(case: Case, codings: Iterable[tuple[Uncoded, Coded]], vocabulary: Vocabulary) -> Case:
    """The case with the codes that were chosen, each with the words that it codes as its source.

    What a person has still to choose stays uncoded.

    Raises
    ------
    LicenceRequired
        A vocabulary other than the user's MedDRA: a message has no place for other codes.
    """
    if not (vocabulary.licensed and vocabulary.kind == "reaction"):
        raise LicenceRequired(
            f"{vocabulary.title} has no place in a message: E2B(R3) codes reactions in MedDRA",
            where="E.i.2.1b",
            mend="give your copy with --meddra, or write the codes as a list alone",
        )
    given: list[tuple[Occurrence, Source | None]] = []
    for words, coded in codings:
        if coded.chosen is None or words.element not in _MEDDRA:
            continue
        version, code = _MEDDRA[words.element]
        by = replace(words.source or Source(), rule=f"coding:{coded.vocabulary}, {coded.by}")
        given += [
            (Occurrence(version, words.repeats, vocabulary.version, ""), by),
            (Occurrence(code, words.repeats, coded.chosen.name.code, ""), by),
        ]
    return with_occurrences(case, given)
