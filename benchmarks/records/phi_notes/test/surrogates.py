"""Names, formats and clinical words of the test split; the dev split shares none of its sources.

Every name, number and place is made up by rule; what marks ⟪must go⟫ and ⟨may go⟩ is told in generator.py.
"""

from __future__ import annotations

import random
from datetime import date as day
from datetime import timedelta
from pathlib import Path

from phi_notes.words import read_words

WORDS = read_words(Path(__file__).with_name("words.txt"))

NUMERALS = "〇一二三四五六七八九"


def _digits(draw: random.Random, count: int) -> str:
    return "".join(draw.choice("0123456789") for _ in range(count))


def _wide(words: str) -> str:
    return "".join(chr(ord(one) + 0xFEE0) if one.isdigit() else one for one in words)


def _numeral(number: int) -> str:
    """1 to 31 in Chinese numerals."""
    ten, one = divmod(number, 10)
    return ("" if not ten else "十" if ten == 1 else NUMERALS[ten] + "十") + (NUMERALS[one] if one else "")


def person(draw: random.Random, language: str, base: str) -> dict[str, str]:
    """A name in the forms that a note may use."""
    if language == "en":
        first, last = draw.choice(WORDS["first"]), draw.choice(WORDS["last"])
        full = draw.choice((f"{first} {last}", f"{first} {last}", f"{first} {draw.choice('GKNPVW')} {last}"))
        return {
            "full": full,
            "last": last,
            "first": first,
            "listed": f"{last.upper()}, {first}",
            "initial": f"{first[0]} {last}",
            "upper": full.upper(),
        }
    chance = draw.random()
    if chance < (0.12 if base in ("patient", "relative") else 0.04):
        full = draw.choice(WORDS["minority"])
        short = full.split("·")[0]
        return {"full": full, "last": short, "nick": short, "given": short, "spaced": full, "masked": full}
    surname = (
        draw.choice(WORDS["compound"])
        if chance > 0.94
        else draw.choice(WORDS["rare"] if chance > 0.82 else WORDS["surnames"])
    )
    given = draw.choice(WORDS["single"]) if draw.random() < 0.3 else draw.choice(WORDS["given"])
    nick = draw.choice(
        (
            f"⟨小⟩⟪{surname}⟫",
            f"⟨老⟩⟪{surname}⟫",
            f"⟪{surname}⟫⟨姨⟩",
            f"⟪{surname}⟫⟨大爷⟩",
            f"⟪{surname}⟫⟨阿婆⟩",
            f"⟨阿⟩⟪{given[-1]}⟫",
            f"⟪{surname}⟫⟨哥⟩",
        )
    )
    return {
        "full": surname + given,
        "last": surname,
        "nick": nick,
        "given": given if len(given) == 2 else surname + given,
        "spaced": "  ".join(surname + given) if len(surname + given) == 2 else surname + given,
        "masked": f"⟪{surname}⟫⟨某⟩⟪{given[-1]}⟫" if len(given) == 2 else f"⟪{surname}⟫⟨某⟩",
    }


