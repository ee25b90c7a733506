"""Dates that a report writes, and those that it cannot mean."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bencao.safety.intake.rules.dates import find_dates


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("on 12 March 2024", "2024-03-12"),
        ("on March 12th, 2024", "2024-03-12"),
        ("12-Mar-2024", "2024-03-12"),
        ("on 2024-03-12.", "2024-03-12"),
        ("in March 2024", "2024-03"),
        ("Sept. 2019", "2019-09"),
        ("since 2019", "2019"),
        ("on 3 May", "--05-03"),
        ("25/03/2024", "2024-03-25"),
        ("03/25/2024", "2024-03-25"),
        ("04/04/2024", "2024-04-04"),
        ("29 February 2024", "2024-02-29"),
        ("于2024年3月12日入院", "2024-03-12"),
        ("2024 年 3 月 12 日", "2024-03-12"),
        ("2024年3月", "2024-03"),
        ("2024年起", "2024"),
        ("3月12日", "--03-12"),
        ("二〇二四年三月十二日", "2024-03-12"),
        ("二零二四年十一月", "2024-11"),
        ("2024.3.12", "2024-03-12"),
        ("2024/3/12", "2024-03-12"),
    ],
)
def test_a_date_is_read_as_iso_8601_cut_where_the_text_is_silent(text: str, value: str) -> None:
    (found,) = find_dates(text)
    assert found.value == value
    assert text[found.start : found.end] == found.text


@pytest.mark.parametrize("text", ["30 February 2024", "2023-02-29", "2024年13月1日", "31/06/2024", "2024年2月30日"])
def test_a_day_that_no_calendar_has_gets_no_value_and_says_so(text: str) -> None:
    (found,) = find_dates(text)
    assert found.value == ""
    assert "calendar" in found.told("problem")


def test_a_date_that_can_be_read_two_ways_is_not_guessed() -> None:
    (found,) = find_dates("seen on 03/04/2024")
    assert found.value == ""
    assert "two ways" in found.told("problem")


@pytest.mark.parametrize("text", ["5 mg", "2024 mg", "1.2.3", "may develop", "10 to 12 days", "2年前", "5/6"])
def test_what_is_no_date_is_not_read_as_one(text: str) -> None:
    assert list(find_dates(text)) == []


@given(st.dates(min_value=__import__("datetime").date(1900, 1, 1), max_value=__import__("datetime").date(2099, 12, 31)))
def test_every_day_is_read_in_both_languages(day) -> None:  # type: ignore[no-untyped-def]
    written = (
        day.isoformat(),
        f"{day.year}年{day.month}月{day.day}日",
        day.strftime("%d %B %Y"),
        day.strftime("%B %d, %Y"),
    )
    for text in written:
        (found,) = find_dates(f"({text})")
        assert found.value == day.isoformat()
