"""People, dates and identity numbers of the ward split, made up by rule; no other split has its names or places.

All other identifiers are patterns in words.txt; what marks ⟪must go⟫ and ⟨may go⟩ is told in generator.py.
"""

from __future__ import annotations

import calendar
import random
from datetime import date as day
from datetime import timedelta
from pathlib import Path

from phi_notes.words import read_words
from pypinyin import lazy_pinyin

WORDS = read_words(Path(__file__).with_name("words.txt"))
REGIONS = ("330106", "510107", "420111", "370203", "422801", "350203", "450103", "220104", "140105", "620102", "650102")
REGIONS += ("530102", "520103", "360102", "150102", "640104", "630103", "460105", "540102", "500103", "320505")
LUNAR_MONTHS = ("正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊")
ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x", "xi", "xii")
NUMERALS = "〇一二三四五六七八九"


def person(draw: random.Random, language: str, base: str) -> dict[str, str]:
    """A name in the forms that a note may use."""
    return _western(draw) if language == "en" else _chinese(draw)


def _chinese(draw: random.Random) -> dict[str, str]:
    kind = draw.random()
    if kind < 0.07:
        whole = draw.choice(WORDS["minority"])
        if len(whole) == 3 and whole[0] in WORDS["everyday"] + WORDS["surnames"]:
            return _forms(draw, whole, whole[0], whole[1:])
        return _forms(draw, whole, whole.split("·")[0], whole.split("·")[0])
    if kind < 0.11:
        whole = draw.choice(WORDS["foreign"])
        return _forms(draw, whole, whole.split("·")[-1], whole.split("·")[0])
    if kind < 0.16:
        surname = draw.choice(WORDS["compound"])
    elif kind < 0.19:
        surname = draw.choice(WORDS["everyday"]) + draw.choice(WORDS["everyday"])
    else:
        surname = draw.choice(WORDS["everyday" if kind < 0.55 else "surnames"])
    given = draw.choice(WORDS["givenzh"])
    return _forms(draw, surname + given, surname, given)


def _forms(draw: random.Random, whole: str, surname: str, given: str) -> dict[str, str]:
    parts = whole.split("·") if "·" in whole else (surname, given) if surname != whole else (whole[:2], whole[2:])
    spoken, called = ("".join(lazy_pinyin(part)) for part in (parts[0], parts[-1]))
    title = draw.choice(("主任", "医生", "大夫", "护士长", "教授", "医师", "主治", "老师", "总", "院长", "护士"))
    kin = draw.choice(("女士", "先生", "阿姨", "大爷", "奶奶", "叔", "大妈", "小姐", "同志", "嫂", "伯"))
    word = draw.choice(("老", "小", "阿"))
    return {
        "full": whole,
        "sur": surname,
        "given": given,
        "spaced": " ".join(whole) if len(whole) == 2 else whole,
        "mask": f"{whole[0]}*{whole[2:]}" if len(whole) > 2 else f"{whole[0]}*",
        "pinyin": f"{spoken.capitalize()} {called.capitalize()}",
        "pinyinlow": f"{called}.{spoken}",
        "pinyinup": f"{spoken.upper()}^{called.upper()}",
        "initials": "".join(one[0] for one in lazy_pinyin(whole.replace("·", ""))).upper()[:4],
        "title": f"⟪{surname}⟫⟨{title}⟩",
        "kin": f"⟪{surname}⟫⟨{kin}⟩",
        "lao": f"⟨{word}⟩⟪{surname}⟫",
        "mou": f"⟪{surname}⟫⟨{draw.choice(('某', '某某', '××', 'X', '**'))}⟩",
        "nick": draw.choice(WORDS["nickzh"]),
    }


