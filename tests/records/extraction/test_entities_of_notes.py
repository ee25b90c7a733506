"""Entities by rules, with their attributes and times."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bencao.records import extract_entities
from bencao.records.extraction.context.timing import time_of

CHINESE = (
    "患者3天前无明显诱因出现右上腹疼痛,伴恶心,查血常规:WBC 12.5×10^9/L↑,行腹部CT平扫提示急性阑尾炎,"
    "于全麻下行腹腔镜阑尾切除术,予头孢曲松2.0g静滴qd。BP 120/80mmHg"
)
ENGLISH = (
    "Started aspirin 81 mg po daily. Creatinine was 1.2 mg/dL. CT of the abdomen showed appendicitis. "
    "Pain in the left knee."
)


def test_a_chinese_note_gives_its_entities() -> None:
    found = {(entity.text, entity.kind) for entity in extract_entities(CHINESE)}
    assert found >= {
        ("右上腹疼痛", "symptom"),
        ("恶心", "symptom"),
        ("WBC", "test"),
        ("腹部CT平扫", "imaging"),
        ("急性阑尾炎", "disease"),
        ("腹腔镜阑尾切除术", "operation"),
        ("头孢曲松", "drug"),
        ("BP", "vital_sign"),
    }


def test_an_english_note_gives_its_entities() -> None:
    found = {(entity.text, entity.kind) for entity in extract_entities(ENGLISH)}
    assert found >= {
        ("aspirin", "drug"),
        ("Creatinine", "test"),
        ("CT of the abdomen", "imaging"),
        ("appendicitis", "disease"),
        ("Pain in the left knee", "symptom"),
    }


@pytest.mark.parametrize(
    ("text", "name", "attributes"),
    [
        (CHINESE, "头孢曲松", [("dose", "2.0g"), ("route", "静滴"), ("frequency", "qd")]),
        (CHINESE, "WBC", [("value", "12.5×10^9/L"), ("flag", "↑")]),
        (CHINESE, "BP", [("value", "120/80mmHg")]),
        (ENGLISH, "aspirin", [("dose", "81 mg"), ("route", "po"), ("frequency", "daily")]),
        (ENGLISH, "Creatinine", [("value", "1.2 mg/dL")]),
        ("给予阿司匹林100mg、二甲双胍0.5g口服", "阿司匹林", [("dose", "100mg")]),
    ],
)
def test_attributes_belong_to_their_entity(text: str, name: str, attributes: list[tuple[str, str]]) -> None:
    (entity,) = (entity for entity in extract_entities(text) if entity.text == name)
    assert [(one.kind, one.text) for one in entity.attributes] == attributes


@pytest.mark.parametrize(
    ("text", "name", "when", "duration"),
    [
        ("3天前出现胸痛", "胸痛", "2020-05-07", ""),
        ("入院前3月余出现腹痛", "腹痛", "2020-02", ""),
        ("2012-12-13行根治术", "根治术", "2012-12-13", ""),
        ("术后第3天出现发热", "发热", "POD3", ""),
        ("咳嗽3天", "咳嗽", "", "P3D"),
        ("高血压病史10余年", "高血压", "", "P10Y"),
        ("chest pain for 3 days", "chest pain", "", "P3D"),
        ("fever two days ago", "fever", "2020-05-08", ""),
        ("CABG in 2015", "CABG", "2015", ""),
        ("2015年2月30日手术", "手术", "2015-02", ""),
    ],
)
def test_a_finding_has_its_time(text: str, name: str, when: str, duration: str) -> None:
    start = text.index(name)
    time = time_of(text, start, start + len(name), date(2020, 5, 10))
    assert (time.date, time.duration) == (when, duration)


def test_a_time_before_a_note_without_a_date_stays_words() -> None:
    time = time_of("3天前出现胸痛", 5, 7)
    assert (time.date, time.text) == ("", "3天前")


def test_a_section_says_of_what_it_tells() -> None:
    text = "Past medical history: asthma.\nHPI: cough.\nFamily history: lupus.\n既往史：体健。脑梗死。"
    found = {entity.text: entity.status for entity in extract_entities(text)}
    assert found == {"asthma": "past", "cough": "present", "lupus": "family", "脑梗死": "past"}


@given(st.text(alphabet="无发热咳嗽肺癌术后CT予阿司匹林 10mg,。;abc pain\nİ3天前", max_size=80))
def test_offsets_point_to_the_text_and_do_not_overlap(text: str) -> None:
    entities = extract_entities(text)
    assert all(text[entity.start : entity.end] == entity.text for entity in entities)
    assert all(first.end <= second.start for first, second in pairwise(entities))
