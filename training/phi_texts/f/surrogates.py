"""People, dates and identity numbers of folder f: the north-east and Sichuan, prisons, mines, ships, old letters; mission and district
hospitals of Africa, India, Canada and the Caribbean."""

from __future__ import annotations

import random
from datetime import date as day
from datetime import timedelta
from pathlib import Path

from phi_notes.words import read_words

WORDS = read_words(Path(__file__).with_name("words.txt"))
STEMS, BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
ONES = ("", "一", "二", "三", "四", "五", "六", "七", "八", "九")


def _below_hundred(value: int) -> str:
    tens, ones = divmod(value, 10)
    return ("" if not tens else "十" if tens == 1 else ONES[tens] + "十") + ONES[ones]


def _person(draw: random.Random, language: str, base: str) -> dict[str, str]:
    if language == "zh":
        last = draw.choice(WORDS["twochar"]) if draw.random() < 0.05 else draw.choice(WORDS["xing"])
        given = draw.choice(WORDS["ming1"]) if draw.random() < 0.25 else draw.choice(WORDS["ming2"])
        if draw.random() < 0.03:
            given = draw.choice(WORDS["ming3"])
        end = given[-1]
        return {
            "full": last + given,
            "last": last,
            "given": given,
            "end": end,
            "nick": draw.choice(
                (
                    f"⟨老⟩⟪{last}⟫⟨头儿⟩",
                    f"⟨大⟩⟪{end}⟫⟨子⟩",
                    f"⟨小⟩⟪{end}⟫⟨子⟩",
                    f"⟨二⟩⟪{end}⟫",
                    f"⟪{last}⟫⟨大爷⟩",
                    f"⟪{last}⟫⟨婶儿⟩",
                    f"⟪{last}⟫⟨幺妹⟩",
                    f"⟨幺⟩⟪{end}⟫",
                    f"⟨老⟩⟪{last}⟫",
                    f"⟪{last}⟫⟨嬢嬢⟩",
                    f"⟪{last}⟫⟨队⟩",
                    f"⟪{end}{end}⟫⟨儿⟩",
                )
            ),
            "masked": draw.choice((f"⟪{last}⟫某{'某' if len(given) > 1 else ''}", f"⟪{last}⟫××", f"⟪{last}⟫□□")),
            "clan": f"⟪{last}⟫{draw.choice(('氏', '门', '家'))}",
            "broken": draw.choice((last + "\n" + given, last + given[:-1] + "\n" + end)),
            "spaced": "　".join(last + given),
            "polite": f"⟪{last}⟫{draw.choice(('君', '公', '兄', '夫人', '老先生'))}",
        }
    region = draw.choice(("afr", "ind", "can", "car"))
    first, last = draw.choice(WORDS[f"{region}1"]), draw.choice(WORDS[f"{region}2"])
    whole = f"{first} {last}"
    if region == "ind" and draw.random() < 0.3:
        whole = f"{first} {draw.choice('BDKMNSV')}. {last}"
    return {
        "full": whole,
        "last": last,
        "first": first,
        "upper": whole.upper(),
        "listed": f"{last}, {first}",
        "nick": draw.choice((f"⟨Mzee⟩ ⟪{last}⟫", f"⟨Mama⟩ ⟪{first}⟫"))
        if region == "afr"
        else draw.choice((f"⟪{first}⟫⟨-bhai⟩", f"⟪{last}⟫⟨-ji⟩", f"⟪{first}⟫ ⟨didi⟩"))
        if region == "ind"
        else draw.choice((first[:4], f"⟨Granny⟩ ⟪{first}⟫", f"⟨Miss⟩ ⟪{first}⟫", f"⟨Skipper⟩ ⟪{last}⟫")),
        "initial": f"{first[0]}. {last}",
        "initials": f"{first[0]}.{last[0]}.",
        "k": f"{last[0]}.",
        "broken": f"{first}\n{last}",
        "of": f"⟨s/o⟩ ⟪{first}⟫",
        "child": f"⟨child of⟩ ⟪{first}⟫",
    }


def person(draw: random.Random, language: str, base: str) -> dict[str, str]:
    """A name in the forms that a note may use; initials with which a writer signs may go or stay."""
    made = _person(draw, language, base)
    if base == "doctor":
        made.update({key: f"⟨{made[key]}⟩" for key in ("initials", "letters") if key in made})
    return made


