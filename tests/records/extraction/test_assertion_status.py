"""Whether a finding is told as present, negated, possible, conditional, past or another person's."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bencao.kernel.errors import ModelError
from bencao.records.extraction.assertion import (
    STATUSES,
    assert_entities,
    assert_entity,
    evidence_of,
    status_by_rules,
)
from bencao.records.extraction.context import weighing
from bencao.records.extraction.context.clues import from_tables

SENTENCES = """
negated|否认[高血压]、[糖尿病]、[冠心病]病史。
negated|无[发热]，[咳嗽]，[咳痰]。
negated|无[胸闷]，[胸痛]，[心悸]。
negated|无[畏寒]，[寒战]，[盗汗]，无[胸痛]。
negated|双肺未闻及[干啰音]，[湿啰音]，[胸膜摩擦音]。
negated|否认[高血压]，[糖尿病]，[冠心病]病史。
negated|[压痛]及[反跳痛]均阴性。
negated|复查CT示[胸腔积液]已吸收。
negated|并无[心悸]不适。
negated|[心肌梗死]可以排除。
negated|Patient denies any [fever], [chills], or [night sweats].
negated|[Pulmonary embolism] was ruled out.
negated|Her [rash] has resolved.
present|无发热，[咳嗽]3天。
present|无明显诱因出现[腹痛]。
present|[头痛]不缓解。
present|排除肺癌，诊断为[肺结核]。
present|[非小细胞肺癌]化疗中。
present|家属代诉[发热]3天。
present|No improvement in [vomiting] with treatment.
present|His mother reports that he has [fever].
present|She denies nausea but reports [vomiting].
possible|右上肺结节，[肺癌]不能除外。
possible|考虑[急性阑尾炎]可能性大。
possible|需与[肺结核]鉴别。
possible|[Pneumonia] cannot be excluded.
possible|CT to evaluate for [appendicitis].
conditional|如出现[发热]、[腹痛]，及时就诊。
conditional|[疼痛]时口服布洛芬。
conditional|告知术后有[感染]、[出血]风险。
conditional|Return if [fever] recurs.
conditional|Heparin for [DVT] prophylaxis.
family|父亲死于[肝癌]。
family|有[结肠癌]家族史。
family|邻床患者患[流感]。
family|Father died of [myocardial infarction].
past|既往[高血压]10年。
past|[胃癌]术后2年。
past|5年前发现[高血压]。
past|Past medical history: [hypertension], [diabetes].
past|He had [pneumonia] last year.
past|[Measles] at age four, fully vaccinated since.
past|[Hepatitis B] in college, now has joint pain.
negated|Vertigo since Monday, [hearing loss] denied.
conditional|Scheduled for [cholecystectomy] on Thursday.
present|Her sister has asthma; she has [eczema].
negated|复查彩超，[血栓]未再看到。
past|[胆囊炎]前年得过，此次上腹痛两天。
conditional|择期行[白内障手术]。
conditional|术后卧床，[肺栓塞]需要警惕。
possible|发热待查，[伤寒]要排除。
present|哥哥有癫痫，他[头痛]三天。
"""


def _cases() -> list[tuple[str, str, int, int]]:
    cases = []
    for line in SENTENCES.strip().splitlines():
        status, marked = line.split("|")
        text = re.sub(r"[\[\]]", "", marked)
        for number, match in enumerate(re.finditer(r"\[([^\]]+)\]", marked)):
            start = match.start() - 2 * number
            cases.append((status, text, start, start + len(match.group(1))))
    return cases


@pytest.mark.parametrize(("status", "text", "start", "end"), _cases())
def test_a_finding_has_its_status(status: str, text: str, start: int, end: int) -> None:
    assert assert_entity(text, start, end) == status


def test_a_cue_of_another_sentence_says_nothing() -> None:
    text = "否认高血压。咳嗽明显。"
    assert assert_entity(text, 6, 8) == "present"


def test_words_behind_a_finding_outweigh_rules_that_know_no_cue() -> None:
    text = "阑尾炎十年前切除，现右下腹痛。"
    assert status_by_rules(text, 0, 3) == "present"
    assert assert_entity(text, 0, 3) == "past"


def test_clues_tell_words_from_what_the_tables_say() -> None:
    found = evidence_of("无发热，咳嗽3天。", 1, 3).clues
    assert {"rulenegated", "L+negated", "zL无", "L<deny>"} <= found
    assert {clue for clue in ("rulenegated", "L+negated", "zL无", "L<deny>") if from_tables(clue)} == {
        "rulenegated",
        "L+negated",
    }


def test_altered_weights_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copytree(weighing.MODELS, tmp_path / "assertion")
    (tmp_path / "assertion" / "assertion.npz").write_bytes(b"PK")
    monkeypatch.setattr(weighing, "MODELS", tmp_path / "assertion")
    with pytest.raises(ModelError, match=r"assertion\.npz"):
        weighing.weights.__wrapped__()


def test_findings_of_a_text_are_told_together_as_one_by_one() -> None:
    cases = _cases()
    text = "\n".join(case[1] for case in cases)
    spans, place = [], 0
    for _, sentence, start, end in cases:
        spans.append((place + start, place + end))
        place += len(sentence) + 1
    assert assert_entities(text, spans) == [assert_entity(text, *span) for span in spans]
    assert assert_entities(text, []) == []


@settings(deadline=None)  # the first text waits for the models
@given(st.text(min_size=1, max_size=60), st.data())
def test_any_text_has_a_status(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    assert assert_entity(text, start, end) in STATUSES


@pytest.mark.parametrize(("start", "end"), [(0, 0), (2, 1), (0, 9), (-1, 2)])
def test_offsets_that_are_no_span_are_refused(start: int, end: int) -> None:
    with pytest.raises(ValueError, match="no span"):
        assert_entity("咳嗽", start, end)
