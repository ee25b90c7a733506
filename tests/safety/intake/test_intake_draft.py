"""A report becomes a draft: what belongs to what, what is denied, and what cannot be so."""

from __future__ import annotations

from datetime import date

import pytest

from bencao.safety.intake import Document, Draft, Lexicon, draft_of

TERMS = Lexicon(
    "terms.csv",
    {
        "头孢呋辛酯片": ("drug", ""),
        "氨氯地平": ("drug", ""),
        "青霉素": ("drug", ""),
        "皮疹": ("reaction", "10037844"),
        "面部水肿": ("reaction", ""),
        "发热": ("reaction", ""),
        "cefuroxime": ("drug", ""),
        "amlodipine": ("drug", ""),
        "generalised rash": ("reaction", ""),
        "rash": ("reaction", ""),
        "fever": ("reaction", ""),
    },
)
CHINESE = (
    "患者，女，64岁，因肺部感染于2024年3月12日开始口服头孢呋辛酯片0.25g，每日2次。3月14日出现皮疹、面部水肿，否认发热。"
    "立即停药并住院治疗，停药3天后皮疹消退。患者母亲有青霉素过敏史。\n并用药品：氨氯地平 5mg 每日一次\n报告人职业：药师"
)
ENGLISH = (
    "A 64-year-old woman was started on cefuroxime 500 mg orally twice daily on 12 March 2024.\n"
    "On 14 March 2024 she developed a generalised rash and was hospitalised. She denied fever.\n"
    "Cefuroxime was stopped on 15 March 2024 and the rash resolved. She was not rechallenged.\n"
    "Concomitant drug: amlodipine 5 mg daily"
)


def draft(text: str, received: date | None = None) -> Draft:
    return draft_of(Document("report.txt", text, "utf-8"), extractor=None, lexicons=[TERMS], received=received)


@pytest.mark.parametrize("text", [CHINESE, ENGLISH])
def test_every_finding_gives_its_words(text: str) -> None:
    found = draft(text).findings
    assert found
    assert all(one.text == " ".join(text[start:end] for start, end in one.offsets) for one in found)
    assert all(one.by.split(":")[0] in ("rule", "lexicon") for one in found)


@pytest.mark.parametrize("text", [CHINESE, ENGLISH])
def test_the_patient_and_the_course_of_the_drug_are_read(text: str) -> None:
    told = draft(text)
    assert [(one.value, one.unit) for one in told.of("age")] == [("64", "a")]
    assert {one.value for one in told.of("sex")} == {"2"}
    suspect = told.drugs[0]
    assert suspect.role == "suspect"
    assert {one.value for one in suspect.of("start")} == {"2024-03-12"}
    assert {one.value for one in suspect.of("route")} == {"oral"}
    assert "1" in {one.value for one in suspect.of("action")}
    dose = suspect.of("dose")[0]
    assert (dose.unit, dose.told("times"), dose.told("every_unit")) == ("g" if text is CHINESE else "mg", "2", "d")


@pytest.mark.parametrize("text", [CHINESE, ENGLISH])
def test_the_reaction_has_its_day_its_seriousness_and_its_outcome(text: str) -> None:
    rash = draft(text).reactions[0]
    assert {one.value for one in rash.of("onset")} == {"2024-03-14"}
    assert {one.value for one in rash.of("seriousness")} == {"hospitalisation"}
    assert {one.value for one in rash.of("outcome")} == {"1"}


def test_what_is_denied_or_of_the_family_is_found_and_not_drafted() -> None:
    told = draft(CHINESE)
    assert next(one for one in told.findings if one.text == "发热").negated
    assert next(one for one in told.findings if one.text == "青霉素").about == "family"
    assert {one.name for one in (*told.drugs, *told.reactions)} == {"头孢呋辛酯片", "氨氯地平", "皮疹", "面部水肿"}


@pytest.mark.parametrize(("text", "name"), [(CHINESE, "氨氯地平"), (ENGLISH, "amlodipine")])
def test_a_drug_named_as_concomitant_is_not_suspected(text: str, name: str) -> None:
    (drug,) = (one for one in draft(text).drugs if one.name == name)
    assert drug.role == "concomitant"
    assert [one.value for one in drug.of("dose")] == ["5"]


def test_a_later_mention_of_the_rash_is_the_same_reaction() -> None:
    assert [one.name for one in draft(ENGLISH).reactions] == ["generalised rash"]


def test_a_date_without_its_year_takes_that_of_the_date_before_it() -> None:
    (onset,) = draft(CHINESE).reactions[0].of("onset")
    assert onset.value == "2024-03-14"
    assert onset.told("year_from") == "date before"


def test_rechallenge_stands_with_the_drug() -> None:
    assert {one.value for one in draft(ENGLISH).drugs[0].of("rechallenge")} == {"4"}


def test_what_cannot_be_so_is_a_problem_and_not_a_value() -> None:
    told = draft(
        "A 320-year-old man took cefuroxime on 30 February 2024 and on 5 June 2031.", received=date(2024, 6, 1)
    )
    assert [one.text for one, _ in told.problems] == ["320-year-old", "30 February 2024", "5 June 2031"]
    assert "later than 2024-06-01" in told.problems[2][1]
    assert told.of("age") == [] and told.drugs[0].of("start") == []


def test_a_form_is_read_without_terms() -> None:
    told = draft_of(
        Document("form.txt", "Suspect drug: Zarontin 250 mg\nReaction: hiccups, dizziness\n怀疑药品：无\n", "utf-8"),
        extractor=None,
    )
    assert [one.name for one in told.drugs] == ["Zarontin"]
    assert [one.name for one in told.reactions] == ["hiccups", "dizziness"]


def test_an_english_enumeration_becomes_its_reactions_unless_something_binds_it() -> None:
    terms = Lexicon(
        "t", {"nausea, rash and fever": ("reaction", ""), "rash with eosinophilia and fever": ("reaction", "")}
    )
    told = draft_of(
        Document("a.txt", "She had nausea, rash and fever. He had rash with eosinophilia and fever.", "utf-8"),
        extractor=None,
        lexicons=[terms],
    )
    assert [one.name for one in told.reactions] == ["nausea", "rash", "fever", "rash with eosinophilia and fever"]