def date(draw: random.Random, language: str, base: str, form: str, style: int) -> str:
    when = day(2013, 5, 1) + timedelta(days=draw.randrange(4400))
    if base == "dob":
        when = day(1934, 1, 1) + timedelta(days=draw.randrange(30000))
    y, m, d = when.year, when.month, when.day
    hour, minute = draw.randrange(24), draw.randrange(60)
    if language == "en":
        sup = "th" if 10 < d < 14 else {1: "st", 2: "nd", 3: "rd"}.get(d % 10, "th")
        if form == "md":
            return draw.choice((f"{d}/{m}", f"{d}{sup} {when:%b}", f"{when:%b}. {d}", f"the {d}{sup} inst."))
        if form == "ym":
            return draw.choice((f"⟪{when:%B}⟫ ⟨{y}⟩", f"⟪{m:02}⟫-⟨{y}⟩", f"around ⟪{when:%B}⟫"))
        if form == "time":
            return draw.choice(
                (
                    f"⟪{d:02}/{m:02}/{y}⟫ ⟨{hour:02}:{minute:02}⟩",
                    f"⟪{d} {when:%b} {y % 100}⟫, ⟨{hour:02}{minute:02} hrs⟩",
                    f"⟪{y}.{m:02}.{d:02}⟫ ⟨{hour:02}h{minute:02}⟩",
                )
            )
        if form == "week":
            return draw.choice(
                (f"⟨{when:%A}⟩ ⟪{d} {when:%B}⟫", f"⟨{when:%a}⟩ ⟪{d}/{m}⟫", f"⟪{when:%B} {d}{sup}⟫ ⟨({when:%A})⟩")
            )
        if form == "feast":
            return draw.choice(
                (
                    "⟪Palm Sunday⟫",
                    "⟪Diwali night⟫",
                    "⟪Jamhuri Day⟫",
                    "⟪Boxing Day⟫",
                    "⟪Eid-ul-Fitr⟫",
                    "⟪Candlemas⟫",
                    "⟨day after⟩ ⟪Pongal⟫",
                    f"⟨the Friday before⟩ ⟪Easter⟫ ⟨{y}⟩",
                    "⟪Canada Day⟫",
                    f"⟨the⟩ ⟪{d}{sup} of last {when:%B}⟫",
                )
            )
        return (
            f"{d}/{m}/{y}",
            f"{d}{sup} {when:%b}, {y}",
            f"{d:02}.{m:02}.{y % 100:02}",
            f"{when:%b} {d}/{y}",
            f"{y}-{m}-{d}",
        )[style % 5]
    roman = f"{_below_hundred(m)}月{_below_hundred(d)}日"
    if form == "md":
        return draw.choice(
            (f"{m}月{d}号", f"{m}/{d}", roman, f"{m}月{d}", f"初{_below_hundred(d)}" if d < 11 else f"{d}号")
        )
    if form == "ym":
        return draw.choice((f"⟨{y}年⟩⟪{m}月⟫", f"⟨那年⟩⟪{_below_hundred(m)}月⟫", f"⟨{y}⟩年⟪{m}月间⟫"))
    if form == "time":
        return draw.choice(
            (
                f"⟪{y}年{m}月{d}日⟫⟨{hour}时{minute}分⟩许",
                f"⟪{m}月{d}日⟫⟨{hour:02}:{minute:02}⟩",
                f"⟪{y}-{m:02}-{d:02}⟫  ⟨{hour:02}:{minute:02}⟩",
            )
        )
    if form == "lunar":
        return draw.choice(
            (
                "腊月初八",
                "农历八月十五",
                "正月十五",
                "旧历冬月十一",
                "四月初四",
                "头伏那天",
                "小年",
                "阴历三月三",
                "廿三",
                "二月二",
                "农历七月十七",
                "立冬前两天",
                "霜降那天",
                "六月廿四",
            )
        )
    if form == "week":
        return draw.choice(
            (
                f"⟪{m}月{d}日⟫⟨,周{'一二三四五六日'[when.weekday()]}⟩",
                f"⟨星期{'一二三四五六日'[when.weekday()]}⟩⟪({m}/{d})⟫",
            )
        )
    if form == "old":
        stem = f"{STEMS[(y - 4) % 10]}{BRANCHES[(y - 4) % 12]}"
        return draw.choice(
            (
                f"⟨{stem}年⟩⟪{('孟春', '仲夏', '季秋', '孟冬', '腊月')[draw.randrange(5)]}{('望日', '朔日', '初五', '既望', '晦日')[draw.randrange(5)]}⟫",
                f"二〇{''.join('〇一二三四五六七八九'[int(c)] for c in str(y)[2:])}年腊月初{_below_hundred(1 + draw.randrange(9))}",
            )
        )
    if form == "range":
        return f"⟪{m}月{min(d, 20)}日⟫⟨~⟩⟪{m}月{min(d, 20) + 7}日⟫"
    return (f"{y}年{m}月{d}日", f"{y}.{m}.{d}", f"{y}-{m:02}-{d:02}", roman, f"{str(y)[2:]}.{m:02}.{d:02}")[style % 5]


def idcard(draw: random.Random) -> str:
    born = day(1943, 1, 1) + timedelta(days=draw.randrange(24800))
    return (
        draw.choice(("230102", "211002", "220602", "510722", "511321", "150402"))
        + f"{born:%Y%m%d}"
        + f"{draw.randrange(1000):03}"
        + draw.choice("0123456789Xx")
    )
