"""The patient's age and sex, English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bencao.safety.intake.finding import Finding
from bencao.safety.intake.rules.numbers import CHINESE, ENGLISH, number_of, plain_number
from bencao.safety.intake.rules.phrases import find_phrases

_UNIT = {"year": "a", "yr": "a", "y": "a", "month": "mo", "mo": "mo", "week": "wk", "wk": "wk", "day": "d", "hour": "h",
         "岁": "a", "周岁": "a", "个月": "mo", "月": "mo", "周": "wk", "天": "d", "日": "d", "小时": "h"}  # fmt: skip
_NUMBER = rf"(?:\d{{1,3}}(?:\.\d+)?|{ENGLISH})"
_AGES = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("en.old", rf"\b(?P<number>{_NUMBER})[- ]?(?P<unit>year|yr|month|week|day|hour)s?[- ]old\b"),
        ("en.short", r"\b(?P<number>\d{1,3})[ -]?(?P<unit>y)(?:\.?/?o\b|rs?\.? old)"),
        ("en.of_age", rf"\b(?P<number>{_NUMBER}) (?P<unit>year|month|week|day)s? of age\b"),
        ("en.aged", rf"\b(?:aged|age(?: of|d)?:?)\s*(?P<number>{_NUMBER})\b(?:\s*(?P<unit>year|yr|month|week|day)s?\b)?"
                    r"(?!\s*(?:-|to)\s*\d)"),
        ("en.mark", r"\b(?P<number>\d{1,3})[ /]?(?P<unit>y)?(?=[ /]?(?:M|F)\b(?!\s*[=:.]))(?<!\d/)"),
        ("zh.age", rf"年[龄纪]\s*[:：]?\s*(?P<number>\d{{1,3}}(?:\.\d+)?|{CHINESE})\s*(?P<unit>周岁|岁|个月|月|天)?"),
        ("zh.years", rf"(?<![\d.])(?P<number>\d{{1,3}}(?:\.\d+)?|{CHINESE})\s*(?P<unit>周岁|岁)(?!月|以[上下内]|时)"),
        ("zh.infant", rf"(?P<number>\d{{1,3}}|{CHINESE})\s*(?P<unit>个?月|周|天|日)(?:龄|大的?(?:婴|男|女|患))"),
        ("zh.born", rf"(?:出生|生后)\s*(?P<number>\d{{1,3}}|{CHINESE})\s*(?P<unit>小时|天|日|周|个月)"),
    )
)  # fmt: skip
# Upper bounds of an age that a person can have, by unit: 130 years.
MOST = {"a": 130.0, "mo": 1560.0, "wk": 6790.0, "d": 47500.0, "h": 1140000.0}


def find_ages(text: str) -> Iterator[Finding]:
    """Ages of a text; one that no person reaches has the detail ``problem`` and no value."""
    taken: list[tuple[int, int]] = []
    for name, pattern in _AGES:
        for match in pattern.finditer(text):
            number = number_of(match["number"])
            start, end = match.span()
            if number is None or any(start < other_end and end > other for other, other_end in taken):
                continue
            taken.append((start, end))
            unit = _UNIT[(match["unit"] or "y").lower().replace("个月", "月").rstrip("s")]
            found = Finding("age", ((start, end),), match.group(), plain_number(number), unit, f"rule:age.{name}")
            yield found if number <= MOST[unit] else _impossible(found)


def _impossible(found: Finding) -> Finding:
    return Finding(found.kind, found.offsets, found.text, "", found.unit, found.by).with_detail(
        problem=f"no person is {found.value} {found.unit} old"
    )


def find_sexes(text: str) -> Iterator[Finding]:
    """Words that say a sex: of the patient where no other person is meant."""
    yield from find_phrases(text, "sex")
    for match in re.finditer(r"(?:\b\d{1,3}[ /]?(?:y[ /]?)?|\b(?i:sex|gender):?\s*)(?P<sex>M|F)\b(?!\s*[=:.])", text):
        place = match.span("sex")
        yield Finding("sex", (place,), match["sex"], "1" if match["sex"] == "M" else "2", by="rule:sex.mark")
