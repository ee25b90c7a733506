"""People, dates and identity numbers of folder i: those who stand around a patient, in minutes, reports, letters, calls and exports."""

from __future__ import annotations

import random
from datetime import date as day
from datetime import timedelta
from pathlib import Path

from phi_notes.words import read_words

WORDS = read_words(Path(__file__).with_name("words.txt"))
DIGITS = "〇一二三四五六七八九"
MOONS = ("正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊")
ORIGINS = ("anglo", "latin", "east", "south", "slavic", "african")

CHINESE = {
    "full": ("{x}{m}",),
    "last": ("{x}",),
    "given": ("{m}",),
    "end": ("{e}",),
    "nick": tuple(WORDS["nickforms"]),
    "masked": ("⟪{x}⟫⟨某⟩", "⟪{x}⟫⟨某某⟩", "⟪{x}⟫⟨**⟩", "⟪{x}⟫⟨*⟩⟪{e}⟫", "⟪{x}⟫⟨××⟩", "⟪{x}⟫⟨〇〇⟩"),
    "spaced": ("{x} {m}", "{x}  {m}", "{x}　{m}"),
    "broken": ("{x}\n{m}",),
    "polite": ("⟪{x}⟫⟨老⟩", "⟪{x}⟫⟨女士⟩", "⟪{x}⟫⟨先生⟩", "⟪{x}⟫⟨总⟩", "⟪{x}⟫⟨老师⟩", "⟪{x}⟫⟨公⟩"),
    "clan": ("⟪{x}⟫⟨氏⟩", "⟪{x}⟫⟨家⟩"),
    "pinyin": ("{p1} {p2}",),
    "caps": ("{P1} {P2}", "⟪{P1}⟫⟨^⟩⟪{P2}⟫"),
    "dr": ("{f} {p1}",),
    "expat": ("{f} {l}",),
    "expatfirst": ("{f}",),
    "expatlast": ("{l}",),
    "translit": ("{t}·{u}", "{t}", "{t}{u}"),
}
ENGLISH = {
    "full": ("{f} {l}",),
    "last": ("{l}",),
    "first": ("{f}",),
    "upper": ("{F} {L}",),
    "listed": ("{l}, {f}", "{l},{f}", "{L}, {f}", "{l}, {f} {i}"),
    "initial": ("{f[0]}. {l}", "{f[0]} {l}", "{f[0]}.{l}"),
    "initials": ("{f[0]}{l[0]}", "{f[0]}.{l[0]}.", "{f[0]}. {l[0]}."),
    "k": ("{l[0]}.", "{l[0]}"),
    "middle": ("{f} {i}. {l}", "{f} {g} {l}", "{f} {l}-{n}"),
    "nick": (
        "{k}",
        "{k}",
        "⟨Aunt⟩ ⟪{f}⟫",
        "⟨Nana⟩ ⟪{f}⟫",
        "⟨Uncle⟩ ⟪{k}⟫",
        '{f} ("{k}")',
        "⟨Old⟩ ⟪{l}⟫",
        "⟨Pastor⟩ ⟪{f}⟫",
    ),
    "caret": ("⟪{L}⟫⟨^⟩⟪{F}⟫⟨^⟩⟪{i}⟫", "⟪{L}⟫⟨^⟩⟪{F}⟫"),
    "broken": ("{f}\n{l}",),
}
DATES_ZH = {
    "": (
        "{y}年{m}月{d}日|{y}-{m:02}-{d:02}|{y}/{m}/{d}|{y}.{m}.{d}|{y}年{m:02}月{d:02}日|{y}{m:02}{d:02}"
        "|{yy}年{m}月{d}号|{cy}年{cm}月{cd}日|{m}月{d}日|{yy}-{m}-{d}"
    ),
    "md": "{m}月{d}日|{m}月{d}号|{m}.{d}|{m}/{d}|{m:02}-{d:02}|{cm}月{cd}号|{cm}月{cd}|⟨今年⟩⟪{m}月{d}日⟫|⟨去年⟩⟪{m}月{d}号⟫",
    "day": "{d}日|{d}号|⟨本月⟩⟪{d}日⟫|⟨这个月⟩⟪{d}号⟫|{cd}号|⟨上月⟩⟪{d}日⟫",
    "ym": "⟨{y}年⟩⟪{m}月⟫|⟨{yy}年⟩⟪{m}月份⟫|{y}-{m:02}|⟨去年⟩⟪{m}月⟫|{cm}月份|⟨{y}年⟩⟪{m}月⟫⟨中旬⟩",
    "time": "⟪{y}年{m}月{d}日⟫⟨{h}时{n}分⟩|⟪{y}-{m:02}-{d:02}⟫ ⟨{h:02}:{n:02}⟩|⟪{m}月{d}日⟫⟨{h}:{n:02}⟩"
    "|⟪{m}-{d}⟫ ⟨{h:02}:{n:02}:27⟩|⟪{y}/{m}/{d}⟫ ⟨{h}:{n:02}⟩|⟪{d}日⟫⟨{h}时许⟩|⟪{y}{m:02}{d:02}⟫⟨{h:02}{n:02}⟩",
    "week": "⟪{m}月{d}日⟫⟨(周{w})⟩|⟨周{w}⟩⟪({m}.{d})⟫|⟨星期{w}⟩⟪{d}号⟫|⟪{m}/{d}⟫⟨周{w}⟩|⟪{y}年{m}月{d}日⟫ ⟨星期{w}⟩",
    "range": "⟪{m}月{d}日⟫⟨至⟩⟪{m2}月{d2}日⟫|⟪{m}.{d}⟫⟨—⟩⟪{m2}.{d2}⟫|⟪{y}-{m:02}-{d:02}⟫⟨~⟩⟪{y2}-{m2:02}-{d2:02}⟫"
    "|⟨自⟩⟪{y}年{m}月{d}日⟫⟨起至⟩⟪{y2}年{m2}月{d2}日⟫⟨止⟩",
    "lunar": "⟨农历⟩⟪{moon}月{moonday}⟫|⟨阴历⟩⟪{moon}月{moonday}⟫|{moon}月{moonday}|⟨旧历⟩⟪{moon}月{moonday}⟫|{feast}",
    "packed": "{y}{m:02}{d:02}|⟪{y}{m:02}{d:02}⟫⟨{h:02}{n:02}⟩|⟪{y}-{m:02}-{d:02}⟫⟨T{h:02}:{n:02}:00⟩",
}
DATES_EN = {
    "": (
        "{m}/{d}/{y}|{m:02}/{d:02}/{yy}|{month} {d}, {y}|{d} {month} {y}|{d}-{mon}-{y}|{y}-{m:02}-{d:02}|{mon} {d} {y}"
        "|{d:02}.{m:02}.{y}|{month} {d}{th}, {y}|{d}/{m}/{yy}"
    ),
    "md": "{m}/{d}|{mon} {d}|{month} {d}{th}|{d} {mon}|{d}{th} of {month}|{mon}. {d}|{d}/{m}|{month} the {d}{th}",
    "day": "⟨the⟩ ⟪{d}{th}⟫|⟨{wday} the⟩ ⟪{d}{th}⟫|⟨the⟩ ⟪{d}{th}⟫|⟨the morning of the⟩ ⟪{d}{th}⟫",
    "ym": "⟪{month}⟫ ⟨{y}⟩|⟪{mon}⟫ ⟨{y}⟩|⟨early⟩ ⟪{month}⟫|⟨last⟩ ⟪{month}⟫|{m:02}/{y}|⟨mid-⟩⟪{month}⟫",
    "time": "⟪{m}/{d}/{y}⟫ ⟨{h:02}:{n:02}⟩|⟪{d} {mon} {y}⟫ ⟨{h:02}{n:02}h⟩|⟪{m:02}-{d:02}-{yy}⟫ ⟨@ {h:02}{n:02}⟩"
    "|⟪{month} {d}⟫ ⟨at {h:02}:{n:02}⟩|⟪{y}-{m:02}-{d:02}⟫⟨T{h:02}:{n:02}Z⟩",
    "week": "⟨{wday}⟩ ⟪{month} {d}⟫|⟨{wday},⟩ ⟪{mon} {d}{th}⟫|⟨{wd}⟩ ⟪{m}/{d}⟫|⟪{d} {month}⟫ ⟨({wday})⟩|⟨{wd}⟩ ⟪{d} {mon} {y}⟫",
    "range": "⟪{m}/{d}⟫⟨-⟩⟪{m2}/{d2}⟫|⟨from⟩ ⟪{mon} {d}⟫ ⟨to⟩ ⟪{mon2} {d2}⟫|⟪{d} {mon}⟫ ⟨–⟩ ⟪{d2} {mon2} {y2}⟫"
    "|⟨between⟩ ⟪{month} {d}{th}⟫ ⟨and⟩ ⟪{month2} {d2}⟫",
    "feast": "{feast}",
    "packed": "{y}{m:02}{d:02}|⟪{y}{m:02}{d:02}⟫⟨{h:02}{n:02}⟩|⟪{y}-{m:02}-{d:02}⟫⟨T{h:02}:{n:02}:00⟩",
}


