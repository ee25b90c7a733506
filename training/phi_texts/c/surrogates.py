"""People, dates and identity numbers of folder c: steppe, desert, plateau and south-western hills; and British general practice."""

from __future__ import annotations

import random
from datetime import date as day
from datetime import timedelta
from pathlib import Path

from phi_notes.words import read_words

WORDS = read_words(Path(__file__).with_name("words.txt"))
DIGITS = "零一二三四五六七八九"


def _number(value: int) -> str:
    tens, ones = divmod(value, 10)
    return ("" if tens == 0 else "十" if tens == 1 else DIGITS[tens] + "十") + (
        DIGITS[ones] if ones or not tens else ""
    )


def _chinese(draw: random.Random) -> dict[str, str]:
    kind = draw.random()
    if kind < 0.16:
        full = draw.choice(WORDS["mongol"])
        last = given = full
        nick = draw.choice((f"⟨老⟩⟪{full[0]}⟫", f"⟪{full}⟫⟨大叔⟩", f"⟪{full[:2]}⟫", f"⟪{full}⟫⟨额吉⟩"))
    elif kind < 0.32:
        given, father = draw.sample(WORDS["turkic"], 2)
        dot = draw.choice(("·", "·", "•", ".", " "))
        full, last = given + dot + father, given
        nick = draw.choice((f"⟪{given}⟫⟨大哥⟩", f"⟪{given}⟫⟨江⟩", f"⟪{given[:2]}⟫", f"⟪{given}⟫⟨阿卡⟩"))
    elif kind < 0.47:
        full = "".join(draw.sample(WORDS["tibet"], draw.choice((1, 2, 2, 2))))
        last = given = full
        nick = draw.choice((f"⟨阿妈⟩⟪{full}⟫", f"⟪{full[:2]}⟫⟨啦⟩", f"⟪{full[:2]}⟫"))
    elif kind < 0.57:
        last, given = draw.choice(WORDS["hill"]), draw.choice(WORDS["hillgiven"])
        full, nick = last + given, f"⟨阿⟩⟪{given[-1]}⟫"
    else:
        last = draw.choice(WORDS["han"])
        given = draw.choice(WORDS["hangiven"])
        full = last + given
        nick = draw.choice(
            (
                f"⟨老⟩⟪{last}⟫",
                f"⟨小⟩⟪{last}⟫",
                f"⟨大⟩⟪{last}⟫",
                f"⟪{given[-1]}⟫⟨丫头⟩",
                f"⟪{last}⟫⟨连长⟩",
                f"⟪{last}⟫⟨工⟩",
                f"⟪{given[-1]}{given[-1]}⟫",
            )
        )
    return {
        "full": full,
        "last": last,
        "given": given,
        "nick": nick,
        "end": full[-1:],
        "spaced": " ".join(full.replace(" ", "")),
        "broken": full[: len(full) // 2] + "\n" + full[len(full) // 2 :],
        "masked": f"⟪{full[0]}⟫{'*' * (len(full) - 1)}",
        "quoted": f"“{full}”",
    }


def _person(draw: random.Random, language: str, base: str) -> dict[str, str]:
    if language == "zh":
        return _chinese(draw)
    group = draw.choice(("afr", "arab", "asia", "celt", "celt", "slav"))
    first, last = draw.choice(WORDS[f"{group}first"]), draw.choice(WORDS[f"{group}last"])
    title = draw.choice(("Mr", "Mrs", "Ms", "Miss"))
    return {
        "full": draw.choice((f"{first} {last}", f"{first} {last}", f"⟨{title}⟩ ⟪{first} {last}⟫")),
        "plain": f"{first} {last}",
        "last": last,
        "first": first,
        "nick": draw.choice((first[:3] + "y", first, first[:4]))
        if group == "celt"
        else draw.choice((first, f"⟨Uncle⟩ ⟪{first}⟫", f"⟨Mama⟩ ⟪{first}⟫", f"⟨Auntie⟩ ⟪{first}⟫")),
        "listed": f"{last.upper()}, {first}",
        "initial": f"{first[0]} {last}",
        "initials": f"{first[0]}{last[0]}",
        "k": f"{last[0]}.",
        "broken": f"{first[:-2]}-\n{first[-2:]} {last}",
        "upper": f"{first} {last}".upper(),
    }


def person(draw: random.Random, language: str, base: str) -> dict[str, str]:
    """A name in the forms that a note may use; initials with which a writer signs may go or stay."""
    made = _person(draw, language, base)
    if base == "doctor":
        made.update({key: f"⟨{made[key]}⟩" for key in ("initials", "letters") if key in made})
    return made


def date(draw: random.Random, language: str, base: str, form: str, style: int) -> str:
    when = day(2014, 9, 1) + timedelta(days=draw.randrange(4100))
    if base == "dob":
        when = day(1938, 1, 1) + timedelta(days=draw.randrange(28500))
    y, m, d = when.year, when.month, when.day
    hour, minute = draw.randrange(24), draw.randrange(60)
    if language == "en":
        sup = "th" if 10 < d < 14 else {1: "st", 2: "nd", 3: "rd"}.get(d % 10, "th")
        if form == "md":
            return draw.choice((f"{d}{sup} {when:%B}", f"the {d}{sup}", f"{d} {when:%b}", f"{d}/{m}"))
        if form == "ym":
            return draw.choice((f"⟪{when:%B}⟫ ⟨{y}⟩", f"early ⟪{when:%B}⟫", f"⟪{m:02}⟫/⟨{y}⟩"))
        if form == "time":
            return draw.choice(
                (f"⟪{d:02}.{m:02}.{y}⟫ ⟨{hour:02}:{minute:02} hrs⟩", f"⟪{d}/{m}/{y % 100:02}⟫ ⟨{hour:02}{minute:02}⟩")
            )
        if form == "week":
            return draw.choice(
                (f"⟨{when:%A}⟩ ⟪{d}{sup} {when:%B}⟫", f"⟨{when:%a}⟩ ⟪{d}/{m}⟫", f"⟨last {when:%A},⟩ ⟪the {d}{sup}⟫")
            )
        if form == "feast":
            return draw.choice(
                (
                    "⟪Boxing Day⟫ bank holiday".replace(" bank holiday", ""),
                    "⟪Eid al-Adha⟫",
                    "⟪Diwali⟫",
                    f"⟪Hogmanay⟫ ⟨{y}⟩",
                    "⟪St Andrew's Day⟫",
                    "⟨the Friday before⟩ ⟪Whitsun⟫",
                    "⟪the 3rd of last May⟫",
                    "⟪Orthodox Easter⟫",
                )
            )
        return (
            f"{d:02}/{m:02}/{y}",
            f"{d}{sup} {when:%B} {y}",
            f"{d} {when:%b} {y}",
            f"{d:02}-{m:02}-{y % 100:02}",
            f"{y}/{m:02}/{d:02}",
        )[style % 5]
    if form == "md":
        return draw.choice((f"{_number(m)}月{_number(d)}号", f"{m}月{d}日", f"{m}.{d}日", f"{d}号"))
    if form == "ym":
        return draw.choice((f"⟨{y}⟩年⟪{m}月⟫", f"⟨那年⟩⟪{m}月⟫", f"⟪{_number(m)}月初⟫"))
    if form == "time":
        return draw.choice(
            (f"⟪{y}.{m}.{d}⟫ ⟨{hour}时{minute:02}分⟩", f"⟪{y}年{m:02}月{d:02}日⟫ ⟨北京时间{hour:02}:{minute:02}⟩")
        )
    if form == "lunar":
        return draw.choice(
            (
                "古尔邦节前一天",
                "藏历六月十五",
                "那达慕头一天",
                "火把节后",
                "藏历年初三",
                "肉孜节",
                "三月街",
                "白节",
                "泼水节",
                "六月廿四",
                "五月十三敖包会",
            )
        )
    if form == "week":
        return draw.choice(
            (
                f"⟪{m}月{d}日⟫⟨星期{'一二三四五六日'[when.weekday()]}⟩",
                f"⟨周{'一二三四五六日'[when.weekday()]}⟩⟪{m}/{d}⟫",
            )
        )
    if form == "cn":
        return f"{DIGITS[y // 1000]}{DIGITS[y // 100 % 10]}{DIGITS[y // 10 % 10]}{DIGITS[y % 10]}年{_number(m)}月{_number(d)}日"
    if form == "range":
        return f"⟪{m}月{min(d, 18)}日⟫⟨～⟩⟪{min(d, 18) + 9}日⟫"
    return (
        f"{y}年{m:02}月{d:02}日",
        f"{y}.{m}.{d}",
        f"{y}-{m:02}-{d:02}",
        f"{y}{m:02}{d:02}",
        f"{_number(m)}月{_number(d)}日",
    )[style % 5]


def idcard(draw: random.Random) -> str:
    born = day(1944, 1, 1) + timedelta(days=draw.randrange(24500))
    number = (
        draw.choice(("152525", "653125", "540224", "533421", "222405", "659004"))
        + f"{born:%Y%m%d}"
        + f"{draw.randrange(1000):03}"
        + draw.choice("0123456789X")
    )
    return draw.choice(
        (number, number, f"{number[:6]} {number[6:14]} {number[14:]}", f"{number[:6]}********{number[14:]}")
    )
