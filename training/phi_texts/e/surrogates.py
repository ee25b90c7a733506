"""People, dates and identity numbers of folder e: large city hospitals of the lower Yangtze, and of American cities."""

from __future__ import annotations

import random
from datetime import date as day
from datetime import timedelta
from pathlib import Path

from phi_notes.words import read_words

WORDS = read_words(Path(__file__).with_name("words.txt"))
PINYIN = {
    "钱": "Qian",
    "孙": "Sun",
    "周": "Zhou",
    "吴": "Wu",
    "郑": "Zheng",
    "徐": "Xu",
    "朱": "Zhu",
    "秦": "Qin",
    "尤": "You",
    "华": "Hua",
    "陶": "Tao",
    "戚": "Qi",
    "谢": "Xie",
    "邹": "Zou",
    "苏": "Su",
    "葛": "Ge",
    "奚": "Xi",
    "费": "Fei",
    "薛": "Xue",
    "雷": "Lei",
    "殷": "Yin",
    "毕": "Bi",
    "郝": "Hao",
    "常": "Chang",
    "乐": "Yue",
    "于": "Yu",
    "傅": "Fu",
    "康": "Kang",
    "余": "Yu",
    "穆": "Mu",
    "姚": "Yao",
    "邵": "Shao",
    "汪": "Wang",
    "毛": "Mao",
    "计": "Ji",
    "戴": "Dai",
    "茅": "Mao",
    "熊": "Xiong",
    "董": "Dong",
    "杜": "Du",
}


def _person(draw: random.Random, language: str, base: str) -> dict[str, str]:
    if language == "zh":
        chance = draw.random()
        if chance < 0.1 and base != "doctor":
            full = draw.choice(WORDS["abroad"])
            first = full.split("·")[0]
            return {
                "full": full,
                "last": first,
                "given": first,
                "end": first[-1],
                "nick": f"⟪{first}⟫",
                "masked": f"⟪{first[0]}⟫**",
                "broken": full[:2] + "\n" + full[2:],
                "spaced": full,
                "letters": draw.choice(("A.P.", "JD", "Y.T", "MK")),
                "dr": f"⟪{first}⟫",
                "baby": f"⟪{first}⟫之女",
            }
        last = draw.choice(WORDS["double"]) if chance > 0.97 else draw.choice(WORDS["family"])
        given = draw.choice(WORDS["given2"] if draw.random() < 0.72 else WORDS["given1"])
        roman = PINYIN.get(last, "Ouyang")
        letter = draw.choice("BCDFGHJLMQRSTWXYZ")
        return {
            "full": last + given,
            "last": last,
            "given": given,
            "end": given[-1],
            "nick": draw.choice(
                (
                    f"⟨小⟩⟪{last}⟫",
                    f"⟨老⟩⟪{last}⟫",
                    f"⟪{last}⟫⟨老师⟩",
                    f"⟪{last}⟫⟨阿姨⟩",
                    f"⟪{last}⟫⟨教授⟩",
                    f"⟪{given[-1]}⟫⟨宝⟩",
                    f"⟨阿⟩⟪{given[-1]}⟫",
                    f"⟪{last}⟫⟨总⟩",
                    f"⟪{given[-1]}{given[-1]}⟫",
                )
            ),
            "masked": draw.choice(
                (
                    f"⟪{last}⟫*⟪{given[-1]}⟫" if len(given) > 1 else f"⟪{last}⟫*",
                    f"⟪{last}⟫某",
                    f"⟪{last}⟫女士",
                    f"⟪{last}⟫先生",
                )
            ),
            "broken": last + "\n" + given,
            "spaced": " ".join(last + given),
            "letters": draw.choice(
                (f"{roman[0]}{letter}", f"{roman[0]}.{letter}.", f"{roman[0]}{letter}{draw.choice('DHMXY')}")
            ),
            "dr": draw.choice((f"Dr. ⟪{roman}⟫", f"⟪{last}⟫", f"Prof. ⟪{roman}⟫")),
            "baby": draw.choice((f"⟪{last + given}⟫之婴", f"⟪{last}⟫小宝", f"⟪{last + given}⟫之子")),
        }
    kind = draw.random()
    if kind < 0.4:
        first, last = draw.choice(WORDS["latinfirst"]), draw.choice(WORDS["latinlast"])
        both = last + draw.choice((" ", "-")) + draw.choice(WORDS["latinlast"]) if draw.random() < 0.3 else last
    elif kind < 0.7:
        first, last = draw.choice(WORDS["eastfirst"]), draw.choice(WORDS["eastlast"])
        both = last
    else:
        first, last = draw.choice(WORDS["cityfirst"]), draw.choice(WORDS["citylast"])
        both = last
    full = f"{first} {both}"
    return {
        "full": full,
        "last": both,
        "first": first,
        "listed": f"{both}, {first}",
        "upper": full.upper(),
        "nick": draw.choice(
            (
                first[:4].rstrip("aeiou") + "ito" if kind < 0.4 else first[:3],
                first,
                f"⟨Tía⟩ ⟪{first}⟫" if kind < 0.4 else first,
                f"⟨Abuela⟩ ⟪{first}⟫" if kind < 0.4 else first,
            )
        ),
        "initial": f"{first[0]}. {last}",
        "initials": f"{first[0]}{last[0]}",
        "k": f"{last[0]}.",
        "hl": f"{last}^{first}".upper().replace("'", ""),
        "broken": f"{first} {both[: len(both) // 2]}-\n{both[len(both) // 2 :]}",
        "babyof": f"⟨Baby Girl⟩ ⟪{last}⟫",
    }


