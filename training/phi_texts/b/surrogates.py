"""People, dates and identity numbers of folder b: Hong Kong, Macau, the Pearl River delta, Malaysia and Singapore."""

from __future__ import annotations

import random
from datetime import date as day
from datetime import timedelta
from pathlib import Path

from phi_notes.words import read_words

WORDS = read_words(Path(__file__).with_name("words.txt"))
FEASTS = (
    "年初三",
    "正月十五",
    "清明",
    "端午",
    "七月十四",
    "中秋",
    "重阳",
    "冬至",
    "年廿八",
    "年三十晚",
    "八月初二",
    "四月初八",
    "十月十九",
    "三月廿二",
)
WEEK = ("一", "二", "三", "四", "五", "六", "日")


def _chinese(draw: random.Random) -> dict[str, str]:
    chance = draw.random()
    surname = draw.choice(WORDS["double"]) if chance < 0.07 else draw.choice(WORDS["surname"])
    if chance > 0.93:
        surname = draw.choice(WORDS["surname"]) + surname[:1]  # a married woman's name with her husband's before it
        given = draw.choice(WORDS["women"])
    else:
        given = draw.choice(WORDS["one"]) if draw.random() < 0.15 else draw.choice(WORDS["women"] + WORDS["men"])
    end = given[-1]
    return {
        "full": surname + given,
        "last": surname,
        "given": given,
        "end": end,
        "nick": draw.choice(
            (
                f"⟨阿⟩⟪{end}⟫",
                f"⟪{surname[0]}⟫⟨生⟩",
                f"⟪{surname[0]}⟫⟨太⟩",
                f"⟪{end}⟫⟨仔⟩",
                f"⟪{end}⟫⟨姐⟩",
                f"⟪{end}⟫⟨叔⟩",
                f"⟪{end}⟫⟨婆⟩",
                f"⟪{surname[0]}⟫⟨sir⟩",
                f"⟨肥⟩⟪{end}⟫",
                f"⟨大只⟩⟪{end}⟫",
                f"⟪{end}⟫⟨嫂⟩",
            )
        ),
        "masked": draw.choice(
            (f"⟪{surname}⟫X{'X' * (len(given) - 1)}", f"⟪{surname}⟫○○", f"⟪{surname}⟫*{'*' * (len(given) - 1)}")
        ),
        "broken": surname + given[:-1] + "\n" + end,
        "spaced": surname + "  " + given,
        "wide": " ".join(surname + given),
        "foreign": "",
    }


def _person(draw: random.Random, language: str, base: str) -> dict[str, str]:
    if language == "zh":
        made = _chinese(draw)
        english = draw.choice(WORDS["english"])
        made["foreign"] = draw.choice(WORDS["foreign"])
        made["mixed"] = draw.choice(
            (
                f"{english} {made['last']}",
                f"{made['full']}({english})",
                f"{english} {draw.choice(WORDS['roman']).title()}",
            )
        )
        return made
    kind = draw.random()
    english = draw.choice(WORDS["english"])
    if kind < 0.4:
        last, given = (
            draw.choice(WORDS["roman"]),
            draw.choice(WORDS["syllables"]) + " " + draw.choice(WORDS["syllables"]).lower().title(),
        )
        full = draw.choice(
            (f"{last.upper()} {given}", f"{last} {given}", f"{last} {given}, {english}", f"{english} {last} {given}")
        )
        last_shown, first = last, draw.choice((given, english))
        nick = draw.choice(
            (f"⟨Ah⟩ ⟪{given.split()[1]}⟫", f"⟨Uncle⟩ ⟪{last}⟫", f"⟨Auntie⟩ ⟪{given.split()[0]}⟫", english)
        )
    elif kind < 0.65:
        a, b = draw.choice(WORDS["malay"]), draw.choice(WORDS["malayfather"])
        full, last_shown, first = f"{a} {draw.choice(('bin', 'binti'))} {b}", a.split()[0], a
        nick = draw.choice((f"⟨Pak Cik⟩ ⟪{a.split()[-1]}⟫", f"⟨Kak⟩ ⟪{a.split()[-1][:3]}⟫", a.split()[-1]))
    elif kind < 0.9:
        a, b = draw.choice(WORDS["tamil"]), draw.choice(WORDS["tamilfather"])
        full, last_shown, first = draw.choice((f"{a} a/l {b}", f"{a} s/o {b}", f"{a} {b}", f"{b[0]}. {a}")), a, a
        nick = draw.choice((a[:4], f"{a} ⟨anna⟩".replace(a, f"⟪{a}⟫")))
    else:
        a, b = english, draw.choice(WORDS["western"])
        full, last_shown, first, nick = f"{a} {b}", b, a, a
    parts = [one for one in full.replace(",", "").split() if one[0].isupper()]
    return {
        "full": full,
        "last": last_shown,
        "first": first,
        "nick": nick,
        "upper": full.upper(),
        "initial": f"{parts[-1][0]}. {parts[0]}",
        "initials": "".join(one[0] for one in parts)[:3].upper(),
        "k": f"{parts[0][0]}.",
        "broken": full.replace(" ", "\n", 1),
        "hl": full.upper().replace(" ", "^", 1),
    }


