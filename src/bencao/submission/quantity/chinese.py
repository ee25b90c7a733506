"""Numbers in Chinese text: digits with 万 and 亿, numerals, fractions, percentages, dates, decades."""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

from bencao.submission.quantity.digits import (
    BARE_POWER,
    NUMBER,
    PLAIN,
    POWER,
    VULGAR,
    power_of_ten,
    readings_of_code,
    simple,
    value_of,
)
from bencao.submission.quantity.quantity import Quantity, Value
from bencao.submission.quantity.units import names, pattern

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")}
_DIGITS |= {"〇": 0, "○": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7, "捌": 8, "玖": 9}
_DIGITS |= {"兩": 2, "廿": 20, "卅": 30}
_SMALL = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
_LARGE = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8, "兆": 10**12}
_NUMERALS = "".join([*_DIGITS, *_SMALL, *_LARGE])

# Words that hold a numeral and state no number; what follows the bar keeps a number such as 一万 whole.
_IDIOMS = re.compile(
    f"(?<![{_NUMERALS}\\d])(?:万一|千万(?=[别不要])|万能|百合|百草)|"
    "十分(?!之|钟)|百姓|三明治|四肢|五官|七窍|三角|四川|九江|六安|百科|三亚|"
    "第一时间|一[些般直定样起旦致并律贯向再概同方面经切边味系度下点]|统一|唯一|单一|逐一|之一|同一|进一步|另一|某一|每一|"
    "任何一|不一|万[物事象维圣古]|八卦|三叉|十二指肠|四环素|三聚|二聚|二氧|一氧|三氧|二元|三维|二维|一线|"
    "千兆|成千上万|成百上千|千千万万|半[胱乳导影夏边岛球]|四处|四周|三七|五味|九九|二手|十足|百日咳|七叶|千叶"
)
_NUMERAL = f"[{_NUMERALS}]"
_TOKEN = re.compile(
    rf"(?P<century>(?:{NUMBER}|[{''.join(_DIGITS)}十]+)\s?世纪(?:\s?(?P<decade>\d0|[一二三四五六七八九]十)\s?年代)?)"
    r"|(?P<whole>百分之?百)"
    rf"|(?P<share>[百千万]分之\s?(?:{NUMBER}|[{_NUMERALS}点]+))"
    rf"|(?P<fraction>[{_NUMERALS}]+分之[{_NUMERALS}]+)"
    rf"|(?P<power>{BARE_POWER})"
    rf"|(?P<number>{NUMBER}{POWER}?)(?P<scale>\s?[余多几]?\s?(?:[十百]|千(?![克米卡帕焦赫道伏瓦碱]))?(?:[万萬亿億]|兆(?![帕赫瓦])){{0,2}})"
    rf"|(?P<word>[{_NUMERALS}]+(?:点[{''.join(_DIGITS)}]+[万亿]?)?)"
    r"|(?P<loose>双|俩|首(?=[个例次款位名批株])|头号)"
    rf"|(?P<half>半个?)"
    rf"|(?P<vulgar>[{''.join(VULGAR)}])"
    r"|\b(?P<roman>II|III|IV|VI|VII|VIII|IX)\b|(?P<sign>[Ⅰ-Ⅻ])",
    re.ASCII,
)
_UNIT = re.compile(rf"(?:\s?[余多几]?\s?-?\s?)(?P<unit>{pattern('zh')})")
_HALF_AFTER = re.compile(r"\s?(?:个?半(?=[个年月天日周小星世])|个半|(?:年|天|周|岁|倍|小时)半)")
# What a single numeral counts; without one of these behind it, it may be part of any word.
_MEASURE = re.compile(
    r"\s?(?:个|名|位|例|项|种|次|天|日|周|年|月|岁|小时|分钟|秒|倍|人|家|国|所|起|组|批|只|条|部|类|阶段|期|"
    r"支|株|款|座|城|州|省|篇|份|轮|成|米|公里|克|毫克|毫升|升|元|片|粒|剂|英尺|英里|星期|世纪|大)"
)
_LETTERS = re.compile(r"[A-Za-z\u0370-\u03ff]+$")
_LETTERS_HYPHEN = re.compile(r"([A-Za-z\u0370-\u03ff]+)-$")
_LATIN = re.compile(r"[A-Za-z]+")
_CURRENCY = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "CNY"}


