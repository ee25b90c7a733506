"""People, dates and identity numbers of folder h: clinics, community and specialists; Britain, Ireland and Australia."""

from __future__ import annotations

import random
from datetime import date as day
from datetime import timedelta
from pathlib import Path

from phi_notes.words import read_words

WORDS = read_words(Path(__file__).with_name("words.txt"))
SURNAMES, PINYIN, WEIGHTS = zip(*(entry.split() for entry in WORDS["surnames"]), strict=True)
AREAS = ("420606", "360702", "520303", "440803", "371302", "330602", "610302", "430211", "450203", "532901", "350502")
CHECK_WEIGHTS, CHECK_SIGNS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"
NUMERALS = "〇一二三四五六七八九"


def person(draw: random.Random, language: str, base: str) -> dict[str, str]:
    """A name in the forms that a note may use; initials with which a writer signs may go or stay."""
    forms = _chinese(draw) if language == "zh" else _western(draw, base)
    if base == "doctor" and "initials" in forms:
        forms["initials"] = f"⟨{forms['initials']}⟩"
    return forms


def _chinese(draw: random.Random) -> dict[str, str]:
    place = draw.choices(range(len(SURNAMES)), [int(weight) for weight in WEIGHTS])[0]
    last = SURNAMES[place]
    given, sound = draw.choice(WORDS["given"]).split()
    whole, sounds = last + given, [PINYIN[place], sound]
    if draw.random() < 0.03:
        whole, sound = draw.choice(WORDS["whole"]).split()
        last = given = whole.split("·")[0]
        sounds = [sound]

    def shaped(kind: str) -> str:
        return draw.choice(WORDS[kind]).replace("L", last).replace("E", given[-1]).replace("G", given)

    return {
        "full": whole,
        "last": last,
        "given": given,
        "end": given[-1],
        "nick": shaped("called"),
        "masked": shaped("hidden"),
        "post": f"⟪{last}⟫{draw.choice(WORDS['posts'])}",
        "spaced": draw.choice(("  ", " ")).join(whole),
        "pinyin": draw.choice((" ".join(sounds).upper(), "^".join(sounds).upper(), " ".join(sounds).title())),
        "kin": f"⟪{last}⟫{draw.choice(('姓家属', '姓女子', '姓男子', '姓患者'))}",
        "broken": f"{last}\n{given}",
    }


def _western(draw: random.Random, base: str) -> dict[str, str]:
    woman = draw.random() < 0.5
    first, _, short = draw.choice(WORDS["female" if woman else "male"]).partition("/")
    last = draw.choice(WORDS["last"])
    title = draw.choice(("Mrs", "Ms", "Miss", "Mrs") if woman else ("Mr", "Mr", "Mr", "Master"))
    if base == "doctor":
        title = draw.choice(("Dr", "Mr", "Prof", "Dr"))
    elder = ("Nana", "Auntie") if woman else ("Uncle", "Grandad")
    fond = (f"⟨{draw.choice(elder)}⟩ ⟪{first}⟫", f"⟨wee⟩ ⟪{first}⟫", first)
    middle = f" {draw.choice('ABCDEJKMPRT')}" if draw.random() < 0.12 and base != "relative" else ""
    return {
        "full": f"{first}{middle} {last}",
        "last": last,
        "first": first,
        "upper": f"{first}{middle} {last}".upper(),
        "listed": draw.choice((f"{last.upper()}, {first}", f"{last}, {first}{middle}", f"{last.upper()} {first}")),
        "titled": f"{title} ⟪{last}⟫",
        "whole": f"{title} ⟪{first} {last}⟫",
        "nick": short or (first if base == "doctor" else draw.choice(fond)),
        "initial": f"{first[0]} {last}",
        "initials": f"{first[0]}{last[0]}",
        "nee": f"⟪{last}⟫ (née ⟪{draw.choice(WORDS['last'])}⟫)",
        "owner": f"⟪{last}⟫'s",
        "family": f"the ⟪{last}⟫ family",
    }


def date(draw: random.Random, language: str, base: str, form: str, style: int) -> str:
    """A date of some form; without a form, in the note's style."""
    first, span = (day(1936, 2, 1), 31000) if base == "dob" else (day(2016, 3, 1), 3900)
    when = first + timedelta(days=draw.randrange(span))
    later = when + timedelta(days=draw.randrange(2, 20))
    clock = f"{draw.randrange(24):02}:{draw.randrange(60):02}"
    shapes = (_zh if language == "zh" else _en)(when, later, clock)[form]
    return shapes[style % len(shapes)] if not form else draw.choice(shapes)


def _han(number: int) -> str:
    tens, ones = divmod(number, 10)
    ten = "" if not tens else "十" if tens == 1 else f"{NUMERALS[tens]}十"
    return ten + (NUMERALS[ones] if ones else "")