def date(draw: random.Random, language: str, base: str, form: str, style: int) -> str:
    """A date of some form; without a form, in the note's style."""
    when = day(2009, 1, 1) + timedelta(days=draw.randrange(5900))
    if base == "dob":
        when = day(1931, 1, 1) + timedelta(days=draw.randrange(30000))
    y, m, d = when.year, when.month, when.day
    later = when + timedelta(days=draw.randrange(2, 9))
    if language == "en":
        suffix = "th" if 4 <= d <= 20 or 24 <= d <= 30 else ("st", "nd", "rd")[d % 10 - 1]
        if form == "md":
            return draw.choice(
                (
                    f"⟨the ⟩⟪{d}{suffix} of {when:%B}⟫",
                    f"{d}{suffix} {when:%b}",
                    f"{d}-{when:%b}",
                    f"{when:%b} {d}{suffix}",
                )
            )
        if form == "ym":
            return draw.choice((f"⟪{when:%b}⟫ '⟨{y % 100:02}⟩", f"⟪{when:%B}⟫ of ⟨{y}⟩"))
        if form == "range":
            return f"⟪{d} {when:%b}⟫⟨ to ⟩⟪{later.day} {later:%b %Y}⟫"
        if form == "time":
            return f"⟪{d:02}-{when:%b}-{y}⟫ ⟨at {draw.randrange(24):02}{draw.randrange(60):02}h⟩"
        return (
            f"{d:02}.{m:02}.{y}",
            f"{d}{suffix} {when:%B} {y}",
            f"{d:02}-{when:%b}-{y % 100:02}".upper(),
            f"⟨the ⟩⟪{d}{suffix} of {when:%B}, {y}⟫",
            f"⟨{when:%a}, ⟩⟪{when:%b} {d}{suffix} {y}⟫",
            f"{y}{m:02}{d:02}",
            f"{d:02} / {m:02} / {y}",
        )[style % 7]
    if form == "md":
        return draw.choice(
            (
                f"{_numeral(m)}月{_numeral(d)}日",
                f"{m}月{d}号",
                f"{_numeral(m)}月{_numeral(d)}号",
                f"{m}.{d}" if d > 9 else f"{m}月{d}",
            )
        )
    if form == "ym":
        return draw.choice(
            (
                f"⟨{y % 100:02}年⟩⟪{m}月⟫",
                f"⟨{''.join(NUMERALS[int(one)] for one in str(y))}年⟩⟪{_numeral(m)}月⟫",
                f"⟨{y}⟩.⟪{m:02}⟫",
            )
        )
    if form == "lunar":
        return draw.choice(
            ("腊月廿三", "正月十五", "农历八月初六", "五月初五", "冬月十一", "阴历三月二十", "大年初二", "中秋节前一天")
        )
    if form == "range":
        return draw.choice(
            (
                f"⟪{y}年{m}月{d}日⟫⟨至⟩⟪{later.month}月{later.day}日⟫",
                f"⟪{y}.{m}.{d}⟫—⟪{later.year}.{later.month}.{later.day}⟫",
                f"⟪{m}/{d}⟫~⟪{later.month}/{later.day}⟫",
            )
        )
    if form == "time":
        return draw.choice(
            (
                f"⟪{y}年{m}月{d}日⟫⟨{draw.randrange(1, 24)}时{draw.randrange(60)}分⟩",
                f"⟪{y % 100:02}-{m:02}-{d:02}⟫ ⟨{draw.randrange(1, 24)}:{draw.randrange(10, 60)}⟩",
                f"⟪{y}{m:02}{d:02}⟫⟨{draw.randrange(24):02}{draw.randrange(60):02}{draw.randrange(60):02}⟩",
            )
        )
    return (
        f"{''.join(NUMERALS[int(one)] for one in str(y))}年{_numeral(m)}月{_numeral(d)}日",
        f"{y % 100:02}-{m}-{d}",
        f"{y % 100:02}年{m}月{d}号",
        f"{y} 年 {m} 月 {d} 日",
        f"{y}{m:02}{d:02}",
        f"{d:02}/{m:02}/{y}",
        f"{y}-{m}-{d}",
        f"{''.join(NUMERALS[int(one)] for one in str(y))}.{_numeral(m)}.{_numeral(d)}",
        _wide(f"{y}年{m}月{d}日"),
    )[style % 9]


def idcard(draw: random.Random, language: str) -> str:
    """A number of a citizen's identity."""
    if language == "en":
        return draw.choice(
            (
                f"{_digits(draw, 3)} {_digits(draw, 3)} {_digits(draw, 4)}",
                f"{draw.choice('ABCEGHJ')}{draw.choice('KLMNPR')} {_digits(draw, 2)} {_digits(draw, 2)} {_digits(draw, 2)} {draw.choice('ABCD')}",
                _digits(draw, 9),
            )
        )
    born = day(1932, 1, 1) + timedelta(days=draw.randrange(28000))
    area = draw.choice(("331081", "510703", "150102", "653101", "230202", "450302", "532901"))
    number = area + f"{born:%Y%m%d}" + _digits(draw, 3)
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    number += "10x98765432"[sum(int(one) * weight for one, weight in zip(number, weights, strict=True)) % 11]
    return draw.choice(
        (
            number,
            number.upper(),
            f"{number[:6]} {number[6:14]} {number[14:]}",
            f"{number[:10]}****{number[14:]}",
            _wide(number),
            f"{area}{born:%y%m%d}{_digits(draw, 3)}",
            "-".join((number[:6], number[6:14], number[14:])),
        )
    )