def person(draw: random.Random, language: str, base: str) -> dict[str, str]:
    """A name in the forms that a note may use; initials with which a writer signs may go or stay."""
    made = _person(draw, language, base)
    if base == "doctor":
        made.update({key: f"⟨{made[key]}⟩" for key in ("initials", "letters") if key in made})
    return made


def date(draw: random.Random, language: str, base: str, form: str, style: int) -> str:
    when = day(2016, 6, 1) + timedelta(days=draw.randrange(3400))
    if base == "dob":
        when = day(1934, 1, 1) + timedelta(days=draw.randrange(29000))
    y, m, d = when.year, when.month, when.day
    clock = f"{draw.randrange(24):02}:{draw.randrange(60):02}"
    if language == "en":
        if form == "md":
            return draw.choice((f"{d}/{m}", f"{d} {when:%b}", f"{d:02}.{m:02}", f"{when:%b} {d}"))
        if form == "ym":
            return draw.choice((f"⟪{when:%b}⟫ ⟨{y}⟩", f"⟪{when:%b}⟫'⟨{y % 100}⟩", f"⟪end {when:%B}⟫"))
        if form == "time":
            return draw.choice((f"⟪{d:02}-{when:%b}-{y}⟫ ⟨{clock}⟩", f"⟪{d}/{m}/{y}⟫ ⟨at {clock.replace(':', '')}H⟩"))
        if form == "week":
            return draw.choice((f"⟪{d} {when:%B}⟫ ⟨({when:%a})⟩", f"⟨{when:%a},⟩ ⟪{d} {when:%b} {y}⟫"))
        if form == "feast":
            return draw.choice(
                (
                    "⟨the eve of⟩ ⟪Chinese New Year⟫",
                    "⟪Hari Raya⟫",
                    "⟨a week after⟩ ⟪Deepavali⟫",
                    "⟪Ching Ming⟫",
                    f"⟪Mid-Autumn Festival⟫ ⟨{y}⟩",
                    "⟪Boxing Day⟫",
                )
            )
        if form == "hl":
            return f"{y}{m:02}{d:02}"
        return (
            f"{d:02}/{m:02}/{y}",
            f"{d} {when:%b} {y}",
            f"{d:02}-{when:%b}-{y}".upper(),
            f"{d}.{m}.{y % 100:02}",
            f"{d} {when:%B} {y}",
        )[style % 5]
    if form == "md":
        return draw.choice((f"{m}月{d}日", f"{d}/{m}", f"{m}月{d}号", f"{d}号"))
    if form == "ym":
        return draw.choice((f"⟨{y}年⟩⟪{m}月⟫", f"⟪{m}⟫/⟨{y}⟩", f"⟨今年⟩⟪{m}月头⟫", f"⟪{m}月底⟫"))
    if form == "time":
        return draw.choice(
            (
                f"⟪{d:02}/{m:02}/{y}⟫ ⟨{clock}⟩",
                f"⟪{y}年{m}月{d}日⟫⟨{draw.choice(('上午', '下午', '傍晚'))}{draw.randrange(1, 12)}时{draw.randrange(10, 59)}分⟩",
            )
        )
    if form == "lunar":
        return draw.choice(FEASTS)
    if form == "week":
        return draw.choice((f"⟪{d}/{m}⟫⟨(星期{WEEK[when.weekday()]})⟩", f"⟪{m}月{d}日⟫⟨礼拜{WEEK[when.weekday()]}⟩"))
    if form == "range":
        return draw.choice((f"⟪{d}/{m}⟫⟨至⟩⟪{min(28, d + 3)}/{m}⟫", f"⟪{m}月{min(d, 20)}⟫⟨-⟩⟪{min(d, 20) + 5}日⟫"))
    return (
        f"{d:02}/{m:02}/{y}",
        f"{y}年{m:02}月{d:02}日",
        f"{d}-{m}-{y}",
        f"{y}{m:02}{d:02}",
        f"{d}/{m}/{y % 100:02}",
    )[style % 5]


def idcard(draw: random.Random) -> str:
    """An identity number of the colony that was, of the other across the water, or of the delta."""
    number = "".join(draw.choice("0123456789") for _ in range(8))
    kind = draw.random()
    if kind < 0.5:
        return draw.choice("ABCDEGHKPRVYZ") + number[:6] + draw.choice((f"({number[6]})", number[6], "(A)"))
    if kind < 0.65:
        return f"{draw.choice('157')}{number[:6]}({number[6]})"
    born = day(1945, 1, 1) + timedelta(days=draw.randrange(24000))
    return (
        draw.choice(("440682", "442000", "441900", "440104", "440783"))
        + f"{born:%Y%m%d}"
        + number[:3]
        + draw.choice("0123456789X")
    )
