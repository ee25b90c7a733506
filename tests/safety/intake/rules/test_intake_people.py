"""The patient's age and sex."""

from __future__ import annotations

import pytest

from bencao.safety.intake.rules.people import find_ages, find_sexes


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("a 64-year-old woman", "64", "a"),
        ("an 8-month-old infant", "8", "mo"),
        ("a 3 day old boy", "3", "d"),
        ("a sixty-four-year-old man", "64", "a"),
        ("64 yo female", "64", "a"),
        ("aged 71 years", "71", "a"),
        ("Age: 43", "43", "a"),
        ("at 40 weeks of age", "40", "wk"),
        ("患者，女，64岁", "64", "a"),
        ("年龄：43", "43", "a"),
        ("患儿，3月龄", "3", "mo"),
        ("出生5天", "5", "d"),
        ("六十四岁", "64", "a"),
    ],
)
def test_an_age_has_its_number_and_unit(text: str, value: str, unit: str) -> None:
    (found,) = find_ages(text)
    assert (found.value, found.unit) == (value, unit)


@pytest.mark.parametrize("text", ["a 320-year-old man", "320岁"])
def test_an_age_that_no_person_reaches_gets_no_value_and_says_so(text: str) -> None:
    (found,) = find_ages(text)
    assert found.value == ""
    assert "no person" in found.told("problem")


@pytest.mark.parametrize("text", ["for 5 years", "aged 18 to 65", "18岁以上", "three years ago", "10 mg"])
def test_what_is_no_age_is_not_read_as_one(text: str) -> None:
    assert list(find_ages(text)) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("a 64-year-old woman", "2"),
        ("The boy", "1"),
        ("64/F", "2"),
        ("Sex: M", "1"),
        ("患者,男,64岁", "1"),
        ("女性患者", "2"),
    ],
)
def test_a_sex_is_read_as_its_e2b_code(text: str, code: str) -> None:
    assert {one.value for one in find_sexes(text)} == {code}


@pytest.mark.parametrize("text", ["F = 3.2", "子女", "女士们", "M. tuberculosis"])
def test_what_is_no_sex_is_not_read_as_one(text: str) -> None:
    assert list(find_sexes(text)) == []