def _zh(when: day, later: day, clock: str) -> dict[str, list[str]]:
    y, m, d, week = when.year, when.month, when.day, "一二三四五六日"[when.weekday()]
    year = "".join(NUMERALS[int(sign)] for sign in str(y))
    return {
        "": [f"{y}-{m:02}-{d:02}", f"{y}年{m}月{d}日", f"{y}/{m}/{d}", f"{y}.{m:02}.{d:02}", f"{y}{m:02}{d:02}", f"{year}年{_han(m)}月{_han(d)}日"],
        "md": [f"{m}月{d}日", f"{m}.{d}", f"{m}-{d}", f"{_han(m)}月{_han(d)}", f"{m}/{d}", f"{m}月{d}号", f"{m:02}{d:02}"],
        "day": [f"{d}日", f"{d}号", f"{_han(d)}号"],
        "time": [f"⟪{y}-{m:02}-{d:02}⟫ ⟨{clock}⟩", f"⟪{m}月{d}日⟫⟨{clock}⟩", f"⟪{m}/{d}⟫ ⟨{clock}⟩", f"⟪{y}年{m}月{d}日⟫⟨{clock[:2]}时{clock[3:]}分⟩"],
        "week": [f"⟪{m}月{d}日⟫⟨(周{week})⟩", f"⟨星期{week}⟩⟪{m}.{d}⟫", f"⟨周{week}⟩⟪{d}号⟫", f"⟪{y}-{m}-{d}⟫ ⟨礼拜{week}⟩"],
        "range": [f"⟪{m}.{d}⟫⟨-⟩⟪{later.month}.{later.day}⟫", f"⟪{m}月{d}日⟫⟨至⟩⟪{later.month}月{later.day}日⟫", f"⟪{y}/{m}/{d}⟫⟨~⟩⟪{later.month}/{later.day}⟫"],
        "ym": [f"⟨{y}年⟩⟪{m}月⟫", f"⟨{y}⟩.⟪{m:02}⟫", f"⟨{y % 100:02}年⟩⟪{m}月份⟫", f"⟨{y}年⟩⟪{m}月底⟫"],
        "lunar": list(WORDS["lunar"]),
    }  # fmt: skip


def _en(when: day, later: day, clock: str) -> dict[str, list[str]]:
    y, m, d = when.year, when.month, when.day
    nth = f"{d}{'th' if 10 < d < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(d % 10, 'th')}"
    until = later.day
    return {
        "": [f"{d:02}/{m:02}/{y}", f"{d} {when:%B} {y}", f"{nth} {when:%B} {y}", f"{d:02}-{when:%b}-{y}", f"{d}.{m}.{y % 100:02}", f"{d:02} {when:%b} {y}"],
        "md": [f"{d} {when:%B}", f"{nth} of {when:%B}", f"{d}/{m}", f"{nth} {when:%b}", f"{when:%B} {nth}"],
        "ord": [f"the ⟪{nth}⟫", f"the ⟪{nth}⟫ of this month", f"the ⟪{nth}⟫ {when:%b}".replace(f"⟫ {when:%b}", f" {when:%b}⟫")],
        "time": [f"⟪{d:02}/{m:02}/{y % 100:02}⟫ ⟨{clock}⟩", f"⟪{d} {when:%b}⟫ ⟨at {clock}⟩", f"⟪{d:02}.{m:02}.{y}⟫, ⟨{clock.replace(':', '')}h⟩"],
        "week": [f"⟨{when:%A}⟩ ⟪{nth}⟫", f"⟨{when:%a}⟩ ⟪{d} {when:%B}⟫", f"⟨{when:%A}⟩, ⟪{d}/{m}⟫", f"⟨{when:%A} the⟩ ⟪{nth} of {when:%B}⟫"],
        "range": [f"⟪{d}⟫⟨ to ⟩⟪{until} {later:%B}⟫", f"⟪{d}/{m}⟫⟨-⟩⟪{until}/{later.month}⟫", f"⟨between ⟩⟪{d} {when:%b}⟫⟨ and ⟩⟪{until} {later:%b}⟫"],
        "ym": [f"⟪{when:%B}⟫ ⟨{y}⟩", f"⟪{when:%b}⟫ ⟨'{y % 100:02}⟩", f"⟪{m:02}⟫/⟨{y}⟩", f"⟨early⟩ ⟪{when:%B}⟫"],
        "feast": list(WORDS["feasts"]),
    }  # fmt: skip


def idcard(draw: random.Random) -> str:
    """A citizen's number with its check sign, now and then spaced or with the birth masked."""
    digits = f"{draw.choice(AREAS)}{day(1938, 5, 1) + timedelta(days=draw.randrange(31000)):%Y%m%d}{draw.randrange(1, 1000):03}"
    total = sum(weight * int(sign) for weight, sign in zip(CHECK_WEIGHTS, digits, strict=True))
    number = digits + CHECK_SIGNS[total % 11]
    return draw.choice(
        (number, number, number, f"{number[:6]} {number[6:14]} {number[14:]}", f"{number[:6]}********{number[14:]}")
    )
