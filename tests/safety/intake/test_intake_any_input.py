"""Whatever arrives is read or refused: no fault, no place outside the text, no finding without its words."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bencao.safety.case import sourced
from bencao.safety.intake import Document, DocumentError, Lexicon, case_of_draft, draft_of
from bencao.safety.intake.document import document_of

WORDS = st.sampled_from(
    ("She", "developed", "a rash", "after", "aspirin", "500 mg", "twice daily", "on 12 March 2024", "died", "no", "not",
     "was stopped", "and", "resolved", "recurred on rechallenge", ",", ".", "\n", " ", "患者", "男", "64岁", "出现",
     "皮疹", "否认", "无", "、", "，", "。", "停药后", "消退", "2024年3月12日", "3月", "每日", "三次", "0.25g", "住院",
     "320岁", "30/02/2024", "怀疑药品：", "Reaction:", "阿司匹林", "her mother", "再次用药后", "ICU", "万单位")
)  # fmt: skip
TERMS = Lexicon(
    "t", {"aspirin": ("drug", ""), "阿司匹林": ("drug", ""), "皮疹": ("reaction", ""), "a rash": ("reaction", "")}
)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(
        st.text(max_size=200), st.lists(WORDS, max_size=40).map(" ".join), st.lists(WORDS, max_size=40).map("".join)
    )
)
def test_any_text_is_drafted_and_each_finding_has_its_words(text: str) -> None:
    draft = draft_of(Document("a.txt", text, "utf-8"), extractor=None, lexicons=[TERMS], received=date(2025, 1, 1))
    for one in draft.findings:
        assert one.text == " ".join(text[start:end] for start, end in one.offsets)
        assert one.text.strip() and one.by
    for _, source in sourced(case_of_draft(draft)) if text.strip() else []:
        assert source is not None and source.end <= len(text)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=300), st.sampled_from(("a.txt", "a.eml")), st.booleans())
def test_any_bytes_are_a_document_or_an_answer(raw: bytes, name: str, headed: bool) -> None:
    whole = (
        b"Subject: =?utf-8?B?" + raw[:20] + b"\nContent-Type: multipart/mixed; boundary=a\n\n--a\n" + raw
        if headed
        else raw
    )
    try:
        assert document_of(whole, name).text.strip()
    except DocumentError as error:
        assert error.where == name and error.mend


@pytest.mark.parametrize(
    "text", ["无" * 20000, "二" * 20000, "a " * 20000, "停药" * 10000, "rechallenge " * 5000, "1," * 20000]
)
def test_a_text_that_repeats_itself_is_read_in_time(text: str) -> None:
    """Within pytest's patience: what grew with the square of the length would take minutes here."""
    assert draft_of(Document("a.txt", text, "utf-8"), extractor=None).document.text == text
