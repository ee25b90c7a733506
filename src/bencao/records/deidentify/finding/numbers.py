"""Numbers and accounts that identify: identity cards, records, phones, cards, plates, mail and web addresses."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bencao.records.deidentify.finding.checks import is_card, is_identity, is_nhs
from bencao.records.deidentify.span import Span

_IDENTITY = re.compile(
    r"(?<![0-9A-Za-z])[1-9]\d{5}[ -]?(?:18|19|20)\d{2}[ -]?(?:0[1-9]|1[0-2])[ -]?(?:0[1-9]|[12]\d|3[01])[ -]?\d{3}[ -]?[\dXx]"
    r"(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])[1-9]\d{5}[ -]?\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[ -]?\d{3}(?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])[1-9]\d{3}(?:[ -]\d{4}){3}[ -]\d[\dXx](?![0-9A-Za-z])"
    r"|(?<![0-9A-Za-z])[1-9]\d{2,5}[*xX]{4,12}[\dXx]{1,4}(?![0-9A-Za-z])"
)
_CARD = re.compile(r"(?<![\d.])\d{4}(?:([ -]?)\d{4})(?:\1\d{4}){2}(?:\1\d{1,3})?(?!\d)")
_MOBILE = re.compile(
    r"(?<![\d.])(?:(?:\+|00)?\(?86\)?[- ]?)?1[3-9]\d(?:(?:[- ]?\d{4}){2}|[- ]\d{3}[- ]\d{5}|\*{4,5}\d{3,4})(?!\d)"
    r"|(?<![\d.])1[3-9]\d{3}[- ]\d{3}[- ]\d{3}(?!\d)"
    r"|(?<![\d.])1[3-9](?:[ -]\d{3}){3}(?!\d)"
)
_LANDLINE = re.compile(
    r"(?<![\d.])(?:(?:\+|00)86[- ]?)?(?:\(0?\d{2,3}\)|0\d{2,3})[- ]?[2-9]\d{2,3}[- ]?\d{4}"
    r"(?:\s?(?:转|分机|ext\.?|x|-)\s?\d{1,6})?(?!\d)"
    r"|(?<![\d.])[48]00[- ]\d{3,4}[- ]\d{3,4}(?!\d)"
)
_WESTERN = re.compile(
    r"(?<![\d.-])(?:\+?1[-. ]?)?(?:\(\d{3}\) ?|\d{3}[-. ])\d{3}[-. ]\d{4}(?:,?\s?(?:x|ext\.?|extension)\s?\d{1,6})?(?!\d)"
    r"|\+\d{1,3}[ .-]?(?:\(0?\d{1,4}\)[ .-]?)?\d{1,4}(?:[ .-]?\d{2,4}){2,4}(?!\d)"
    r"|(?<![\d.-])0\d{2,4} \d{3,4} ?\d{3,4}(?!\d)",
    re.IGNORECASE,
)
_PHONE_CUE = re.compile(
    r"(?:电话|手机|联系方式|传真|座机|热线|分机|短号|联系|致电|拨打|呼叫"
    r"|\b(?:tel(?:ephone)?|phone|fax|pager|beeper|cell|mobile|call(?:ed)?|ext(?:ension)?|contact(?:ed)?|reach(?:ed|able)?(?: at)?))"
    r"(?:号码?|人)?[^\d\n,，。;；]{0,10}?((?:\+|\()?\d[\d\-() ]{2,18}\d)(?![\d年月/%.])",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:(?:住院|病案|病历|门诊|就诊|急诊|挂号|登记|检查|影像|放射|超声|内镜|病理|标本|样本|条形?码|医保|社保|社会保障|参保|参合|农合|新农合|"
    r"保险|保单|身份证|证件|护照|军官证|士兵证|警官证|驾驶证|驾照|残疾证|通行证|台胞证|居留证|出生证|出生医学证明|户口簿?|银行|处方|发票|"
    r"流水|订单|申请单|报告|受试者|入组|筛选|随机|建档|档案|健康档案|合同|学生|工作|执业证书?|医师资格|序列|设备|植入物|起搏器|腕带|"
    r"患者|病人|病员|母亲|供者|CT|MRI?|DR|X线?|PET|片|卡|账|帐|学|工|编|案|房产证|退休证|老年证|结婚证|快递|运单|备案|受理)"
    r"(?:卡|证|单)?(?:唯一)?(?:标识|ID|编号|编码|号码?|代码)"
    r"|(?:条形?码|身份证|护照|医保卡|社保卡|驾驶证|军官证|银行卡|腕带|邮编|邮政编码|密码|验证码|\bID|\bUID|\bPID))"
    r"(?:\([^()\n]{1,8}\))?[ \t]*(?:为|是|[:：#=])?[ \t]*(?:No\.?|NO\.?|№)?[ \t:]*"
    r"((?=[A-Za-z0-9*/_.-]*\d)[A-Za-z0-9][A-Za-z0-9*/_-]{2,29})",
    re.IGNORECASE,
)
_LATIN_LABEL = re.compile(
    r"\b(?:M\.?R\.?N\.?|U\.?R\.?N\.?|medical record|med rec|health record|patient|pt|chart|hospital|account|acct|policy|member|subscriber|group"
    r"|insurance|health plan|medicare|medicaid|beneficiary|social security|s\.?s\.?n\.?|passport|(?:driver'?s? )?licen[cs]e(?: plate)?|d/?l|certificate"
    r"|case|accession|visit|encounter|admission|specimen|order|requisition|claim|invoice|serial|s/n|sn|device|implant|model|pacemaker|lot|nhs|npi|dea"
    r"|vin|plate|vehicle|badge|employee|staff|student|study|subject|id|identification|identifier|record|file|ref|reference|report|confirmation|barcode"
    r"|tracking|card|pin|fin|csn|emr|ehr|epic|unit|registration|reg|hic|iban|swift)"
    r"(?: ?(?:id|identifier|number|num|nos?\.?|nr|code|#))*[ \t]*[.:#=]*[ \t]*(?:(?:is|was) )?[#:]?[ \t]*"
    r"((?=[A-Z0-9/-]*\d)[A-Z0-9](?:[A-Z0-9/-]{2,26})[A-Z0-9])(?![A-Za-z0-9]*[a-z]{3})",
    re.IGNORECASE,
)
_SOCIAL = re.compile(
    r"(?:微信号?|weixin|wechat|wx|vx|V信|威信|QQ号?码?|qq群|抖音号?|微博|支付宝|钉钉|快手号?|小红书号?|skype|whatsapp|telegram|twitter|facebook|instagram|line id)"
    r"(?:[ ]?(?:ID|号码?|账号|帐号|handle|昵称))?(?:\(?同(?:手机)?号\)?)?[ \t]*(?:为|是|[:：])?[ \t]*(@?[A-Za-z0-9][A-Za-z0-9_.-]{4,29})",
    re.IGNORECASE,
)
_SERIES = re.compile(r"(?<![A-Za-z0-9_.])[A-Za-z]{1,6}(?:[-_/]?\d{2,}){1,4}(?:-?[A-Z0-9]{1,4})?(?![A-Za-z0-9%])")
_VEHICLE = re.compile(r"(?<![A-Za-z0-9])(?=[A-Z0-9]*\d{4})(?=[A-Z0-9]*[A-Z])[A-HJ-NPR-Z0-9]{17}(?![A-Za-z0-9])")
_PLATE = re.compile(
    r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼使][A-HJ-NP-Z][·. -]?(?=[A-Z0-9]{0,5}\d)[A-HJ-NP-Z0-9]{4}"
    r"(?:[A-HJ-NP-Z0-9]{1,2}|[挂学警港澳])(?![A-Za-z0-9])"
)
_EMAIL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._%+-]*[ ]?(?:@|\(at\)|\[at\])[ ]?[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.IGNORECASE)
_URL = re.compile(
    r"(?:https?|ftp)://[\w\-./?%&=#:~+@!$*,;]+|\bwww\.[\w\-./?%&=#:~+]+"
    r"|(?<![\w@.-])[A-Za-z0-9-]{2,}(?:\.[A-Za-z0-9-]+)*\.(?:com|cn|net|org|gov|edu|io|info|uk)\b(?:/[\w\-./?%&=#]*)?",
    re.IGNORECASE | re.ASCII,
)
_HANDLE = re.compile(r"(?<![\w.])@[A-Za-z_][A-Za-z0-9_]{2,}")
_ADDRESS = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])|(?<![0-9A-Fa-f:])(?:[0-9A-Fa-f]{2}[:-]){5}[0-9A-Fa-f]{2}(?![0-9A-Fa-f:])")
_SSN = re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])|(?<![\dA-Za-z])(?:XXX|\*{3})-(?:XX|\*\*)-\d{4}")
_DIGITS = re.compile(r"(?<![\d.A-Za-z+])(?:\d{6,}|\d{2,}(?:-\d{2,}){1,4})(?![\d.]*\d|[A-Za-z]{3}|-?\d|%|％)")
_SPELLED = re.compile(r"[〇零一二三四五六七八九幺]{7,}(?!年)|(?:[〇零一二三四五六七八九幺][-、 ]){6,}[〇零一二三四五六七八九幺]")
_UNIT = re.compile(
    r"\s?(?:[/×*^]|x ?10|IU|U\b|U/|cop|拷贝|个|元|万|亿|cell|m[lLg]\b|μ|µ|ug|ng|pg|次|步|k?cal|千卡|L\b|cm|mm|Hz|bp|例|人|条|株|单位|美元|usd|cfu|rlu)",
    re.IGNORECASE,
)
# Letters with digits that are names of things: registered studies, variants, approvals, receptors.
_THINGS = re.compile(r"(?:NCT|ChiCTR|rs|NM_|NP_|ENS[GT]|GSE|PMID|DOI|ISO|GB|YY|HLA|CD|IL|HPV|miR|COVID|SARS|ICD|CYP|CA|H\dN\d|T\d|SNOMED|LOINC|[HZSJB]20)\W?\d*", re.I)


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
    if "@" in text or "at" in text:
        yield from _all(_EMAIL, text, "email", "email", 1.0)
        yield from _all(_HANDLE, text, "account", "account.handle", 0.8)
    yield from _all(_URL, text, "url", "url", 0.95)
    yield from _all(_SOCIAL, text, "account", "account.label", 0.95, 1)
    yield from _all(_PLATE, text, "plate", "plate", 0.95)
    yield from _digits(text)
    yield from _labelled(text)
    yield from _all(_SPELLED, text, "number", "number.spelled", 0.8)


def _all(pattern: re.Pattern[str], text: str, category: str, rule: str, score: float, group: int = 0) -> Iterator[Span]:
    for found in pattern.finditer(text):
        yield Span(*found.span(group), category, rule, score)


def _digits(text: str) -> Iterator[Span]:
    for found in _IDENTITY.finditer(text):
        bare = re.sub("[ -]", "", found[0])
        yield Span(*found.span(), "id", "id.identity", 1.0 if is_identity(bare) else 0.9)
    for found in _CARD.finditer(text):
        bare = re.sub("[ -]", "", found[0])
        if is_card(bare) or found[1]:
            yield Span(*found.span(), "id", "id.card", 1.0 if is_card(bare) else 0.8)
    yield from _all(_MOBILE, text, "phone", "phone.mobile", 0.95)
    yield from _all(_LANDLINE, text, "phone", "phone.landline", 0.9)
    yield from _all(_WESTERN, text, "phone", "phone.western", 0.9)
    yield from _all(_SSN, text, "id", "id.social_security", 0.9)
    yield from _all(_VEHICLE, text, "id", "id.vehicle", 0.8)
    yield from _all(_ADDRESS, text, "number", "number.network", 0.8)
    for found in _SERIES.finditer(text):
        digits = sum(sign.isdigit() for sign in found[0])
        if digits >= 5 and not _THINGS.match(found[0]) and text[max(0, found.start() - 2) : found.start()] != "准字":
            yield Span(*found.span(), "number", "number.series", 0.7)
    for found in _DIGITS.finditer(text):
        digits = sum(sign.isdigit() for sign in found[0])
        if digits >= 6 and not _UNIT.match(text, found.end()):
            yield Span(*found.span(), "number", "number.digits", 0.7 if not is_nhs(found[0].replace("-", "")) else 0.8)


def _labelled(text: str) -> Iterator[Span]:
    yield from _all(_PHONE_CUE, text, "phone", "phone.label", 0.85, 1)
    yield from _all(_LABEL, text, "number", "number.label", 0.92, 1)
    for found in _LATIN_LABEL.finditer(text):
        value = found[1]
        digits = sum(sign.isdigit() for sign in value)
        if digits >= 3 and len(value) >= 4 and not re.fullmatch(r"(?:19|20)\d\d|\d{1,4}[-/]\d{1,2}(?:[-/]\d{1,4})?", value):
            yield Span(*found.span(1), "number", "number.label", 0.88)
