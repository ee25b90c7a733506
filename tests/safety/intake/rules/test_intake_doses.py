"""Doses, how often they are taken."""

from __future__ import annotations

import pytest

from bencao.safety.intake.rules.doses import find_doses
from bencao.safety.intake.rules.numbers import number_of


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("took 500 mg", "500", "mg"),
        ("0.5mg/kg/day", "0.5", "mg/kg/d"),
        ("1,000 IU", "1000", "[iU]"),
        ("75 mg/m2", "75", "mg/m2"),
        ("two tablets", "2", "{tablet}"),
        ("5 µg", "5", "ug"),
        ("200-400 mg", "400", "mg"),
        ("口服头孢0.25g", "0.25", "g"),
        ("每次两片", "2", "{tablet}"),
        ("100毫升静滴", "100", "mL"),
        ("80万单位", "800000", "[iU]"),
        ("每日10毫克", "10", "mg"),
    ],
)
def test_a_dose_has_its_number_and_its_ucum_unit(text: str, value: str, unit: str) -> None:
    (found,) = find_doses(text)
    assert (found.value, found.unit) == (value, unit)
    assert text[found.start : found.end] == found.text


@pytest.mark.parametrize(
    ("text", "often"),
    [
        ("500 mg twice daily", ("2", "1", "d")),
        ("500 mg b.i.d.", ("2", "1", "d")),
        ("10 mg orally once a day", ("1", "1", "d")),
        ("10 mg every 8 hours", ("1", "8", "h")),
        ("10 mg q6h", ("1", "6", "h")),
        ("10 mg every other day", ("1", "2", "d")),
        ("40 mg weekly", ("1", "1", "wk")),
        ("0.25g，每日2次", ("2", "1", "d")),
        ("0.25g 一日三次", ("3", "1", "d")),
        ("10mg qd", ("1", "1", "d")),
        ("50mg 每8小时1次", ("1", "8", "h")),
        ("10mg 隔日一次", ("1", "2", "d")),
        ("10mg tid", ("3", "1", "d")),
        ("20mg 每晚一次", ("1", "1", "d")),
        ("7.5mg 每周一次", ("1", "1", "wk")),
    ],
)
def test_how_often_a_dose_is_taken_is_read(text: str, often: tuple[str, str, str]) -> None:
    (found,) = find_doses(text)
    assert (found.told("times"), found.told("every"), found.told("every_unit")) == often


def test_how_often_belongs_to_the_dose_before_it() -> None:
    first, second = find_doses("cefuroxime 500 mg twice daily and amlodipine 5 mg daily")
    assert (first.told("times"), second.told("times")) == ("2", "1")


def test_a_range_keeps_its_lower_end() -> None:
    (found,) = find_doses("200 to 400 mg")
    assert found.told("low") == "200"


@pytest.mark.parametrize(
    "text",
    [
        "12 March 2024",
        "a tablespoon",
        "a drop in pressure",
        "5 mg/dL",
        "血钾 3.1 mmol/L",
        "two gram-negative rods",
        "64-year-old",
        "3天",
        "HbA1c 7.5%",
        "2 legs",
        "B12 given",
    ],
)
def test_what_is_no_dose_is_not_read_as_one(text: str) -> None:
    assert list(find_doses(text)) == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("64", 64),
        ("1,250.5", 1250.5),
        ("sixty-four", 64),
        ("twelve", 12),
        ("三十二", 32),
        ("一百零五", 105),
        ("两", 2),
        ("十", 10),
        ("二〇二四", 2024),
    ],
)
def test_a_number_is_read_in_digits_and_in_words(text: str, value: float) -> None:
    assert number_of(text) == value


@pytest.mark.parametrize("text", ["many", "", "twenty-twelve", "1.2.3", "百分"])
def test_what_is_no_number_has_no_value(text: str) -> None:
    assert number_of(text) is None
