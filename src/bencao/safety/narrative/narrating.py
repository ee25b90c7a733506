"""The narrative of a case: templates walked in their order, and what is missing said at the end of each block."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.resources import files
from itertools import groupby
from typing import Any

import yaml

from bencao.safety.case import Case, occurrences
from bencao.safety.narrative.filling import Context, Filled, fill, stated
from bencao.safety.narrative.received import as_received
from bencao.safety.narrative.stated import Narration, Sentence, Stated
from bencao.safety.narrative.template import parse, slots
from bencao.safety.narrative.wording import Language, join, table
from bencao.safety.triage.evidence import assessment_of
from bencao.safety.validation.report import Elements, Place, section_of, sections_of, shared_depth

TEMPLATES = ("source", "patient", "drugs", "events", "assessment")
PAIR = "G.k x E.i"
LOOSE = "G.k.9.i without E.i"  # assessments of a reaction that the report has not


@dataclass
class _Gaps:
    """What items of a block lack, or have a null flavour for, by flavour and subject; `items` counts them."""

    found: dict[tuple[str, str], tuple[Filled, list[Stated]]] = field(default_factory=dict)
    items: int = 0

    def add(self, flavour: str, lacking: list[Stated], subject: Filled | None) -> None:
        about = subject or Filled("")
        self.found.setdefault((flavour, about.text), (about, []))[1].extend(lacking)

    def move_unnamed(self, other: _Gaps) -> None:
        """Hand what has no subject to another."""
        for key in [key for key in self.found if not key[1]]:
            subject, lacking = self.found.pop(key)
            other.found.setdefault(key, (subject, []))[1].extend(lacking)

    def alike(self) -> Iterator[tuple[str, tuple[str, ...], list[Filled], list[Stated]]]:
        """Flavour, elements, subjects and fields: one for all subjects that lack the same."""
        grouped: dict[tuple[str, tuple[str, ...]], tuple[list[Filled], list[Stated]]] = {}
        for (flavour, _), (subject, lacking) in self.found.items():
            key = (flavour, tuple(dict.fromkeys(each.element for each in lacking)))
            subjects, fields = grouped.setdefault(key, ([], []))
            subjects += [subject] if subject.text else []
            fields += lacking
        for (flavour, elements), (subjects, fields) in grouped.items():
            yield flavour, elements, subjects, fields


def narrate(case: Case, lang: Language = "en", names: Mapping[str, str] | None = None) -> Narration:
    """Write the narrative of a case.

    The order is that of CIOMS and ICH E2D narratives: source and reporter, patient and history, drugs, events, tests,
    course, action taken, outcome, de- and rechallenge, causality, seriousness; last the narrative that came with it.

    Parameters
    ----------
    case : Case
        A narrative of ours that it holds (H.1) is not told again; one that it came with is.
    lang : {"en", "zh"}
    names : mapping of str to str, optional
        Names of MedDRA codes, from the user's MedDRA; without them codes stand as codes.

    Returns
    -------
    Narration
        Every sentence with the data elements that it states. One that is expected and missing is said to be missing;
        a null flavour is said as what it means. Names and addresses of persons are never written.

    Examples
    --------
    >>> from bencao.safety.case import Field, Patient
    >>> told = narrate(Case(patient=Patient(age=Field("8"), age_unit=Field("mo"), sex=Field("2"))))
    >>> next(each.text for each in told.sentences if each.section == "patient")
    'The patient was an 8-month-old female at the onset of the reaction.'
    """
    elements = Elements(occurrences(as_received(case)))
    sentences: list[Sentence] = []
    for section, blocks in groupby(_blocks(), lambda block: str(block["section"])):
        shared = _Gaps()  # of no drug, reaction or the like: one sentence for the whole section
        for block in blocks:
            gaps = _Gaps()
            made = list(_block(block, Context(elements, lang, (), names or {}), gaps))
            if "gaps" not in block:
                gaps.move_unnamed(shared)
            sentences += [Sentence(section, *each) for each in (*made, *_told(gaps, block, lang))]
        sentences += [Sentence(section, *each) for each in _told(shared, {}, lang)]
    return Narration(case.identifier, lang, tuple(sentences))


@lru_cache(maxsize=1)
def _blocks() -> tuple[dict[str, Any], ...]:
    folder = files(__package__).joinpath("templates")
    return tuple(
        block
        for name in TEMPLATES
        for block in yaml.safe_load(folder.joinpath(f"{name}.yaml").read_text(encoding="utf-8"))["blocks"]
    )


def _block(
    block: Mapping[str, Any], context: Context, gaps: _Gaps, above: Filled | None = None
) -> Iterator[tuple[str, tuple[Stated, ...]]]:
    items = list(_items(block, context))
    if not items and (none := block.get("none")):
        there = tuple(stated(each) for each in context.at(none["field"]))
        yield _capital(none[context.lang], context.lang), there or (context.missing(none["field"]),)
    if not items and "expect" in block and not {"where", "none"} & set(block):
        items = [_nowhere(block["each"], context)]
        block = {**block, "named": False}
    gaps.items += len(items) if above is None else 0
    named = block.get("subject") if len(items) > 1 or block.get("named") else None
    for item in items:
        for sentence in block.get("sentences", ()):
            done = fill(parse(sentence[context.lang]), item)
            if done is not None:
                yield _capital(done.text, context.lang), done.fields
        subject = fill(parse(named[context.lang]), item) if named else above
        for flavour, lacking in _lacking(block, item):
            gaps.add(flavour, lacking, subject)
        for inner in block.get("within", ()):
            yield from _block(inner, item, gaps, subject)


def _items(block: Mapping[str, Any], context: Context) -> Iterator[Context]:
    """What a block is told of: the case, each of a repeating part, or each drug with each reaction."""
    section = block.get("each", "")
    if section == PAIR:
        drugs, reactions = context.elements.places("G.k"), context.elements.places("E.i")
        made = [_pair(context, drug, reaction) for drug in drugs for reaction in reactions]
    elif section == LOOSE:
        made = [context.about(*places) for places in _loose(context.elements)]
    elif section:
        made = [
            context.about(*context.places, place)
            for place in context.elements.places(section)
            if all(_around(place, outer) for outer in context.places)
        ]
    else:
        made = [context]
    for item in made:
        if "where" not in block or fill(parse(block["where"]), item) is not None:
            yield item


def _pair(context: Context, drug: Place, reaction: Place) -> Context:
    """A drug and a reaction, with where the case assesses the two (G.k.9.i)."""
    matrix = assessment_of(context.elements, drug, reaction)
    return context.about(drug, reaction, matrix)


def _loose(elements: Elements) -> Iterator[tuple[Place, ...]]:
    """Assessments that belong to no reaction of the report, each after its drug."""
    drugs, reactions = elements.places("G.k"), elements.places("E.i")
    taken = {assessment_of(elements, drug, reaction) for drug in drugs for reaction in reactions}
    for place in elements.places("G.k.9.i"):
        if place not in taken:
            yield Place("G.k", place.repeats[:1]), place


def _around(place: Place, outer: Place) -> bool:
    """Whether a place stands in another, as far as the two have repeats in common."""
    depth = shared_depth(outer.section, f"{place.section}.1")
    return place.repeats[:depth] == outer.repeats[:depth]


def _nowhere(section: str, context: Context) -> Context:
    """A part that the case has not at all, so that all expected of it is missing."""
    outer = max((each.repeats for each in context.places if shared_depth(each.section, section)), key=len, default=())
    return context.about(*context.places, Place(section, (*outer, 0)))


def _lacking(block: Mapping[str, Any], context: Context) -> Iterator[tuple[str, list[Stated]]]:
    """What is expected and missing, and what has a null flavour, by flavour."""
    expected: Mapping[str, str] = block.get("expect", {})
    found: dict[str, list[Stated]] = {}
    for element in _elements(block):
        if not _belongs(element, block):
            continue
        there = context.at(element)
        for each in there:
            if each.null_flavor:
                found.setdefault(each.null_flavor, []).append(stated(each))
        if not there and element in expected:
            due = fill(parse(expected[element] or ""), context)
            if due is not None:
                found.setdefault("", []).append(context.missing(element))
    yield from found.items()


def _elements(block: Mapping[str, Any]) -> list[str]:
    """All elements of a block's own sentences and expectations, in the order of first mention."""
    texts = [parse(each["en"]) for each in block.get("sentences", ())]
    told = [slot for text in texts for slot in slots(text) if slot.kind not in ("drug", "reaction")]
    named = [element for slot in told for element in slot.elements]
    return list(dict.fromkeys([*block.get("expect", ()), *named]))


