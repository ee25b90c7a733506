"""Triage of a case: how serious, how expected, how likely caused by the drug, and when the report is due."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bencao.safety.e2b.occurrence import Occurrence
from bencao.safety.triage.cited import Answer
from bencao.safety.triage.clocks import LEAST_EXPECTED, STRICTEST, Clock, Due, due, worst
from bencao.safety.triage.evidence import Pair
from bencao.safety.triage.expectedness import LabelTerm, expectedness
from bencao.safety.triage.naranjo import Naranjo, naranjo
from bencao.safety.triage.seriousness import fatal, fatal_or_life_threatening, seriousness
from bencao.safety.triage.who_umc import WhoUmc, who_umc
from bencao.safety.validation.report import Elements

SUSPECT = ("1", "3")


@dataclass(frozen=True)
class PairAssessment:
    """A suspect drug and a reaction: expectedness and causality."""

    drug: int
    drug_name: str
    reaction: int
    reaction_name: str
    serious: Answer
    expected: Answer
    who_umc: WhoUmc
    naranjo: Naranjo


@dataclass(frozen=True)
class Triage:
    """What a case's triage gave.

    Attributes
    ----------
    safety_report_id : str
    serious : Answer
        ``yes`` where one reaction is serious.
    pairs : tuple of PairAssessment
        Each suspect or interacting drug with each reaction.
    due : tuple of Due
        A region each.
    """

    safety_report_id: str
    serious: Answer
    pairs: tuple[PairAssessment, ...]
    due: tuple[Due, ...]


def triage(
    occurrences: Iterable[Occurrence],
    regions: Sequence[str],
    clocks: tuple[Clock, ...],
    labels: tuple[LabelTerm, ...] = (),
    answers: Mapping[tuple[str, str, str], dict[str, Answer]] | None = None,
) -> Triage:
    """Assess a case.

    Parameters
    ----------
    occurrences : iterable of Occurrence
        Its data elements.
    regions : sequence of str
        Regions of the table of clocks.
    clocks : tuple of Clock
        See `read_clocks`.
    labels : tuple of LabelTerm
        See `read_labels`.
    answers : mapping, optional
        See `read_answers`.

    Returns
    -------
    Triage
        The strictest over reactions and drugs decides when the report is due: for each region, the earliest date that
        one reaction asks for.
    """
    fields = Elements(occurrences)
    reactions = fields.places("E.i")
    drugs = [each for each in fields.places("G.k") if fields.value("G.k.1", each) in SUSPECT]
    pairs = []
    for drug in drugs:
        for reaction in reactions:
            key = (fields.safety_report_id, str(drug.repeats[0]), str(reaction.repeats[0]))
            pair = Pair(fields, drug, reaction, (answers or {}).get(key, {}))
            expected = expectedness(fields, drug, reaction, labels)
            pairs.append(
                PairAssessment(
                    drug.repeats[0],
                    fields.value("G.k.2.2", drug),
                    reaction.repeats[0],
                    reaction_name(fields, reaction.repeats[0]),
                    seriousness(fields, reaction),
                    expected,
                    who_umc(pair),
                    naranjo(pair, expected),
                )
            )
    serious = worst([seriousness(fields, each) for each in reactions], STRICTEST)
    when = tuple(_due(fields, region, pairs, clocks) for region in regions)
    return Triage(fields.safety_report_id, serious, tuple(pairs), when)


def _due(fields: Elements, region: str, pairs: list[PairAssessment], clocks: tuple[Clock, ...]) -> Due:
    """The earliest of what each reaction asks for."""
    found: list[Due] = []
    for reaction in fields.places("E.i"):
        said = [each.expected for each in pairs if each.reaction == reaction.repeats[0]]
        found.append(
            due(
                fields,
                region,
                seriousness(fields, reaction),
                fatal_or_life_threatening(fields, reaction),
                fatal(fields, reaction),
                worst(said, LEAST_EXPECTED),
                clocks,
            )
        )
    if not found:
        unknown = Answer("unknown")
        return due(fields, region, unknown, unknown, unknown, unknown, clocks)
    return min(found, key=lambda each: (each.days is None, each.days or 0))


def reaction_name(fields: Elements, number: int) -> str:
    """A reaction in the reporter's words, or its code."""
    place = next(each for each in fields.places("E.i") if each.repeats[0] == number)
    for element in ("E.i.1.2", "E.i.1.1a"):
        if said := fields.value(element, place):
            return said
    code = fields.value("E.i.2.1b", place)
    return f"MedDRA {code}" if code else ""
