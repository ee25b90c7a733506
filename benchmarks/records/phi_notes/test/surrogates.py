"""People, dates and identity numbers of the test split, made up by rule; the dev split shares no source with it.

All other identifiers are patterns in words.txt; what marks ⟪must go⟫ and ⟨may go⟩ is told in generator.py.
"""

from __future__ import annotations

import random
from datetime import date as day
from datetime import timedelta
from pathlib import Path

from phi_notes.words import read_words

WORDS = read_words(Path(__file__).with_name("words.txt"))

NUMERALS = "〇一二三四五六七八九"


def _digits(draw: random.Random, count: int) -> str:
    return "".join(draw.choice("0123456789") for _ in range(count))


def _wide(words: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if one.isdigit() else one for one in words)


def _numeral(number: int) -> str:
    """1 to 31 in Chinese numerals."""
    ten, one = divmod(number, 10)
    return ("" if not ten else "十" if ten == 1 else NUMERALS[ten] + "十") + (NUMERALS[one] if one else "")


def person(draw: random.Random, language: str, base: str) -> dict[str, str]:
    """A name in the forms that a note may use."""
    if language == "en":
        first, last = draw.choice(WORDS["first"]), draw.choice(WORDS["last"])
        full = draw.choice((f"{first} {last}", f"{first} {last}", f"{first} {draw.choice('GKNPVW')} {last}"))
        return {
            "full": full,
            "last": last,
            "first": first,
            "listed": f"{last.upper()}, {first}",
            "initial": f"{first[0]} {last}",
            "upper": full.upper(),
        }
    chance = draw.random()
    if chance < (0.12 if base in ("patient", "relative") else 0.04):
        full = draw.choice(WORDS["minority"])
        short = full.split("·")[0]
        return {"full": full, "last": short, "nick": short, "given": short, "spaced": full, "masked": full}
    surname = (
        draw.choice(WORDS["compound"])
        if chance > 0.94
        else draw.choice(WORDS["rare"] if chance > 0.82 else WORDS["surnames"])
    )
    given = draw.choice(WORDS["single"]) if draw.random() < 0.3 else draw.choice(WORDS["given"])
    nick = draw.choice(
        (
            f"⟨小⟩⟪{surname}⟫",
            f"⟨老⟩⟪{surname}⟫",
            f"⟪{surname}⟫⟨姨⟩",
            f"⟪{surname}⟫⟨大爷⟩",
            f"⟪{surname}⟫⟨阿婆⟩",
            f"⟨阿⟩⟪{given[-1]}⟫",
            f"⟪{surname}⟫⟨哥⟩",
        )
    )
    return {
        "full": surname + given,
        "last": surname,
        "nick": nick,
        "given": given if len(given) == 2 else surname + given,
        "spaced": "  ".join(surname + given) if len(surname + given) == 2 else surname + given,
        "masked": f"⟪{surname}⟫⟨某⟩⟪{given[-1]}⟫" if len(given) == 2 else f"⟪{surname}⟫⟨某⟩",
    }


