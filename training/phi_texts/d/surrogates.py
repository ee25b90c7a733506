"""People, dates and identity numbers of folder d: Taiwan in its own characters; Australia, New Zealand and the Pacific."""

from __future__ import annotations

import random
from datetime import date as day
from datetime import timedelta
from pathlib import Path

from phi_notes.words import read_words

WORDS = read_words(Path(__file__).with_name("words.txt"))
WEEK = "一二三四五六日"
LUNAR = (
    "農曆七月半",
    "大年初二",
    "正月初九",
    "農曆三月廿三",
    "端午前一天",
    "農曆十二月廿四",
    "中元節",
    "清明連假",
    "五月初五",
    "農曆八月十六",
    "尾牙隔天",
    "冬至",
    "元宵",
    "國慶日",
)


def _person(draw: random.Random, language: str, base: str) -> dict[str, str]:
    if language == "zh":
        chance = draw.random()
        if chance < 0.07:
            full = draw.choice(WORDS["native"])
            first = full.replace("‧", "·").split("·")[0]
            return {
                "full": full,
                "last": first,
                "given": first,
                "nick": f"⟪{first}⟫",
                "masked": f"⟪{first[0]}⟫○○",
                "broken": full[:2] + "\n" + full[2:],
                "spaced": full,
                "en": draw.choice(WORDS["zhen"]),
                "end": first[-1],
            }
        if chance < 0.17:
            full = draw.choice(WORDS["newcomer"])
            return {
                "full": full,
                "last": full[0],
                "given": full[1:],
                "nick": f"⟨阿⟩⟪{full[-1]}⟫",
                "masked": f"⟪{full[0]}⟫○{full[-1]}".replace(full[-1], "○"),
                "broken": full[:-1] + "\n" + full[-1],
                "spaced": " ".join(full),
                "en": draw.choice(WORDS["zhen"]),
                "end": full[-1],
            }
        last = draw.choice(WORDS["twdouble"]) if chance > 0.96 else draw.choice(WORDS["twlast"])
        given = draw.choice(WORDS["twgiven"])
        return {
            "full": last + given,
            "last": last,
            "given": given,
            "end": given[-1],
            "nick": draw.choice(
                (
                    f"⟨阿⟩⟪{given[-1]}⟫",
                    f"⟨小⟩⟪{given[-1]}⟫",
                    f"⟪{given[-1]}⟫⟨哥⟩",
                    f"⟪{given[-1]}⟫⟨姨⟩",
                    f"⟪{given[-1]}⟫⟨仔⟩",
                    f"⟪{last}⟫⟨媽媽⟩",
                    f"⟪{last}⟫⟨爸⟩",
                    f"⟨老⟩⟪{last}⟫",
                    f"⟪{given}⟫⟨阿嬤⟩",
                    f"⟪{given}⟫⟨阿公⟩",
                    f"⟪{given[-1]}{given[-1]}⟫",
                    f"⟪{last}⟫⟨師兄⟩",
                )
            ),
            "masked": draw.choice(
                (f"⟪{last}⟫○{'○' * (len(given) - 1)}", f"⟪{last}⟫O{'O' * (len(given) - 1)}", f"⟪{last}⟫姓")
            ),
            "broken": last + "\n" + given,
            "spaced": " ".join(last + given),
            "en": draw.choice(WORDS["zhen"]),
        }
    kind = draw.random()
    nick = None
    if kind < 0.3:
        first, last = draw.choice(WORDS["ozfirst"]), draw.choice(WORDS["ozlast"])
        nick = draw.choice((first[:3] + "za", first[:3], f"⟨old⟩ ⟪{first}⟫"))
    elif kind < 0.45:
        first, last = draw.choice(WORDS["pacfirst"]), draw.choice(WORDS["paclast"])
        nick = draw.choice((first[:4], f"⟨Aunty⟩ ⟪{first}⟫", f"⟨Uncle⟩ ⟪{first[:4]}⟫"))
    elif kind < 0.65:
        first, last = draw.choice(WORDS["vietfirst"]), draw.choice(WORDS["vietlast"])
        nick = draw.choice((f"⟨Anh⟩ ⟪{first.split()[-1]}⟫", f"⟨Bà⟩ ⟪{first.split()[-1]}⟫", first.split()[-1]))
    elif kind < 0.8:
        first, last = draw.choice(WORDS["korfirst"]), draw.choice(WORDS["korlast"])
    else:
        first, last = draw.choice(WORDS["pinyinfirst"]), draw.choice(WORDS["pinyinlast"])
        nick = draw.choice((f"⟨Xiao⟩ ⟪{last}⟫", f"⟨Lao⟩ ⟪{last}⟫", f"⟨Auntie⟩ ⟪{first.split()[0]}⟫"))
    asian = kind >= 0.45
    full = (
        draw.choice((f"{last} {first}", f"{first} {last}", f"{last.upper()} {first}")) if asian else f"{first} {last}"
    )
    return {
        "full": full,
        "last": last,
        "first": first,
        "nick": nick or first,
        "upper": full.upper(),
        "listed": f"{last.upper()}, {first}",
        "initial": f"{last} {first[0]}",
        "initials": draw.choice((f"{first[0]}{last[0]}", f"{first[0]}.{last[0]}.")),
        "k": f"{last[0]}.",
        "broken": full.replace(" ", "\n", 1),
        "dotted": f"{first[0].lower()}.{last.lower().replace(' ', '')}",
    }