def _western(draw: random.Random) -> dict[str, str]:
    first, last = draw.choice(WORDS["first"]), draw.choice(WORDS["last"])
    east = draw.random() < 0.1
    if east:
        first, last = draw.choice(WORDS["eastfirst"]), draw.choice(WORDS["eastlast"])
    middle = draw.choice("ABCDEFGHJKLMNOPRSTVW")
    full = draw.choice((f"{first} {last}", f"{first} {last}", f"{first} {middle}. {last}", f"{first} {middle} {last}"))
    if east:
        full = draw.choice((f"{first} {last}", f"{last} {first}"))
    return {
        "full": full,
        "first": first,
        "last": last,
        "plain": f"{first} {last}",
        "comma": draw.choice((f"{last}, {first}", f"{last.upper()}, {first} {middle}.", f"{last},{first}")),
        "caps": f"{last.upper()} {first}",
        "hl7": f"{last.upper()}^{first.upper()}^{middle}",
        "init": draw.choice((f"{first[0]}. {last}", f"{first[0]} {last}", f"{last} {first[0]}")),
        "lower": f"{first} {last}".lower(),
        "initials": f"{first[0]}{middle}{last[0]}".upper(),
        "sign": f"⟨{first[0]}{last[0]}⟩",
        "possessive": f"⟪{last}⟫'s",
        "nick": draw.choice(WORDS["nick"]),
        "pinyin": f"{draw.choice(WORDS['eastfirst'])} {draw.choice(WORDS['eastlast'])}",
    }


def date(draw: random.Random, language: str, base: str, form: str, style: int) -> str:
    """A date of some form; without a form, in the note's style."""
    start, days = (day(1931, 1, 1), 31000) if base == "dob" else (day(2011, 2, 1), 5300)
    if form == "baby":
        start, days = day(2019, 1, 1), 2400
    when = start + timedelta(days=draw.randrange(days))
    fixed = {"iso": f"{when:%Y-%m-%d}", "compact": f"{when:%Y%m%d}"}
    clock = f"{draw.randrange(24):02d}:{draw.randrange(60):02d}"
    if form == "hl7":
        return f"⟪{when:%Y%m%d}⟫⟨{clock.replace(':', '')}⟩"
    if form in fixed:
        return fixed[form]
    if language == "zh":
        return _chinese_date(draw, when, form, style, base == "dob", clock)
    return _english_date(draw, when, form, style, base == "dob", clock)


def _chinese_date(draw: random.Random, when: day, form: str, style: int, born: bool, clock: str) -> str:
    y, m, d = when.year, when.month, when.day
    numerals = "".join(NUMERALS[int(one)] for one in str(y))
    lunar = f"{LUNAR_MONTHS[m - 1]}月{_lunar_day(d)}"
    third = draw.choice("上中下")
    short = (f"{m}月{d}日", f"{m}月{d}号", f"{m}/{d}", f"{m:02d}-{d:02d}", f"⟪{d}⟫⟨号⟩", f"{m}月{third}旬")
    dashed, slashed = f"{y}-{m:02d}-{d:02d}", f"{y}/{m:02d}/{d:02d}"
    whole = (f"{y}年{m}月{d}日", dashed, f"{y}.{m}.{d}", slashed, f"{y} 年 {m} 月 {d} 日")
    rare = (
        f"{y % 100:02d}年{m}月{d}日",
        f"{y % 100:02d}.{m:02d}.{d:02d}",
        f"{numerals}年{_count(m)}月{_count(d)}日",
        f"{y}{m:02d}{d:02d}",
        f"⟨农历⟩⟪{y}年{lunar}⟫",
        "".join(chr(ord(one) + 0xFEE0) if one.isdigit() else one for one in f"{y}年{m}月{d}日"),
        f"{d:02d}/{m:02d}/{y}",
        f"{y}年{m}月",
        f"{y}-{m}-{d}",
        f"{y}．{m:02d}．{d:02d}",
        f"{y}年{m:02d}月{d:02d}",
        f"’{y % 100:02d}/{m}/{d}",
    )
    if form == "roc":
        return f"⟨民國⟩⟪{y - 1911}年{m}月{d}日⟫" if y > 1911 else f"{y}年{m}月{d}日"
    if form == "lunar":
        return draw.choice((f"⟨农历⟩⟪{lunar}⟫", f"⟨阴历⟩⟪{lunar}⟫", lunar))
    if form == "short":
        return short[style % 4] if draw.random() < 0.8 else draw.choice(short)
    if form == "month":
        return draw.choice((f"{y}年{m}月", f"{y}-{m:02d}", f"{y}.{m:02d}", f"{y}年{m}月初"))
    if form == "time":
        spoken = f"{clock[:2]}时{clock[3:]}分"
        written = whole[style % 5] if style < 80 else rare[style % 4]
        return f"⟪{written}⟫⟨{draw.choice((' ' + clock, spoken, clock + ':07', '  ' + clock))}⟩"
    if style < 58:
        return whole[style % 5]
    return draw.choice(short[:4]) if style < 68 and not born else rare[style % 12]


