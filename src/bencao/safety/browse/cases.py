"""The inbox, and a case with each value beside the words it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from bencao.safety.browse.decoding import in_words, name_of, patient_in_words
from bencao.safety.browse.places import OpenSafety, text_of
from bencao.safety.case import Case, Source, occurrences, sourced
from bencao.safety.case.plausibility import implausible
from bencao.safety.exchange import ReadCase
from bencao.safety.narrative.wording import Language

SERIOUS = ("death", "life_threatening", "hospitalisation", "disabling", "congenital_anomaly", "other_important")
BY_HAND = "by hand"  # the source of what a person entered
SECTIONS = ("C", "D", "E", "F", "G", "H")


@dataclass(frozen=True)
class InboxRow:
    """A case, or what could not be read as one.

    Attributes
    ----------
    number : int
        Place in the inbox, from 0.
    identifier, received, patient : str
        Received first (C.1.4), where that is not told, last (C.1.5).
    serious : tuple of str
        Criteria that a reaction meets, by their field's name.
    drugs, reactions : tuple of str
    fault : str
        Why it cannot be read.
    problems : int
        Values that cannot be true.
    """

    number: int
    identifier: str
    received: str = ""
    patient: str = ""
    serious: tuple[str, ...] = ()
    drugs: tuple[str, ...] = ()
    reactions: tuple[str, ...] = ()
    fault: str = ""
    problems: int = 0


@dataclass(frozen=True)
class Inbox:
    """All cases, and what there is beside them."""

    rows: tuple[InboxRow, ...]
    pairs: int
    signals: int


@dataclass(frozen=True)
class ValueRow:
    """A value of a case.

    Attributes
    ----------
    element, name : str
    repeats : tuple of int
    value, null_flavor : str
    words : str
        What a code, unit, country or date means; empty where the value is read as it stands.
    document : str
        Name of the text that says it; empty for none that is shown.
    start, end : int
        Its characters there.
    rule : str
    problem : str
        Why it cannot be true.
    """

    element: str
    name: str
    repeats: tuple[int, ...]
    value: str
    null_flavor: str
    words: str = ""
    document: str = ""
    start: int = -1
    end: int = -1
    rule: str = ""
    problem: str = ""

    @property
    def shown(self) -> str:
        """In words with the code, as it stands, or why there is none."""
        if not self.value:
            return f"({self.null_flavor})"
        return f"{self.words} ({self.value})" if self.words else self.value


@dataclass(frozen=True)
class CaseView:
    """A case by sections, and the texts it comes from."""

    identifier: str
    where: str
    sections: tuple[tuple[str, tuple[ValueRow, ...]], ...]
    texts: tuple[tuple[str, str], ...]
    unread: tuple[str, ...]


def show_inbox(safety: OpenSafety, lang: Language) -> Inbox:
    """All cases in one list."""
    rows = tuple(_row(number, found, lang) for number, found in enumerate(safety.cases))
    return Inbox(rows, len(safety.pairs), 0 if safety.signals is None else safety.signals.height)


def show_case(safety: OpenSafety, number: str, lang: Language) -> CaseView:
    """A case of the inbox by its place.

    Raises
    ------
    InputError
        No such place, or what could not be read.
    """
    case, found = safety.case_at(number), safety.cases[int(number)]
    rows = values_of(case, safety, lang)
    names = dict.fromkeys(row.document for row in rows if row.document)
    return CaseView(
        case.identifier,
        found.where,
        tuple((section, tuple(row for row in rows if _section(row.element) == section)) for section in SECTIONS),
        tuple((name, text_of(safety.texts[name])) for name in names),
        found.unread,
    )


def values_of(case: Case, safety: OpenSafety, lang: Language) -> list[ValueRow]:
    """All values of a case; a source's characters only where its document is among those given."""
    problems = {fault.where: fault.cause for fault in implausible(occurrences(case))}
    rows = []
    for occurrence, source in sourced(case):
        at = f"{occurrence.element}{list(occurrence.repeats) if occurrence.repeats else ''}"
        shown = source if source and source.document in safety.texts and source.start >= 0 else None
        name = name_of(occurrence.element, lang)
        rows.append(
            ValueRow(
                occurrence.element,
                name,
                occurrence.repeats,
                occurrence.value,
                occurrence.null_flavor,
                in_words(occurrence.element, occurrence.value, lang),
                *((shown.document, shown.start, shown.end) if shown else ("", -1, -1)),
                rule=_rule(source),
                problem=problems.get(at, ""),
            )
        )
    return rows


def _rule(source: Source | None) -> str:
    if source is None:
        return ""
    return " · ".join(filter(None, (source.document, source.rule))) or BY_HAND


def _section(element: str) -> str:
    letter = element.removeprefix("FDA.")[:1]
    return "C" if letter == "N" else letter


def _row(number: int, found: ReadCase, lang: Language) -> InboxRow:
    case = found.case
    if case is None:
        return InboxRow(number, "", fault=str(found.error) if found.error else found.where)
    dates = case.administration.identification
    received = dates.first_received.value or dates.most_recent.value
    met = [name for name in SERIOUS if any(getattr(each, name).value == "true" for each in case.reactions)]
    return InboxRow(
        number,
        case.identifier or found.where,
        in_words("C.1.4", received[:8], lang),
        patient_in_words(case, lang),
        tuple(met),
        tuple(each.name.value for each in case.drugs if each.name.value),
        tuple(
            told
            for each in case.reactions
            if (told := reaction_name(each.translated.value, each.reported.value, each.meddra_code.value))
        ),
        problems=len(implausible(occurrences(case))),
    )


def reaction_name(*told: str) -> str:
    """What a reaction is called: the first that is said."""
    return next(filter(None, told), "")
