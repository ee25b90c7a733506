"""Seriousness, outcome, action, rechallenge and reporter by what is written, with sentences that must not count."""

from __future__ import annotations

import pytest

from bencao.safety.intake.reading import read_findings
from bencao.safety.intake.rules.phrases import find_phrases


def values(text: str, kind: str) -> set[str]:
    """Values of a kind that the text affirms."""
    return {one.value for one in read_findings(text, extractor=None) if one.kind == kind and not one.negated}


@pytest.mark.parametrize(
    ("text", "criterion"),
    [
        ("The patient died on day 3.", "death"),
        ("It resulted in his death.", "death"),
        ("This was a life-threatening reaction.", "life_threatening"),
        ("She was admitted to the\nintensive care unit.", "life_threatening"),
        ("He was hospitalised for two weeks.", "hospitalisation"),
        ("She was admitted to our local hospital.", "hospitalisation"),
        ("The stay led to a prolonged hospitalization.", "hospitalisation"),
        ("It left a permanent disability.", "disability"),
        ("The infant had a congenital malformation.", "congenital_anomaly"),
        ("The event was medically important.", "other_medically_important"),
        ("患者经抢救无效死亡。", "death"),
        ("出现过敏性休克,危及生命。", "life_threatening"),
        ("患者住院治疗。", "hospitalisation"),
        ("导致住院时间延长。", "hospitalisation"),
        ("导致永久性损伤。", "disability"),
        ("胎儿畸形。", "congenital_anomaly"),
        ("属于其他重要医学事件。", "other_medically_important"),
    ],
)
def test_each_seriousness_criterion_is_read(text: str, criterion: str) -> None:
    assert criterion in values(text, "seriousness")


@pytest.mark.parametrize(
    "text",
    [
        "She was not hospitalised.",
        "He did not require hospitalisation.",
        "There was no life-threatening event.",
        "The lethal dose is unknown.",
        "The drug had expired medication labels only.",
        "患者未住院。",
        "无死亡病例。",
        "报告人:张医生,住院医师",
        "未危及生命。",
        "A mild rash was seen.",
    ],
)
def test_what_is_denied_or_means_something_else_is_not_serious(text: str) -> None:
    assert values(text, "seriousness") == set()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The rash resolved completely.", "1"),
        ("She recovered without sequelae.", "1"),
        ("The patient is recovering.", "2"),
        ("The headache improved.", "2"),
        ("The tinnitus did not resolve.", "3"),
        ("The symptoms persisted.", "3"),
        ("He recovered with sequelae.", "4"),
        ("The patient died.", "5"),
        ("The outcome is unknown.", "0"),
        ("皮疹消退。", "1"),
        ("患者痊愈。", "1"),
        ("症状好转。", "2"),
        ("症状未见好转。", "3"),
        ("留有后遗症。", "4"),
        ("患者死亡。", "5"),
        ("转归不详。", "0"),
    ],
)
def test_each_outcome_is_read_as_its_e2b_code(text: str, code: str) -> None:
    assert values(text, "outcome") == {code}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Cefuroxime was discontinued.", "1"),
        ("The dose was reduced.", "2"),
        ("The dose was increased.", "3"),
        ("Treatment was continued.", "4"),
        ("立即停药。", "1"),
        ("予减量。", "2"),
        ("予加量。", "3"),
        ("继续用药。", "4"),
    ],
)
def test_what_was_done_with_the_drug_is_read_as_its_e2b_code(text: str, code: str) -> None:
    assert values(text, "action") == {code}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("The rash resolved after discontinuation of the drug.", "positive"),
        ("After stopping phenytoin the fever subsided.", "positive"),
        ("The tremor persisted despite withdrawal of lithium.", "negative"),
        ("停药3天后皮疹消退。", "positive"),
        ("停药后症状未缓解。", "negative"),
    ],
)
def test_dechallenge_says_what_came_of_stopping(text: str, value: str) -> None:
    assert values(text, "dechallenge") == {value}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The rash recurred on rechallenge.", "1"),
        ("Upon reintroduction of the drug, the fever reappeared.", "1"),
        ("He was rechallenged without recurrence.", "2"),
        ("Rechallenge was not performed.", "4"),
        ("再次用药后皮疹再次出现。", "1"),
        ("再次使用后未再出现皮疹。", "2"),
        ("未再次用药。", "4"),
    ],
)
def test_rechallenge_is_read_as_its_e2b_code(text: str, code: str) -> None:
    assert {one.value for one in find_phrases(text, "rechallenge")} == {code}


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("I am a treating physician in a clinic.", "1"),
        ("I am a hospital pharmacist.", "2"),
        ("I am a nurse.", "3"),
        ("I took two tablets and felt sick.", "5"),
        ("My mother took the drug.", "5"),
        ("报告人职业：医师", "1"),
        ("报告人：药师", "2"),
        ("报告人职业：护士", "3"),
        ("报告人：患者家属", "5"),
        ("我服用后出现头晕。", "5"),
    ],
)
def test_the_reporter_is_read_as_the_e2b_qualification(text: str, code: str) -> None:
    assert {one.value for one in find_phrases(text, "reporter")} == {code}


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("taken orally", "oral"),
        ("given i.v. daily", "intravenous"),
        ("静脉滴注", "intravenous drip"),
        ("口服", "oral"),
        ("肌注", "intramuscular"),
        ("皮下注射", "subcutaneous"),
    ],
)
def test_a_route_is_named_in_either_language(text: str, value: str) -> None:
    assert values(text, "route") == {value}
