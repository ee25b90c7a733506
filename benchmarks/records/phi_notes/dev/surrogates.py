"""Names, formats and clinical words of the dev split; the test split shares none of its sources.

Every name, number and place is made up by rule; what marks ⟪must go⟫ and ⟨may go⟩ is told in generator.py.
"""

from __future__ import annotations

import random
from datetime import date as day
from datetime import timedelta
from pathlib import Path

from phi_notes.words import read_words

WORDS = read_words(Path(__file__).with_name("words.txt"))


def _digits(draw: random.Random, count: int) -> str:
    return "".join(draw.choice("0123456789") for _ in range(count))


def person(draw: random.Random, language: str, base: str) -> dict[str, str]:
    """A name in the forms that a note may use."""
    if language == "en":
        first, last = draw.choice(WORDS["first"]), draw.choice(WORDS["last"])
        middle = draw.choice("ABCDEHJLMRST")
        full = draw.choice((f"{first} {last}", f"{first} {last}", f"{first} {middle}. {last}"))
        return {
            "full": full,
            "last": last,
            "first": first,
            "listed": f"{last}, {first}",
            "initial": f"{first[0]}. {last}",
            "upper": full.upper(),
        }
    chance = draw.random()
    if chance < 0.03 and base == "patient":
        full = draw.choice(WORDS["minority"])
        return {"full": full, "last": full, "nick": full, "given": full, "spaced": full, "masked": full}
    surname = draw.choice(WORDS["compound"]) if chance < 0.06 else draw.choice(WORDS["surnames"])
    given = "".join(draw.choice(WORDS["given"]) for _ in range(1 if draw.random() < 0.25 else 2))
    nick = draw.choice((f"⟨小⟩⟪{surname}⟫", f"⟨老⟩⟪{surname}⟫"))
    return {
        "full": surname + given,
        "last": surname,
        "nick": nick,
        "given": given,
        "spaced": " ".join(surname + given) if len(surname + given) == 2 else surname + given,
        "masked": f"⟪{surname}⟫{'*' * len(given)}",
    }


def date(draw: random.Random, language: str, base: str, form: str, style: int) -> str:
    """A date of some form; without a form, in the note's style."""
    when = day(2015, 1, 1) + timedelta(days=draw.randrange(4000))
    if base == "dob":
        when = day(1936, 1, 1) + timedelta(days=draw.randrange(27000))
    y, m, d = when.year, when.month, when.day
    if language == "en":
        if form == "md":
            return draw.choice((f"{m}/{d}", f"{when:%B} {d}", f"{when:%b} {d}"))
        if form == "ym":
            return draw.choice((f"⟪{when:%B}⟫ ⟨{y}⟩", f"⟪{m}⟫/⟨{y}⟩"))
        if form == "time":
            return f"⟪{m:02}/{d:02}/{y}⟫ ⟨{draw.randrange(24):02}:{draw.randrange(60):02}⟩"
        return (
            f"{m:02}/{d:02}/{y}",
            f"{y}-{m:02}-{d:02}",
            f"{when:%B} {d}, {y}",
            f"{d} {when:%b} {y}",
            f"{m}/{d}/{y % 100:02}",
        )[style % 5]
    if form == "md":
        return draw.choice((f"{m}月{d}日", f"{m:02}月{d:02}日"))
    if form == "ym":
        return f"⟨{y}年⟩⟪{m}月⟫"
    if form == "time":
        return f"⟪{y}-{m:02}-{d:02}⟫ ⟨{draw.randrange(24):02}:{draw.randrange(60):02}⟩"
    return (f"{y}年{m}月{d}日", f"{y}-{m:02}-{d:02}", f"{y}年{m:02}月{d:02}日", f"{y}/{m}/{d}", f"{y}.{m:02}.{d:02}")[
        style % 5
    ]


def idcard(draw: random.Random, language: str) -> str:
    """A number of a citizen's identity."""
    if language == "en":
        return f"{draw.randrange(100, 700)}-{draw.randrange(10, 99)}-{draw.randrange(1000, 9999)}"
    born = day(1940, 1, 1) + timedelta(days=draw.randrange(24000))
    number = draw.choice(("110105", "410102", "370102", "420102", "320106")) + f"{born:%Y%m%d}" + _digits(draw, 3)
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return number + "10X98765432"[sum(int(one) * weight for one, weight in zip(number, weights, strict=True)) % 11]


def mrn(draw: random.Random, language: str) -> str:
    """A number of a medical record."""
    if language == "en":
        return draw.choice((_digits(draw, 7), f"MRN{_digits(draw, 6)}"))
    return draw.choice((_digits(draw, 8), f"ZY{_digits(draw, 8)}", f"00{_digits(draw, 8)}"))


def phone(draw: random.Random, language: str) -> str:
    """A mobile number."""
    if language == "en":
        return draw.choice(
            (
                f"({draw.randrange(201, 990)}) 555-{_digits(draw, 4)}",
                f"{draw.randrange(201, 990)}-555-{_digits(draw, 4)}",
            )
        )
    head = draw.choice(("138", "139", "135", "150", "186", "189"))
    return draw.choice((head + _digits(draw, 8), f"{head}-{_digits(draw, 4)}-{_digits(draw, 4)}"))