def read_chinese(text: str) -> list[Quantity]:
    """Find the numbers of a Chinese text, simplified or traditional.

    Parameters
    ----------
    text : str

    Returns
    -------
    list of Quantity
        In the order of the text.

    Examples
    --------
    >>> [(str(found.values[0]), found.unit) for found in read_chinese("近50万人在两周内服用12.5毫克，占百分之五。")]
    [('500000', ''), ('2', 'wk'), ('25/2', 'mg'), ('5', '%')]
    """
    plain = _IDIOMS.sub(lambda idiom: "　" * len(idiom.group()), text.translate(PLAIN))
    found: list[Quantity] = []
    for token in _TOKEN.finditer(plain):
        quantity = _read(plain, token)
        if quantity is None:
            continue
        if token["word"] and _is_about(token["word"]):  # 三四天 is three or four days
            found.append(replace(quantity, values=(_DIGITS[token["word"][0]],), required=False))
            quantity = replace(quantity, values=(_DIGITS[token["word"][1]],), required=False)
        if token["fraction"]:  # 五分之一 may be told as one in five
            below, _, above = token["fraction"].partition("分之")
            found += [replace(quantity, values=(_value(part),)) for part in (below, above)]
        if found and found[-1].end == quantity.start and _scaled(found[-1]) > _scaled(quantity) > 1:
            quantity = _sum(found.pop(), quantity)  # 1亿2000万
        found.append(quantity)
    return _carry_units(plain, found)


def _is_about(text: str) -> bool:
    return len(text) == 2 and text[0] in _DIGITS and _DIGITS.get(text[1]) == _DIGITS[text[0]] + 1


def _scaled(quantity: Quantity) -> int:
    return _LARGE.get(quantity.text[-1]) or _SMALL.get(quantity.text[-1]) or 1


def _sum(one: Quantity, two: Quantity) -> Quantity:
    return replace(
        two, start=one.start, text=one.text + two.text, values=(simple(one.values[0] + two.values[0]),), required=True
    )


def _read(plain: str, token: re.Match[str]) -> Quantity | None:
    start, end = token.span()
    if token["number"]:
        return _number(plain, token)
    if token["century"]:
        return _century(token)
    if token["share"]:
        head, _, tail = token["share"].partition("分之")
        unit = {"百": "%", "千": "‰"}.get(head, "")
        return Quantity(start, end, token.group(), (_value(tail.strip()),), unit=unit)
    if token["fraction"]:
        below, _, above = token["fraction"].partition("分之")
        under = _value(below)
        value = Fraction(_value(above)) / under if under else 0
        return Quantity(start, end, token.group(), (simple(value),), required=False)
    if token["power"]:
        return _with_unit(plain, Quantity(start, end, token.group(), (power_of_ten(token["power"]),)))
    if token["loose"]:
        return Quantity(start, end, token.group(), (2 if token.group() in "双俩" else 1,), required=False)
    if token["whole"]:
        return Quantity(start, end, token.group(), (100,), unit="%", required=False)
    if token["half"]:
        return _with_unit(plain, Quantity(start, end, token.group(), (Fraction(1, 2), 50), required=False))
    if token["vulgar"]:
        return _with_unit(plain, Quantity(start, end, token.group(), (VULGAR[token["vulgar"]],)))
    if token["roman"]:
        return Quantity(start, end, token.group(), (_ROMAN[token["roman"]],), required=False)
    if token["sign"]:
        return Quantity(start, end, token.group(), (ord(token["sign"]) - ord("Ⅰ") + 1,), required=False)
    return _word(plain, token)


_ROMAN = {"II": 2, "III": 3, "IV": 4, "VI": 6, "VII": 7, "VIII": 8, "IX": 9}


def _number(plain: str, token: re.Match[str]) -> Quantity:
    start, end = token.span()
    value = value_of(token["number"])
    scale = token["scale"].strip()
    if not scale:
        end = token.end("number")
        code = _code(plain, start, end)
        if code:
            return Quantity(start, end, plain[start:end], readings_of_code(code, value), code=code)
    else:
        for character in scale:
            value = value * (_SMALL.get(character) or _LARGE.get(character) or 1)
        value = simple(value)
    # The minutes of 8:00 need not be told, and 1 may be an article of English.
    sharp = plain[start:end].strip() != "1" and not (
        plain[max(0, start - 1) : start] == ":" and token["number"] == "00"
    )
    quantity = Quantity(start, end, plain[start:end], (value,), required=sharp)
    half = _HALF_AFTER.match(plain, end)
    if half:
        quantity = replace(quantity, values=(simple(value + Fraction(1, 2)), value))
    return _with_unit(plain, quantity)


def _century(token: re.Match[str]) -> Quantity:
    start, end = token.span()
    head = token["century"].partition("世纪")[0].strip()
    century = _value(head)
    if not token["decade"]:
        return Quantity(start, end, token.group(), (century, (int(century) - 1) * 100), unit="century")
    decade = _value(token["decade"])
    return Quantity(start, end, token.group(), ((int(century) - 1) * 100 + int(decade),), unit="decade")


