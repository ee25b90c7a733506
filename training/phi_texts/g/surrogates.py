"""People, dates and identity numbers of folder g: the wards of general hospitals. How names and dates are written stands as patterns
in `words.txt` (`zh.person.nick`, `en.date.md`); here are only the parts that fill them."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import date as day
from datetime import timedelta
from pathlib import Path

from phi_notes.words import read_words

WORDS = read_words(Path(__file__).with_name("words.txt"))
DIGITS = "〇一二三四五六七八九"
LUNAR_MONTHS = "正二三四五六七八九十冬腊"
LUNAR_DAYS = [f"初{one}" for one in "一二三四五六七八九十"] + [
    f"{tens}{one}" for tens in "十廿" for one in "一二三五七八九"
]
WEEKDAYS = "一二三四五六日"
ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643
SIGNED_WITH = ("letters", "initials")  # a writer's initials may go or stay


def _patterns(language: str, kind: str) -> Mapping[str, tuple[str, ...]]:
    start = f"{language}.{kind}."
    return {name.removeprefix(start): words for name, words in WORDS.items() if name.startswith(start)}


def _chinese_parts(draw: random.Random) -> dict[str, str]:
    rare = draw.random() < 0.03
    last = draw.choice(WORDS["compound" if rare else "surname"])
    given = draw.choice(WORDS["onecharacter" if draw.random() < 0.3 else "twocharacter"])
    return {
        "last": last,
        "given": given,
        "end": given[-1],
        "some": "某" * len(given),
        "stars": "*" * len(given),
        "wide": "　".join(last + given),
        "thin": " ".join(last + given),
        "caps": "".join(draw.choice("CDFGHJLMQSTWXYZ") for _ in range(1 + len(given))),
        "br": "\n",
    }


def _english_parts(draw: random.Random) -> dict[str, str]:
    first, last = draw.choice(WORDS["first"]), draw.choice(WORDS["last"])
    if draw.random() < 0.06:
        last += f"-{draw.choice(WORDS['last'])}"
    return {
        "first": first,
        "last": last,
        "upfirst": first.upper(),
        "uplast": last.upper(),
        "lowlast": last.lower(),
        "f": first[0],
        "l": last[0],
        "mid": draw.choice("ABCDEGHJKLMNPRSTW"),
        "pet": draw.choice(WORDS["pet"]),
        "br": "\n",
    }


def person(draw: random.Random, language: str, base: str) -> dict[str, str]:
    """A name in each form that `words.txt` has patterns for."""
    parts = _chinese_parts(draw) if language == "zh" else _english_parts(draw)
    made = {form: draw.choice(words).format_map(parts) for form, words in _patterns(language, "person").items()}
    if base == "doctor":
        made |= {form: f"⟨{made[form]}⟩" for form in SIGNED_WITH if form in made}
    return made


def _numeral(value: int) -> str:
    tens, ones = divmod(value, 10)
    start = "" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return start + (DIGITS[ones] if ones else "")


def _ordinal(number: int) -> str:
    return f"{number}{'th' if number in (11, 12, 13) else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def _date_parts(draw: random.Random, when: day) -> dict[str, str]:
    """Parts of a date and of a later one (`…2`), in figures, words and the lunar calendar."""
    later = when + timedelta(days=draw.randrange(2, 19))
    parts = {"H": f"{draw.randrange(24):02}", "M": f"{draw.randrange(60):02}"}
    for one, mark in ((when, ""), (later, "2")):
        parts |= {
            f"y{mark}": str(one.year),
            f"yy{mark}": f"{one:%y}",
            f"m{mark}": str(one.month),
            f"d{mark}": str(one.day),
            f"mm{mark}": f"{one:%m}",
            f"dd{mark}": f"{one:%d}",
            f"b{mark}": f"{one:%b}",
            f"B{mark}": f"{one:%B}",
            f"o{mark}": _ordinal(one.day),
        }
    return parts | {
        "A": f"{when:%A}",
        "a": f"{when:%a}",
        "w": WEEKDAYS[when.weekday()],
        "cy": "".join(DIGITS[int(one)] for one in str(when.year)),
        "cm": _numeral(when.month),
        "cd": _numeral(when.day),
        "lm": draw.choice(LUNAR_MONTHS),
        "ld": draw.choice(LUNAR_DAYS),
    }


def date(draw: random.Random, language: str, base: str, form: str, style: int) -> str:
    """A day of a stay in hospital, or a birthday, by the patterns of its form."""
    if base == "dob":
        when = day(1932, 3, 1) + timedelta(days=draw.randrange(31500))
    else:
        when = day(2017, 1, 3) + timedelta(days=draw.randrange(3560))
    patterns = _patterns(language, "date")[form or "whole"]
    chosen = draw.choice(patterns) if form else patterns[style % len(patterns)]
    return chosen.format_map(_date_parts(draw, when))


def idcard(draw: random.Random) -> str:
    """Eighteen characters of which the last checks the others; sometimes wrong, as typed numbers are."""
    born = day(1936, 1, 1) + timedelta(days=draw.randrange(30000))
    body = f"{draw.choice(WORDS['region'])}{born:%Y%m%d}{draw.randrange(1000):03}"
    total = sum(weight * int(one) for weight, one in zip(ID_WEIGHTS, body, strict=True))
    return body + ("10X98765432"[total % 11] if draw.random() < 0.9 else draw.choice("0123456789x"))