def _belongs(element: str, block: Mapping[str, Any]) -> bool:
    """Whether an element stands in the very part that a block is about, or is expected there."""
    each = block.get("each", "")
    inner = section_of(element)
    if element in block.get("expect", {}) or inner in ("", each):
        return True
    return inner == "G.k.9.i" if each == PAIR else len(sections_of(element)) > len(sections_of(f"{each}.1"))


def _told(gaps: _Gaps, block: Mapping[str, Any], lang: Language) -> Iterator[tuple[str, tuple[Stated, ...]]]:
    """One sentence for all that lack the same."""
    for flavour, elements, subjects, lacking in gaps.alike():
        own = block.get("gaps", {}).get(flavour or "-")
        row = own or table("nulls").get((flavour or "-",), table("nulls")[("NI",)])
        names = [table("fields")[(element,)][lang] for element in elements]
        text = row[lang].replace("{list}", join(names, lang)).replace("{or}", join(names, lang, "or"))
        everything = False
        if subjects:
            everything = "all" in block and 1 < len(subjects) == gaps.items
            of = block["all"][lang] if everything else join([each.text for each in subjects], lang)
            text = f"关于{of}，{text}" if lang == "zh" else f"for {of}, {text}"
        shown = dict(zip(elements, names, strict=True))
        fields = [dataclasses.replace(each, shown=shown[each.element]) for each in lacking]
        about = [told for subject in subjects for told in subject.fields]
        if everything:  # the sentence names them all without their names
            about = [dataclasses.replace(told, shown="") for told in about]
        yield f"{_capital(text, lang)}{'。' if lang == 'zh' else '.'}", tuple(dict.fromkeys([*fields, *about]))


def _capital(text: str, lang: Language) -> str:
    return text if lang == "zh" else text[:1].upper() + text[1:]
