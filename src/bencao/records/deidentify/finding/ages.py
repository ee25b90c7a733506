"""Ages over 89, which few enough people reach to be known by."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bencao.records.deidentify.span import Span

_OLD = r"(?:9\d|1[0-2]\d)"
_OLD_HAN = (
    r"(?:九十[一二三四五六七八九]?|一百(?:零?[一二三四五六七八九]|一?十[一二三四五六七八九]?|"
    r"[一二]十[一二三四五六七八九]?)?|百[零〇]?[一二三四五六七八九十])"
)
_HAN = re.compile(
    rf"九旬|百岁(?=老人|高龄)|九十[有又零][一二三四五六七八九]|(?<=年)九十[一二三四五六七八九]?(?=[，,。老、\s])|(?<![\d.\-~～/]){_OLD}(?=y(?![A-Za-z]))|(?<![\d.\-~～/]){_OLD}(?=\s?(?:周岁|岁|虚岁|高龄|余岁|多岁))|{_OLD_HAN}(?=(?:有?余|多)?(?:周岁|岁|"
    rf"虚岁|高龄))|(?:年龄|享年|高龄|"
    rf"年近|年逾|年已)\s?[:：]?\s?({_OLD}|{_OLD_HAN})(?![\d.%])"
)
_LATIN = re.compile(
    rf"(?<![\d.\-/]){_OLD}(?=[\s-]*(?:years?|yrs?|y)?[\s.-]*(?:old|o\b|of age))|"
    rf"(?<![\d.\-/]){_OLD}(?=\s?(?:y/?o|yo[FMfm]?|y\.o\.|yr|yrs|-year|years? old)(?![A-Za-z]))"
    rf"|(?<![A-Za-z0-9.])9\d(?=\s?(?:F|M|y)(?![A-Za-z0-9]))|\b(?:aged?|age is|age of|turned|is|"
    rf"now)[\s:=]*({_OLD})(?![\d.%/]|\s?(?:mm|"
    rf"mg|kg|bpm|cm|ml|percent|beats|min|on|%))"
    r"|(?<=, )(?:9\d|1[01]\d|ninety(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?)(?=,? (?:lives?|"
    r"was|is|has|a |an |who|"
    r"retired|widow|male|female|m\b|f\b|y\b))"
    r"|(?<=age )ninety(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?|(?<=aged )ninety(?:[- ]\w+)?"
    r"|\bninety(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?(?=[\s-]+(?:yrs?|yo\b|y/o))"
    r"|\bninety(?:[- ](?:one|two|three|four|five|six|seven|eight|nine))?(?=[\s-]+years?)|\b(?:one|a) hundred(?: "
    r"and [a-z]+)?(?=[\s-]+years?)",
    re.IGNORECASE,
)

_HINT = re.compile(r"(?<!\d)(?:9\d|1[0-2]\d)(?!\d)|九[十旬]|百|[Nn]inety|[Hh]undred")


def find(text: str) -> Iterator[Span]:
    """Ages of 90 and more, the number only.

    Parameters
    ----------
    text : str
        In `plain` form.

    Yields
    ------
    Span
    """
    reached = 0
    for hint in _HINT.finditer(text):
        if hint.end() + 24 <= reached:
            continue
        start, reached = max(0, hint.start() - 24), min(len(text), hint.end() + 24)
        for pattern in (_HAN, _LATIN):
            for found in pattern.finditer(text, start, reached):
                yield Span(*found.span(1 if found[1] else 0), "age", "age.over_89", 0.95)
