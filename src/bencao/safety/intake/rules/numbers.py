"""Numbers as they are written in either language."""

from __future__ import annotations

import re

_NAMES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TEN_NAMES = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS: dict[str, float] = {word: number for number, word in enumerate(_NAMES)} | {"a": 1, "an": 1, "half": 0.5}
_TENS = {word: 10 * number for number, word in enumerate(_TEN_NAMES, 2)}
_DIGITS = {sign: number for number, sign in enumerate("零一二三四五六七八九")} | {"〇": 0, "○": 0, "两": 2, "半": 0.5}
_UNITS = {"十": 10, "百": 100, "千": 1000}

_SMALL = "|".join(sorted(_WORDS, key=len, reverse=True))
ENGLISH = rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_NAMES[1:10])}))?|{_SMALL})"
CHINESE = "[零〇○一二两三四五六七八九十百千半]{1,8}"
DECIMAL = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+"


def number_of(text: str) -> float | None:
    """Value of a number in digits or in words, or None.

    Examples
    --------
    >>> [number_of(one) for one in ("1,250.5", "sixty-four", "三十二", "两", "many")]
    [1250.5, 64.0, 32.0, 2.0, None]
    """
    plain = text.strip().lower()
    if re.fullmatch(DECIMAL, plain):
        return float(plain.replace(",", ""))
    if plain in _WORDS:
        return float(_WORDS[plain])
    parts = re.split(r"[- ]", plain)
    if parts[0] in _TENS and len(parts) <= 2 and (len(parts) == 1 or _WORDS.get(parts[1], 10) < 10):
        return float(_TENS[parts[0]] + (_WORDS[parts[1]] if len(parts) == 2 else 0))
    return _chinese(plain) if re.fullmatch(CHINESE, plain) else None


def _chinese(text: str) -> float:
    if not any(sign in _UNITS for sign in text) and len(text) > 1:
        # Digits one by one, as years are written.
        return float("".join(str(int(_DIGITS[sign])) for sign in text))
    total = 0.0
    digit: float | None = None
    for sign in text:
        if sign in _UNITS:
            total += (1 if digit is None else digit) * _UNITS[sign]
            digit = None
        else:
            digit = _DIGITS[sign]
    return total + (digit or 0)


def plain_number(value: float) -> str:
    """A number without a needless fraction: ``5`` and not ``5.0``."""
    return f"{value:.12g}"
