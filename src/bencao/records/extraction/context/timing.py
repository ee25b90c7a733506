"""When a finding was: dates, times before the note, days after an operation, durations; as ISO 8601."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from bencao.records.extraction.context.sentences import is_chinese, sentence_around

_DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {
    "两": 2,
    "半": 0,
    "数": 0,
    "多": 0,
}
_COUNT_ZH = r"(?:\d+|[一二两三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九半数])"
_UNIT_ZH = r"(?:年|个?月|周|星期|天|日|小时|h)"
_ENGLISH = {
    "one": 1,
    "a": 1,
    "an": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "seven": 7,
    "eight": 8,
    "nine": 9,
    "ten": 10,
}
_COUNT_EN = rf"(?:\d+|{'|'.join(sorted(_ENGLISH, key=len, reverse=True))})"
_MONTH_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: place for place, name in enumerate(_MONTH_NAMES, start=1)}

_DATE = re.compile(
    r"(?P<y>(?:19|20)\d\d)\s*(?:年|[-./])\s*(?P<m>1[0-2]|0?[1-9])(?:\s*(?:月|[-./])\s*(?P<d>3[01]|[12]\d|0?[1-9])(?!\d)日?)?月?|"
    r"(?P<y2>(?:19|20)\d\d)\s*年"
)
_DATE_EN = re.compile(
    r"\b(?P<m>1[0-2]|0?[1-9])/(?P<d>3[01]|[12]\d|0?[1-9])/(?P<y>(?:19|20)\d\d)\b|"
    r"\b(?P<n>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s+(?:(?P<d2>\d{1,2})(?:st|nd|rd|th)?,?\s+)?"
    r"(?P<y2>(?:19|20)\d\d)\b|"
    r"\b(?:in|since)\s+(?P<y3>(?:19|20)\d\d)\b",
    re.IGNORECASE,
)
_AGO = re.compile(
    rf"(?:入院|术|就诊|来诊)?前?(?P<n>{_COUNT_ZH})\s*(?:余|多)?\s*(?P<u>{_UNIT_ZH})(?:余|多)?(?:以)?前|"
    rf"(?:入院|就诊)前(?P<n3>{_COUNT_ZH})\s*(?:余|多)?(?P<u3>{_UNIT_ZH})|"
    r"(?P<word>今日|今天|今晨|昨日|昨天|前天)"
)
_AGO_EN = re.compile(
    rf"\b(?P<n>{_COUNT_EN})\s+(?P<u>day|week|month|year|hour)s?\s+(?:ago|prior|before admission|earlier)\b|"
    r"\b(?P<word>today|yesterday)\b",
    re.IGNORECASE,
)
_AFTER_SURGERY = re.compile(
    rf"术后第?\s*(?P<n>{_COUNT_ZH})\s*(?P<u>天|日|周|个?月|年)|"
    r"\b(?:POD|postoperative day|post-op day)\s*#?\s*(?P<n2>\d+)\b",
    re.IGNORECASE,
)
_LASTING = re.compile(
    rf"(?:已|约|近|达|反复|间断|持续|共)?\s*(?P<n>{_COUNT_ZH})\s*(?P<m>余|多)?\s*个?(?P<u>{_UNIT_ZH})"
    r"(?!前|以前|余前|多前|\s*\d|生|次|龄)"
)
_LASTING_EN = re.compile(
    rf"\b(?:for|x|over|lasting|of)\s+(?:the\s+)?(?:past\s+|last\s+)?(?P<n>{_COUNT_EN})\s*"
    r"(?P<u>day|week|month|year|hour)s?(?!\s+ago)|"
    rf"\b(?P<n2>{_COUNT_EN})[- ](?P<u2>day|week|month|year|hour)s?[- ](?:history|course)",
    re.IGNORECASE,
)
_ISO_UNIT = {
    "年": "Y",
    "月": "M",
    "周": "W",
    "星期": "W",
    "天": "D",
    "日": "D",
    "year": "Y",
    "month": "M",
    "week": "W",
    "day": "D",
}


@dataclass(frozen=True)
class Time:
    """When a finding was.

    Attributes
    ----------
    date : str
        ISO 8601 date, month or year, as exact as the text; or POD and a number for days after an operation; or empty.
    duration : str
        ISO 8601 duration, or empty.
    text : str
        The words that say so, or empty.
    """

    date: str = ""
    duration: str = ""
    text: str = ""


def time_of(text: str, start: int, end: int, note_date: date | None = None) -> Time:
    """Time of the finding at ``text[start:end]``, from the words of its own sentence.

    A date or a time before the note counts from where it stands until the next one; a duration must stand next to the
    finding. A time before the note becomes a date only where the note's own date is given.

    Parameters
    ----------
    text : str
    start, end : int
    note_date : date, optional

    Returns
    -------
    Time

    Examples
    --------
    >>> time_of("3天前出现胸痛", 5, 7, date(2020, 5, 10))
    Time(date='2020-05-07', duration='', text='3天前')
    >>> time_of("咳嗽3天", 0, 2)
    Time(date='', duration='P3D', text='3天')
    """
    left, right = sentence_around(text, start, end)
    sentence, start, end = text[left:right], start - left, end - left
    chinese = is_chinese(sentence)
    duration, lasting = _duration(sentence, end, chinese)
    when, words = _nearest(sentence, start, end, chinese, note_date)
    return Time(when, duration, words or lasting)


def _nearest(sentence: str, start: int, end: int, chinese: bool, note_date: date | None) -> tuple[str, str]:
    found = _times(sentence, chinese, note_date)
    before = [one for one in found if one[1] <= start]
    if before:
        return max(before)[2:]
    # English says the time after the finding; Chinese before it, so what follows there belongs to the next one.
    after = [] if chinese else [one for one in found if one[0] >= end and one[0] - end <= 60]
    return min(after)[2:] if after else ("", "")


@lru_cache(maxsize=64)
def _times(sentence: str, chinese: bool, note_date: date | None) -> tuple[tuple[int, int, str, str], ...]:
    """Start, end, value and words of each time in a sentence; kept, for a sentence has several findings."""
    patterns = (_DATE, _AGO, _AFTER_SURGERY) if chinese else (_DATE, _DATE_EN, _AGO_EN, _AFTER_SURGERY)
    return tuple(
        (match.start(), match.end(), _iso(pattern, match, note_date), match.group())
        for pattern in patterns
        for match in pattern.finditer(sentence)
    )


def _iso(pattern: re.Pattern[str], match: re.Match[str], note_date: date | None) -> str:
    groups = match.groupdict()
    if pattern in (_DATE, _DATE_EN):
        year = next(int(groups[name]) for name in ("y", "y2", "y3") if groups.get(name))
        month = _MONTHS[groups["n"].lower()[:3]] if groups.get("n") else int(groups["m"]) if groups.get("m") else None
        day = groups.get("d") or groups.get("d2")
        return _date_text(year, month, int(day) if day else None)
    if pattern is _AFTER_SURGERY:
        number = groups["n2"] or str(_number(groups["n"]))
        unit = _unit(groups["u"]) if groups["u"] else "天"
        return f"POD{number}" if unit in ("天", "日") else f"after surgery P{number}{_ISO_UNIT[unit]}"
    if note_date is None:
        return ""
    if groups.get("word"):
        back = {"昨日": 1, "昨天": 1, "yesterday": 1, "前天": 2}.get(groups["word"].lower(), 0)
        return (note_date - timedelta(days=back)).isoformat()
    number, unit = _number(groups["n"] or groups.get("n3") or ""), _unit(groups["u"] or groups.get("u3") or "")
    return _back(note_date, number, unit) if number else ""


def _back(note_date: date, number: int, unit: str) -> str:
    """A time before the note, as exact as its unit: a year for years, a month for months, else a day."""
    if unit in ("年", "year"):
        return str(note_date.year - number)
    if unit in ("月", "month"):
        months = note_date.year * 12 + note_date.month - 1 - number
        return f"{months // 12:04d}-{months % 12 + 1:02d}"
    days = {"周": 7, "星期": 7, "week": 7, "天": 1, "日": 1, "day": 1}.get(unit, 0)
    return (note_date - timedelta(days=days * number)).isoformat()


def _date_text(year: int, month: int | None, day: int | None) -> str:
    if month is None:
        return str(year)
    if day is None:
        return f"{year}-{month:02d}"
    try:
        return date(year, month, day).isoformat()
    except ValueError:  # the 31st of a shorter month is no day
        return f"{year}-{month:02d}"


def _duration(sentence: str, end: int, chinese: bool) -> tuple[str, str]:
    tail = sentence[end : end + (10 if chinese else 40)]
    match = (_LASTING if chinese else _LASTING_EN).search(tail)
    if match is None or (chinese and tail[: match.start()].strip(" 已约近达有史病反复间断持续")):
        return "", ""
    groups = match.groupdict()
    number, unit = _number(groups.get("n") or groups.get("n2") or ""), _unit(groups.get("u") or groups.get("u2") or "")
    if unit in ("小时", "h", "hour"):
        return (f"PT{number}H", match.group().strip()) if number else ("", "")
    return (f"P{number}{_ISO_UNIT[unit]}", match.group().strip()) if number else ("", "")


def _unit(text: str) -> str:
    return text.lower().removeprefix("个")


def _number(text: str) -> int:
    """A count in figures or in words; 0 where it says no number (数天, 半年)."""
    text = text.lower()
    if text.isdecimal():
        return int(text)
    if text in _ENGLISH:
        return _ENGLISH[text]
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (_DIGITS[tens] if tens else 1) * 10 + (_DIGITS[ones] if ones else 0)
    return _DIGITS.get(text, 0)