def mrn(draw: random.Random, language: str) -> str:
    """A number of a medical record."""
    if language == "en":
        return draw.choice(
            (
                f"{_digits(draw, 3)}-{_digits(draw, 2)}-{_digits(draw, 3)}",
                f"K{_digits(draw, 5)}/{_digits(draw, 2)}",
                f"H {_digits(draw, 4)} {_digits(draw, 4)}",
            )
        )
    return draw.choice(
        (
            f"{_digits(draw, 6)}-2",
            f"A{_digits(draw, 3)} {_digits(draw, 4)}",
            f"T{_digits(draw, 12)}",
            _digits(draw, 6),
            _wide(_digits(draw, 9)),
            f"2023{_digits(draw, 5)}",
        )
    )


def phone(draw: random.Random, language: str) -> str:
    """A mobile number."""
    if language == "en":
        return draw.choice(
            (
                f"⟨+353 ⟩⟪8{draw.randrange(3, 9)} {_digits(draw, 3)} {_digits(draw, 4)}⟫",
                f"07{_digits(draw, 3)} {_digits(draw, 6)}",
                f"1-{draw.randrange(301, 980)}-{_digits(draw, 3)}-{_digits(draw, 4)}",
                f"{draw.randrange(301, 980)} {_digits(draw, 3)} {_digits(draw, 4)}",
            )
        )
    head, middle, tail = draw.choice(("137", "158", "177", "199", "166", "133")), _digits(draw, 4), _digits(draw, 4)
    return draw.choice(
        (
            f"{head} {middle} {tail}",
            f"⟨+86 ⟩⟪{head}{middle}{tail}⟫",
            f"{head}{middle}{tail}",
            f"⟨+86-⟩⟪{head}-{middle}-{tail}⟫",
            _wide(head + middle + tail),
            f"{head}{middle[:1]} {middle[1:]}{tail[:1]} {tail[1:]}",
            f"{head}.{middle}.{tail}",
            f"⟨(0086)⟩⟪{head}{middle}{tail}⟫",
        )
    )


def landline(draw: random.Random, language: str) -> str:
    """A number of a house or an office."""
    tail = f"{draw.randrange(2, 9)}{_digits(draw, 7)}"
    if language == "en":
        return draw.choice(
            (
                f"0{draw.randrange(20, 99)} {_digits(draw, 4)} {_digits(draw, 4)}",
                f"⟪{draw.randrange(301, 980)}/{_digits(draw, 3)}-{_digits(draw, 4)}⟫⟨ ext. ⟩⟪{_digits(draw, 3)}⟫",
                f"⟪{_digits(draw, 3)}-{_digits(draw, 4)}⟫⟨ x⟩⟪{_digits(draw, 4)}⟫",
            )
        )
    return draw.choice(
        (
            f"(0576){tail}",
            f"(0816) {tail[:4]} {tail[4:]}",
            f"⟪{tail}⟫⟨转⟩⟪{_digits(draw, 4)}⟫",
            f"⟪0471-{tail[:7]}⟫⟨-⟩⟪{_digits(draw, 3)}⟫",
            f"852-{tail}",
            f"⟨短号⟩⟪{_digits(draw, 6)}⟫",
        )
    )


def email(draw: random.Random, language: str) -> str:
    """A mail address."""
    return (
        draw.choice(("o.sullivan", "guli_nar", "ZQ-liu", "kowal.kat+clinic", "tseringy", "nguyet"))
        + draw.choice(("", _digits(draw, 4)))
        + "@"
        + draw.choice(
            (
                "hosp.example.nhs.uk",
                "sina.com.cn",
                "vip.163.com",
                "uni-klinik.example.de",
                "foxmail.com",
                "ward-7.example.ie",
            )
        )
    )


def wechat(draw: random.Random, language: str) -> str:
    """An account of a social network."""
    if language == "en":
        return f"@{draw.choice(('siobhan.os', 'ji_woo_p', 'thereal.kwame'))}{_digits(draw, 1)}"
    return draw.choice(
        (
            f"wxid_{_digits(draw, 4)}ab{_digits(draw, 2)}",
            f"gulinar{_digits(draw, 3)}",
            f"Mei-Mei_{_digits(draw, 4)}",
            _digits(draw, 9),
        )
    )


