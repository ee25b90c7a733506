"""A number of one language written in the other, worth the same."""

from __future__ import annotations

import re
from fractions import Fraction

from bencao.submission.quality.numbers import READERS
from bencao.submission.quantity.quantity import Value
from bencao.submission.quantity.words import MONTHS

_PLAIN = re.compile(r"[-+]?\d[\d,. ]*")
_FULL_MONTHS = {value: name for name, value in reversed(MONTHS.items())}
_LARGE = ((10**12, "万亿"), (10**8, "亿"), (10**4, "万"))
_SCALES = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"))


def render(text: str, value: Value, language: str) -> str | None:
    """Write a number in a language.

    Parameters
    ----------
    text : str
        The number as the other language has it; plain digits stay as they are.
    value : int or Fraction
        What it is worth.
    language : str
        ``en`` or ``zh``.

    Returns
    -------
    str or None
        None where the number has no finite decimal form and cannot be told in digits.

    Examples
    --------
    >>> render("half a million", 500000, "zh"), render("1亿2000万", 120000000, "en"), render("12.5", 12, "zh")
    ('50万', '120 million', '12.5')
    """
    if _PLAIN.fullmatch(text):
        return text
    if language == "zh":
        written = _scaled(value, _LARGE, "") if value >= 10**4 else _decimal(value)
    else:
        written = _scaled(value, _SCALES, " ") if value >= 10**6 else _decimal(value, grouped=value >= 10**4)
    if written is None:
        return None
    read = READERS["zh" if language == "zh" else "en"](f" {written} ")
    return written if len(read) == 1 and read[0].values[0] == value else None


def month_name(value: Value, like: str) -> str:
    """The English name of a month, short where `like` is short."""
    name = _FULL_MONTHS[int(value)]
    return name if like.rstrip(".") in _FULL_MONTHS.values() else name[:3]


def _scaled(value: Value, scales: tuple[tuple[int, str], ...], between: str) -> str | None:
    for size, name in scales:
        if value >= size:
            head = _decimal(Fraction(value) / size)
            if head is not None and len(head.partition(".")[2]) <= 4:
                return f"{head}{between}{name}"
    return _decimal(value, grouped=True)


def _decimal(value: Value, grouped: bool = False) -> str | None:
    """The decimal form of a value, None where it has no end."""
    fraction = Fraction(value)
    denominator, places = fraction.denominator, 0
    while denominator != 1:
        if places > 12:
            return None
        fraction *= 10
        places += 1
        denominator = fraction.denominator
    digits = str(fraction.numerator)
    if not places:
        return f"{fraction.numerator:,}" if grouped else digits
    digits = digits.zfill(places + 1)
    whole = int(digits[:-places])
    return f"{whole:,}.{digits[-places:]}" if grouped else f"{whole}.{digits[-places:]}"