def person(draw: random.Random, language: str, base: str) -> dict[str, str]:
    """A name in the forms that a note may use; initials with which a writer signs may go or stay."""
    origin, second = draw.choice(ORIGINS), draw.choice(ORIGINS)
    parts = {
        "f": draw.choice(WORDS[f"{origin} first"]),
        "g": draw.choice(WORDS[f"{origin} first"]),
        "l": draw.choice(WORDS[f"{origin} last"]),
        "n": draw.choice(WORDS[f"{second} last"]),
        "i": draw.choice("ABCDEFGJKLMPRST"),
        "k": draw.choice(WORDS["nicknames"]),
        "x": draw.choice(WORDS["compound" if draw.random() < 0.03 else "surnames"]),
        "m": draw.choice(WORDS["single" if draw.random() < 0.22 else "given"]),
        "p1": draw.choice(WORDS["pinyin last"]),
        "p2": draw.choice(WORDS["pinyin given"]),
        "t": draw.choice(WORDS["translit first"]),
        "u": draw.choice(WORDS["translit last"]),
    }
    parts["e"] = parts["m"][-1]
    parts |= {"F": parts["f"].upper(), "L": parts["l"].upper(), "P1": parts["p1"].upper(), "P2": parts["p2"].upper()}
    forms = CHINESE if language == "zh" else ENGLISH
    made = {form: draw.choice(ways).format(**parts) for form, ways in forms.items()}
    if base == "doctor" and language == "en":
        made |= {form: f"⟨{made[form]}⟩" for form in ("initials", "k")}
    return made


