"""The draft as a typed case: each field cites the words that say it, and the case goes into a message and back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bencao.safety.case import Case, occurrences, sourced
from bencao.safety.exchange import read_cases, write_cases
from bencao.safety.intake import Document, Lexicon, case_of_draft, draft_of

TERMS = Lexicon("terms.csv", {"头孢呋辛酯片": ("drug", ""), "皮疹": ("reaction", ""), "面部水肿": ("reaction", "")})
TEXT = (
    "患者，女，64岁，因肺部感染于2024年3月12日开始口服头孢呋辛酯片0.25g，每日2次。3月14日出现皮疹、面部水肿。"
    "立即停药并住院治疗，停药3天后皮疹消退。再次用药后皮疹再次出现。\n报告人职业：药师"
)
DOCUMENT = Document("report.eml", TEXT, "utf-8", "Reporter <reporter@example.org>", "皮疹", date(2024, 4, 1))


@pytest.fixture(scope="module")
def case() -> Case:
    return case_of_draft(draft_of(DOCUMENT, extractor=None, lexicons=[TERMS]))


def test_patient_reporter_and_receipt_stand_in_their_elements(case: Case) -> None:
    patient, administration = case.patient, case.administration
    assert (patient.age.value, patient.age_unit.value, patient.sex.value) == ("64", "a", "2")
    assert administration.identification.first_received.value == "20240401"
    (source,) = administration.primary_sources
    assert (source.qualification.value, source.email.value) == ("2", "reporter@example.org")


def test_the_drug_has_its_dosage_action_and_rechallenge(case: Case) -> None:
    (drug,) = case.drugs
    assert (drug.role.value, drug.name.value, drug.action_taken.value) == ("1", "头孢呋辛酯片", "1")
    (dosage,) = drug.dosages
    assert (dosage.dose.value, dosage.dose_unit.value) == ("0.25", "g")
    assert (dosage.interval.value, dosage.interval_unit.value) == ("12", "h")
    assert (dosage.start.value, dosage.route_text.value) == ("20240312", "oral")
    (assessment,) = drug.assessments
    assert (assessment.reaction.value, assessment.recurred.value) == ("1", "1")


def test_the_reactions_have_onset_seriousness_and_outcome(case: Case) -> None:
    rash, swelling = case.reactions
    assert (rash.reported.value, rash.reported_language.value) == ("皮疹", "zho")
    assert rash.start.value == swelling.start.value == "20240314"
    assert rash.hospitalisation.value == "true" and not rash.death
    assert rash.outcome.value == "1" and not swelling.outcome


def test_every_field_cites_words_of_the_document(case: Case) -> None:
    told = sourced(case)
    assert len(told) > 20
    for occurrence, source in told:
        assert source is not None and source.document == "report.eml" and source.rule, occurrence
        if source.start >= 0:
            assert TEXT[source.start : source.end].strip(), occurrence
    cited = {one.element: TEXT[source.start : source.end] for one, source in told if source and source.start >= 0}
    assert cited["E.i.3.2c"] == "住院治疗"
    assert cited["G.k.4.r.4"] == "2024年3月12日"


def test_the_reporters_words_are_kept_in_their_language(case: Case) -> None:
    (native,) = case.narrative.native
    assert (native.text.value, native.language.value) == (TEXT, "zho")
    english = draft_of(Document("a.txt", "She had a rash.", "utf-8"), extractor=None)
    assert case_of_draft(english).narrative.text.value == "She had a rash."


@pytest.mark.parametrize("suffix", [".json", ".xml"])
def test_the_case_goes_into_a_file_and_back(case: Case, tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"case{suffix}"
    write_cases(path, [case])
    (found,) = read_cases(path)
    assert found.case is not None
    link = "G.k.9.i.1"  # the reaction's place becomes its id in a message
    told, given = (occurrences(replace(one, further=())) for one in (found.case, case))
    assert [one for one in told if one.element != link] == [one for one in given if one.element != link]
    assert [one.repeats for one in told if one.element == link] == [(1, 1)]


def test_death_outweighs_a_recovery_told_later() -> None:
    terms = Lexicon("t", {"rash": ("reaction", "")})
    text = "He developed a rash and died. The rash resolved before."
    case = case_of_draft(draft_of(Document("a.txt", text, "utf-8"), extractor=None, lexicons=[terms]))
    assert case.reactions[0].outcome.value == "5"
    assert case.reactions[0].death.value == "true"


def test_what_is_counted_has_the_unit_of_a_dosage_form() -> None:
    terms = Lexicon("t", {"aspirin": ("drug", "")})
    text = "She took aspirin, two tablets every day."
    case = case_of_draft(draft_of(Document("a.txt", text, "utf-8"), extractor=None, lexicons=[terms]))
    (dosage,) = case.drugs[0].dosages
    assert (dosage.dose.value, dosage.dose_unit.value) == ("2", "{DF}")


def test_the_day_of_receipt_is_the_one_that_is_told() -> None:
    case = case_of_draft(draft_of(DOCUMENT, extractor=None, received=date(2024, 4, 3)))
    told = case.administration.identification.first_received
    assert told.value == "20240403"
    assert told.source is not None and told.source.rule == "option:received"
