"""Doses with their units and how often they are taken, English and Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib.resources import files

import yaml

from bencao.safety.intake.finding import Finding
from bencao.safety.intake.rules.numbers import CHINESE, DECIMAL, ENGLISH, number_of, plain_number


def _units(name: str) -> dict[str, str]:
    """Units as they are written, in lower case, to UCUM."""
    told = yaml.safe_load(files(__package__).joinpath("units.yaml").read_text(encoding="utf-8"))[name]
    return {written: unit for unit, several in told.items() for written in several}


# What follows a dose after a stroke; another unit there, as in mg/dL, makes it a laboratory value.
UNITS, _ALSO = _units("dose"), _units("per")
_UNIT = "|".join(re.escape(unit) for unit in sorted(UNITS, key=len, reverse=True))
_PER = "|".join(re.escape(unit) for unit in sorted(_ALSO, key=len, reverse=True))
_NUMBER = rf"(?:{DECIMAL})"
_DOSE = re.compile(
    rf"(?<![A-Za-z0-9.,])(?:(?P<low>{_NUMBER})\s*(?:-|–|to|~|～|至)\s*)?"
    rf"(?P<number>{_NUMBER}|(?<![a-z]){ENGLISH}|[一二两三四五六七八九十半]{{1,6}})"
    rf"[ -]?(?P<unit>{_UNIT})(?P<per>(?:\s?(?:/|per )\s?(?:{_PER})(?![a-z0-9])){{0,2}})(?![a-z]|-[a-z]|\s?/\s?[a-zµμ])",
    re.IGNORECASE,
)
# How often, as the number of doses and the time that they are taken in.
_OFTEN = tuple(
    (re.compile(pattern, re.IGNORECASE), count, unit)
    for pattern, count, unit in (
        (r"\b(?:once(?: a| per|-)? ?(?:daily|day)|q\.?d\.?|o\.?d\.?|daily|every day|(?:per|a) day)(?!\w)", 1, "d"),
        (r"\b(?:twice(?: a| per|-)? ?(?:daily|day)|b\.?i\.?d\.?|two times (?:a|per) day)(?!\w)", 2, "d"),
        (r"\b(?:(?:three times|thrice)(?: a| per|-)? ?(?:daily|day)|t\.?i\.?d\.?)(?!\w)", 3, "d"),
        (r"\b(?:four times(?: a| per|-)? ?(?:daily|day)|q\.?i\.?d\.?)(?!\w)", 4, "d"),
        (r"\b(?:once(?: a| per|-)? ?week(?:ly)?|weekly|every week|q\.?w\.?)(?!\w)", 1, "wk"),
        (r"\b(?:twice(?: a| per|-)? ?week(?:ly)?)(?!\w)", 2, "wk"),
        (r"\b(?:once(?: a| per)? ?month(?:ly)?|monthly|every month)(?!\w)", 1, "mo"),
        (r"\b(?:at night|at bedtime|nightly|q\.?n\.?|h\.?s\.?)(?!\w)", 1, "d"),
        (r"每晚(?:一次|1\s*次)?|睡前", 1, "d"),
    )
)  # fmt: skip
_EVERY = re.compile(
    rf"(?:\bevery\s+(?P<en>{DECIMAL}|{ENGLISH}|other)[ -]*(?P<enunit>hours?|hrs?|days?|weeks?|months?)\b)"
    rf"|\bq(?P<q>\d{{1,2}})h\b|(?:每(?P<zhevery>\d+|{CHINESE})?\s*(?P<zhunit>小时|日|天|周|星期|月|个月)"
    rf"|(?P<zhone>[一1])\s*(?P<zhunit1>日|天|周))\s*"
    rf"(?P<zhcount>\d+|{CHINESE})\s*次|隔(?P<zhother>[日天])(?:\s*[一1]\s*次)?",
    re.IGNORECASE,
)
_TIME = {"hour": "h", "hr": "h", "day": "d", "week": "wk", "month": "mo", "小时": "h", "日": "d", "天": "d", "周": "wk",
         "星期": "wk", "月": "mo", "个月": "mo"}  # fmt: skip
_REACH = 40
# 万, ten thousand, in UCUM; E2B wants the plain number.
_TEN_THOUSAND = "10*4."


def find_doses(text: str) -> Iterator[Finding]:
    """Doses of a text: the number, its UCUM unit, and how often where that stands near by.

    A range has its upper end as value and its lower as the detail ``low``. `every` and `every_unit` say the time
    that `times` doses are taken in.
    """
    matches = list(_DOSE.finditer(text))
    for place, match in enumerate(matches):
        value = number_of(match["number"])
        # "A drop in pressure" is no dose; "one drop" is.
        if value is None or match["number"].lower() in ("a", "an"):
            continue
        stop = matches[place + 1].start() if place + 1 < len(matches) else len(text)
        details, end = _often(text, match, min(stop, match.end() + _REACH))
        if match["low"]:
            details["low"] = plain_number(number_of(match["low"]) or 0)
        unit = UNITS[match["unit"].lower()] + _per(match["per"])
        if unit.startswith(_TEN_THOUSAND):
            value, unit = value * 10_000, unit.removeprefix(_TEN_THOUSAND)
        start = match.start()
        yield Finding(
            "dose", ((start, end),), text[start:end], plain_number(value), unit, "rule:dose"
        ).with_detail(**details)  # fmt: skip


def _per(written: str) -> str:
    parts = [part.strip().lower() for part in re.split(r"/|per ", written) if part.strip()]
    return "".join(f"/{_ALSO[part]}" for part in parts)


def _often(text: str, dose: re.Match[str], stop: int) -> tuple[dict[str, str], int]:
    """How often a dose is taken, told after it in the same sentence or, in Chinese, before it."""
    end = dose.end()
    near = re.split(r"[.。;；\n](?!\d|[a-z]\.)", text[end:stop], maxsplit=1)[0]
    every = _EVERY.search(near)
    if every:
        return _every(every), end + every.end()
    found = [
        (match.start(), match.end(), count, unit) for pattern, count, unit in _OFTEN for match in pattern.finditer(near)
    ]
    if found:
        _, last, count, unit = min(found, key=lambda one: (one[0], -one[1]))
        return {"times": str(count), "every": "1", "every_unit": unit}, end + last
    before = _EVERY.search(text[max(0, dose.start() - 8) : dose.start()])
    return (_every(before) if before else {}), end


def _every(match: re.Match[str]) -> dict[str, str]:
    if match["en"]:
        number = 2.0 if match["en"].lower() == "other" else number_of(match["en"]) or 1
        return {"times": "1", "every": plain_number(number), "every_unit": _TIME[match["enunit"].lower().rstrip("s")]}
    if match["q"]:
        return {"times": "1", "every": match["q"], "every_unit": "h"}
    if match["zhother"]:
        return {"times": "1", "every": "2", "every_unit": "d"}
    number = number_of(match["zhevery"] or "1") or 1
    unit = _TIME[match["zhunit"] or match["zhunit1"]]
    return {"times": plain_number(number_of(match["zhcount"]) or 1), "every": plain_number(number), "every_unit": unit}