def url(draw: random.Random, language: str) -> str:
    """A page of a person or a record."""
    return draw.choice(
        (
            f"www.example.cn/u/{_digits(draw, 5)}",
            f"http://pacs.example.net:8080/view?pid={_digits(draw, 7)}",
            f"weibo.example.com/{_digits(draw, 9)}",
        )
    )


def address(draw: random.Random, language: str) -> str:
    """A full address."""
    number = draw.randrange(2, 480)
    if language == "en":
        return draw.choice(
            (
                f"Apt {number % 40}B, {number} Harbour View Terrace, {draw.choice(WORDS['places'])}",
                f"P.O. Box {_digits(draw, 4)}, {draw.choice(WORDS['places'])}",
                f"{number} Quay St, Flat {number % 9 + 1}, {draw.choice(WORDS['places'])} {draw.choice('KLMN')}W{number % 9} {number % 8}{draw.choice('AB')}{draw.choice('XY')}",
                f"⟨The ⟩⟪Old Forge, Chapel Rd, {draw.choice(WORDS['places'])}⟫",
                f"RR {number % 9 + 1}, County Road {number}, {draw.choice(WORDS['places'])}",
            )
        )
    return draw.choice(
        (
            f"浙江省温岭市大溪镇下{draw.choice('村洋塘')}村{_numeral(number % 9 + 1)}组{number}号",
            f"上海市徐汇区漕溪北路{number + 500}弄{number % 30 + 1}号{number % 18 + 1}02",
            f"四川省凉山州昭觉县四开乡日{draw.choice('历哈')}村{number % 8 + 1}组",
            f"内蒙古赤峰市克什克腾旗达里湖苏木{draw.choice(('贡格尔', '都日诺日'))}嘎查",
            f"深圳市南山区粤海街道科苑南路飞达大厦B座{number % 30 + 1}{number % 9}3",
            f"喀什地区疏附县吾库萨克镇{number % 20 + 1}村",
            f"{draw.choice(WORDS['city'])}翠屏巷{number}号附{number % 6 + 1}号",
            f"江西省宜春市袁州区秀江御景花园{number % 30 + 1}幢{number % 3 + 1}单元{number % 20 + 1}01室",
            f"黑龙江省齐齐哈尔市龙沙区五龙街道永安社区{number % 9 + 1}委{number % 12 + 1}组",
            f"香港九龙观塘道{number}号丽港城{number % 20 + 1}座{number % 40}楼C室",
            f"桂林七星区穿山小区{number % 50 + 1}-{number % 3 + 1}-{number % 7 + 1}01",
            f"吉林通化二道江区钢厂家属楼{number % 40 + 1}栋",
        )
    )


def town(draw: random.Random, language: str) -> str:
    """A place in running words."""
    if language == "en":
        return draw.choice(WORDS["places"])
    return draw.choice(
        (
            "温岭大溪镇",
            "甘肃省天水市",
            "喀什",
            "绵阳安州区",
            "芜湖",
            "宜春市袁州区",
            "克什克腾旗",
            "凉山昭觉",
            "通化",
            "大理古城",
            "汕头潮阳",
        )
    )


def hospital(draw: random.Random, language: str) -> str:
    """A hospital's name."""
    if language == "en":
        return draw.choice(
            (
                f"St. Brigid's Hospital, {draw.choice(WORDS['places'])}",
                f"{draw.choice(WORDS['places'])} Infirmary",
                f"Royal {draw.choice(WORDS['places'])} Hospice",
                "Sisters of Mercy Health System",
                f"{draw.choice(WORDS['places'])} VA",
                "Kwon & Rao Family Practice",
            )
        )
    city = draw.choice(WORDS["city"])
    return draw.choice(
        (
            f"{city}妇幼保健院",
            f"{city.rstrip('市')}骨伤科医院",
            f"{city}二医院",
            "解放军联勤保障部队第九四〇医院",
            "大溪镇中心卫生院",
            f"{city}翠屏区城北社区卫生服务中心",
            "和美家妇儿医院",
            f"{city.rstrip('市')}医学院第二附属医院",
            "光明眼科医院",
            "同济堂中医门诊部",
            f"{city}精神卫生中心",
        )
    )


