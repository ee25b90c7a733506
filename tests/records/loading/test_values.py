"""Dates, numbers, units and sexes as hospitals write them."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bencao.records.values.dates import read_moment
from bencao.records.values.quantities import UCUM, converted, read_quantity, ucum_of
from bencao.records.values.sexes import read_sex

DAYS = st.dates(date(1931, 1, 1), date(2029, 12, 31))
WAYS = [
    lambda d: d.isoformat(),
    lambda d: f"{d.year}年{d.month}月{d.day}日",
    lambda d: f"{d.year}/{d.month}/{d.day}",
    lambda d: f"{d:%Y%m%d}",
    lambda d: f"{d.day}.{d.month}.{d.year}",
    lambda d: f"{d:%y}年{d.month}月{d.day}日",
]
NUMERALS = "〇一二三四五六七八九"


@given(DAYS, st.sampled_from(WAYS))
def test_a_date_is_read_in_each_form(day: date, write: object) -> None:
    assert read_moment(write(day)).day == day  # type: ignore[operator]


@given(DAYS)
def test_a_date_in_chinese_numerals_is_read(day: date) -> None:
    def tens(number: int) -> str:
        ten, one = divmod(number, 10)
        return (NUMERALS[ten] if ten > 1 else "") + ("十" if ten else "") + (NUMERALS[one] if one else "")

    year = "".join(NUMERALS[int(digit)] for digit in str(day.year))
    assert read_moment(f"{year}年{tens(day.month)}月{tens(day.day)}日").day == day


@given(DAYS)
def test_a_day_and_a_month_are_told_apart_or_the_date_is_refused(day: date) -> None:
    told = read_moment(f"{day.day}/{day.month}/{day.year}")
    if day.day > 12 or day.day == day.month:
        assert told.day == day
    else:
        assert (told.day, told.reason) == (None, "ambiguous_date")
    assert read_moment(f"{day.day}/{day.month}/{day.year}", "dmy").day == day
    assert read_moment(f"{day.month}-{day.day}-{day.year}", "mdy").day == day


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2020-02-30", "no_such_day"),
        ("2020-13-01", "no_such_day"),
        ("2020年3月", "partial_date"),
        ("2020", "partial_date"),
        ("昨天", "not_a_date"),
        ("", "not_a_date"),
    ],
)
def test_what_is_no_date_says_why(text: str, reason: str) -> None:
    assert read_moment(text).reason == reason


def test_times_and_two_digit_years() -> None:
    assert read_moment("2020-03-04 10:05:06").at == datetime(2020, 3, 4, 10, 5, 6)
    assert read_moment("20200304101500").at == datetime(2020, 3, 4, 10, 15)
    assert read_moment("2020年3月4日8时30分").at == datetime(2020, 3, 4, 8, 30)
    assert read_moment("2020-03-04 25:00").reason == "no_such_day"
    assert read_moment("45年3月4日", latest=2026).day == date(1945, 3, 4)
    assert read_moment("24年3月4日", latest=2026).note == "two_digit_year"


@given(st.floats(0.001, 1e6), st.sampled_from([("lb", "kg"), ("in", "cm"), ("°F", "Cel"), ("kPa", "mm[Hg]")]))
def test_a_conversion_and_back_is_the_same(number: float, units: tuple[str, str]) -> None:
    one, other = ucum_of(units[0]) or "", units[1]
    there = converted(read_quantity(f"{number:.6g} {units[0]}"), other)
    back = converted(there, one)
    assert back.number == pytest.approx(float(f"{number:.6g}"), rel=1e-4, abs=1e-3)


def test_conversions_are_the_published_ones() -> None:
    # 5.0 mmol/L of glucose is 90.1 mg/dL, of cholesterol 193 mg/dL; 98.6 °F is 37 °C.
    assert converted(read_quantity("5.0", "mmol/L"), "mg/dL", "glucose").number == pytest.approx(90.08, abs=0.01)
    assert converted(read_quantity("5.0", "mmol/L"), "mg/dL", "cholesterol").number == pytest.approx(193.3, abs=0.05)
    assert converted(read_quantity("98.6", "℉"), "Cel").number == 37.0
    assert converted(read_quantity("88.4", "μmol/L"), "mg/dL", "creatinine").number == pytest.approx(1.0, abs=0.001)


def test_numbers_with_operators_and_units_are_read_and_others_refused() -> None:
    assert read_quantity("＜１，２３４．５ mg/dL").number == 1234.5
    assert read_quantity("<0.5").operator == "<"
    assert read_quantity("5.6mmol/L").unit == "mmol/L"
    assert read_quantity("5", "弗隆").reason == "unknown_unit"
    for text in ("120/80", "阳性", "3 次", "1e", ""):
        assert read_quantity(text).number is None, text
    assert converted(read_quantity("5", "kg"), "cm").reason == "no_conversion"
    assert set(map(ucum_of, UCUM)) == set(UCUM.values())


def test_sexes() -> None:
    assert [read_sex(text) for text in ("男", "M", " 1", "女性", "2", "０")] == [8507, 8507, 8507, 8532, 8532, 8551]
    assert read_sex("？") is None
