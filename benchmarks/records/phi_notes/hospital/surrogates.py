"""People, dates and identity numbers of the hospital split: surnames as often as in life, forms as systems print them.

All other identifiers are patterns in words.txt; ⟪must go⟫ and ⟨may go⟩ are told in generator.py.
"""

from __future__ import annotations

import random
from datetime import date as day
from datetime import timedelta
from pathlib import Path

from phi_notes.words import read_words

WORDS = read_words(Path(__file__).with_name("words.txt"))
WORDS["first"] = WORDS["girls"] + WORDS["boys"]
RANKS = [1 / (rank + 4) ** 1.3 for rank in range(1, len(WORDS["everyday"]) + 1)]


def person(draw: random.Random, language: str, base: str) -> dict[str, str]:
    """A name in the forms that a note may use; `she` and `he` agree with the pronouns of a template."""
    return _english(draw) if language == "en" else _chinese(draw, base)


def _english(draw: random.Random) -> dict[str, str]:
    last = draw.choice(WORDS["last"])
    if draw.random() < 0.04:
        last = f"{last}-{draw.choice(WORDS['last'])}"
    girl, boy = draw.choice(WORDS["girls"]), draw.choice(WORDS["boys"])
    middle = f" {draw.choice('ABCDEFGJKLMNPRST')}." if draw.random() < 0.25 else ""
    first = draw.choice((girl, boy))
    return {
        "full": f"{first}{middle} {last}",
        "she": f"{girl}{middle} {last}",
        "he": f"{boy}{middle} {last}",
        "first": first,
        "her": girl,
        "him": boy,
        "last": last,
        "listed": f"{last}, {first}{middle.rstrip('.')}",
        "herlisted": f"{last}, {girl}",
        "hislisted": f"{last}, {boy}{middle.rstrip('.')}",
        "caps": f"{last}, {first}{middle.rstrip('.')}".upper(),
        "initial": f"{first[0]}. {last}",
        "initials": f"{first[0]}{last[0]}",
        "signed": f"⟨{first[0]}{last[0]}⟩",
    }


def _chinese(draw: random.Random, base: str) -> dict[str, str]:
    chance = draw.random()
    if chance < 0.015 and base in ("patient", "relative"):
        full = draw.choice(WORDS["minority"])
        return dict.fromkeys(("full", "she", "he", "last", "given", "nick", "mou", "masked", "spaced"), full)
    if chance < 0.018:
        last = draw.choice(WORDS["compound"])
    elif chance < 0.04:
        last = draw.choice(WORDS["surnames"])
    else:
        last = draw.choices(WORDS["everyday"], RANKS)[0]
    girl, boy = draw.choice(WORDS["women"]), draw.choice(WORDS["men"])
    given = draw.choice((girl, boy))
    full = last + given
    return {
        "full": full,
        "she": last + girl,
        "he": last + boy,
        "last": last,
        "given": given,
        "nick": draw.choice((f"⟨小⟩⟪{last}⟫", f"⟨老⟩⟪{last}⟫")),
        "mou": f"⟪{last}⟫⟨某⟩",
        "masked": f"⟪{last}⟫{'*' * len(given)}",
        "spaced": f"{last} {given}" if len(full) == 2 else full,
    }


def date(draw: random.Random, language: str, base: str, form: str, style: int) -> str:
    """A date of some form; without a form, in the note's style."""
    when = day(2017, 1, 1) + timedelta(days=draw.randrange(3300))
    if base == "dob":
        when = day(1938, 1, 1) + timedelta(days=draw.randrange(25000))
        if form == "child":
            when, form = day(2012, 1, 1) + timedelta(days=draw.randrange(4800)), ""
    later = when + timedelta(days=draw.randrange(2, 16))
    written = _written_en if language == "en" else _written_zh
    return written(draw, when, later, form, style)


