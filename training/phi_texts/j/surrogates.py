"""People, dates and identity numbers of folder j: ordinary general hospitals whose documents are told in running text."""

from __future__ import annotations

import random
from datetime import date as day
from datetime import timedelta
from pathlib import Path
from typing import Any

from phi_notes.words import read_words

WORDS = read_words(Path(__file__).with_name("words.txt"))
DIGITS = "〇一二三四五六七八九"
PERSON = {
    "zh": {
        "full": ("{last}{given}",),
        "last": ("{last}",),
        "given": ("{given}",),
        "end": ("{end}",),
        "nick": (
            "⟨老⟩⟪{last}⟫",
            "⟨小⟩⟪{last}⟫",
            "⟨阿⟩⟪{end}⟫",
            "⟪{last}⟫⟨姐⟩",
            "⟪{last}⟫⟨哥⟩",
            "⟪{end}⟫⟨儿⟩",
            "⟨小⟩⟪{end}⟫",
            "⟪{end}{end}⟫",
            "⟪{last}⟫⟨阿姨⟩",
            "⟪{last}⟫⟨叔⟩",
            "⟪{last}⟫⟨师傅⟩",
        ),
        "masked": ("⟪{last}⟫某", "⟪{last}⟫某某", "⟪{last}⟫*{end_mark}", "⟪{last}⟫XX"),
        "milk": ("⟪{end}{end}⟫", "⟨小⟩⟪{end}⟫", "⟪{end}⟫⟨宝⟩", "⟪{end}⟫⟨儿⟩"),
        "spaced": ("{last} {given}", "{last}　{given}"),
    },
    "en": {
        "full": ("{first} {last}",),
        "last": ("{last}",),
        "first": ("{first}",),
        "listed": ("{last}, {first}", "{caps}, {first}"),
        "upper": ("{shout}",),
        "initial": ("{f}. {last}", "{f} {last}"),
        "initials": ("{f}{l}", "{f}.{l}."),
        "k": ("{l}.",),
        "nick": (
            "⟨Auntie⟩ ⟪{first}⟫",
            "⟨Uncle⟩ ⟪{first}⟫",
            "⟨wee⟩ ⟪{first}⟫",
            "⟨old⟩ ⟪{last}⟫",
            "⟨Big⟩ ⟪{first}⟫",
            "⟨Nana⟩ ⟪{first}⟫",
            "⟪{first}⟫ ⟨love⟩",
        ),
        "middle": ("{first} {m}. {last}", "{first} {second} {last}"),
    },
}
DATES = {
    "zh": {
        "": ("{y}年{m}月{d}日", "{y}-{m:02}-{d:02}", "{y}.{m:02}.{d:02}", "{y}/{m}/{d}", "{y}年{m:02}月{d:02}日"),
        "md": ("{m}月{d}日", "{m}月{d}号", "{m}.{d}", "{m}/{d}", "{cm}月{cd}号", "{m}月{d}"),
        "day": ("{d}号", "{d}日", "{cd}号"),
        "ym": ("⟨{y}年⟩⟪{m}月⟫", "⟨前年⟩⟪{m}月⟫", "⟪{m}月底⟫", "⟨{y}年⟩⟪{cm}月份⟫", "⟨去年⟩⟪{m}月上旬⟫"),
        "time": (
            "⟪{y}-{m:02}-{d:02}⟫ ⟨{h:02}:{n:02}⟩",
            "⟪{m}月{d}日⟫⟨{h}时{n}分⟩",
            "⟪{y}年{m}月{d}日⟫⟨{h}:{n:02}⟩",
            "⟪{m}.{d}⟫ ⟨{h}点{n}⟩",
        ),
        "week": ("⟪{m}月{d}日⟫⟨(周{w})⟩", "⟨周{w}⟩⟪({m}月{d}号)⟫", "⟪{m}月{d}号⟫⟨星期{w}⟩", "⟨礼拜{w}⟩⟪{m}/{d}⟫"),
        "range": ("⟪{m}月{d}日⟫⟨至⟩⟪{m2}月{d2}日⟫", "⟪{m}.{d}⟫⟨-⟩⟪{m2}.{d2}⟫", "⟪{m}月{d}号⟫⟨到⟩⟪{m2}月{d2}号⟫"),
    },
    "en": {
        "": ("{d} {B} {y}", "{m:02}/{d:02}/{y}", "{B} {d}, {y}", "{y}-{m:02}-{d:02}", "{d}/{m}/{yy:02}", "{d}-{b}-{y}"),
        "md": ("{B} {d}", "{d} {B}", "the {o} of {B}", "{m}/{d}", "{b} {d}", "{o} {B}"),
        "day": ("⟪the {o}⟫",),
        "ym": ("⟪{B}⟫ ⟨{y}⟩", "⟪{b}⟫ ⟨{y}⟩", "⟪early {B}⟫", "⟪{B}⟫ ⟨of last year⟩", "⟪{m:02}⟫/⟨{y}⟩"),
        "time": ("⟪{m}/{d}/{y}⟫ ⟨{h:02}{n:02}⟩", "⟪{d} {b}⟫ ⟨at {h:02}:{n:02}⟩", "⟪{b} {d}⟫, ⟨{h:02}:{n:02}⟩"),
        "week": ("⟨{A}⟩ ⟪{d} {B}⟫", "⟨{A}⟩, ⟪{B} {d}⟫", "⟨{A}⟩ ⟪the {o}⟫", "⟨{a}⟩ ⟪{m}/{d}⟫"),
        "range": ("⟪{B} {d}⟫ ⟨to⟩ ⟪{B2} {d2}⟫", "⟪{d} {b}⟫ ⟨-⟩ ⟪{d2} {b2}⟫", "⟨between⟩ ⟪{m}/{d}⟫ ⟨and⟩ ⟪{m2}/{d2}⟫"),
    },
}