def person(draw: random.Random, language: str, base: str) -> dict[str, str]:
    """A name in the forms that a note may use; initials with which a writer signs may go or stay."""
    made = _person(draw, language, base)
    if base == "doctor":
        made.update({key: f"⟨{made[key]}⟩" for key in ("initials", "letters") if key in made})
    return made


def date(draw: random.Random, language: str, base: str, form: str, style: int) -> str:
    when = day(2018, 1, 1) + timedelta(days=draw.randrange(3000))
    if base == "dob":
        when = day(1936, 1, 1) + timedelta(days=draw.randrange(31000))
    y, m, d = when.year, when.month, when.day
    hour, minute, second = draw.randrange(24), draw.randrange(60), draw.randrange(60)
    if language == "en":
        if form == "md":
            return draw.choice((f"{m}/{d}", f"{m:02}.{d:02}", f"{when:%b} {d}", f"{when:%B} {d}"))
        if form == "ym":
            return draw.choice((f"⟪{when:%B}⟫ ⟨{y}⟩", f"⟪{m}⟫/⟨{y}⟩", f"since ⟪{when:%B}⟫"))
        if form == "time":
            return draw.choice(
                (
                    f"⟪{y}-{m:02}-{d:02}⟫ ⟨{hour:02}:{minute:02}:{second:02}⟩",
                    f"⟪{m}/{d}/{y % 100}⟫ ⟨{hour % 12 + 1}:{minute:02} {'AM' if hour < 12 else 'PM'}⟩",
                )
            )
        if form == "week":
            return draw.choice((f"⟨{when:%A},⟩ ⟪{when:%B} {d}⟫", f"⟨{when:%a}⟩ ⟪{m}/{d}⟫"))
        if form == "feast":
            return draw.choice(
                (
                    "⟪Juneteenth⟫",
                    "⟪Memorial Day⟫ weekend",
                    "⟪Thanksgiving⟫ break",
                    "⟪Dia de los Muertos⟫",
                    "⟪Good Friday⟫",
                    "⟪Orthodox Christmas⟫",
                    f"⟪Halloween⟫ ⟨{y}⟩",
                )
            )
        return (
            f"{m:02}/{d:02}/{y}",
            f"{d:02}{when:%b}{y}".upper(),
            f"{when:%b} {d}, {y}",
            f"{m}-{d}-{y % 100:02}",
            f"{y}-{m:02}-{d:02}",
        )[style % 5]
    if form == "md":
        return draw.choice((f"{m:02}-{d:02}", f"{m}月{d}日", f"{m}.{d:02}", f"{m}/{d}", f"{d}日"))
    if form == "ym":
        return draw.choice((f"⟨{y}⟩-⟪{m:02}⟫", f"⟨{y}年⟩⟪{m}月⟫", f"⟪{m}月⟫上旬", f"⟨{y}⟩.⟪{m}⟫"))
    if form == "time":
        return draw.choice(
            (
                f"⟪{y}-{m:02}-{d:02}⟫ ⟨{hour:02}:{minute:02}:{second:02}⟩",
                f"⟪{y}/{m}/{d}⟫ ⟨{hour:02}:{minute:02}⟩",
                f"⟪{m:02}月{d:02}日⟫ ⟨{hour:02}:{minute:02}⟩",
            )
        )
    if form == "lunar":
        return draw.choice(
            (
                "大年三十",
                "农历九月初九",
                "元宵节",
                "端午节后",
                "七夕",
                "正月初七",
                "中秋节",
                "农历腊月廿四",
                "国庆期间",
                "劳动节当天",
            )
        )
    if form == "week":
        return draw.choice(
            (
                f"⟪{m}月{d}日⟫⟨周{'一二三四五六日'[when.weekday()]}⟩",
                f"⟪{y}-{m:02}-{d:02}⟫⟨(周{'一二三四五六日'[when.weekday()]})⟩",
                f"⟨本周{'一二三四五六日'[when.weekday()]}⟩⟪{m}.{d:02}⟫",
            )
        )
    if form == "range":
        return f"⟪{m:02}.{min(d, 21):02}⟫⟨-⟩⟪{m:02}.{min(d, 21) + 4:02}⟫"
    return (f"{y}-{m:02}-{d:02}", f"{y}/{m:02}/{d:02}", f"{y}年{m}月{d}日", f"{y}{m:02}{d:02}", f"{y % 100}-{m}-{d}")[
        style % 5
    ]


def idcard(draw: random.Random) -> str:
    born = day(1947, 1, 1) + timedelta(days=draw.randrange(23000))
    return (
        draw.choice(("310104", "310115", "320106", "320502", "330102", "330205"))
        + f"{born:%Y%m%d}"
        + f"{draw.randrange(1000):03}"
        + draw.choice("0123456789X")
    )
