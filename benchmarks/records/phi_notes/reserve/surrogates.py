"""People, dates and identity numbers of the reserve split, made up by rule; no other split shares a source with it.

All other identifiers are patterns in words.txt; what marks ⟪must go⟫ and ⟨may go⟩ is told in generator.py.
"""

from __future__ import annotations

import random
from datetime import date as day
from datetime import timedelta
from pathlib import Path

from phi_notes.words import read_words

WORDS = read_words(Path(__file__).with_name("words.txt"))
NUMERALS = "零一二三四五六七八九"


def _numeral(number: int) -> str:
    """1 to 31 in Chinese numerals, the twenties and thirties contracted."""
    ten, one = divmod(number, 10)
    return ("", "十", "廿", "三十")[ten] + (NUMERALS[one] if one else "") if number != 20 else "二十"


def person(draw: random.Random, language: str, base: str) -> dict[str, str]:
    """A name in the forms that a note may use."""
    if language == "en":
        first, last = draw.choice(WORDS["first"]), draw.choice(WORDS["last"])
        full = draw.choice((f"{first} {last}", f"{first} {last}", f"{first} {draw.choice('BFQZ')}. {last}"))
        return {
            "full": full,
            "last": last,
            "first": first,
            "listed": f"{last} {first}",
            "initial": f"⟪{first[0]}⟫⟪{last.replace(' ', '')[0]}⟫",
        }
    if draw.random() < (0.12 if base in ("patient", "relative") else 0.03):
        full = draw.choice(WORDS["minority"])
        short = full.split("·")[0]
        return {"full": full, "last": short, "nick": short, "given": short}
    surname = draw.choice(WORDS["compound"] if draw.random() < 0.06 else WORDS["surnames"])
    given = draw.choice(WORDS["single"] if draw.random() < 0.25 else WORDS["given"])
    called = (
        f"⟪{surname}⟫⟨叔⟩",
        f"⟪{surname}⟫⟨婶⟩",
        f"⟨大⟩⟪{surname}⟫",
        f"⟪{surname}⟫⟨师傅⟩",
        f"⟪{given}⟫⟨奶奶⟩",
        f"⟪{surname}⟫⟨总⟩",
    )
    return {
        "full": surname + given,
        "last": surname,
        "nick": draw.choice(called),
        "given": given if len(given) == 2 else surname + given,
    }


def date(draw: random.Random, language: str, base: str, form: str, style: int) -> str:
    """A date of some form; without a form, in the note's style."""
    when = day(2011, 1, 1) + timedelta(days=draw.randrange(5400))
    if base == "dob":
        when = day(1934, 1, 1) + timedelta(days=draw.randrange(29000))
    y, m, d = when.year, when.month, when.day
    hour, minute = draw.randrange(1, 24), draw.randrange(10, 60)
    if language == "en":
        if form == "md":
            return draw.choice((f"{when:%B} the {d}", f"{m}-{d}", f"{d:02} {when:%b}".upper(), f"{when:%b}. {d}"))
        if form == "ym":
            return draw.choice((f"⟨mid-⟩⟪{when:%B}⟫", f"⟪{m:02}⟫.⟨{y}⟩"))
        if form == "time":
            return f"⟪{y}/{m:02}/{d:02}⟫⟨T{hour:02}:{minute:02}⟩"
        return (
            f"{when:%b}-{d:02}-{y}",
            f"{d:02} {when:%b} {y % 100:02}".upper(),
            f"{m:02}{d:02}{y}",
            f"{when:%b}. {d}, {y}",
            f"{y}/{m:02}/{d:02}",
            f"⟨{when:%A} ⟩⟪{d} {when:%B} {y}⟫",
        )[style % 6]
    spelt = "".join(NUMERALS[int(one)] for one in str(y))
    if form == "md":
        return draw.choice((f"{m}月{d}", f"{_numeral(m)}月{_numeral(d)}", f"{m:02}-{d:02}", f"⟨本月⟩⟪{d}号⟫"))
    if form == "ym":
        return draw.choice((f"⟨{spelt}年⟩⟪{_numeral(m)}月⟫⟨间⟩", f"⟨{y}年⟩⟪{m}月⟫⟨底⟩", f"⟨{y}⟩/⟪{m}⟫"))
    if form == "time":
        return draw.choice(
            (
                f"⟪{y}-{m:02}-{d:02}⟫⟨T{hour:02}:{minute:02}:00⟩",
                f"⟪{y}年{m}月{d}日⟫⟨下午{hour % 12 + 1}点{minute}⟩",
                f"⟪{m:02}/{d:02}⟫ ⟨{hour:02}:{minute}⟩",
            )
        )
    return (
        f"{spelt}年{_numeral(m)}月{_numeral(d)}日",
        f"{y}.{m}.{d}日",
        f"{y}年{m:02}月{d:02}",
        f"{y}\\{m}\\{d}",
        f"{y % 100:02}.{m:02}.{d:02}",
        f"{y}_{m:02}_{d:02}",
        f"{y},{m},{d}",
    )[style % 7]


def idcard(draw: random.Random) -> str:
    """A number of a citizen's identity."""
    born = day(1933, 1, 1) + timedelta(days=draw.randrange(28000))
    number = draw.choice(("520303", "341226", "231002", "450921", "222401", "350402")) + f"{born:%Y%m%d}"
    number += "".join(draw.choice("0123456789") for _ in range(3))
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    number += "10X98765432"[sum(int(one) * weight for one, weight in zip(number, weights, strict=True)) % 11]
    cut = " ".join((number[:3], number[3:6], number[6:10], number[10:14], number[14:]))
    return draw.choice(
        (number, number.replace("X", "×"), cut, f"{number[:6]}********{number[14:]}", f"⟨尾号⟩⟪{number[14:]}⟫")
    )
