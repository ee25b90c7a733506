"""Ages over 89, which few enough people reach to be known by."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bencao.records.deidentify.finding.search.starts import Searched, form
from bencao.records.deidentify.span import Span

_OLD = r"(?:9\d|1[0-6]\d)"
_OLD_HAN = (
    r"(?:九十[一二三四五六七八九]?|一百(?:零?[一二三四五六七八九]|一?十[一二三四五六七八九]?|"
    r"[一二]十[一二三四五六七八九]?)?|百[零〇]?[一二三四五六七八九十])"
)
_HAN = form(
    rf"九旬|百岁(?=老人|高龄)|九十[有又零][一二三四五六七八九]|(?<=年)九十[一二三四五六七八九]?(?=[，,。老、\s])|(?<![\d.\-~～/]){_OLD}y(?![A-Za-z])|"
    rf"(?<![\d.\-~～/]){_OLD}(?=\s?(?:周岁|岁|虚岁|高龄|余岁|多岁))|{_OLD_HAN}(?=(?:有?余|多)?(?:周岁|岁|"
    rf"虚岁|高龄))|(?:年龄|享年|高龄|"
    rf"年近|年逾|年已)\s?[:：]?\s?({_OLD}|{_OLD_HAN})(?![\d.%])"
)
_LATIN = form(
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


def find(seen: Searched) -> Iterator[Span]:
    """Ages of 90 and more, the number only.

    Parameters
    ----------
    seen : Searched

    Yields
    ------
    Span
    """
    for pattern in (_HAN, _LATIN):
        for found in seen.each(pattern):
            yield Span(*found.span(1 if found[1] else 0), "age", "age.over_89", 0.95)
