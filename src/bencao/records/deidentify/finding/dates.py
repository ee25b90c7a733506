"""Dates in every form that notes have, with the parts needed to move them; what is relative stays."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bencao.records.deidentify.span import Span


def _listed(line: str) -> tuple[str, ...]:
    return tuple(line.split())


_MONTHS = _listed("january february march april may june july august september october november december")
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
_HAN_DIGIT = "〇零○Ο一二三四五六七八九十两元正腊冬"
_Y4 = r"(?:19|20)\d\d"
_M = r"(?:1[0-2]|0?[1-9])"
_D = r"(?:3[01]|[12]\d|0?[1-9])"
_TIME_AHEAD = r"(?=\s?[T ]?\s?\d{1,2}:\d\d)"

# Name, pattern, order of the parts; each pattern has the groups y, m, d as far as it has the parts.
_PATTERNS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("date.full", re.compile(
        rf"(?<![\d.])(?P<y>{_Y4})(?P<s>[-/._\\,])(?P<m>{_M})(?P=s)(?P<d>{_D})(?:日|(?=[0-2]\d[:时])|(?!\d|[./]\d|-(?!{_Y4}[-/.])\d))")),
    ("date.spaced", re.compile(
        rf"(?<![\d.])(?P<y>{_Y4}) ?(?P<s>[-/. ]) ?(?P<m>{_M}) ?(?P=s) ?(?P<d>{_D})(?![\d.]|[/-]\d)")),
    ("date.han", re.compile(
        rf"(?<![\d.])(?P<y>(?:{_Y4}|\d\d)) ?年 ?(?P<m>{_M}) ?月(?:份)? ?(?P<d>{_D})(?: ?[日号]|(?!\d))")),
    ("date.han_month", re.compile(
        rf"(?<![\d.])(?P<y>(?:{_Y4}|\d\d)) ?年 ?(?P<m>{_M}) ?月(?:份|初|中旬|底|末|上旬|下旬)?")),
    ("date.han_day", re.compile(
        rf"(?<![\d.年])(?P<m>{_M}) ?月(?:份)? ?(?P<d>{_D})(?: ?[日号]|(?![\d个天周余月]|[.]\d))")),
    ("date.han_year", re.compile(rf"(?<![\d.-])(?P<y>{_Y4}) ?年(?:初|底|末|中|春|夏|秋|冬|上半年|下半年)?")),
    ("date.compact", re.compile(
        rf"(?<![\dA-Za-z.])(?P<y>{_Y4})(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])(?=(?:[01]\d|"
        rf"2[0-3])[0-5]\d(?:[0-5]\d)?(?!\d)|(?![\dA-Za-z.-]))")),
    ("date.month_only", re.compile(
        rf"(?<![\d./-])(?P<y>{_Y4})[-/.](?P<m>0[1-9]|1[0-2]|[1-9])(?![\d./%-]|\s?(?:mg|g|ml|mm|cm|×|x))")),
    (
        "date.numerals",
        re.compile(
            r"(?P<y>[〇零○一二三四五六七八九]{4}|[〇零○一二三四五六七八九]{2})年(?:(?P<m>十[一二]?|"
            r"[一二三四五六七八九正腊元冬])月(?:份)?(?:(?P<d>三十一?|"
            r"二?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|初[一二三四五六七八九十]|"
            r"[一二三四五六七八九])[日号]?)?)?"
        ),
    ),
    (
        "date.numerals_day",
        re.compile(
            r"(?<![一二三四五六七八九十年])(?P<m>十[一二]?|[一二三四五六七八九正腊])月(?P<d>三十一?|"
            r"二?十[一二三四五六七八九]?|廿[一二三四五六七八九]?|"
            r"初[一二三四五六七八九十]|[一二三四五六七八九])[日号]?"),
    ),
    ("date.two_digit", re.compile(
        rf"(?<![\d.-])(?<!\d/)(?P<y>\d\d)(?P<s>[-/.])(?P<m>0[1-9]|1[0-2]|[1-9])(?P=s)(?P<d>{_D})(?![\d]|[./-]\d|"
        rf"\s?(?:mm|cm))")),
    ("date.western", re.compile(
        rf"(?<![\d./-])(?P<a>{_D})(?P<s>[-/.])(?P<b>{_D})(?P=s)(?P<y>{_Y4}|\d\d)(?![\d]|[./]\d|-\d(?!\d?[-/.]\d)|"
        rf"\s?(?:mm|cm))")),
    ("date.western_spaced", re.compile(
        rf"(?<![\d./-])(?P<a>{_D}) (?P<s>[-/.]) (?P<b>{_D}) (?P=s) (?P<y>{_Y4}|\d\d)(?![\d]|\s?(?:mm|cm))")),
    ("date.named", re.compile(
        rf"\b(?P<n>{_MONTH})\.?(?: the )?[ -]?(?P<d>{_D})(?:st|nd|rd|th)?(?:(?:-|,? ?(?:of )?)(?P<y>{_Y4}|"
        rf"'\d\d))?(?!\d|:\d)", re.I)),
    ("date.named_day_first", re.compile(
        rf"(?<![\d.])(?P<d>{_D})(?:st|nd|rd|"
        rf"th)?(?: day)?(?: of)?[ /.-]?(?P<n>{_MONTH})(?![A-Za-z])\.?(?:[ ,/-]{{0,2}}(?P<y>{_Y4}|"
        rf"'?\d\d(?!\d|:)))?", re.I)),
    ("date.named_month", re.compile(rf"\b(?P<n>{_MONTH})\.?(?:,? ?(?:of )?|[-/])(?P<y>{_Y4}|'\d\d)(?!\d)", re.I)),
    ("date.iso_basic", re.compile(rf"(?<![\d])(?P<y>{_Y4})-(?P<m>0[1-9]|1[0-2])(?=\s|$|[,;)，。；）至到~])")),
    ("date.year_first_named", re.compile(rf"(?<!\d)(?P<y>{_Y4})[ -/]?(?P<n>{_MONTH})[ -/.]?(?P<d>{_D})(?!\d)", re.I)),
    ("date.western_day", re.compile(
        rf"(?<![\d./-])(?P<a>{_D})/(?P<b>{_D})(?![\d/%]|\.\d|\s?(?:级|期|度|分|个|枚|站|组|肌力|视野|HP|次|片|"
        rf"周|天|mm|cm|kPa|"
        rf"strength|reflexes|pain|on|of|systolic|murmur|cigar|beats|edema|scale))")),
    ("date.year_alone", re.compile(
        rf"(?P<y>{_Y4})(?:(?![\d./%-]|\s?(?:mg|ml|kcal|cells|g\b|mL|cc|units|IU|copies|年)))")),
    ("date.han_month_only", re.compile(rf"(?<=[去今前明当同昨]年)(?P<m>{_M}) ?月(?:份|初|底|中旬|末)?(?! ?\d)")),
    ("date.month_year", re.compile(rf"(?<![\d./-])(?P<m>{_M})[/-](?P<y>{_Y4})(?![\d/-])")),
    ("date.named_month_only", re.compile(
        rf"\b(?:in|of|since|until|early|last|late|this|next|mid)[ -](?P<n>{_MONTH})\b(?![ -]?\d)", re.I)),
    ("date.year_range", re.compile(rf"(?<![\d.])(?P<y>{_Y4})(?= ?年? ?[-~至到] ?(?:19|20)\d\d ?年)")),
    ("date.han_short_year", re.compile(
        r"(?:(?<=[于自在从；，。,;\n ])|^)(?P<y>[0-2]\d|[5-9]\d)年(?=[曾因行患诊手发确出初底春夏秋冬在于入])")),
    (
        "date.numerals_marked",
        re.compile(
            r"(?<![〇零○一二三四五六七八九十])(?P<y>[〇零○一二三四五六七八九]{4}|[〇零○一二三四五六七八九]{2})(?P<s>[-./、])"
            r"(?P<m>十[一二]?|[一二三四五六七八九])(?P=s)(?P<d>三十一?|二?十[一二三四五六七八九]?|[一二三四五六七八九])"
        ),
    ),
    ("date.lunar", re.compile(
        r"(?:农历|阴历|旧历|夏历|古历)(?:[〇零一二三四五六七八九]{4}年|(?:19|20)\d\d年|[甲乙丙丁戊己庚辛壬癸][子丑寅卯辰巳午未申酉戌亥]年)?"
        r"闰?(?:[正腊冬元八一二三四五六七八九十]{1,2}月|\d{1,2}月)(?:初[一二三四五六七八九十]|[廿二三]?十[一二三四五六七八九]?|"
        r"廿[一二三四五六七八九]|\d{1,2})?[日号]?|[正冬腊]月(?:初[一二三四五六七八九十]|[廿二三]?十[一二三四五六七八九]?|"
        r"廿[一二三四五六七八九])|大年(?:初[一二三四五六七八九十]|三十|夜)|年三十(?!多)")),
    ("date.republic", re.compile(
        r"民[国國]\s?[一二三四五六七八九十\d]{1,4}年(?:\s?[一二三四五六七八九十\d]{1,2}月(?:\s?[一二三四五六七八九十\d]{1,3}日)?)?")),
    ("date.roman", re.compile(
        r"(?<![\d/.-])(?:3[01]|[12]\d|0?[1-9])(?P<s>[-/. ])(?:i{1,3}|iv|vi{0,3}|ix|xi{0,2})(?P=s)(?:(?:19|"
        r"20)?\d\d)(?!\d)", re.I)),
    ("date.month_alone", re.compile(
        r"(?<![A-Za-z])(?:January|February|April|June|July|August|September|October|November|December)(?![A-Za-z])")),
    ("date.padded_day", re.compile(
        r"(?<![\d./-])(?P<m>0[1-9]|1[0-2])-(?P<d>0[1-9]|[12]\d|3[01])(?![\d./%-]|\s?(?:岁|天|周|个|次|h|cm|mm|ml|mg|s\b|units?|days?|weeks?|years?|hours?|min|beats|per|x|cigar|drinks))")),
    ("date.han_part", re.compile(r"(?<![\d.年])(?P<m>1[0-2]|0?[1-9]) ?月(?:上旬|中旬|下旬|初|底|末)")),
    ("date.holiday_named", re.compile(
        r"\b(?:Christmas(?: (?:Eve|Day))?|Thanksgiving|New Year's (?:Eve|Day)|Labor Day|Memorial Day|Independence Day|"
        r"Halloween|Easter|Boxing Day|Good Friday|Diwali|Ramadan|Hanukkah|Passover|Lunar New Year|Chinese New Year|"
        r"Spring Festival)\b", re.I)),
    ("date.holiday", re.compile(
        r"(?:春节|除夕|元宵节?|清明节?(?=[前后当那期假，,。])|端午节?|中秋节?|国庆节?(?=[前后当那期假长，,。])|元旦|重阳节|"
        r"圣诞节?|平安夜|感恩节|劳动节|(?:五一|十一)(?=[假期节长]))(?:(?:前|后)?(?:一|两|三|\d|第[一二三四五])?[天日]|前夕|当[天日]|那天|"
        r"期间|假期|长假|前后|前|后)?")),
)  # fmt: skip
_SINCE = re.compile(
    r"\b(?:in|since|from|until|circa|year|early|late|mid|summer|winter|spring|fall|autumn|through|during|by|of|"
    r"born|around|to|and)[ -](?:of )?(?:the )?$|[自于在从至到]$",
    re.I,
)
_PATTERN = dict(_PATTERNS)
_SURE = frozenset(
    {
        "date.full",
        "date.han",
        "date.han_day",
        "date.han_month",
        "date.compact",
        "date.two_digit",
        "date.spaced",
        "date.han_year",
    }
)
_FROM_YEAR = (
    "date.full",
    "date.spaced",
    "date.han",
    "date.han_month",
    "date.han_year",
    "date.month_only",
    "date.iso_basic",
    "date.year_first_named",
    "date.year_range",
    "date.year_alone",
)
_COMPACT = ("date.compact",)
_FROM_DAY = (
    "date.han",
    "date.han_month",
    "date.han_day",
    "date.han_month_only",
    "date.han_short_year",
    "date.month_year",
    "date.two_digit",
    "date.western",
    "date.western_spaced",
    "date.western_day",
)
_BY_NAME = ("date.named", "date.named_month", "date.named_month_only")
_IN_HAN = ("date.numerals", "date.numerals_day")
_IN_HAN_MARKED = re.compile(r"[〇零○一二三四五六七八九][-./、][一二三四五六七八九十]{1,2}[-./、][一二三四五六七八九十]")
_ROMAN_HINT = re.compile(r"\d[-/. ][ivxIVX]{1,4}[-/. ]\d")
_HAN_HINT = re.compile("[\u4e00-\u9fff]")
_WESTERN_HINT = re.compile(r"[A-Za-z]{3,} [A-Za-z]{2,}")
_RUN = re.compile(r"\d+")
_GLUED = re.compile(
    rf"(?P<y>{_Y4})(?:(?P<s>[-/.])(?P<m>{_M})(?P=s)(?P<d>{_D})(?!\d)|年(?P<m2>{_M})月(?P<d2>{_D})[日号]?)"
)
_GLUED_SHORT = re.compile(rf"(?P<y>\d\d)年(?P<m>{_M})月(?P<d>{_D})[日号]?")
_BEGUN = re.compile(r"\s?(?:查|复查|行|予|入院|出院|起|因|术|转|手术|开始|患者)")
# What makes 10/30 a score, an acuity, a share or a strength; what makes 4/10 a day.
_NO_DAY = re.compile(
    r"(?:肌力|视力|bp|血压|strength|pain|scores?|gcs|grade|apgar|评分|level|rated|pulses|reflexes|mmse|moca|phq-?9|gad-?7|nrs|vas|"
    r"acuity|vision|\bva\b|vod|vos|\bod\b|\bos\b|\bre\b|\ble\b|gleason|ecog|berg|fim|barthel|stage|class|lobe|hpf|分期|量表|指数|"
    r"ballard|braden|morse|news2?|qsofa|sofa|cm|mm|l[1-5]|c[1-7]|t\d)[^。.;；\n]{0,10}$"
)
_DAY_AFTER = re.compile(
    r"\s?(?:[的那]?片(?!/)|[回复]诊|[把来去到至起入出转查予给因约前后]|上午|下午|接种|第[一二三]针|打|约|请|预约|$|\n)"
)
_BORN = re.compile(r"(?:DOB|d\.o\.b\.?|[Bb]orn|BORN|出生|生日|生于|日期)[\s:：]{0,3}$")
_SCORED = re.compile(r"(?:apgar|评分|scores?|分期|grav|gcs)[^\n。；;]{0,8}$", re.IGNORECASE)
_DAYS_RANGE = re.compile(rf" ?[~～至到-] ?{_D}/{_D}(?![\d/])")
_MONTH_END = re.compile(rf" ?[-~至到] ?(?P<m>{_M}) ?月(?:份|底|初)?(?! ?\d)")
_MONTH_HINT = re.compile(
    r"[Jj]an|[Ff]eb|[Mm]ar|[Aa]pr|[Mm]ay|[Jj]u[nl]|[Aa]ug|[Ss]ep|[Oo]ct|[Nn]ov|[Dd]ec|JAN|FEB|MAR|APR|MAY|"
    r"JU[NL]|AUG|SEP|OCT|NOV|DEC"
)
_MONTH_DAY_CUE = re.compile(
    rf"(?:^|\n|[于自从至在到]|日期[:：]?|时间[:：]?|复查|查|入院|出院|手术|起|date[d]?:?|on|since|by|"
    rf"until)\s?(?P<m>1[0-2]|"
    rf"0?[1-9])[.-](?P<d>{_D})(?![\d.%~-]|\s?(?:cm|mm|m[lmgU]|g|kg|×|\*|x|cmm|年|个|天|周|小时|h|日|次|倍|度|分|"
    rf"期|级|℃|mmol|"
    rf"umol|ng|pg|万|U|岁|月|x10|/|%|-|~|s\b|ms|Hz|mEq|units?|days?|weeks?|hours?|years?))"
)
# A month and a day with a dot between, told by what goes on after them: 约8.31的门诊, 4.25到当地医院.
_MONTH_DAY_GOES_ON = re.compile(
    rf"(?:(?<=[，,。;；、：:（( \n您约好])|^)(?P<m>1[0-2]|0?[1-9])\.(?P<d>{_D})"
    r"(?=[日号]|上午|下午|中午|晚上?[,，来到]|早上|"
    rf"的(?:门诊|手术|检查|号|预约|航班|飞机)|[可再]?[到来去](?!\d)|记得|起(?!伏)|入院|出院|手术(?!刀)|复[查诊]|开始|由|在(?!正常)|于|"
    rf"因|因为|前往|转[入至到院科]|行(?!动|走|为))"
)
_RANGE = re.compile(
    rf"\s?(?:[-~至到]|—|--|to|through|and|、|,)\s?(?:(?P<y>{_Y4}|"
    rf"\d\d)(?P<s1>[年./-])(?=\d{{1,2}}[月./-]))?(?:(?P<m>{_M})(?P<s2>[月./-]))?(?P<d>{_D})(?P<e>[日号]|"
    rf"(?![\d.]\d|\d|[个天周年%/]))"
)


@dataclass(frozen=True)
class Written:
    """The parts of a date as written: their places in the text, as far as they are there.

    Attributes
    ----------
    parts : tuple of (str, int, int)
        ``y``, ``m``, ``d``, ``n`` (a month's name), ``a`` and ``b`` (month and day in an order to be found out),
        each with start and end.
    """

    span: Span
    parts: tuple[tuple[str, int, int], ...]


def find(text: str) -> Iterator[Written]:
    """Dates in a text in `plain` form; they may overlap, the surest first.

    Parameters
    ----------
    text : str

    Yields
    ------
    Written
    """
    named = _MONTH_HINT.search(text) is not None
    for digits in _RUN.finditer(text):
        yield from _at_digits(text, digits.start(), digits.end(), named)
    others = [
        *(_BY_NAME if named else ()),
        *(_IN_HAN if "月" in text or "年" in text else ()),
        *(("date.numerals_marked",) if _IN_HAN_MARKED.search(text) else ()),
        *(("date.roman",) if _ROMAN_HINT.search(text) else ()),
        *(("date.month_alone",) if named else ()),
        "date.padded_day",
        "date.han_part",
        *(("date.lunar", "date.holiday", "date.republic") if _HAN_HINT.search(text) else ()),
        *(("date.holiday_named",) if _WESTERN_HINT.search(text) else ()),
    ]
    for rule in others:
        for found in _PATTERN[rule].finditer(text):
            if rule == "date.numerals" and not found["m"] and len(found["y"]) < 4:
                continue  # 十二年 is a time, not a year
            yield _written(found, rule, 0.9)
    for pattern in (_MONTH_DAY_CUE, _MONTH_DAY_GOES_ON):
        for found in pattern.finditer(text):
            written = _written(found, "date.dotted_day", 0.8)
            start = min(place for _, place, _ in written.parts)
            yield Written(Span(start, found.end(), "date", "date.dotted_day", 0.8), written.parts)


def _at_digits(text: str, start: int, end: int, named: bool) -> Iterator[Written]:
    """Dates that begin with a run of digits: which there can be is told by its length and by what follows."""
    after = text[end : end + 2]
    rules: tuple[str, ...]
    if end - start == 4 and text.startswith(("19", "20"), start):
        rules = _FROM_YEAR
    elif (
        end - start > 4
        and after[:1] in ("年", "-", "/", ".")
        and (glued := _GLUED.match(text, end - 4) or _GLUED_SHORT.match(text, end - 2))
    ):
        yield _written(glued, "date.glued", 0.9)  # after a number without a space: 4137122012年3月21日
        return
    elif end - start >= 8:
        rules = _COMPACT
    elif end - start > 2 or not after or (after[0] not in "年月/-. " and not named):
        return
    else:
        rules = (*_FROM_DAY, "date.named_day_first") if named else _FROM_DAY
    for rule in rules:
        pattern = _PATTERN[rule]
        found = pattern.match(text, start)
        if found is None or (rule == "date.western_day" and not _may_be_day(found, text)):
            continue
        dotted = rule in ("date.two_digit", "date.western") and found["s"] == "."
        if dotted and not _dotted(found, text) and not _BORN.search(text, max(0, start - 10), start):
            continue
        if rule in ("date.two_digit", "date.western") and _SCORED.search(text, max(0, start - 14), start):
            continue
        if (
            rule == "date.year_alone"
            and text[end : end + 1] != "s"
            and not _SINCE.search(text, max(0, start - 16), start)
        ):
            continue
        written = _written(found, rule, 0.96 if rule in _SURE else 0.9)
        if rule == "date.named_day_first" and text[max(0, start - 4) : start].lower() == "the ":
            written = Written(Span(start - 4, written.span.end, "date", rule, 0.9), written.parts)
        yield written
        if rule in _SURE or rule == "date.western_day":
            yield from _second_of_range(text, found.end())


def _second_of_range(text: str, end: int) -> Iterator[Written]:
    month = _MONTH_END.match(text, end)
    if month is not None:
        written = _written(month, "date.range_end", 0.9)
        yield Written(Span(month.start("m"), month.end(), "date", "date.range_end", 0.9), written.parts)
        return
    found = _RANGE.match(text, end)
    if found is None or (found["m"] is None and found["e"] == ""):
        return
    written = _written(found, "date.range_end", 0.9)
    start = min(place for _, place, _ in written.parts)
    yield Written(Span(start, found.end(), "date", "date.range_end", 0.9), written.parts)


def _written(found: re.Match[str], rule: str, score: float) -> Written:
    parts = tuple(
        (name[0], *found.span(name))
        for name in found.re.groupindex
        if name[0] in "ymdnab" and name != "s" and found.start(name) >= 0
    )
    start, end = found.span()
    text = found[0]
    end -= len(text) - len(text.rstrip(" ,-"))
    if rule == "date.named_month_only":
        start = found.start("n")
    return Written(Span(start, end, "date", rule, score), parts)


def _may_be_day(found: re.Match[str], text: str) -> bool:
    """Whether 3/5 is a day: not a blood pressure, a grade or a share; one part fits a month, and a cue is near."""
    first, second = int(found["a"]), int(found["b"])
    if (first > 12 and second > 12) or max(first, second) > 31:
        return False
    if _DAYS_RANGE.match(text, found.end()):
        return True
    before = text[max(0, found.start() - 18) : found.start()].lower()
    if _NO_DAY.search(before):
        return False
    if max(first, second) > 12 or _DAY_AFTER.match(text, found.end()):
        return True
    cue = re.search(
        r"(?:on|date|return|rtc|appt|appointment|visit|scheduled|reviewed|seen|since|until|by|from|due|to|of|"
        r"was|last|seen|next|dob|adm\w*|disch\w*|d/c|f/u|started|and|"
        r"\n|^|(?<![大小多少高低])于|[在自从至]|日期|复查|入院|手术)[\s:：(]*(?:the )?$",
        before,
    )
    if re.search(r"[。；，;,]\s?$", before) and _BEGUN.match(text, found.end()):
        return True
    return cue is not None and not re.search(
        r"(?:肌力|视力|bp|血压|strength|pain|score|gcs|grade|apgar|评分|level|rated|pulses|reflexes)[^。.;\n]{0,8}$",
        before,
    )


def _dotted(found: re.Match[str], text: str) -> bool:
    """Whether 23.3.5 or 5.3.23 is a date: a section's number has no two-digit year."""
    year = found["y"]
    return len(year) == 4 or (10 <= int(year) <= 40 or 50 <= int(year) <= 99)
