"""People, places, dates and numbers of many forms, drawn from wide lists: in notes they stand in for a writer's own."""

from __future__ import annotations

import random
from datetime import date as day
from datetime import timedelta

from pypinyin import lazy_pinyin

from bencao.records.deidentify.finding.lexicon import places
from deidentify.latin_writer import LatinWriter
from deidentify.names import Names
from running_text import chinese_places, forms

_MANY = 4000  # of each list
_NUMERALS = "〇一二三四五六七八九"
_LUNAR_MONTHS = "正二三四五六七八九十冬腊"
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def count(number: int) -> str:
    """1 to 99 in Chinese numerals."""
    ten, one = divmod(number, 10)
    return ("" if ten < 2 else _NUMERALS[ten]) + ("十" if ten else "") + (_NUMERALS[one] if one else "")


def lunar_day(number: int) -> str:
    """1 to 31 as the lunar calendar counts the days of a month."""
    if number <= 10:
        return "初" + count(number)
    return "廿" + _NUMERALS[number - 20] if 20 < number < 30 else count(number)


class Wide:
    """Surrogates as `phi_notes.generator.Surrogates` describes them.

    Parameters
    ----------
    dictionary : dict of str to (int, str)
        Words with frequency and part of speech, as jieba has them.
    writer : LatinWriter
        Draws names, towns, institutions and addresses in English.
    seed : int
    """

    def __init__(self, dictionary: dict[str, tuple[int, str]], writer: LatinWriter, seed: int) -> None:
        draw = random.Random(seed)
        self._names, self._writer = Names(dictionary), writer
        kinds = ("n", "a", "v", "vn", "nr", "z", "b", "ns", "nz")
        self._given = [
            word
            for word, (many, kind) in dictionary.items()
            if len(word) == 2 and many > 20 and kind in kinds and "\u4e00" <= word[0] <= "\u9fff"
        ]
        self._characters = sorted({char for word in dictionary for char in word if "\u4e00" <= char <= "\u9fff"})
        towns = chinese_places.Places(dictionary, sorted({n for some in places().by_start.values() for n in some}))
        drawn = {
            "zh.address": towns.address,
            "zh.town": towns.town,
            "zh.hospital": towns.hospital,
            "zh.org": towns.firm,
            "zh.school": towns.school,
            "zh.police": towns.office,
            "en.address": lambda _: writer.address(),
            "en.town": lambda _: writer.town(),
            "en.hospital": lambda _: writer.institution(),
            "en.org": lambda _: writer.institution(),
        }
        self.WORDS = {
            name: tuple(
                made(draw).replace("{", "").replace("#", "号").replace("%", "").replace("&", "and")
                for _ in range(_MANY)
            )
            for name, made in drawn.items()
        }
        self.WORDS |= {"zh.over89": forms.chinese_ages(count), "en.over89": forms.english_ages()}
        self.WORDS |= {f"zh.{name}": patterns for name, patterns in forms.CHINESE_NUMBERS.items()}
        self.WORDS |= {f"en.{name}": patterns for name, patterns in forms.ENGLISH_NUMBERS.items()}
        self.WORDS |= {
            f"{language}.{name}": patterns for language in ("zh", "en") for name, patterns in forms.NUMBERS.items()
        }

    def person(self, draw: random.Random, language: str, base: str) -> dict[str, str]:
        """A name in the forms that a note may use."""
        return self._western(draw) if language == "en" else self._chinese(draw)

    def _western(self, draw: random.Random) -> dict[str, str]:
        first, last = self._writer.given(), self._writer.family().replace(", ", " ")
        middle = draw.choice("ABCDEFGHJKLMNPRSTW")
        plain = f"{first} {last}"
        full = (
            plain,
            plain,
            f"{first} {middle}. {last}",
            f"{first} {middle} {last}",
            f"{plain}-{self._writer.family()}",
        )
        listed = (f"{last}, {first}", f"{last.upper()}, {first.upper()}", f"{last.upper()}, {first} {middle}")
        return {
            "full": draw.choice(full),
            "first": first,
            "given": first,
            "last": last,
            "plain": plain,
            "comma": draw.choice((*listed, f"{last},{first}")),
            "listed": draw.choice((f"{last} {first}", f"{last}, {first}")),
            "caps": f"{last.upper()} {first}",
            "upper": plain.upper(),
            "lower": plain.lower(),
            "hl7": f"{last.upper()}^{first.upper()}^{middle}",
            "init": draw.choice((f"{first[0]}. {last}", f"{first[0]} {last}", f"{last} {first[0]}")),
            "initials": f"{first[0]}{middle}{last[0]}".upper(),
            "possessive": f"⟪{last}⟫'s",
            "nick": self._writer._called(),
        }

    def _chinese(self, draw: random.Random) -> dict[str, str]:
        whole = self._names.name(draw)
        if draw.random() < 0.12:  # a surname that no list has
            whole = draw.choice(self._characters) + whole[1:]
        surname = whole[:2] if whole[:2] in self._names.compound and len(whole) > 2 else whole[0]
        chance = draw.random()  # parents take any word and any characters: 高峰, 友谊, 惟一
        if chance < 0.28:
            given = draw.choice(self._given) if chance < 0.18 else "".join(draw.choices(self._characters, k=2))
            whole = surname + given
        given = whole[len(surname) :] or whole
        spoken, called = "".join(lazy_pinyin(surname)), "".join(lazy_pinyin(given))
        title, kin = draw.choice(forms.TITLES), draw.choice(forms.KIN)
        word = draw.choice("老小阿大")
        small = (f"⟪{given[-1] * 2}⟫", f"⟨阿⟩⟪{given[-1]}⟫", f"⟨小⟩⟪{given[-1]}⟫", f"⟪{given}⟫")
        small += (f"⟪{given[-1]}⟫⟨{draw.choice('姐哥嫂叔姨婶')}⟩", f"⟪{surname}⟫⟨{kin}⟩", f"⟨{word}⟩⟪{surname}⟫")
        pinyin = (f"{spoken.capitalize()} {called.capitalize()}", f"{called.capitalize()} {spoken.capitalize()}")
        return {
            "full": whole,
            "sur": surname,
            "last": surname,
            "given": given if len(given) > 1 else whole,
            "first": given,
            "spaced": " ".join(whole) if len(whole) == 2 else whole,
            "mask": f"{whole[0]}*{whole[2:]}",
            "pinyin": draw.choice((*pinyin, f"{spoken.upper()} {called.capitalize()}")),
            "pinyinlow": f"{called}.{spoken}",
            "pinyinup": f"{spoken.upper()}^{called.upper()}",
            "initials": "".join(one[0] for one in lazy_pinyin(whole)).upper()[:4],
            "title": f"⟪{surname}⟫⟨{title}⟩",
            "kin": f"⟪{surname}⟫⟨{kin}⟩",
            "lao": f"⟨{word}⟩⟪{surname}⟫",
            "mou": f"⟪{surname}⟫⟨{draw.choice(('某', '某某', '××', 'X', '**', 'XX'))}⟩",
            "nick": draw.choice(small),
        }

    def date(self, draw: random.Random, language: str, base: str, form: str, style: int) -> str:
        """A date in one of twenty forms; a note keeps mostly to one."""
        start, days = (day(1928, 1, 1), 33000) if base == "dob" else (day(2009, 2, 1), 6300)
        when = start + timedelta(days=draw.randrange(days))
        written = self._chinese_dates(draw, when) if language == "zh" else _english_dates(when)
        return written[style % len(written)] if style < 80 else draw.choice(written)

    def _chinese_dates(self, draw: random.Random, when: day) -> tuple[str, ...]:
        y, m, d = when.year, when.month, when.day
        year = "".join(_NUMERALS[int(one)] for one in str(y))
        return (
            f"{y}年{m}月{d}日",
            f"{y}-{m:02}-{d:02}",
            f"{y}.{m}.{d}",
            f"{y}/{m}/{d}",
            f"{m}月{d}日",
            f"{m}月{d}号",
            f"{m}.{d}",
            f"{m}-{d}",
            f"{m}/{d}",
            f"{y}.{m:02}.{d:02}",
            f"{y % 100:02}.{m}.{d}",
            f"{year}年{count(m)}月{count(d)}日",
            f"{count(m)}月{count(d)}号",
            f"{y % 100:02}年{m}月{d}号",
            f"⟪{d}⟫⟨号⟩",
            f"⟨农历⟩⟪{_LUNAR_MONTHS[m - 1]}月{lunar_day(d)}⟫",
            f"{y}年{m}月",
            f"{y}{m:02}{d:02}",
            f"{m}月{draw.choice(('上旬', '中旬', '下旬', '初', '底'))}",
            f"{y}年{m}月{d}",
        )

    def idcard(self, draw: random.Random) -> str:
        """A number of a citizen's identity."""
        born = day(1930, 1, 1) + timedelta(days=draw.randrange(32000))
        number = draw.choice(("330106", "510107", "420111", "110105", "440305", "230103", "530102", "610113"))
        number += f"{born:%Y%m%d}" + "".join(draw.choice("0123456789") for _ in range(3))
        number += "10X98765432"[sum(int(one) * by for one, by in zip(number, _WEIGHTS, strict=True)) % 11]
        spaced, masked = f"{number[:6]} {number[6:14]} {number[14:]}", f"{number[:6]}********{number[14:]}"
        return draw.choice((number, number, spaced, masked))


def _english_dates(when: day) -> tuple[str, ...]:
    y, m, d = when.year, when.month, when.day
    nth = f"{d}" + ("th" if 10 < d < 20 else {1: "st", 2: "nd", 3: "rd"}.get(d % 10, "th"))
    return (
        f"{m}/{d}/{y}",
        f"{m:02}/{d:02}/{y}",
        f"{d} {when:%B} {y}",
        f"{when:%B} {d}, {y}",
        f"{nth} {when:%B}",
        f"{when:%b} {d}",
        f"{m}/{d}",
        f"{d}/{m}/{y % 100:02}",
        f"{when:%d-%b-%Y}",
        f"{y}-{m:02}-{d:02}",
        f"{when:%B} {nth}",
        f"{d} {when:%b}",
        f"the {nth} of {when:%B}",
        f"{d}.{m}.{y}",
        f"{when:%B %Y}",
        f"⟨{when:%a} ⟩⟪{d} {when:%b}⟫",
        f"⟨on the ⟩⟪{nth}⟫",
        f"{m}-{d}-{y % 100:02}",
        f"{when:%d%b%Y}".upper(),
        f"⟨{when:%A}, ⟩⟪{when:%B} {d}⟫",
    )
