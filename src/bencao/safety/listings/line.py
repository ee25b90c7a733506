"""What listings need of a case, and of each of its drugs and reactions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bencao.safety.case import Case, Drug, Field, occurrences
from bencao.safety.triage.evidence import assessment_of
from bencao.safety.triage.seriousness import CRITERIA, seriousness
from bencao.safety.validation.report import Elements, Place

Source = Literal["spontaneous", "literature", "other", "solicited", "trial"]
SUSPECT = ("1", "3", "")


@dataclass(frozen=True, slots=True)
class LineDrug:
    """A drug: `dosages` hold dose, unit, interval, unit, start, end, duration, unit, form, route and text."""

    name: str
    role: str
    blinded: bool
    dosages: tuple[tuple[str, ...], ...]
    results: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineReaction:
    """A reaction: `serious` is yes, no or unknown; `rank` 0 is death, 6 nothing; `delay` number and unit, or empty."""

    reported: str
    code: str
    serious: str
    criteria: tuple[str, ...]
    rank: int
    onset: str
    outcome: str
    country: str
    delay: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """A case as listings show it; reactions stand with the most serious first. Null flavours stand as ``(MSK)``."""

    identifier: str
    key: str
    subject: str
    first_received: str
    most_recent: str
    nullified: bool
    source: Source
    study: str
    country: str
    age: tuple[str, str]
    age_group: str
    sex: str
    drugs: tuple[LineDrug, ...]
    reactions: tuple[LineReaction, ...]
    comment: str


def line_of(case: Case) -> Line:
    """What listings need of a case."""
    told, patient, study = case.administration.identification, case.patient, case.administration.study
    names = [study.name, study.sponsor_number, *(each.number for each in study.registrations)]
    reporters = case.administration.primary_sources
    return Line(
        identifier=case.identifier,
        key=told.worldwide_id.value or case.identifier,
        subject=told_of(patient.investigation_record),
        first_received=told.first_received.value,
        most_recent=told.most_recent.value or told.first_received.value,
        nullified=told.nullification_or_amendment.value == "1",
        source=source_of(case),
        study="; ".join(each.value for each in names if each.value),
        country=next((each.country.value for each in reporters if each.country.value), ""),
        age=(told_of(patient.age), patient.age_unit.value),
        age_group=patient.age_group.value,
        sex=told_of(patient.sex),
        drugs=tuple(_drug(each) for each in case.drugs),
        reactions=_reactions(case),
        comment=case.narrative.sender_comment.value,
    )


def source_of(case: Case) -> Source:
    """Where a case comes from (C.1.3, C.5.4, C.4.r.1).

    A report of a study that is no clinical trial, or of a kind that is not told, is solicited.
    """
    told = case.administration
    if told.identification.report_type.value == "2":
        return "trial" if told.study.kind.value == "1" else "solicited"
    if any(each.reference.value for each in told.literature):
        return "literature"
    return "spontaneous" if told.identification.report_type.value == "1" else "other"


def told_of(field: Field) -> str:
    """A value, or a null flavour in brackets."""
    return f"({field.null_flavor})" if field.null_flavor else field.value


def _drug(drug: Drug) -> LineDrug:
    dosages = []
    for each in drug.dosages:
        fields = [each.dose, each.dose_unit, each.interval, each.interval_unit, each.start, each.end]
        fields += [each.duration, each.duration_unit, each.form_text, each.route_text, each.text]
        dosages.append(tuple(field.value for field in fields))
    results = dict.fromkeys(one.result.value for each in drug.assessments for one in each.relatedness)
    name = drug.name.value or next((each.name.value for each in drug.substances if each.name.value), "?")
    results.pop("", None)
    return LineDrug(name.strip(), drug.role.value, drug.blinded.value == "true", tuple(dosages), tuple(results))


def _reactions(case: Case) -> tuple[LineReaction, ...]:
    fields = Elements(occurrences(case))
    found = []
    for number, each in enumerate(case.reactions, 1):
        place = Place("E.i", (number,))
        met = tuple(name for element, name in CRITERIA.items() if fields.value(element, place) == "true")
        rank = min((list(CRITERIA.values()).index(name) for name in met), default=len(CRITERIA))
        found.append(
            LineReaction(
                (each.translated.value or each.reported.value).strip(),
                each.meddra_code.value,
                seriousness(fields, place).value,
                met,
                rank,
                told_of(each.start),
                each.outcome.value,
                each.country.value,
                _delay(fields, place),
            )
        )
    return tuple(sorted(found, key=lambda each: each.rank))


def _delay(fields: Elements, reaction: Place) -> tuple[str, ...]:
    """Time from the first dose of a suspect drug to a reaction: number, unit, drug; nothing where it is not told."""
    for drug in fields.places("G.k"):
        there = assessment_of(fields, drug, reaction)
        if fields.value("G.k.1", drug) in SUSPECT and (number := fields.value("G.k.9.i.3.1a", there)):
            return number, fields.value("G.k.9.i.3.1b", there), fields.value("G.k.2.2", drug)
    return ()


def suspects(line: Line) -> Sequence[LineDrug]:
    """The suspect and interacting drugs of a case, and those of a role that is not told."""
    return [each for each in line.drugs if each.role in SUSPECT]
