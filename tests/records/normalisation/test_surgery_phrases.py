"""Surgery phrases get their ICD-9-CM-3 names."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bencao.records import normalise_terms
from bencao.records.normalisation.decisions import Decision, Decisions, Term
from bencao.records.normalisation.normalising import Normalised
from bencao.records.normalisation.ranking.phrases import canonical, plain, segments, sides, written_codes
from bencao.records.normalisation.surgery import shipped_vocabulary

LIKE = "院内甲乙丙特殊操作（左）"
PHRASES = ("腹腔镜下阑尾切除", "左眼白内障超声乳化吸除术", "右侧甲状腺腺叶切除术", "左侧睾丸下降固定术+包皮环切")


SITES = "左肾 右肺叶 膀胱 甲状腺 胃 肝 脾 子宫 卵巢 阑尾 胆囊 食管 前列腺 睾丸".split()  # noqa: SIM905
DEEDS = [
    "切除",
    "活检",
    "探查",
    "缝合",
    "引流",
    "造口",
    "修补",
    "吻合",
    "穿刺",
    "造影",
    "部分切除",
    "病损切除",
    "切开",
    "镜检查",
    "扩张",
    "固定",
    "移植",
    "取石",
    "止血",
]
TERMS = [
    *(Term(phrase) for phrase in (*PHRASES, LIKE)),
    *(Term(f"{site}{deed}术") for site in SITES for deed in DEEDS),
    *(Term(" "), Term("切" * 501)),
]


@pytest.fixture(scope="module")
def every() -> list[Normalised]:
    """Phrases, an empty and an endless one among them, with what they were given."""
    return normalise_terms(TERMS, "surgery")


@pytest.fixture(scope="module")
def found(every: list[Normalised]) -> dict[str, Normalised]:
    """The same by phrase."""
    return {one.term.text: one for one in every}


def test_the_answers_are_the_same_at_any_number_of_workers(every: list[Normalised]) -> None:
    assert normalise_terms(TERMS, "surgery", workers=2) == every


@pytest.mark.parametrize(("phrase", "code"), list(zip(PHRASES, ("47.0100", "13.4100", "06.2x00"), strict=False)))
def test_a_phrase_with_side_and_other_words_gets_its_code(found: dict[str, Normalised], phrase: str, code: str) -> None:
    assert found[phrase].choices[0].codes == (code,)


def test_a_phrase_that_lists_two_operations_gets_both(found: dict[str, Normalised]) -> None:
    assert set(found[PHRASES[-1]].choices[0].names) == {"睾丸固定术", "包皮环切术"}


def test_a_decision_holds_and_moves_like_phrases(found: dict[str, Normalised]) -> None:
    code = shipped_vocabulary().codes[5][-1]
    phrase, before = "院内甲乙丙特殊操作", found[LIKE]
    decided = Decisions("surgery", (Decision(Term(phrase), (code,)),))
    held, moved = normalise_terms([Term(phrase), Term(LIKE)], "surgery", decisions=decided)
    assert (held.status, held.choices[0].codes, held.choices[0].probability) == ("decided", (code,), 1.0)
    assert code not in [one for choice in before.choices for one in choice.codes]
    assert moved.choices[0].codes == (code,)


def test_an_empty_and_an_endless_term_are_rows_of_their_own(found: dict[str, Normalised]) -> None:
    assert [one.status for one in found.values()][-2:] == ["fault", "fault"]
    assert "切" not in found["切" * 501].reason


def test_sides_codes_and_parts_are_read() -> None:
    assert [sides(one) for one in ("左肾切除", "双侧卵巢切除", "阑尾切除", "双J管置入")] == [1, 2, 0, 0]
    assert written_codes("肾切除术((55.5101))") == ("55.5101",)
    assert plain("肾切除术((55.5101))") == "肾切除术"
    assert segments("包皮环切术+睾丸固定术、膀胱镜检查") == ("包皮环切术", "睾丸固定术", "膀胱镜检查")
    assert canonical("右侧乳腺肿物切除术") == canonical("左乳房病损切除术")


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="左右双侧切除术+、()1.xJ 肾（）", max_size=30))
def test_any_text_is_made_comparable_once_and_for_all(text: str) -> None:
    assert plain(plain(text)) == plain(text) or written_codes(plain(text))
    assert segments(text)
