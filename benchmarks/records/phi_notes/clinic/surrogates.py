"""People, dates and identity numbers of the clinic split.

It shares no name with another split but the commonest Chinese surnames (``everyday``); no clinic is without them.
"""

from __future__ import annotations

import random
from datetime import date as day
from datetime import timedelta
from pathlib import Path

from phi_notes.words import read_words
from pypinyin import lazy_pinyin

WORDS = read_words(Path(__file__).with_name("words.txt"))
_ORIGINS = ("british", "hispanic", "slavic", "southasian", "arabic", "african", "eastasian", "european", "word")
WORDS |= {one: tuple(name for origin in _ORIGINS for name in WORDS[origin + one]) for one in ("first", "last")}
_SHORT = dict(pair.split("=") for pair in WORDS["shortnames"])
_HOMOPHONE = {pair[0]: pair[1] for pair in WORDS["homophones"]}
_NUMERAL = "〇一二三四五六七八九"


def person(draw: random.Random, language: str, base: str) -> dict[str, str]:
    """A name in the forms that a note may use."""
    return _english(draw, base) if language == "en" else _chinese(draw, base)


def _english(draw: random.Random, base: str) -> dict[str, str]:
    origin = draw.choice(("british", *_ORIGINS))
    first, last = draw.choice(WORDS[f"{origin}first"]), draw.choice(WORDS[f"{origin}last"])
    if draw.random() < 0.15:  # parents or spouses of two origins
        last = draw.choice(WORDS[f"{draw.choice(_ORIGINS)}last"])
    if draw.random() < 0.05:
        last = f"{last}-{draw.choice(WORDS['britishlast'])}"
    middle = draw.choice(("", "", "", f"{draw.choice('ABCDEFGHJKLMNPRSTW')}. ", f"{draw.choice(WORDS['middle'])} "))
    if origin == "eastasian":
        middle = ""
    full = f"{first} {middle}{last}"
    letters = draw.choice((f"{first[0]}.{last[0]}.", f"{first[0]}{last[0]}", f"{first[0]}. {last[0]}."))
    place = draw.randrange(1, max(2, len(last) - 2))
    return {
        "full": full,
        "last": last,
        "first": first,
        "nick": _SHORT.get(first, first),
        "listed": f"{last}, {first}",
        "upper": f"{last.upper()}, {first.upper()}",
        "initial": f"{first[0]}. {last}",
        "initials": f"⟨{letters}⟩" if base == "doctor" else letters,
        "after": f"{last} {first[0]}",
        "typo": last[:place] + last[place + 1 :] if len(last) > 3 else last,
    }


def _chinese(draw: random.Random, base: str) -> dict[str, str]:
    chance = draw.random()
    if chance < 0.09:
        full = draw.choice(WORDS["minority" if chance < 0.06 else "foreign"])
        return _forms(draw, full, full.split("·")[0], full.split("·")[0], full.split("·")[0])
    kind = "compound" if chance < 0.14 else "everyday" if chance < 0.6 else "surnames"
    surname, given = draw.choice(WORDS[kind]), draw.choice(WORDS["given"])
    titles = ("姐", "哥", "工") if base == "doctor" else ("姐", "大爷", "奶奶", "阿姨", "叔")
    called = [f"⟨{one}⟩⟪{surname}⟫" for one in ("小", "小", "老")] + [f"⟪{surname}⟫⟨{one}⟩" for one in titles]
    if len(surname) > 1:
        called = called[3:]
    return _forms(draw, surname + given, surname, given, draw.choice([*called, f"⟨阿⟩⟪{given[-1]}⟫"]))


def _forms(draw: random.Random, full: str, last: str, given: str, nick: str) -> dict[str, str]:
    sounds = lazy_pinyin(full.replace("·", ""))
    letters = [one[0].upper() for one in sounds]
    spelled = f"{''.join(lazy_pinyin(last)).capitalize()} {''.join(lazy_pinyin(given)).capitalize()}"
    wrong = [place for place, one in enumerate(full) if one in _HOMOPHONE]
    typo = full
    if wrong:
        place = draw.choice(wrong)
        typo = full[:place] + _HOMOPHONE[full[place]] + full[place + 1 :]
    han = "·" not in full
    return {
        "full": full,
        "last": last,
        "given": given,
        "nick": nick,
        "typo": typo,
        "spaced": " ".join(full) if han and len(full) == 2 else full,
        "masked": draw.choice((f"⟪{last}⟫某某", f"⟪{last}⟫某", f"⟪{last}⟫*⟪{full[-1]}⟫")) if han else full,
        "pinyin": draw.choice((spelled, spelled.upper(), "".join(sounds))),
        "initials": draw.choice(("".join(letters), ".".join(letters), "".join(letters).lower())),
    }


def date(draw: random.Random, language: str, base: str, form: str, style: int) -> str:
    """A date of some form; without a form, in the note's style."""
    if base == "dob":
        when = day(1938, 1, 1) + timedelta(days=draw.randrange(31000))
    else:
        when = day(2012, 1, 1) + timedelta(days=draw.randrange(5000))
    clock = f"⟨{draw.randrange(24):02}:{draw.randrange(60):02}⟩"
    return (_english_date if language == "en" else _chinese_date)(draw, when, form, style, clock)


