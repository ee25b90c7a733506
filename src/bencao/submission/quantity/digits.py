"""Numbers written in digits, the same in both languages: thousands, decimals, powers of ten, fractions, codes."""

from __future__ import annotations

from fractions import Fraction

from bencao.submission.quantity.quantity import Value

# One character for one, so that places in the text stay as they are.
PLAIN = str.maketrans(
    "０１２３４５６７８９，．％：－＋／（）～〜∼‐‑‒–—−﹣⁄ \u00a0\u202f\u2009\u3000",
    "0123456789,.%:-+/()~~~-------/" + " " * 5,
)
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺"
VULGAR = {
    **{"½": Fraction(1, 2), "⅓": Fraction(1, 3), "⅔": Fraction(2, 3), "¼": Fraction(1, 4), "¾": Fraction(3, 4)},
    **{"⅕": Fraction(1, 5), "⅖": Fraction(2, 5), "⅗": Fraction(3, 5), "⅘": Fraction(4, 5), "⅛": Fraction(1, 8)},
}
# Digits with thousands in threes, or a decimal part (the middle dot is The Lancet's), or a power of ten.
NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?![\d])(?:\.\d+)?|\d{1,3}(?: \d{3})+(?!\d)(?:\.\d+)?|\d+(?:[.·]\d+)?|(?<![\w.])\.\d+)"
POWER = rf"(?:\s?[×xX*✕·]\s?10(?:\^|\*\*)?\s?(?:\(?[-+]?\d+\)?|[{_RAISED}]+)|[eE][-+]?\d{{1,3}}(?![\w]))"
BARE_POWER = rf"10(?:\^\(?[-+]?\d+\)?|[{_RAISED}]+)"


def value_of(text: str) -> Value:
    """What digits are worth; `text` is a match of `NUMBER`, a power of ten behind it or not."""
    head, exponent = text, 0
    for index, character in enumerate(text):
        if character in "×xX*✕eE" or (character == "·" and "10" in text[index:] and " " in text[index:]):
            head, exponent = text[:index], _exponent(text[index + 1 :], character in "eE")
            break
    head = head.replace(",", "").replace(" ", "").replace("·", ".")
    value: Value = Fraction(head if head[0] != "." else "0" + head) if "." in head else int(head)
    return simple(value * Fraction(10) ** exponent) if exponent else value


def power_of_ten(text: str) -> Value:
    """What a match of `BARE_POWER` is worth."""
    return simple(Fraction(10) ** _exponent(text, False))


def _exponent(text: str, bare: bool) -> int:
    text = text.translate(_SUPERSCRIPT).strip()
    if not bare:
        text = text.removeprefix("10")
    return int(text.strip("^*() ") or 0)


def simple(value: Value) -> Value:
    """A whole fraction as an integer."""
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value


def readings_of_code(letters: str, value: Value) -> tuple[Value, ...]:
    """What the digits of a code may be told as: the 19 of COVID-19 is a year."""
    return (value, 2000 + value) if letters.upper() == "COVID" and value < 100 else (value,)
