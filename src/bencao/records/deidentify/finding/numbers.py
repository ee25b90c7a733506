"""Numbers and accounts that identify: identity cards, records, phones, cards, plates, mail and web addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bencao.records.deidentify.finding.checks import is_card, is_nhs
from bencao.records.deidentify.finding.lexicon import word_set
from bencao.records.deidentify.span import Span
from bencao.records.values.id_cards import is_identity

_IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}[ -]?(?:18|19|20)\d{2}[ -]?(?:0[1-9]|1[0-2])[ -]?(?:0[1-9]|[12]\d|3[01])[ "
    r"-]?\d{3}[ -]?[\dXx]"
    r"(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])[1-9]\d{5}[ -]?\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ -]?\d{3}(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])[1-9]\d{3}(?:[ -]\d{4}){3}[ -]\d[\dXx](?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])[1-9]\d{2,5}[*xX]{4,12}[\dXx]{1,4}(?![0-9A-Za-z])"
)
_CARD = re.compile(r"(?<![\d.])\d{4}(?:([ -]?)\d{4})(?:\1\d{4}){2}(?:\1\d{1,3})?(?!\d)")
_MOBILE = re.compile(
    r"(?<![\dA-Za-z.])(?:(?:\+|00)?\(?86\)?[- ]?)?1[3-9]\d(?:(?:[- ]?\d{4}){2}|[- ]\d{3}[- ]\d{5}|\*{4,5}\d{3,4})(?!\d)"
    r"|(?<![\d.])1[3-9]\d{3}[- ]\d{3}[- ]\d{3}(?!\d)"
    r"|(?<![\d.])1[3-9](?:[ -]\d{3}){3}(?!\d)"
)
_LANDLINE = re.compile(
    r"(?<![\dA-Za-z.])(?:(?:\+|00)86[- ]?)?(?:\(0?\d{2,3}\)|0\d{2,3})[- ]?[2-9]\d{2,3}[- ]?\d{4}"
    r"(?:\s?(?:转|分机|ext\.?|x|-)\s?\d{1,6})?(?!\d)"
    r"|(?<![\d.])[48]00[- ]\d{3,4}[- ]\d{3,4}(?!\d)"
)
_WESTERN = re.compile(
    r"(?<![\d.-])(?:\+?1[-. ]?)?(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}(?:,?\s?(?:x|ext\.?|"
    r"extension)\s?\d{1,6})?(?!\d)"
    r"|\+\d{1,3}[ .-]?(?:\(0?\d{1,4}\)[ .-]?)?\d{1,4}(?:[ .-]?\d{2,4}){2,4}(?!\d)"
    r"|(?<![\d.-])0\d{2,4} \d{3,4} ?\d{3,4}(?!\d)",
    re.IGNORECASE,
)
_PHONE_CUE = re.compile(
    r"(?:电话|手机|联系方式|传真|座机|热线|分机|短号|联系|致电|拨打|呼叫"
    r"|\b(?:tel(?:ephone)?|phone|fax|pager?|beeper|cell|mobile|call(?:ed)?|ext(?:ension)?|contact(?:ed)?|"
    r"reach(?:ed|able)?(?: at)?))"
    r"(?:号码?|人)?[^\d\n,，。;；]{0,10}?((?:\+|\()?\d[\d\-() ]{2,18}\d)(?![\d年月/%.])",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:(?<![床序批信型符称先档])号码?|编号|编码|代码|标识|ID|条形?码|身份证|护照|医保卡?|社保卡?|驾驶证|"
    r"军官证|银行卡|腕带|邮编|邮政编码|密码|验证码|卡|账户|X线)"
    r"(?:号码?)?(?:\([^()\n]{1,8}\))?[ \t]*(?:为|是|[:：#=])?[ \t]*(?:No\.?|NO\.?|№)?[ \t:]*"
    r"((?=[A-Za-z0-9*/_.-]*\d)[A-Za-z0-9][A-Za-z0-9*/_-]{2,29})(?!\s?(?:mg|ml|[mμ]?g\b|%))"
)
_VALUE = re.compile(
    r"(?<![A-Za-z0-9/.-])(?=[A-Za-z/-]{0,12}\d)[A-Za-z0-9][A-Za-z0-9/-]{2,26}[A-Za-z0-9](?![A-Za-z0-9])"
)
# Words before a number that make it an identifier, alone or before number, no., #, ID.
_LATIN_LABELS = word_set(
    "mrn m.r.n urn chart acct account policy member subscriber insurance medicare medicaid beneficiary ssn "
    "passport license licence plate dl d/l "
    "certificate accession encounter specimen requisition claim invoice serial s/n sn implant npi dea vin badge "
    "id identification identifier ref "
    "reference confirmation barcode tracking pin fin csn emr ehr registration reg hic iban swift record file "
    "card nhs pt patient hospital case visit admission "
    "order device model lot vehicle employee staff student study subject report unit group plan security pacemaker"
)
_NUMBER_WORDS = word_set("number num no nos nr code id # identifier is was no: number:")
_SOCIAL = re.compile(
    r"(?:微信号?|weixin|wechat|wx|vx|V信|威信|QQ号?码?|qq群|抖音号?|微博|支付宝|钉钉|快手号?|小红书号?|skype|"
    r"whatsapp|telegram|twitter|"
    r"facebook|instagram|line id)"
    r"(?:[ ]?(?:ID|号码?|账号|帐号|handle|昵称))?(?:\(?同(?:手机)?号\)?)?[ \t]*(?:为|是|[:：])?[ "
    r"\t]*(@?[A-Za-z0-9][A-Za-z0-9_.-]{4,29})",
    re.IGNORECASE,
)
_SERIES = re.compile(r"(?<![A-Za-z0-9_.])[A-Za-z]{1,6}(?:[-_/]?\d{2,}){1,4}(?:-?[A-Z0-9]{1,4})?(?![A-Za-z0-9%])")
_VEHICLE_HINT = re.compile(r"[A-HJ-NPR-Z0-9]{17}")
_VEHICLE = re.compile(r"(?<![A-Za-z0-9])(?=[A-Z0-9]*\d{4})(?=[A-Z0-9]*[A-Z])[A-HJ-NPR-Z0-9]{17}(?![A-Za-z0-9])")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使][A-HJ-NP-Z][·. "
    r"-]?(?=[A-Z0-9]{0,5}\d)[A-HJ-NP-Z0-9]{4}"
    r"(?:[A-HJ-NP-Z0-9]{1,2}|[挂学警港澳])(?![A-Za-z0-9])"
)
_EMAIL = re.compile(
    r"[A-Za-z0-9][A-Za-z0-9._%+-]*[ ]?(?:@|\(at\)|\[at\])[ ]?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.IGNORECASE
)
_URL = re.compile(
    r"(?:https?|ftp)://[\w\-./?%&=#:~+@!$*,;]+|\bwww\.[\w\-./?%&=#:~+]+"
    r"|(?<![\w@.-])[A-Za-z0-9-]{2,}(?:\.[A-Za-z0-9-]+)*\.(?:com|cn|net|org|gov|edu|io|info|uk)\b(?:/[\w\-./?%&=#]*)?",
    re.IGNORECASE | re.ASCII,
)
_HANDLE = re.compile(r"(?<![\w.])@[A-Za-z_][A-Za-z0-9_]{2,}")
_ADDRESS = re.compile(
    r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])|"
    r"(?<![0-9A-Fa-f:])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?![0-9A-Fa-f:])"
)
_SSN = re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])|(?<![\dA-Za-z])(?:XXX|\*{3})-(?:XX|\*\*)-\d{4}")
_DIGITS = re.compile(r"(?<![\d.A-Za-z+])(?:\d{6,}|\d{2,}(?:-\d{2,}){1,4})(?![\d.]*\d|[A-Za-z]{3}|-?\d|%|％)")
_SPELLED = re.compile(
    r"[〇零一二三四五六七八九幺]{7,}(?!年)|(?:[〇零一二三四五六七八九幺][-、 ]){6,}[〇零一二三四五六七八九幺]"
)
_UNIT = re.compile(
    r"\s?(?:[/×*^]|x ?10|IU|U\b|U/|cop|拷贝|个|元|万|亿|cell|m[lLg]\b|μ|µ|ug|ng|pg|次|步|k?cal|千卡|L\b|cm|mm|"
    r"Hz|bp|例|人|条|"
    r"株|单位|美元|usd|cfu|rlu)",
    re.IGNORECASE,
)
# Letters with digits that are names of things: registered studies, variants, approvals, receptors.
_THINGS = re.compile(
    r"(?:NCT|ChiCTR|rs|NM_|NP_|ENS[GT]|GSE|PMID|DOI|ISO|GB|YY|HLA|CD|IL|HPV|miR|COVID|SARS|ICD|CYP|CA|H\dN\d|"
    r"T\d|SNOMED|LOINC|[HZSJB]20)\W?\d*",
    re.I,
)


_ZONED = (
    (_MOBILE, "phone", "phone.mobile", 0.95),
    (_LANDLINE, "phone", "phone.landline", 0.9),
    (_WESTERN, "phone", "phone.western", 0.9),
    (_SSN, "id", "id.social_security", 0.9),
    (_ADDRESS, "number", "number.network", 0.8),
)
# Where digits are so many that the patterns of numbers are worth trying.
_ZONE = re.compile(r"[\dX*][\d\-() .*xX:A-Fa-f]{4,}")
_NUMBERED = re.compile(r"(?:\bNo|NO|№)[.:： ]{0,2}([A-Z]{0,3}\d{4,})(?![\d.])")
_PLACE = re.compile(r"(?<![\d.])\d{1,3}\.\d{4,}°?[NSEW]?,\s?-?\d{1,3}\.\d{4,}°?[NSEW]?")
_NATIONAL = re.compile(
    r"(?<![A-Za-z0-9])(?:[A-CEGHJ-PR-TW-Z]{2} ?\d\d ?\d\d ?\d\d ?[A-D]|"
    r"[1-9][A-Z][A-Z0-9]\d-?[A-Z][A-Z0-9]\d-?[A-Z]{2}\d\d)(?![A-Za-z0-9])"
)
_SPELLED_HINT = re.compile(
    r"[〇零一二三四五六七八九幺][-、 ]?[〇零一二三四五六七八九幺][-、 ]?[〇零一二三四五六七八九幺][-、 "
    r"]?[〇零一二三四五六七八九幺]"
)
_ALONE = word_set("plate mrn m.r.n urn acct ssn passport npi dea vin dl accession policy pin fin csn nhs id")
_NOT_NUMBER = re.compile(
    r"(?:19|20)\d\d|\d{1,4}[-/]\d{1,2}(?:[-/]\d{1,4})?|\d+(?:mg|ml|mcg|kg|mm|cm|units?)", re.IGNORECASE
)
_SOCIAL_HINTS = (
    "微信",
    "信号",
    "wechat",
    "weixin",
    "wx",
    "vx",
    "qq",
    "抖音",
    "微博",
    "支付宝",
    "钉钉",
    "快手",
    "小红书",
    "skype",
    "whatsapp",
    "telegram",
    "twitter",
    "facebook",
    "instagram",
    "line id",
    "威信",
    "v信",
)


def find(text: str) -> Iterator[Span]:
    """Numbers and accounts in a text in `plain` form.

    Parameters
    ----------
    text : str

    Yields
    ------
    Span
        Of the categories id, number, phone, email, url, account and plate.
    """
    if "@" in text or "at)" in text or "at]" in text:
        yield from _all(_EMAIL, text, "email", "email", 1.0)
        yield from _all(_HANDLE, text, "account", "account.handle", 0.8)
    lower = text.lower()
    if (
        "://" in text
        or "www." in lower
        or any(end in lower for end in (".com", ".cn", ".net", ".org", ".gov", ".edu", ".io", ".uk", ".info"))
    ):
        yield from _all(_URL, text, "url", "url", 0.95)
    if any(hint in lower for hint in _SOCIAL_HINTS):
        yield from _all(_SOCIAL, text, "account", "account.label", 0.95, 1)
    yield from _all(_PLATE, text, "plate", "plate", 0.95)
    yield from _digits(text)
    yield from _labelled(text)
    if _SPELLED_HINT.search(text):
        yield from _all(_SPELLED, text, "number", "number.spelled", 0.8)


def _all(pattern: re.Pattern[str], text: str, category: str, rule: str, score: float, group: int = 0) -> Iterator[Span]:
    for found in pattern.finditer(text):
        start, end = found.span(group)
        yield Span(start, end - len(found[group]) + len(found[group].rstrip(".,;")), category, rule, score)


def _digits(text: str) -> Iterator[Span]:
    for zone in _ZONE.finditer(text):
        if sum(sign.isdigit() for sign in zone[0]) >= 5:
            yield from _in_zone(text, max(0, zone.start() - 8), min(len(text), zone.end() + 14))
    for found in _SERIES.finditer(text):
        digits = sum(sign.isdigit() for sign in found[0])
        if digits >= 5 and not _THINGS.match(found[0]) and text[max(0, found.start() - 2) : found.start()] != "准字":
            yield Span(*found.span(), "number", "number.series", 0.7)
    if _VEHICLE_HINT.search(text):
        yield from _all(_VEHICLE, text, "id", "id.vehicle", 0.8)


def _in_zone(text: str, start: int, end: int) -> Iterator[Span]:
    for found in _IDENTITY.finditer(text, start, end):
        bare = re.sub("[ -]", "", found[0])
        yield Span(*found.span(), "id", "id.identity", 1.0 if is_identity(bare) else 0.9)
    for found in _CARD.finditer(text, start, end):
        bare = re.sub("[ -]", "", found[0])
        if is_card(bare) or found[1]:
            yield Span(*found.span(), "id", "id.card", 1.0 if is_card(bare) else 0.8)
    for pattern, category, rule, score in _ZONED:
        for found in pattern.finditer(text, start, end):
            yield Span(*found.span(), category, rule, score)
    for found in _DIGITS.finditer(text, start, end):
        digits = sum(sign.isdigit() for sign in found[0])
        if digits >= 6 and not _UNIT.match(text, found.end()):
            yield Span(*found.span(), "number", "number.digits", 0.7 if not is_nhs(found[0].replace("-", "")) else 0.8)


def _labelled(text: str) -> Iterator[Span]:
    yield from _all(_NATIONAL, text, "id", "id.national", 0.85)
    yield from _all(_NUMBERED, text, "number", "number.numbered", 0.8, 1)
    yield from _all(_PLACE, text, "address", "address.coordinates", 0.8)
    yield from _all(_PHONE_CUE, text, "phone", "phone.label", 0.85, 1)
    yield from _all(_LABEL, text, "number", "number.label", 0.92, 1)
    for found in _VALUE.finditer(text):
        digits = sum(sign.isdigit() for sign in found[0])
        if (
            digits >= 3
            and not _NOT_NUMBER.fullmatch(found[0])
            and _has_label(text[max(0, found.start() - 40) : found.start()])
        ):
            yield Span(*found.span(), "number", "number.label", 0.88)


def _has_label(left: str) -> bool:
    """Whether the words before a number say that it identifies."""
    line = left.rpartition("\n")[2]
    words = line.lower().replace("#", " # ").replace(":", " : ").split()
    marked = bool(words) and words[-1] in (":", "#")
    while words and words[-1].strip(".,:()=") in _NUMBER_WORDS | {"", "#"}:
        marked = True
        words.pop()
    if not words:
        return False
    word = words[-1].strip(".,:()=")
    return word in _LATIN_LABELS and (marked or word in _ALONE)