def _english_date(draw: random.Random, when: day, form: str, style: int, clock: str) -> str:
    y, m, d = when.year, when.month, when.day
    nth = f"{d}{'th' if 10 < d < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(d % 10, 'th')}"
    plain = (
        f"{when:%B} {d}, {y}",
        f"{m}/{d}/{y}",
        f"{d} {when:%B} {y}",
        f"{y}-{m:02}-{d:02}",
        f"{d:02}-{when:%b}-{y}",
        f"{m}/{d}/{y % 100:02}",
        f"{when:%b} {nth}, {y}",
        f"{d:02}.{m:02}.{y}",
        f"{d:02}/{m:02}/{y % 100:02}",
    )
    choices = {
        "": (plain[style % len(plain)],),
        "md": (
            f"{when:%B} {d}",
            f"{m}/{d}",
            f"{d} {when:%b}",
            f"{when:%b} {d}",
            f"{when:%B} {nth}",
            f"{nth} {when:%B}",
        ),
        "d": (f"⟪{nth}⟫",),
        "m": (f"{when:%B}",),
        "ym": (f"⟪{when:%B}⟫ ⟨{y}⟩", f"⟪{when:%b}⟫ ⟨{y}⟩", f"⟪{m:02}⟫/⟨{y}⟩", f"⟪{when:%b}⟫ ⟨'{y % 100:02}⟩"),
        "year": (f"⟨{y}⟩",),
        "time": (f"⟪{plain[style % 6]}⟫ {clock}", f"⟪{plain[style % 6]}⟫ at {clock}"),
        "stamp": (f"⟪{when:%Y%m%d}⟫⟨{clock[1:3]}{clock[4:6]}⟩",),
        "compact": (f"{when:%Y%m%d}", f"{when:%d%b%Y}".upper(), f"{when:%m%d%y}"),
        "spoken": (f"⟨the⟩ ⟪{nth} of {when:%B}⟫", f"⟪{when:%B} the {nth}⟫", f"⟨the⟩ ⟪{nth} of {when:%B} {y}⟫"),
    }
    return draw.choice(choices[form])


def _chinese_date(draw: random.Random, when: day, form: str, style: int, clock: str) -> str:
    y, m, d = when.year, when.month, when.day
    numerals = "".join(_NUMERAL[int(one)] for one in str(y))
    plain = (
        f"{y}年{m}月{d}日",
        f"{y}-{m:02}-{d:02}",
        f"{y}.{m}.{d}",
        f"{y}/{m:02}/{d:02}",
        f"{y} 年 {m} 月 {d} 日",
        f"{y % 100:02}年{m}月{d}日",
        f"{y % 100:02}.{m}.{d}",
        f"{y}年{m}月{d}号",
    )
    lunar = ("正月初六", "腊月廿三", "八月十五", "六月初一", "冬月十八", "五月初五", "三月廿七", "九月初九")
    choices = {
        "": (plain[style % len(plain)],),
        "md": (f"{m}月{d}日", f"{m}月{d}号", f"{m}-{d}", f"{m}/{d}", f"{m:02}月{d:02}日"),
        "d": (f"{d}号", f"{d}日"),
        "m": (f"⟪{m}月⟫份", f"⟪{m}月⟫底", f"⟪{m}月⟫初"),
        "ym": (f"⟨{y}年⟩⟪{m}月⟫", f"⟨{y}年⟩⟪{m:02}月⟫", f"⟨{y}⟩.⟪{m:02}⟫", f"⟨{y}⟩-⟪{m:02}⟫"),
        "year": (f"⟨{y}年⟩",),
        "time": (f"⟪{plain[style % 4]}⟫ {clock}", f"⟪{plain[0]}⟫⟨{clock[1:3]}时{clock[4:6]}分⟩"),
        "stamp": (f"⟪{when:%Y%m%d}⟫⟨{clock[1:3]}{clock[4:6]}{draw.randrange(60):02}⟩",),
        "compact": (f"{when:%Y%m%d}",),
        "lunar": (f"⟨农历⟩⟪{draw.choice(lunar)}⟫", f"⟨阴历⟩⟪{draw.choice(lunar)}⟫"),
        "numeral": (f"{numerals}年{_spoken(m)}月{_spoken(d)}日",),
    }
    return draw.choice(choices[form])


def _spoken(number: int) -> str:
    """A number below 32 as one says it in Chinese."""
    tens, ones = divmod(number, 10)
    return ("", "十", "二十", "三十")[tens] + (_NUMERAL[ones] if ones else "")


def idcard(draw: random.Random) -> str:
    """A number of a citizen's identity with its check digit (GB 11643), now and then written in groups."""
    born = day(1931, 1, 1) + timedelta(days=draw.randrange(33000))
    body = f"{draw.choice(WORDS['regions'])}{born:%Y%m%d}{draw.randrange(1000):03}"
    total = sum(int(one) * (2 ** (17 - place) % 11) for place, one in enumerate(body))
    last = "10X98765432"[total % 11]
    if draw.random() < 0.15:
        return f"{body[:6]} {body[6:14]} {body[14:]}{last}"
    return body + (last.lower() if draw.random() < 0.3 else last)