def date(draw: random.Random, language: str, base: str, form: str, style: int) -> str:
    """A date of some form; without a form, in the note's style."""
    when = day(2009, 1, 1) + timedelta(days=draw.randrange(5900))
    if base == "dob":
        when = day(1931, 1, 1) + timedelta(days=draw.randrange(30000))
    y, m, d = when.year, when.month, when.day
    later = when + timedelta(days=draw.randrange(2, 9))
    if language == "en":
        suffix = "th" if 4 <= d <= 20 or 24 <= d <= 30 else ("st", "nd", "rd")[d % 10 - 1]
        if form == "md":
            return draw.choice(
                (
                    f"⟨the ⟩⟪{d}{suffix} of {when:%B}⟫",
                    f"{d}{suffix} {when:%b}",
                    f"{d}-{when:%b}",
                    f"{when:%b} {d}{suffix}",
                )
            )
        if form == "ym":
            return draw.choice((f"⟪{when:%b}⟫ '⟨{y % 100:02}⟩", f"⟪{when:%B}⟫ of ⟨{y}⟩"))
        if form == "range":
            return f"⟪{d} {when:%b}⟫⟨ to ⟩⟪{later.day} {later:%b %Y}⟫"
        if form == "time":
            return f"⟪{d:02}-{when:%b}-{y}⟫ ⟨at {draw.randrange(24):02}{draw.randrange(60):02}h⟩"
        return (
            f"{d:02}.{m:02}.{y}",
            f"{d}{suffix} {when:%B} {y}",
            f"{d:02}-{when:%b}-{y % 100:02}".upper(),
            f"⟨the ⟩⟪{d}{suffix} of {when:%B}, {y}⟫",
            f"⟨{when:%a}, ⟩⟪{when:%b} {d}{suffix} {y}⟫",
            f"{y}{m:02}{d:02}",
            f"{d:02} / {m:02} / {y}",
        )[style % 7]
    if form == "md":
        return draw.choice(
            (
                f"{_numeral(m)}月{_numeral(d)}日",
                f"{m}月{d}号",
                f"{_numeral(m)}月{_numeral(d)}号",
                f"{m}.{d}" if d > 9 else f"{m}月{d}",
            )
        )
    if form == "ym":
        return draw.choice(
            (
                f"⟨{y % 100:02}年⟩⟪{m}月⟫",
                f"⟨{''.join(NUMERALS[int(one)] for one in str(y))}年⟩⟪{_numeral(m)}月⟫",
                f"⟨{y}⟩.⟪{m:02}⟫",
            )
        )
    if form == "lunar":
        return draw.choice(
            ("腊月廿三", "正月十五", "农历八月初六", "五月初五", "冬月十一", "阴历三月二十", "大年初二", "中秋节前一天")
        )
    if form == "range":
        return draw.choice(
            (
                f"⟪{y}年{m}月{d}日⟫⟨至⟩⟪{later.month}月{later.day}日⟫",
                f"⟪{y}.{m}.{d}⟫—⟪{later.year}.{later.month}.{later.day}⟫",
                f"⟪{m}/{d}⟫~⟪{later.month}/{later.day}⟫",
            )
        )
    if form == "time":
        return draw.choice(
            (
                f"⟪{y}年{m}月{d}日⟫⟨{draw.randrange(1, 24)}时{draw.randrange(60)}分⟩",
                f"⟪{y % 100:02}-{m:02}-{d:02}⟫ ⟨{draw.randrange(1, 24)}:{draw.randrange(10, 60)}⟩",
                f"⟪{y}{m:02}{d:02}⟫⟨{draw.randrange(24):02}{draw.randrange(60):02}{draw.randrange(60):02}⟩",
            )
        )
    return (
        f"{''.join(NUMERALS[int(one)] for one in str(y))}年{_numeral(m)}月{_numeral(d)}日",
        f"{y % 100:02}-{m}-{d}",
        f"{y % 100:02}年{m}月{d}号",
        f"{y} 年 {m} 月 {d} 日",
        f"{y}{m:02}{d:02}",
        f"{d:02}/{m:02}/{y}",
        f"{y}-{m}-{d}",
        f"{''.join(NUMERALS[int(one)] for one in str(y))}.{_numeral(m)}.{_numeral(d)}",
        _wide(f"{y}年{m}月{d}日"),
    )[style % 9]


def idcard(draw: random.Random) -> str:
    """A number of a citizen's identity."""
    born = day(1932, 1, 1) + timedelta(days=draw.randrange(28000))
    area = draw.choice(("331081", "510703", "150102", "653101", "230202", "450302", "532901"))
    number = area + f"{born:%Y%m%d}" + _digits(draw, 3)
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    number += "10x98765432"[sum(int(one) * weight for one, weight in zip(number, weights, strict=True)) % 11]
    return draw.choice(
        (
            number,
            number.upper(),
            f"{number[:6]} {number[6:14]} {number[14:]}",
            f"{number[:10]}****{number[14:]}",
            _wide(number),
            f"{area}{born:%y%m%d}{_digits(draw, 3)}",
            "-".join((number[:6], number[6:14], number[14:])),
        )
    )
