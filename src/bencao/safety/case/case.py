"""A case: everything an individual case safety report says, each value with its source."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from bencao.safety.case.administration import Administration
from bencao.safety.case.drug import Drug
from bencao.safety.case.field import ABSENT, Field, Source, element, part, parts
from bencao.safety.case.patient import Patient
from bencao.safety.case.reaction import Reaction, Test
from bencao.safety.e2b.occurrence import Occurrence


@dataclass(frozen=True)
class SenderDiagnosis:
    """A diagnosis of the sender's (H.3.r)."""

    meddra_version: Field = element("H.3.r.1a")
    meddra_code: Field = element("H.3.r.1b")


@dataclass(frozen=True)
class NativeSummary:
    """The narrative in its own language (H.5.r)."""

    text: Field = element("H.5.r.1a")
    language: Field = element("H.5.r.1b")


@dataclass(frozen=True)
class Narrative:
    """The story and comments on it (H)."""

    text: Field = element("H.1")
    reporter_comment: Field = element("H.2")
    diagnoses: tuple[SenderDiagnosis, ...] = parts(SenderDiagnosis)
    sender_comment: Field = element("H.4")
    native: tuple[NativeSummary, ...] = parts(NativeSummary)


@dataclass(frozen=True)
class Case:
    """An individual case safety report.

    Attributes
    ----------
    administration, patient, reactions, tests, drugs, narrative
        Sections N.2 and C, D, E, F, G, H of E2B(R3).
    further : tuple of Occurrence
        What a message says beside its data elements, such as the ids of drugs and reactions, by ``NUMBER#name``.

    Examples
    --------
    >>> case = case_of([Occurrence("E.i.1.1a", (1,), "headache"), Occurrence("E.i.7", (1,), "", "NI")])
    >>> case.reactions[0].reported.value, case.reactions[0].outcome.null_flavor
    ('headache', 'NI')
    >>> [each.element for each in occurrences(case)]
    ['E.i.1.1a', 'E.i.7']
    """

    administration: Administration = part(Administration)
    patient: Patient = part(Patient)
    reactions: tuple[Reaction, ...] = parts(Reaction)
    tests: tuple[Test, ...] = parts(Test)
    drugs: tuple[Drug, ...] = parts(Drug)
    narrative: Narrative = part(Narrative)
    further: tuple[Occurrence, ...] = ()

    @property
    def identifier(self) -> str:
        """Its safety report identifier (C.1.1), else the worldwide one (C.1.8.1); may be empty."""
        told = self.administration.identification
        return told.safety_report_id.value or told.worldwide_id.value


def occurrences(case: Case) -> list[Occurrence]:
    """The data elements of a case in the order of its sections; `case_of` is the reverse."""
    return [occurrence for occurrence, _ in sourced(case)] + list(case.further)


def sourced(case: Case) -> list[tuple[Occurrence, Source | None]]:
    """The data elements of a case, each with where it comes from."""
    return list(_walk(case, ()))


def case_of(
    given: Iterable[Occurrence], sources: Mapping[tuple[str, tuple[int, ...]], Source] | Source | None = None
) -> Case:
    """A case of its data elements.

    Parameters
    ----------
    given : iterable of Occurrence
        In any order; repeats count from 1, and where some are missing the rest close up.
    sources : mapping or Source, optional
        Where each comes from, by element and repeats; or one source for all.

    Raises
    ------
    KeyError
        A number that E2B(R3) has not.
    """
    values: dict[str, dict[tuple[int, ...], Field]] = {}
    further: list[Occurrence] = []
    for each in given:
        if "#" in each.element:
            further.append(each)
            continue
        if each.element not in _known():
            raise KeyError(each.element)
        source = sources if isinstance(sources, Source) else (sources or {}).get((each.element, each.repeats))
        values.setdefault(each.element, {})[_below(each)] = Field(each.value, each.null_flavor, source)
    for each in further:  # a drug of which only the id is known is a drug
        values.setdefault(each.element, {})[_below(each)] = ABSENT
    case: Case = _build(Case, values, ())
    return dataclasses.replace(case, further=tuple(further))


def with_occurrences(case: Case, given: Iterable[tuple[Occurrence, Source | None]]) -> Case:
    """The case with more data elements, each with where it comes from, in place of what stood there."""
    told = {(each.element, each.repeats): (each, source) for each, source in (*sourced(case), *given)}
    sources = {key: source for key, (_, source) in told.items() if source}
    return case_of([each for each, _ in told.values()] + list(case.further), sources)


def _below(occurrence: Occurrence) -> tuple[int, ...]:
    """Repeats within the case: the message's own is not among them."""
    return () if occurrence.element.startswith("N.2.r") else occurrence.repeats


def _walk(owner: Any, repeats: tuple[int, ...]) -> Iterator[tuple[Occurrence, Source | None]]:
    for each in dataclasses.fields(owner):
        value, number = getattr(owner, each.name), each.metadata.get("element")
        if "part" in each.metadata:
            for place, inner in enumerate(value if each.metadata.get("repeats") else (value,), 1):
                yield from _walk(inner, (*repeats, place) if each.metadata.get("repeats") else repeats)
        elif number:
            for place, told in enumerate(value if each.metadata.get("repeats") else (value,), 1):
                if told:
                    at = (*repeats, place) if each.metadata.get("repeats") else repeats
                    at = (1,) if number.startswith("N.2.r") else at
                    yield Occurrence(number, at, told.value, told.null_flavor), told.source


def _build(kind: type, values: Mapping[str, Mapping[tuple[int, ...], Field]], repeats: tuple[int, ...]) -> Any:
    made: dict[str, Any] = {}
    depth = len(repeats)
    for each in dataclasses.fields(kind):
        inner, number = each.metadata.get("part"), each.metadata.get("element")
        if inner and each.metadata.get("repeats"):
            names = [name for name in values if _within(name, inner)]
            places = {at[depth] for name in names for at in values[name] if len(at) > depth and at[:depth] == repeats}
            made[each.name] = tuple(_build(inner, values, (*repeats, place)) for place in sorted(places))
        elif inner:
            made[each.name] = _build(inner, values, repeats)
        elif number and each.metadata.get("repeats"):
            found = values.get(number, {})
            made[each.name] = tuple(found[at] for at in sorted(found) if at[:depth] == repeats)
        elif number:
            made[each.name] = values.get(number, {}).get(repeats, ABSENT)
    return kind(**made)


@lru_cache(maxsize=4_096)
def _within(name: str, kind: type) -> bool:
    """Whether a data element, or a further attribute (``NUMBER#name``), belongs to a part."""
    number, mark, _ = name.partition("#")
    numbers = _numbers(kind)
    return number in numbers or (bool(mark) and any(each.startswith(f"{number}.") for each in numbers))


@cache
def _numbers(kind: type) -> frozenset[str]:
    """All data elements of a part."""
    found: set[str] = set()
    for each in dataclasses.fields(kind):
        if inner := each.metadata.get("part"):
            found |= _numbers(inner)
        elif number := each.metadata.get("element"):
            found.add(number)
    return frozenset(found)


def _known() -> frozenset[str]:
    return _numbers(Case)
