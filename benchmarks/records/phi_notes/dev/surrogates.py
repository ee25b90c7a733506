"""People, dates and identity numbers of the dev split, made up by rule; the test split shares no source with it.

All other identifiers are patterns in words.txt; what marks ⟪must go⟫ and ⟨may go⟩ is told in generator.py.
"""

from __future__ import annotations

import random
from datetime import date as day
from datetime import timedelta
from pathlib import Path

from phi_notes.words import read_words

WORDS = read_words(Path(__file__).with_name("words.txt"))


def _digits(draw: random.Random, count: int) -> str:
    return "".join(draw.choice("0123456789") for _ in range(count))


def person(draw: random.Random, language: str, base: str) -> dict[str, str]:
    """A name in the forms that a note may use."""
    if language == "en":
        first, last = draw.choice(WORDS["first"]), draw.choice(WORDS["last"])
        middle = draw.choice("ABCDEHJLMRST")
        full = draw.choice((f"{first} {last}", f"{first} {last}", f"{first} {middle}. {last}"))
        return {
            "full": full,
            "last": last,
            "first": first,
            "listed": f"{last}, {first}",
            "initial": f"{first[0]}. {last}",
            "upper": full.upper(),
        }
    chance = draw.random()
    if chance < 0.03 and base == "patient":
        full = draw.choice(WORDS["minority"])
        return {"full": full, "last": full, "nick": full, "given": full, "spaced": full, "masked": full}
    surname = draw.choice(WORDS["compound"]) if chance < 0.06 else draw.choice(WORDS["surnames"])
    given = "".join(draw.choice(WORDS["given"]) for _ in range(1 if draw.random() < 0.25 else 2))
    nick = draw.choice((f"⟨小⟩⟪{surname}⟫", f"⟨老⟩⟪{surname}⟫"))
    return {
        "full": surname + given,
        "last": surname,
        "nick": nick,
        "given": given,
        "spaced": " ".join(surname + given) if len(surname + given) == 2 else surname + given,
        "masked": f"⟪{surname}⟫{'*' * len(given)}",
    }


def date(draw: random.Random, language: str, base: str, form: str, style: int) -> str:
    """A date of some form; without a form, in the note's style."""
    when = day(2015, 1, 1) + timedelta(days=draw.randrange(4000))
    if base == "dob":
        when = day(1936, 1, 1) + timedelta(days=draw.randrange(27000))
    y, m, d = when.year, when.month, when.day
    if language == "en":
        if form == "md":
            return draw.choice((f"{m}/{d}", f"{when:%B} {d}", f"{when:%b} {d}"))
        if form == "ym":
            return draw.choice((f"⟪{when:%B}⟫ ⟨{y}⟩", f"⟪{m}⟫/⟨{y}⟩"))
        if form == "time":
            return f"⟪{m:02}/{d:02}/{y}⟫ ⟨{draw.randrange(24):02}:{draw.randrange(60):02}⟩"
        return (
            f"{m:02}/{d:02}/{y}",
            f"{y}-{m:02}-{d:02}",
            f"{when:%B} {d}, {y}",
            f"{d} {when:%b} {y}",
            f"{m}/{d}/{y % 100:02}",
        )[style % 5]
    if form == "md":
        return draw.choice((f"{m}月{d}日", f"{m:02}月{d:02}日"))
    if form == "ym":
        return f"⟨{y}年⟩⟪{m}月⟫"
    if form == "time":
        return f"⟪{y}-{m:02}-{d:02}⟫ ⟨{draw.randrange(24):02}:{draw.randrange(60):02}⟩"
    return (f"{y}年{m}月{d}日", f"{y}-{m:02}-{d:02}", f"{y}年{m:02}月{d:02}日", f"{y}/{m}/{d}", f"{y}.{m:02}.{d:02}")[
        style % 5
    ]


def idcard(draw: random.Random) -> str:
    """A number of a citizen's identity."""
    born = day(1940, 1, 1) + timedelta(days=draw.randrange(24000))
    number = draw.choice(("110105", "410102", "370102", "420102", "320106")) + f"{born:%Y%m%d}" + _digits(draw, 3)
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return number + "10X98765432"[sum(int(one) * weight for one, weight in zip(number, weights, strict=True)) % 11]
