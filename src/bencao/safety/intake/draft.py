"""A draft of a case: which drugs and reactions a document names, and what is said of each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from bencao.safety.intake.document import Document
from bencao.safety.intake.extraction.model import Extractor
from bencao.safety.intake.finding import Finding
from bencao.safety.intake.lexicon import Lexicon
from bencao.safety.intake.linking import Mentions, Places, dated
from bencao.safety.intake.reading import read_findings
from bencao.safety.intake.sentences import sentences_of

_CONCOMITANT = re.compile(
    r"\b(?:concomitant(?:ly)?|also (?:taking|took|on|receiving)|other medications?|background)\b"
    r"|合用|并用|合并用药|同时服用|基础用药",
    re.IGNORECASE,
)
# What a span enumerates is parted here, and is not where one of these words binds it.
_JOINTS = re.compile(r"\s*,\s*(?:and\s+)?|\s+and\s+|、", re.IGNORECASE)
_HELD_TOGETHER = re.compile(r"\b(?:with|of|between|in|to|from)\b", re.IGNORECASE)
_UNSPECIFIC = re.compile(r"(?:adverse |side )?(?:drug )?(?:reactions?|events?|effects?)|不良反应|不良事件")
_ARTICLE = re.compile(r"^(?:an?|the|this|his|her|their) ")
_SIGNS = re.compile(r"[\s.,;:()（）。，；：]+")
# What is said of a drug, and of a reaction; a date by what it is of.
OF_DRUG = frozenset({"dose", "route", "indication", "action", "dechallenge", "rechallenge", "start", "stop"})
OF_REACTION = frozenset({"outcome", "onset", "end"})


@dataclass(slots=True)
class Entry:
    """A drug or a reaction of the patient, with all that is said of it.

    Attributes
    ----------
    name : str
        Words of its first mention.
    role : str
        ``suspect`` or ``concomitant`` for a drug, else empty.
    mentions : list of Finding
    said : list of Finding
        Doses, dates, outcomes and so on, in the order of the text.
    """

    name: str
    role: str = ""
    mentions: list[Finding] = field(default_factory=list)
    said: list[Finding] = field(default_factory=list)

    def of(self, kind: str) -> list[Finding]:
        """What is said of one kind; a date by what it is of: ``start``, ``stop``, ``onset``, ``end``."""
        return [one for one in self.said if kind_of(one) == kind]


@dataclass(frozen=True)
class Draft:
    """What a document comes to, for a person to confirm.

    Attributes
    ----------
    document : Document
    findings : tuple of Finding
        All that was read, what is denied or said of others among it.
    drugs, reactions : tuple of Entry
        Of the patient and not denied, in the order of the text.
    problems : tuple of (Finding, str)
        What cannot be so: a day that the calendar lacks, an age that no person reaches.
    received : date or None
        As it was told to `draft_of`, not the document's own.
    """

    document: Document
    findings: tuple[Finding, ...]
    drugs: tuple[Entry, ...]
    reactions: tuple[Entry, ...]
    problems: tuple[tuple[Finding, str], ...]
    received: date | None = None

    def of(self, kind: str) -> list[Finding]:
        """What is said of the patient and not denied, of one kind: ``age``, ``sex``, ``reporter``, ``birth``.

        What has a value stands before what are words alone.
        """
        found = [one for one in self.findings if kind_of(one) == kind and _counts(one)]
        return sorted(found, key=lambda one: not one.value)


def draft_of(
    document: Document,
    *,
    extractor: Extractor | None,
    lexicons: Iterable[Lexicon] = (),
    received: date | None = None,
) -> Draft:
    """Read a document and draft its case.

    Parameters
    ----------
    document : Document
    extractor : Extractor or None
        See `bencao.safety.intake.load_extractor`; None reads with rules and terms alone.
    lexicons : iterable of Lexicon
        The user's terms.
    received : date, optional
        When it was received; an e-mail's own date where not given. Later dates are problems.
    """
    text = document.text
    latest = received or document.received
    places = Places([(one.start, one.end) for one in sentences_of(text)])
    found = read_findings(text, extractor=extractor, lexicons=lexicons, latest=latest)
    found = [dated(one, text, places) for one in found]
    valid = [one for one in found if _counts(one)]
    drugs, reactions = _drugs(valid, text), _reactions(valid)
    _give(valid, drugs, reactions, places)
    problems = tuple((one, one.told("problem")) for one in found if one.told("problem"))
    return Draft(document, tuple(found), tuple(drugs), tuple(reactions), problems, received)


def kind_of(one: Finding) -> str:
    """A finding's kind; a date's is what it is of."""
    return (one.told("role") or "date") if one.kind == "date" else one.kind


def _counts(one: Finding) -> bool:
    return one.about == "patient" and not one.negated and not one.told("problem")


def _drugs(findings: Sequence[Finding], text: str) -> list[Entry]:
    """Drugs by their name; a treatment in which no drug is named stands for itself."""
    drugs: dict[str, Entry] = {}
    named = [one for one in findings if one.kind == "drug"]
    for one in findings:
        if one.kind not in ("drug", "treatment"):
            continue
        if one.kind == "treatment" and any(one.start < other.end and one.end > other.start for other in named):
            continue
        line = text[text.rfind("\n", 0, one.start) + 1 : one.start]
        concomitant = one.told("role") == "concomitant" or _CONCOMITANT.search(line[-60:]) is not None
        drug = drugs.setdefault(_key(one.text), Entry(one.text, "concomitant" if concomitant else "suspect"))
        drug.mentions.append(one)
    return list(drugs.values())


def _reactions(findings: Sequence[Finding]) -> list[Entry]:
    """Reactions by their name; "the rash" later on is the generalised rash told before."""
    reactions: dict[str, Entry] = {}
    for found in findings:
        if found.kind != "reaction":
            continue
        for one in _parts(found):
            key = _key(one.text)
            if _UNSPECIFIC.fullmatch(key):
                continue
            known = next((name for name in reactions if name == key or name.endswith(f" {key}")), key)
            reactions.setdefault(known, Entry(one.text)).mentions.append(one)
    return list(reactions.values())


def _parts(one: Finding) -> list[Finding]:
    """The reactions that a span enumerates, "rash, fever and cough"; one that a "with" or "of" holds together stays."""
    if len(one.offsets) > 1 or _HELD_TOGETHER.search(one.text) or not _JOINTS.search(one.text):
        return [one]
    cuts = [0, *(place for joint in _JOINTS.finditer(one.text) for place in joint.span()), len(one.text)]
    places = [
        (one.start + start, one.start + end) for start, end in zip(cuts[::2], cuts[1::2], strict=True) if start < end
    ]
    return [
        replace(one, offsets=(place,), text=one.text[place[0] - one.start : place[1] - one.start], by=f"{one.by}+parts")
        for place in places
    ]


def _key(words: str) -> str:
    return _ARTICLE.sub("", _SIGNS.sub(" ", words).strip().lower())


def _give(findings: Sequence[Finding], drugs: Sequence[Entry], reactions: Sequence[Entry], places: Places) -> None:
    """Give what is said to the drug or the reaction that it is nearest to.

    Onset and seriousness are of all reactions in their sentence; seriousness in a sentence without one is of all.
    """
    of_drugs, of_reactions = (Mentions([one.mentions for one in entries], places) for entries in (drugs, reactions))
    for one in findings:
        kind = kind_of(one)
        chosen: list[Entry] = []
        if kind in OF_DRUG:
            nearest = of_drugs.nearest(one)
            chosen = [] if nearest is None else [drugs[nearest]]
        elif kind in ("onset", "seriousness"):
            chosen = [reactions[number] for number in of_reactions.in_sentence_of(one)]
            if not chosen and kind == "seriousness":
                chosen = list(reactions)
        if not chosen and kind in OF_REACTION:
            nearest = of_reactions.nearest(one)
            chosen = [] if nearest is None else [reactions[nearest]]
        for entry in chosen:
            entry.said.append(one)