def _in_chinese(value: int) -> str:
    tens, ones = divmod(value, 10)
    return ["", "十", "二十", "三十"][tens] + (DIGITS[ones] if ones else "")


def _by_rank(draw: random.Random, names: tuple[str, ...], shift: float) -> str:
    """A name; the earlier it stands in its list, the oftener."""
    return draw.choices(names, [1 / (rank + shift) for rank in range(len(names))])[0]


def person(draw: random.Random, language: str, base: str) -> dict[str, str]:
    """A name in the forms that a note may use; initials with which a writer signs may go or stay."""
    parts: dict[str, str]
    if language == "zh":
        given = draw.choice(WORDS["single"] if draw.random() < 0.17 else WORDS["given"])
        last = draw.choice(WORDS["compound"]) if draw.random() < 0.02 else _by_rank(draw, WORDS["surname"], 6)
        parts = {"last": last, "given": given, "end": given[-1], "end_mark": draw.choice("*某")}
    else:
        first, second = draw.sample(WORDS["first"], 2)
        last = _by_rank(draw, WORDS["last"], 40)
        parts = {"first": first, "last": last, "second": second, "m": second[0], "f": first[0], "l": last[0]}
        parts |= {"caps": last.upper(), "shout": f"{first} {last}".upper()}
    made = {form: draw.choice(ways).format(**parts) for form, ways in PERSON[language].items()}
    if base == "doctor" and "initials" in made:
        made["initials"] = f"⟨{made['initials']}⟩"
    return made


def _fields(draw: random.Random, when: day) -> dict[str, Any]:
    then = when + timedelta(days=draw.randint(2, 16))
    suffix = "th" if when.day in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(when.day % 10, "th")
    return {
        "y": when.year,
        "yy": when.year % 100,
        "m": when.month,
        "d": when.day,
        "cm": _in_chinese(when.month),
        "cd": _in_chinese(when.day),
        "w": "一二三四五六日"[when.weekday()],
        "m2": then.month,
        "d2": then.day,
        "h": draw.randrange(24),
        "n": draw.randrange(60),
        "o": f"{when.day}{suffix}",
        **{sign: when.strftime(f"%{sign}") for sign in "AaBb"},
        "B2": then.strftime("%B"),
        "b2": then.strftime("%b"),
    }


def date(draw: random.Random, language: str, base: str, form: str, style: int) -> str:
    """A date of some form; without a form, in the note's style."""
    if form == "lunar":
        return draw.choice(WORDS[f"feast{language}"])
    first, days = (day(1936, 1, 1), 27000) if base == "dob" else (day(2018, 3, 1), 3100)
    ways = DATES[language][form]
    way = draw.choice(ways) if form else ways[style % len(ways)]
    return way.format(**_fields(draw, first + timedelta(days=draw.randrange(days))))


def idcard(draw: random.Random) -> str:
    """A number of a citizen's identity."""
    born = day(1938, 1, 1) + timedelta(days=draw.randrange(26000))
    return f"{draw.choice(WORDS['area'])}{born:%Y%m%d}{draw.randrange(1000):03}{draw.choice('0123456789X')}"
