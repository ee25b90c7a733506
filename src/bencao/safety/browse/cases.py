"""The inbox, and a case with each value beside the words it comes from."""

from __future__ import annotations

from dataclasses import dataclass

from bencao.kernel.errors import InputError
from bencao.safety.browse.places import OpenSafety, text_of
from bencao.safety.case import Case, Source, occurrences, sourced
from bencao.safety.case.plausibility import implausible
from bencao.safety.e2b.elements import elements
from bencao.safety.exchange import ReadCase

SERIOUS = ("death", "life_threatening", "hospitalisation", "disabling", "congenital_anomaly", "other_important")
SECTIONS = ("C", "D", "E", "F", "G", "H")


@dataclass(frozen=True)
class InboxRow:
    """A case, or what could not be read as one.

    Attributes
    ----------
    number : int
        Place in the inbox, from 0.
    identifier, received, patient : str
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
    document: str = ""
    start: int = -1
    end: int = -1
    rule: str = ""
    problem: str = ""


@dataclass(frozen=True)
class CaseView:
    """A case by sections, and the texts it comes from."""

    identifier: str
    where: str
    sections: tuple[tuple[str, tuple[ValueRow, ...]], ...]
    texts: tuple[tuple[str, str], ...]
    unread: tuple[str, ...]


def show_inbox(safety: OpenSafety) -> Inbox:
    """All cases in one list."""
    rows = tuple(_row(number, found) for number, found in enumerate(safety.cases))
    return Inbox(rows, len(safety.pairs), 0 if safety.signals is None else safety.signals.height)


def show_case(safety: OpenSafety, number: str) -> CaseView:
    """A case of the inbox by its place.

    Raises
    ------
    InputError
        No such place, or what could not be read.
    """
    found = safety.cases[int(number)] if number.isdecimal() and int(number) < len(safety.cases) else None
    if found is None:
        raise InputError(f"no case {number}", where="inbox", mend="choose one of the list")
    if found.case is None:
        raise found.error or InputError("no case", where=found.where, mend="see the file")
    rows = values_of(found.case, safety)
    names = dict.fromkeys(row.document for row in rows if row.document)
    return CaseView(
        found.case.identifier,
        found.where,
        tuple((section, tuple(row for row in rows if _section(row.element) == section)) for section in SECTIONS),
        tuple((name, text_of(safety.texts[name])) for name in names),
        found.unread,
    )


def values_of(case: Case, safety: OpenSafety) -> list[ValueRow]:
    """All values of a case; a source's characters only where its document is among those given."""
    problems = {fault.where: fault.cause for fault in implausible(occurrences(case))}
    rows = []
    for occurrence, source in sourced(case):
        at = f"{occurrence.element}{list(occurrence.repeats) if occurrence.repeats else ''}"
        shown = source if source and source.document in safety.texts and source.start >= 0 else None
        name = elements()[occurrence.element].name
        rows.append(
            ValueRow(
                occurrence.element,
                name,
                occurrence.repeats,
                occurrence.value,
                occurrence.null_flavor,
                *((shown.document, shown.start, shown.end) if shown else ("", -1, -1)),
                rule=_rule(source),
                problem=problems.get(at, ""),
            )
        )
    return rows


def _rule(source: Source | None) -> str:
    return " · ".join(filter(None, (source.document, source.rule))) if source else ""


def _section(element: str) -> str:
    letter = element.removeprefix("FDA.")[:1]
    return "C" if letter == "N" else letter


def _row(number: int, found: ReadCase) -> InboxRow:
    case = found.case
    if case is None:
        return InboxRow(number, "", fault=str(found.error) if found.error else found.where)
    patient = case.patient
    age = f"{patient.age.value} {patient.age_unit.value}".strip()
    sex = {"1": "M", "2": "F"}.get(patient.sex.value, "")
    met = [name for name in SERIOUS if any(getattr(each, name).value == "true" for each in case.reactions)]
    return InboxRow(
        number,
        case.identifier or found.where,
        case.administration.identification.most_recent.value[:8],
        " ".join(filter(None, (sex, age))),
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