def _written_zh(draw: random.Random, when: day, later: day, form: str, style: int) -> str:
    y, m, d = when.year, when.month, when.day
    clock = f"{draw.randrange(24):02}:{draw.randrange(60):02}"
    forms = {
        "y": f"⟨{y}年⟩",
        "ym": draw.choice((f"⟨{y}年⟩⟪{m}月⟫", f"⟨{y}-⟩⟪{m:02}⟫", f"⟨{y}年⟩⟪{m:02}月⟫")),
        "m": f"{m}月",
        "md": draw.choice((f"{m}月{d}日", f"{m}月{d}日", f"{m:02}-{d:02}", f"{m}-{d}")),
        "dot": f"{m}.{d}",
        "compact": f"{when:%Y%m%d}",
        "time": draw.choice((f"⟪{when:%Y-%m-%d}⟫ ⟨{clock}⟩", f"⟪{when:%Y-%m-%d}⟫ ⟨{clock}:{draw.randrange(60):02}⟩")),
        "wordtime": f"⟪{y}年{m}月{d}日⟫⟨{clock[:2]}时{clock[3:]}分⟩",
        "range": draw.choice(
            (f"⟪{y}.{m}.{d}⟫⟨-⟩⟪{later.month}.{later.day}⟫", f"⟪{y}年{m}月{d}日⟫⟨至⟩⟪{later.month}月{later.day}日⟫")
        ),
    }
    if form:
        return forms[form]
    usual = (f"{when:%Y-%m-%d}", f"{y}年{m}月{d}日", f"{when:%Y-%m-%d}", f"{y}-{m}-{d}", f"{y}.{m}.{d}")
    return (*usual, f"{y}年{m:02}月{d:02}日", f"{y}/{m}/{d}", f"{when:%Y/%m/%d}")[style % 8]


def _written_en(draw: random.Random, when: day, later: day, form: str, style: int) -> str:
    y, m, d = when.year, when.month, when.day
    clock = f"{draw.randrange(24):02}:{draw.randrange(60):02}"
    th = "th" if d in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(d % 10, "th")
    forms = {
        "y": f"⟨{y}⟩",
        "ym": draw.choice((f"⟪{when:%B}⟫ ⟨{y}⟩", f"⟪{when:%b}⟫ ⟨{y}⟩", f"⟪{m}⟫/⟨{y}⟩")),
        "m": f"{when:%B}",
        "md": draw.choice((f"{m}/{d}", f"{when:%b} {d}", f"{when:%B} {d}", f"{when:%B} {d}{th}", f"{m}/{d:02}")),
        "dm": draw.choice((f"{d} {when:%B}", f"{d}{th} {when:%B}", f"{d} {when:%b}")),
        "uk": draw.choice((f"{when:%d/%m/%Y}", f"{d} {when:%B} {y}", f"{when:%d/%m/%y}", f"{d}{th} {when:%B} {y}")),
        "long": draw.choice((f"{when:%B} {d}, {y}", f"{when:%b} {d}, {y}")),
        "time": f"⟪{when:%m/%d/%Y}⟫ ⟨{clock}⟩",
        "stamp": f"⟪{when:%Y-%m-%d}⟫ ⟨{clock}⟩",
        "weekday": f"⟨{when:%A}⟩ ⟪{when:%B} {d}⟫",
        "range": f"⟪{m}/{d}⟫⟨-⟩⟪{later.month}/{later.day}⟫",
    }
    if form:
        return forms[form]
    usual = (f"{when:%m/%d/%Y}", f"{m}/{d}/{y}", f"{m}/{d}/{y % 100:02}", f"{when:%m/%d/%Y}")
    return (*usual, f"{when:%Y-%m-%d}", f"{when:%d-%b-%Y}", f"{when:%B} {d}, {y}", f"{when:%m-%d-%Y}")[style % 8]


def idcard(draw: random.Random) -> str:
    """A citizen's number with the check digit of GB 11643-1999."""
    born = day(1938, 1, 1) + timedelta(days=draw.randrange(27000))
    number = draw.choice(WORDS["regions"]) + f"{born:%Y%m%d}{draw.randrange(1000):03}"
    left = sum(int(sign) * pow(2, 17 - place, 11) for place, sign in enumerate(number)) % 11
    return number + "10X98765432"[left]