def org(draw: random.Random, language: str) -> str:
    """An employer or a school."""
    if language == "en":
        return draw.choice(
            (
                "Lindqvist Boatworks",
                "Port Angus Primary",
                "⟨the ⟩⟪Walla Creek Fire Department⟫",
                "Zhou Brothers Noodle House",
                "Upper Marlow Care Home",
            )
        )
    return draw.choice(
        (
            "⟪大溪镇中心小学⟫⟨三(2)班⟩",
            "宜春市第一建筑工程有限公司",
            "夕阳红老年公寓",
            "通化钢铁集团炼铁厂",
            "桂林理工大学",
            "绵阳长虹电子厂",
            "天水市公安局秦州分局",
            "阳光家园托养中心",
            "喀什东城建材店",
            "齐齐哈尔铁路车辆段",
        )
    )


def age(draw: random.Random, language: str) -> str:
    """An age that is over 89."""
    years = draw.randrange(90, 108)
    if language == "en":
        return draw.choice(
            (
                f"⟪{years}⟫⟨ y/o⟩",
                f"⟨aged ⟩⟪{years}⟫",
                f"⟪{('ninety', 'ninety-one', 'ninety-two', 'ninety-three')[years % 4]}⟫⟨-year-old⟩",
                f"⟪{years}⟫⟨yo⟩",
                f"⟪{years}⟫⟨-yr-old⟩",
            )
        )
    return draw.choice(
        (
            f"⟪{years}⟫⟨周岁⟩",
            f"⟪九十{NUMERALS[years % 9 + 1]}⟫⟨岁⟩",
            f"⟪{years}⟫⟨ 岁⟩",
            f"⟪{_wide(str(years))}⟫⟨岁⟩",
            f"⟪{years}⟫⟨Y⟩",
            f"⟪{years}⟫⟨高龄⟩",
        )
    )


SURROGATE = {
    "idcard": idcard,
    "mrn": mrn,
    "visit": lambda draw, language: (
        draw.choice((f"MZ-{_digits(draw, 4)}-{_digits(draw, 5)}", _digits(draw, 12)))
        if language == "zh"
        else f"ED/{_digits(draw, 2)}/{_digits(draw, 6)}"
    ),
    "insurance": lambda draw, language: (
        draw.choice(
            (f"{draw.choice('ABCD')}{_digits(draw, 8)}", f"{_digits(draw, 4)} {_digits(draw, 4)} {_digits(draw, 4)}")
        )
        if language == "zh"
        else f"{_digits(draw, 4)}-{_digits(draw, 3)}-{_digits(draw, 3)}-{draw.choice('KLM')}{draw.choice('PQR')}"
    ),
    "passport": lambda draw, language: draw.choice(
        (f"EK{_digits(draw, 7)}", f"H0{_digits(draw, 8)}", f"{draw.choice('PTG')}{_digits(draw, 7)}")
    ),
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
    "accession": lambda draw, language: draw.choice(
        (
            f"{draw.randrange(19, 25)}-{_digits(draw, 5)}",
            f"S{draw.randrange(19, 25)}-{_digits(draw, 4)}",
            f"XJ{_digits(draw, 4)}-{_digits(draw, 3)}",
            f"{_digits(draw, 4)}.{_digits(draw, 6)}",
        )
    ),
    "plate": lambda draw, language: (
        f"{draw.choice('浙川蒙新桂赣')}{draw.choice('FGHJ')}·{draw.choice('DKM')}{_digits(draw, 4)}"
        if language == "zh"
        else f"{draw.randrange(10, 24)}-D-{_digits(draw, 5)}"
    ),
    "bank": lambda draw, language: f"6217 {_digits(draw, 4)} {_digits(draw, 4)} {_digits(draw, 4)} {_digits(draw, 3)}",
    "device": lambda draw, language: draw.choice(
        (f"PJN{_digits(draw, 6)}H", f"{_digits(draw, 4)}-{_digits(draw, 6)}-{draw.choice('XZ')}")
    ),
    "license": lambda draw, language: (
        draw.choice((f"1103{_digits(draw, 11)}", f"{draw.choice('鲁浙川')}医执{_digits(draw, 6)}"))
        if language == "zh"
        else f"⟨GMC ⟩⟪{_digits(draw, 7)}⟫"
    ),
}
