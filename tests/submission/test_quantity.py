"""Numbers are read by value in both languages, and held against each other."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bencao.submission.quantity import compare, read_chinese, read_english


def differences(english: str, chinese: str) -> list[tuple[str, str]]:
    found = compare(
        read_english(english),
        read_chinese(chinese),
        lambda letters: letters in english.lower() and letters in chinese.lower(),
    )
    return [(one.kind, (one.source or one.target).text.strip()) for one in found if one.source or one.target]


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("half a million people", "50万人"),
        ("1.61 million cases", "161 万例"),
        ("120 million", "1亿2000万"),
        ("one hundred and twenty thousand", "十二万"),
        ("3.2 trillion", "3.2万亿"),
        ("1.2 × 10^5 cells", "12万个细胞"),
        ("tens of thousands of people", "数万人"),
        ("12,345 patients", "12345例患者"),
        ("two-thirds of patients", "三分之二的患者"),
        ("one in five", "五分之一"),
        ("30% of them", "其中三成"),
        ("5 percent", "百分之五"),
        ("half an hour", "半小时"),
        ("every seven and a half days", "每七天半"),
        ("20 to 30 mg", "20～30毫克"),
        ("37 °C", "37摄氏度"),
        ("98.6 °F", "37 ℃"),
        ("6 feet", "1.8米"),
        ("24 hours", "1天"),
        ("March 3, 2020", "2020年3月3日"),
        ("3-20 January", "1月3日至1月20日"),
        ("late 1930s", "20 世纪 30 年代末"),
        ("the 19th century", "19世纪"),
        ("twice daily", "每日两次"),
        ("Phase III", "III期"),
        ("8:00 p.m.", "20:00"),
        ("in 2010–11", "2010-2011年"),
        ("COVID-19 and the 9 p.m. curfew", "新冠疫情与晚21点宵禁"),
        ("three or four days", "三四天"),
        ("He may take 5 mg.", "他可以服用5毫克。"),
    ],
)
def test_the_same_amount_is_the_same_however_it_is_written(english: str, chinese: str) -> None:
    assert differences(english, chinese) == []


@pytest.mark.parametrize(
    ("english", "chinese", "kinds"),
    [
        ("50 mg", "50 g", {"unit"}),
        ("12.5 mg", "125毫克", {"missing", "added"}),
        ("500,000 people", "50亿人", {"missing", "added"}),
        ("tens of thousands of people", "数亿人", {"missing", "added"}),
        ("within two weeks", "两天内", {"unit"}),
        ("at week 12", "第12天", {"unit"}),
        ("in 1890", "1890天", {"unit"}),
        ("March 3, 2020", "2020年4月3日", {"missing", "added"}),
        ("7 of 10 patients", "10例患者中", {"missing"}),
        ("IL-1 and IL-6", "IL-6和IL-6", {"missing"}),
        ("late 1930s", "80 世纪 30 年代末", {"missing", "added"}),
    ],
)
def test_another_amount_is_told(english: str, chinese: str, kinds: set[str]) -> None:
    assert {kind for kind, _ in differences(english, chinese)} == kinds


def test_words_that_hold_a_numeral_state_no_number() -> None:
    assert read_chinese("万一百姓十分需要，唯一的办法是统一") == []


_SMALL, _PLACES = "零一二三四五六七八九", ["", "十", "百", "千"]


def _in_chinese(number: int) -> str:
    """A number below 10^8 in numerals, each zero between digits told once."""
    if number >= 10_000:
        rest = number % 10_000
        gap = "零" if 0 < rest < 1_000 else ""
        return _in_chinese(number // 10_000) + "万" + gap + (_in_chinese(rest) if rest else "")
    digits = str(number)
    said = "".join(
        "零" if digit == "0" else _SMALL[int(digit)] + _PLACES[len(digits) - index - 1]
        for index, digit in enumerate(digits)
    )
    while "零零" in said:
        said = said.replace("零零", "零")
    return said.strip("零") if number else "零"


@given(st.integers(min_value=100, max_value=99_999_999))
def test_numerals_are_worth_what_they_say(number: int) -> None:
    (found,) = read_chinese(f"共{_in_chinese(number)}例")
    assert found.values[0] == number


@given(st.integers(min_value=1000, max_value=10**12), st.integers(min_value=0, max_value=3))
def test_thousands_and_decimals_are_read(number: int, decimals: int) -> None:
    text = f"{number:,}" + (f".{7 * 10 ** (decimals - 1)}" if decimals else "")
    expected = Fraction(text.replace(",", ""))
    assert read_english(f"a total of {text} units were counted")[0].values[0] == expected
    assert read_chinese(f"共{text}例")[0].values[0] == expected


@given(st.text(max_size=60))
def test_any_text_can_be_read(text: str) -> None:
    for found in (*read_english(text), *read_chinese(text)):
        assert 0 <= found.start < found.end <= len(text)