def _word(plain: str, token: re.Match[str]) -> Quantity | None:
    text = token["word"]
    start, end = token.span()
    value = _value(text)
    before = plain[max(0, start - 1) : start]
    after = plain[end : end + 1]
    if not any(character in _DIGITS for character in text):  # 数百, 上百万: how many is not said
        return Quantity(start, end, text, (value,), required=False, vague=before in _SOME and text[-1] in _LARGE)
    loose = before in ("几", "数") or after == "几" or text in ("一", "两", "兩", "二")
    chemical = plain[end : end + 1] in _CHEMICAL  # 十二烷酸
    counted = before == "第" or (len(text) > 1 and not chemical) or bool(_MEASURE.match(plain, end))
    if before in ("期", "周", "拜") and len(text) == 1 and (after.isspace() or not _MEASURE.match(plain, end)):
        return Quantity(start, end, text, (value,), required=False)  # 星期三, 周五
    quantity = Quantity(start, end, text, (value,), required=counted and not loose)
    half = _HALF_AFTER.match(plain, end)
    if half:
        quantity = replace(quantity, values=(value + Fraction(1, 2), value))
    return _with_unit(plain, quantity)


def _value(text: str) -> Value:
    """What numerals are worth: 三千二百万, 二〇二〇, 三点五, 十二万, or digits."""
    if text[:1].isdigit() and text[:1] not in _DIGITS:
        return value_of(text)
    whole, _, decimals = text.partition("点")
    if decimals:
        scale = _LARGE.get(decimals[-1], 1)
        digits = "".join(str(_DIGITS[character]) for character in decimals if character in _DIGITS)
        return simple(Fraction(f"{_value(whole) if whole else 0}.{digits or 0}") * scale)
    if all(character in _DIGITS for character in text):
        return int("".join(str(_DIGITS[character]) for character in text) or 0)
    total, section, digit = 0, 0, 0
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
        elif character in _SMALL:
            section += (digit or 1) * _SMALL[character]
            digit = 0
        else:
            section += digit
            total = (
                (total + section or 1) * _LARGE[character]
                if character in "亿億兆"
                else (total + (section or 1) * _LARGE[character])
            )
            section = digit = 0
    return total + section + digit


def _code(plain: str, start: int, end: int) -> str:
    before = _LETTERS.search(plain, max(0, start - 24), start)
    if before:
        return before.group()
    hyphened = _LETTERS_HYPHEN.search(plain, max(0, start - 24), start)
    if hyphened and any(letter.isupper() for letter in hyphened[1]):
        return hyphened[1]
    letters = _LATIN.match(plain, end)
    if letters and letters.group() not in names("zh"):
        return letters.group()
    return ""


def _with_unit(plain: str, quantity: Quantity) -> Quantity:
    if _TENTHS.match(plain, quantity.end):
        return replace(
            quantity, values=(*(simple(value * 10) for value in quantity.values), *quantity.values), unit="%"
        )
    unit = _UNIT.match(plain, quantity.end)
    if unit:
        name = names("zh")[unit["unit"]]
        if unit["unit"] == "月":
            name = "month of the year"
        return replace(quantity, unit=name)
    before = plain[max(0, quantity.start - 1) : quantity.start]
    return replace(quantity, unit=_CURRENCY[before]) if before in _CURRENCY else quantity


_TENTHS = re.compile(r"\s?成(?![为功员本分年人立果就熟都绩长])")
_CHEMICAL = tuple("碳烷烯炔醇酸酰醛酮羟甲乙氧")
_SOME = ("数", "几", "上", "近", "逾", "超", "过")
_RANGE = re.compile(r"\s*(?:-|~|至|到|和|或|、|,|/|±)\s*(?:[<>≤≥]\s*)?")


def _carry_units(plain: str, found: list[Quantity]) -> list[Quantity]:
    """Give the first numbers of a range or a list the unit of the last, and what it may be worth in its scale."""
    for index in range(len(found) - 2, -1, -1):
        one, two = found[index], found[index + 1]
        if one.code or two.code or not _RANGE.fullmatch(plain, one.end, two.start):
            continue
        scale = _LARGE.get(two.text[-1], 1)
        if scale > 1 and one.text[-1] not in _LARGE:  # 2.6 至 3.2 万
            one = replace(one, values=(*one.values, simple(one.values[0] * scale)))
        found[index] = replace(one, unit=one.unit or two.unit)
    return found
