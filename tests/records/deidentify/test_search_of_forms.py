"""The forms of identifiers are found together as each would be found alone."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from bencao.records.deidentify import text as _loads_every_form  # noqa: F401
from bencao.records.deidentify.finding.search.starts import FORMS, Searched, code_points, searched

NOTES = (
    "姓名：张建国 男 93岁 住址:浙江省杭州市西湖区文三路12号3-2-501 电话 0571-8765 4321\n2024年3月5日入院",
    "Mr John Smith, MRN 00123456, seen 03/05/2024 at Mercy Hospital. Call 617-555-0134 ext 22; A670 5331.",
    "二〇二三年十二月廿一日 身份证110105194912310021 车牌京A·12345 见附3号楼，微信：abc_12345",
    "",
)
SIGNS = "0123456789-/.: \nABxX年月日号楼第转电话phoneMay一二廿,，(）@_*^"


def _looked(texts: list[str]) -> list[Searched]:
    return searched(texts, [code_points(text) for text in texts])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.text(alphabet=SIGNS, max_size=60), min_size=1, max_size=3))
def test_forms_are_found_where_each_alone_would_be(texts: list[str]) -> None:
    for seen in _looked(texts):
        for one in FORMS:
            assert [found.span() for found in seen.each(one)] == [found.span() for found in one.finditer(seen.text)]


def test_forms_of_written_notes_are_found_where_each_alone_would_be() -> None:
    many = 0
    for seen in _looked(list(NOTES)):
        for one in FORMS:
            spans = [found.span() for found in seen.each(one)]
            assert spans == [found.span() for found in one.finditer(seen.text)]
            many += len(spans)
    assert many > 20