def date(draw: random.Random, language: str, base: str, form: str, style: int) -> str:
    """A date of some form; without a form, in the note's style."""
    born = base == "dob"
    when = day(1936 if born else 2016, 1, 1) + timedelta(days=draw.randrange(31000 if born else 3900))
    after = when + timedelta(days=draw.randrange(2, 40))
    d, tens = when.day, when.day // 10
    moonday = ("初十", "二十", "三十")[tens - 1] if not d % 10 else ("初", "十", "廿", "卅")[tens] + DIGITS[d % 10]
    parts: dict[str, object] = {
        "y": when.year, "m": when.month, "d": d, "yy": f"{when:%y}", "h": draw.randrange(24), "n": draw.randrange(60),
        "y2": after.year, "m2": after.month, "d2": after.day, "mon": f"{when:%b}", "month": f"{when:%B}",
        "mon2": f"{after:%b}", "month2": f"{after:%B}", "wd": f"{when:%a}", "wday": f"{when:%A}",
        "w": "一二三四五六日"[when.weekday()], "cy": "".join(DIGITS[int(one)] for one in str(when.year)),
        "cm": _counted(when.month), "cd": _counted(d), "moon": MOONS[when.month - 1], "moonday": moonday,
        "th": "th" if 3 < d < 21 else ("th", "st", "nd", "rd", "th", "th", "th", "th", "th", "th")[d % 10],
        "feast": draw.choice(WORDS[f"{language}.feast"]),
    }  # fmt: skip
    ways = (DATES_ZH if language == "zh" else DATES_EN)[form].split("|")
    return (draw.choice(ways) if form or born else ways[style % len(ways)]).format(**parts)


def idcard(draw: random.Random) -> str:
    """A number of a citizen's identity, whole or in groups."""
    born = day(1938, 1, 1) + timedelta(days=draw.randrange(30000))
    number = f"{draw.choice(WORDS['regions'])}{born:%Y%m%d}{draw.randrange(10, 1000):03}{draw.choice('0123456789X')}"
    return draw.choice((number, number, number, f"{number[:6]} {number[6:14]} {number[14:]}", number.lower()))


def _counted(number: int) -> str:
    tens, ones = divmod(number, 10)
    return ("", "十", "二十", "三十")[tens] + (DIGITS[ones] if ones else "")