def _count(number: int) -> str:
    tens, ones = divmod(number, 10)
    head = "" if not tens else ("十" if tens == 1 else NUMERALS[tens] + "十")
    return head + (NUMERALS[ones] if ones else "")


def _lunar_day(number: int) -> str:
    if number <= 10:
        return "初" + ("十" if number == 10 else NUMERALS[number])
    if number in (20, 30):
        return {20: "二十", 30: "三十"}[number]
    return ("十", "廿", "三十")[number // 10 - 1] + NUMERALS[number % 10] if number <= 30 else "三十"


def _english_date(draw: random.Random, when: day, form: str, style: int, born: bool, clock: str) -> str:
    y, m, d = when.year, when.month, when.day
    long, brief = calendar.month_name[m], calendar.month_abbr[m]
    end = "th" if 10 < d < 14 else {1: "st", 2: "nd", 3: "rd"}.get(d % 10, "th")
    whole = (
        f"{d} {long} {y}",
        f"{long} {d}, {y}",
        f"{d:02d}/{m:02d}/{y}",
        f"{y}-{m:02d}-{d:02d}",
        f"{m}/{d}/{y % 100:02d}",
        f"{d}-{brief}-{y}",
        f"{d:02d}.{m:02d}.{y % 100:02d}",
        f"{d:02d}{brief.upper()}{y}",
        f"{d}{end} {long} {y}",
        f"{brief} {d}{end} {y}",
        f"the {d}{end} of {long} {y}",
        f"{brief}{'' if m == 5 else '.'} {d}, {y}",
        f"{d}/{ROMAN[m - 1]}/{y % 100:02d}",
        f"{y}/{m:02d}/{d:02d}",
        f"{d} {brief} '{y % 100:02d}",
        f"{y} {brief} {d:02d}",
    )
    short = (f"{d} {brief}", f"{m}/{d}", f"{long} {d}{end}", f"{d}{end} {brief}", f"{brief} {d}")
    if form == "short":
        return draw.choice(short)
    if form == "month":
        return draw.choice((f"{long} {y}", f"{brief} {y}", f"{m:02d}/{y}", f"{long}"))
    if form == "week":
        return f"⟨{when:%A},⟩ ⟪{whole[style % 16]}⟫"
    if form == "time":
        return f"⟪{whole[style % 16]}⟫⟨{draw.choice((' ' + clock, ' at ' + clock, ', ' + clock + 'h', 'T' + clock))}⟩"
    if style > 88 and not born:
        return draw.choice(short)
    return whole[style % 16]


def idcard(draw: random.Random) -> str:
    """A resident identity number with its check digit (GB 11643), at times of 15 digits, grouped or part-masked."""
    born = day(1934, 1, 1) + timedelta(days=draw.randrange(32000))
    body = draw.choice(REGIONS) + f"{born:%Y%m%d}{draw.randrange(1, 1000):03d}"
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(body))
    number = body + "10X98765432"[total % 11]
    kind = draw.random()
    if kind < 0.06 and born.year < 1996:
        return number[:6] + number[8:17]
    if kind < 0.14:
        return f"{number[:6]} {number[6:14]} {number[14:]}"
    if kind < 0.2:
        return number.replace("X", "x")
    if kind < 0.25:
        return number[:6] + "********" + number[14:]
    return f"{number[:3]} {number[3:6]} {number[6:10]} {number[10:14]} {number[14:]}" if kind < 0.29 else number
