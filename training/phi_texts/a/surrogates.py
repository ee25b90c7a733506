"""People, dates and identity numbers of folder a: a county hospital on the loess, and a midwestern community hospital."""

from __future__ import annotations

import random
from datetime import date as day
from datetime import timedelta
from pathlib import Path

from phi_notes.words import read_words

WORDS = read_words(Path(__file__).with_name("words.txt"))
CN = "〇一二三四五六七八九"
MONTHS = ("正月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "冬月", "腊月")
LUNAR = (
    "初一",
    "初二",
    "初三",
    "初五",
    "初六",
    "初八",
    "初九",
    "初十",
    "十一",
    "十三",
    "十五",
    "十六",
    "十八",
    "二十",
    "廿一",
    "廿三",
    "廿五",
    "廿八",
    "三十",
)
WEEK = "一二三四五六日"


def _person(draw: random.Random, language: str, base: str) -> dict[str, str]:
    if language == "en":
        first, last = draw.choice(WORDS["first"]), draw.choice(WORDS["last"])
        middle = draw.choice("BCDFGKLMPRVW")
        full = (
            draw.choice((f"{first} {last}", f"{first} {last}", f"{first} {middle}. {last}", f"{first} {last} Jr."))
            if base == "patient"
            else f"{first} {last}"
        )
        short = draw.choice((first[:3], first[:4], first)) if len(first) > 4 else first
        return {
            "full": full,
            "last": last,
            "first": first,
            "listed": draw.choice(
                (f"{last}, {first}", f"{last}, {first} {middle}", f"{last.upper()},{first.upper()} {middle}")
            ),
            "initial": f"{first[0]}. {last}",
            "initials": draw.choice((f"{first[0]}{last[0]}", f"{first[0]}.{last[0]}.", f"{first[0]}{middle}{last[0]}")),
            "k": f"{last[0]}.",
            "nick": short,
            "upper": f"{first} {last}".upper(),
            "broken": f"{first}\n{last}",
            "hl": f"{last.upper()}^{first.upper()}^{middle}",
        }
    surname = draw.choice(WORDS["compound"]) if draw.random() < 0.05 else draw.choice(WORDS["surnames"])
    many = 1 if draw.random() < 0.3 else 2
    given = draw.choice(WORDS["givens"]) if many == 2 else draw.choice(WORDS["single"])
    full = surname + given
    return {
        "full": full,
        "last": surname,
        "given": given,
        "nick": draw.choice(
            (
                f"⟨老⟩⟪{surname}⟫",
                f"⟨小⟩⟪{surname}⟫",
                f"⟪{surname}⟫⟨姐⟩",
                f"⟪{surname}⟫⟨师傅⟩",
                f"⟪{given[-1]}娃⟫",
                f"⟪{given[-1]}⟫⟨哥⟩",
            )
        ),
        "small": draw.choice(
            (f"⟪{given[-1]}{given[-1]}⟫", f"⟨小⟩⟪{given[-1]}⟫", f"⟪{given[-1]}子⟫", f"⟨碎⟩⟪{given[-1]}⟫")
        ),
        "spaced": " ".join(full),
        "masked": f"⟪{surname}⟫{draw.choice(('某', '某某', '**', '×'))}",
        "broken": full[:1] + "\n" + full[1:],
        "tail": f"{given[-1]}",
    }


def person(draw: random.Random, language: str, base: str) -> dict[str, str]:
    """A name in the forms that a note may use; initials with which a writer signs may go or stay."""
    made = _person(draw, language, base)
    if base == "doctor":
        made.update({key: f"⟨{made[key]}⟩" for key in ("initials", "letters") if key in made})
    return made


def date(draw: random.Random, language: str, base: str, form: str, style: int) -> str:
    when = day(2017, 3, 1) + timedelta(days=draw.randrange(3100))
    if base == "dob":
        when = day(1937, 1, 1) + timedelta(days=draw.randrange(28000))
    y, m, d = when.year, when.month, when.day
    clock = f"{draw.randrange(24):02}:{draw.randrange(60):02}"
    if language == "en":
        sup = "th" if 10 < d < 14 else {1: "st", 2: "nd", 3: "rd"}.get(d % 10, "th")
        if form == "md":
            return draw.choice((f"{m}/{d}", f"{when:%b} {d}", f"{when:%B} {d}{sup}", f"the {d}{sup}"))
        if form == "ym":
            return draw.choice((f"⟪{when:%B}⟫ ⟨{y}⟩", f"⟪{when:%b}⟫ ⟨{y}⟩", f"⟪{when:%B}⟫ of last year"))
        if form == "time":
            return draw.choice(
                (f"⟪{m}/{d}/{y}⟫ ⟨{clock}⟩", f"⟪{m:02}/{d:02}/{y % 100:02}⟫ ⟨@ {clock.replace(':', '')}⟩")
            )
        if form == "week":
            return draw.choice(
                (f"⟨{when:%A},⟩ ⟪{when:%B} {d}⟫", f"⟨{when:%a}⟩ ⟪{m}/{d}⟫", f"⟨{when:%A}⟩ ⟪the {d}{sup}⟫")
            )
        if form == "feast":
            return draw.choice(
                (
                    f"⟪Thanksgiving⟫ ⟨{y}⟩",
                    f"⟨the Friday before⟩ ⟪Easter⟫ ⟨{y}⟩",
                    "⟨the day after⟩ ⟪Labor Day⟫",
                    f"⟪Christmas Eve⟫ ⟨{y}⟩",
                    "⟪the Fourth of July⟫",
                )
            )
        if form == "hl":
            return f"{y}{m:02}{d:02}"
        return (
            f"{m}/{d}/{y}",
            f"{when:%B} {d}, {y}",
            f"{m:02}-{d:02}-{y}",
            f"{when:%b} {d} {y}",
            f"{m}/{d}/{y % 100:02}",
        )[style % 5]
    if form == "md":
        return draw.choice((f"{m}月{d}日", f"{m}月{d}号", f"{m}.{d}", f"{d}号", f"{m}-{d}"))
    if form == "ym":
        return draw.choice((f"⟨{y}年⟩⟪{m}月⟫", f"⟨{y}年⟩⟪{m}月份⟫", f"⟨去年⟩⟪{m}月⟫"))
    if form == "time":
        return draw.choice((f"⟪{y}-{m}-{d}⟫ ⟨{clock}⟩", f"⟪{y}年{m}月{d}日⟫⟨{clock}⟩", f"⟪{y}.{m}.{d}⟫ ⟨{clock}⟩"))
    if form == "lunar":
        return draw.choice(
            (
                f"农历{draw.choice(MONTHS)}{draw.choice(LUNAR)}",
                f"{draw.choice(MONTHS)}{draw.choice(LUNAR)}",
                f"阴历{draw.choice(MONTHS)}{draw.choice(LUNAR)}",
                draw.choice(LUNAR[14:18]),
            )
        )
    if form == "week":
        return draw.choice((f"⟪{m}月{d}日⟫⟨(星期{WEEK[when.weekday()]})⟩", f"⟨周{WEEK[when.weekday()]}⟩⟪({m}.{d})⟫"))
    if form == "cn":
        year = "".join(CN[int(one)] for one in str(y))
        day_cn = CN[d] if d < 10 else ("十" if d < 20 else CN[d // 10] + "十") + (CN[d % 10] if d % 10 else "")
        month_cn = CN[m] if m < 10 else "十" + (CN[m % 10] if m % 10 else "")
        return f"{year}年{month_cn}月{day_cn}日"
    if form == "range":
        return f"⟪{m}月{min(d, 20)}日⟫⟨{draw.choice(('至', '—', '到'))}⟩⟪{min(d, 20) + 7}日⟫"
    if form == "hl":
        return f"{y}{m:02}{d:02}"
    return (f"{y}年{m}月{d}日", f"{y}-{m}-{d}", f"{y}.{m:02}.{d:02}", f"{y % 100}年{m}月{d}日", f"{y}/{m:02}/{d:02}")[
        style % 5
    ]


def idcard(draw: random.Random) -> str:
    born = day(1942, 1, 1) + timedelta(days=draw.randrange(25000))
    number = (
        draw.choice(("622821", "622822", "622723", "610429", "642222"))
        + f"{born:%Y%m%d}"
        + f"{draw.randrange(1000):03}"
    )
    return number + draw.choice("0123456789X")