def person(draw: random.Random, language: str, base: str) -> dict[str, str]:
    """A name in the forms that a note may use; initials with which a writer signs may go or stay."""
    made = _person(draw, language, base)
    if base == "doctor":
        made.update({key: f"⟨{made[key]}⟩" for key in ("initials", "letters") if key in made})
    return made


def date(draw: random.Random, language: str, base: str, form: str, style: int) -> str:
    when = day(2016, 1, 1) + timedelta(days=draw.randrange(3700))
    if base == "dob":
        when = day(1935, 1, 1) + timedelta(days=draw.randrange(29000))
    y, m, d, roc = when.year, when.month, when.day, when.year - 1911
    hour, minute = draw.randrange(24), draw.randrange(60)
    if language == "en":
        if form == "md":
            return draw.choice(
                (f"{d}/{m}", f"{d} {when:%b}", f"the {d}th" if 3 < d < 21 else f"{d}/{m:02}", f"{when:%B} {d}")
            )
        if form == "ym":
            return draw.choice((f"⟪{when:%b}⟫ ⟨{y}⟩", f"mid-⟪{when:%B}⟫", f"⟪{m}⟫/⟨{y % 100}⟩"))
        if form == "time":
            return draw.choice(
                (
                    f"⟪{d:02}/{m:02}/{y % 100}⟫ ⟨{hour:02}{minute:02}hrs⟩",
                    f"⟪{d} {when:%B} {y}⟫ ⟨{hour % 12 + 1}.{minute:02}{'am' if hour < 12 else 'pm'}⟩",
                    f"⟪{y}-{m:02}-{d:02}⟫T⟨{hour:02}:{minute:02}⟩",
                )
            )
        if form == "week":
            return draw.choice(
                (
                    f"⟨{when:%A}⟩ ⟪{d}/{m}/{y % 100}⟫",
                    f"⟪{d} {when:%B}⟫, ⟨{when:%A}⟩",
                    f"⟨this {when:%A},⟩ ⟪{d} {when:%b}⟫",
                )
            )
        if form == "feast":
            return draw.choice(
                (
                    "⟪Anzac Day⟫",
                    "⟪Waitangi Day⟫",
                    "⟪Melbourne Cup⟫ day",
                    "⟪Boxing Day⟫",
                    "⟪Tết⟫",
                    "⟪Chuseok⟫",
                    "⟪Australia Day⟫ ⟨2019⟩",
                    "⟨the week after⟩ ⟪Matariki⟫",
                )
            )
        return (
            f"{d}/{m:02}/{y}",
            f"{d} {when:%B} {y}",
            f"{d:02}-{m:02}-{y}",
            f"{d} {when:%b} {y % 100:02}",
            f"{d}.{m}.{y}",
        )[style % 5]
    if form == "md":
        return draw.choice((f"{m}/{d}", f"{m}月{d}日", f"{m:02}{d:02}", f"{m}月{d}號"))
    if form == "ym":
        return draw.choice((f"⟨{roc}年⟩⟪{m}月⟫", f"⟨民國{roc}年⟩⟪{m}月⟫", f"⟨去年⟩⟪{m}月中⟫"))
    if form == "time":
        return draw.choice(
            (
                f"⟪{roc}/{m:02}/{d:02}⟫ ⟨{hour:02}:{minute:02}⟩",
                f"⟪{roc}年{m}月{d}日⟫⟨{hour}時{minute}分⟩",
                f"⟪{y}/{m}/{d}⟫ ⟨{hour:02}{minute:02}⟩",
            )
        )
    if form == "lunar":
        return draw.choice(LUNAR)
    if form == "week":
        return draw.choice(
            (
                f"⟪{m}/{d}⟫⟨({WEEK[when.weekday()]})⟩",
                f"⟨週{WEEK[when.weekday()]}⟩⟪{m}月{d}日⟫",
                f"⟨禮拜{WEEK[when.weekday()]}⟩⟪({m}/{d})⟫",
            )
        )
    if form == "range":
        return f"⟪{m}/{min(d, 20)}⟫⟨~⟩⟪{m}/{min(d, 20) + 6}⟫"
    return (
        f"{roc}年{m}月{d}日",
        f"{roc}/{m:02}/{d:02}",
        f"{roc}.{m}.{d}",
        f"{y}-{m:02}-{d:02}",
        f"民國{roc}年{m}月{d}日",
        f"{roc:03}{m:02}{d:02}",
    )[style % 6]


def idcard(draw: random.Random) -> str:
    letter = draw.choice("ABCDEFGHJKMNPQTUVX")
    if draw.random() < 0.15:
        return letter + draw.choice("89ABCD") + f"{draw.randrange(10**8):08}"
    return letter + draw.choice("12") + f"{draw.randrange(10**8):08}"
