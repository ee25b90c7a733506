"""What is particular to patients in China: identity cards, names in characters and in pinyin."""

from __future__ import annotations

import re
from functools import lru_cache

from opencc import OpenCC

from bencao.records.values.id_cards import check_character, is_identity

_HAN = re.compile(r"[㐀-鿿]")
_JOINED = re.compile(r"[\s·•‧・.．。,，\-]")


def id_card(text: str) -> str:
    """An identity-card number in its form of 18 characters.

    One of 15 digits, as issued before 1999, gets its century and its check character.

    Parameters
    ----------
    text : str

    Returns
    -------
    str
        Empty where the text is no such number, by length, date or check character (GB 11643-1999, which takes ISO 7064
        MOD 11-2).
    """
    found = re.sub(r"\s", "", text).translate(_NARROW).upper()
    if re.fullmatch(r"\d{15}", found):
        body = f"{found[:6]}19{found[6:]}"
        found = body + check_character(body)
    if not is_identity(found):
        return ""
    month, day = int(found[10:12]), int(found[12:14])
    return found if 1 <= month <= 12 and 1 <= day <= 31 else ""


_NARROW = str.maketrans("０１２３４５６７８９Ｘｘ", "0123456789XX")


def card_birth(number: str) -> str:
    """Birth date in a number that `id_card` gave, as ``YYYYMMDD``."""
    return number[6:14]


def card_sex(number: str) -> str:
    """Sex in a number that `id_card` gave: ``M`` or ``F``."""
    return "M" if int(number[16]) % 2 else "F"


@lru_cache(1)
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


def plain_name(text: str) -> str:
    """A name for comparing: simplified characters, small letters, no spaces nor points between its parts."""
    return _JOINED.sub("", _simplifier().convert(text)).lower() if _HAN.search(text) else " ".join(text.lower().split())


def pinyin(text: str) -> str:
    """A name's syllables without tones, spaces between them; a name in letters as it is.

    Parameters
    ----------
    text : str
        As `plain_name` gives it.
    """
    if not _HAN.search(text):
        return text
    from pypinyin import Style, lazy_pinyin  # takes a quarter of a second, and few commands need it

    return " ".join(lazy_pinyin(text, style=Style.NORMAL, errors=lambda letters: letters.lower()))