def landline(draw: random.Random, language: str) -> str:
    """A number of a house or an office."""
    if language == "en":
        return f"{draw.randrange(201, 990)}.555.{_digits(draw, 4)}"
    return draw.choice(
        (f"010-{draw.randrange(6, 9)}{_digits(draw, 7)}", f"0371-{draw.randrange(6, 9)}{_digits(draw, 7)}")
    )


def email(draw: random.Random, language: str) -> str:
    """A mail address."""
    who = draw.choice(("zhang", "liwei", "m.jones", "helen", "wangfang", "tbaker"))
    return f"{who}{_digits(draw, 2)}@{draw.choice(('163.com', 'example.com', 'qq.com', 'mail.example.org'))}"


def wechat(draw: random.Random, language: str) -> str:
    """An account of a social network."""
    return (
        draw.choice((f"wx{_digits(draw, 6)}", f"lihua_{_digits(draw, 4)}"))
        if language == "zh"
        else f"@{draw.choice(('helenb', 'mark_y', 'tcook'))}{_digits(draw, 2)}"
    )


def url(draw: random.Random, language: str) -> str:
    """A page of a person or a record."""
    return f"https://portal.example.org/p/{_digits(draw, 6)}"


def address(draw: random.Random, language: str) -> str:
    """A full address."""
    if language == "en":
        return f"{draw.randrange(10, 9999)} {draw.choice(WORDS['streets'])}, {draw.choice(WORDS['places'])}, {draw.choice(('OH', 'TX', 'IL', 'NY'))} {_digits(draw, 5)}"
    where = f"{draw.choice(WORDS['city'])}{draw.choice(WORDS['district'])}{draw.choice(WORDS['road'])}{draw.randrange(1, 300)}号"
    return where + draw.choice(
        (
            "",
            f"{draw.randrange(1, 20)}号楼{draw.randrange(1, 6)}单元{draw.randrange(101, 1802)}室",
            f"院{draw.randrange(1, 9)}栋{draw.randrange(101, 902)}",
        )
    )


def town(draw: random.Random, language: str) -> str:
    """A place in running words."""
    if language == "en":
        return draw.choice(WORDS["places"])
    return draw.choice(
        ("郑州市金水区", "河北省保定市", "山东省济南市", "周口", "石家庄", "湖北孝感", "南京", "保定市清苑县")
    )


def hospital(draw: random.Random, language: str) -> str:
    """A hospital's name."""
    if language == "en":
        return draw.choice(WORDS["places"]) + draw.choice(
            (" General Hospital", " Medical Center", " Memorial Hospital", " Clinic")
        )
    return draw.choice(WORDS["city"]) + draw.choice(
        ("第一人民医院", "中心医院", "中医院", "第三医院", "儿童医院", "肿瘤医院")
    )


def org(draw: random.Random, language: str) -> str:
    """An employer or a school."""
    if language == "en":
        return draw.choice(
            ("Brown & Wood Plumbing", "Fairview High School", "Oakdale Elementary", "Carter Logistics Inc.")
        )
    return draw.choice(("郑州宇通客车厂", "济南市第七中学", "北京市朝阳区税务局", "武汉钢铁公司", "长江路小学"))


def age(draw: random.Random, language: str) -> str:
    """An age that is over 89."""
    years = draw.randrange(90, 104)
    return f"⟪{years}⟫⟨岁⟩" if language == "zh" else draw.choice((f"⟪{years}⟫⟨-year-old⟩", f"⟪{years}⟫⟨ years old⟩"))


SURROGATE = {
    "idcard": idcard,
    "mrn": mrn,
    "visit": lambda draw, language: _digits(draw, 10) if language == "zh" else f"V{_digits(draw, 8)}",
    "insurance": lambda draw, language: (
        f"YB{_digits(draw, 10)}" if language == "zh" else f"{draw.choice('ABHX')}{_digits(draw, 9)}"
    ),
    "passport": lambda draw, language: f"E{_digits(draw, 8)}" if language == "zh" else _digits(draw, 9),
    "phone": phone,
    "landline": landline,
    "email": email,
    "wechat": wechat,
    "url": url,
    "address": address,
    "town": town,
    "hospital": hospital,
    "org": org,
    "age": age,
    "accession": lambda draw, language: f"{draw.choice(('CT', 'MR', 'US', 'B'))}{_digits(draw, 8)}",
    "plate": lambda draw, language: (
        f"{draw.choice('京豫鲁鄂')}{draw.choice('ABCD')}{_digits(draw, 5)}"
        if language == "zh"
        else f"{draw.choice('ABC')}XR {_digits(draw, 4)}"
    ),
    "bank": lambda draw, language: f"6222{_digits(draw, 15)}",
    "device": lambda draw, language: f"SN{_digits(draw, 8)}",
    "license": lambda draw, language: f"{_digits(draw, 15)}" if language == "zh" else f"MD{_digits(draw, 6)}",
}
