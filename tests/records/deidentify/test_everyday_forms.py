"""What hospitals write beside whole names and full dates is found, and what only looks like it stays."""

from __future__ import annotations

import pytest

from bencao.records.deidentify.text import find_spans

FOUND = (
    ("患者小王的爱人来电，老李昨天替他取的药", ("王", "李")),
    ("术者屠/晏 麻醉阮玲 巡回柯", ("屠", "晏", "阮玲", "柯")),
    ("肇事者姓贺，简姓患者诉睡不着", ("贺", "简")),
    ("家长代诉：晨晨昨夜哭闹，由姥姥带", ("晨晨",)),
    ("检验科芮报血钾6.9", ("芮",)),
    ("说上月15号摔的，去年腊月起咳嗽，甲辰年三月初八加重", ("上月15号", "去年腊月", "甲辰年三月初八")),
    ("原在红旗拖拉机厂当钳工，棉纺三厂退休", ("红旗拖拉机厂", "棉纺三厂")),
    ("送海棠湾301分院急救，身份证520 303 1980 0417 2613", ("海棠湾301分院", "520 303 1980 0417 2613")),
    ("在滨河路与人争执，接诊翠屏山庄送来的老人", ("滨河路", "翠屏山庄")),
    ("Patient: Begum,Primrose  REQ: Lamptey, Verity", ("Begum,Primrose", "Lamptey, Verity")),
    ("NOK Dmitri Mensah, squeezing in Ludmila today", ("Dmitri Mensah", "Ludmila")),
    ("Better since Tuesday 12th, worse on the 23rd; fell the week before Easter", ("12th", "23rd", "Easter")),
    ("born march third nineteen sixty one, record four four one seven two nine", ("march third nineteen sixty one",)),
    ("Worked at the Foley's Bar and served aboard USS Kitty Hawk", ("Foley's Bar", "USS Kitty Hawk")),
)
KEPT = (
    "老年人小时候全身皮肤张力正常，小便黄，小周期波动",
    "给予莫西沙星，查血常规，天天复查，常常头晕",
    "knee extension 3 x 12, pain 4/10",
    "Christmas disease with 5th rib fracture",
)


@pytest.mark.parametrize(("text", "identifiers"), FOUND)
def test_everyday_forms_are_found(text: str, identifiers: tuple[str, ...]) -> None:
    covered = {place for span in find_spans(text) for place in range(span.start, span.end)}
    for one in identifiers:
        start = text.index(one)
        assert covered.issuperset(range(start, start + len(one))), one


@pytest.mark.parametrize("text", KEPT)
def test_what_only_looks_like_a_name_or_a_day_stays(text: str) -> None:
    assert [text[span.start : span.end] for span in find_spans(text)] == []
