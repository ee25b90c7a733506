"""A clinical phrase made comparable: synonyms to one word, sides marked, codes read out, parts split."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from itertools import combinations, pairwise

import numpy as np
from numpy.typing import NDArray

from bencao.records.normalisation.ranking.words import ATTRIBUTES, SYNONYMS

_WORDS = {word: meant for meant, words in SYNONYMS for word in words}
_SYNONYM = re.compile("|".join(sorted(map(re.escape, _WORDS), key=len, reverse=True)))
_CERVIX = re.compile("(?<!子)宫颈")
_SIDES = (
    ("双侧", "B"),
    ("两侧", "B"),
    ("单侧", "U"),
    ("左侧", "U"),
    ("右侧", "U"),
    ("双", "B"),
    ("左", "U"),
    ("右", "U"),
)
_PUNCTUATION = re.compile(r"""[()\[\]{}<>"'‘’“”,、;:.。/\\+\-—_~·&|*#]""")
_EMPTY_WORDS = re.compile("[术的侧性]")
_DIGITS = str.maketrans("一二三四五六七八九", "123456789")
_CODE = re.compile(r"(?<!\d)\d\d\.\d[\dx]?\d{0,3}(?!\d)")
_BRACKETED_CODE = re.compile(r"[(\[]*(?<!\d)\d\d\.\d[\dx]\d{0,3}[x\d]*[)\]]*")
_SPLIT = re.compile(r"[+、,;。/&]|(?<=[术除合])[及和]|(?<!\d)\d[.、](?=\D)|及")

ATTRIBUTE_WORDS = tuple(word for words in ATTRIBUTES.values() for word in words.split())
ATTRIBUTE_GROUP = np.array([group for group, words in enumerate(ATTRIBUTES.values()) for _ in words.split()])
_ATTRIBUTE = {word: place for place, word in enumerate(ATTRIBUTE_WORDS)}
_LENGTHS = tuple(sorted({len(word) for word in ATTRIBUTE_WORDS}))


def folded(phrase: str) -> str:
    """The phrase in one width and case, without blanks and closing marks."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", phrase).lower()).rstrip("。.;,、")


def written_codes(phrase: str) -> tuple[str, ...]:
    """Codes of the classification that the phrase itself quotes, as in ``…切除术(01.5940)``."""
    return tuple(_CODE.findall(folded(phrase)))


def plain(phrase: str) -> str:
    """The phrase folded, without quoted codes."""
    return _BRACKETED_CODE.sub("", folded(phrase))


def canonical(phrase: str) -> str:
    """The phrase with one word for each thing, sides as ``U`` (one) or ``B`` (both), without marks and empty words."""
    text = _SYNONYM.sub(lambda found: _WORDS[found[0]], plain(phrase))
    text = _PUNCTUATION.sub("", _CERVIX.sub("子宫颈", text))
    for word, mark in _SIDES:
        text = text.replace(word, mark)
    return _EMPTY_WORDS.sub("", text).translate(_DIGITS)


def sides(phrase: str) -> int:
    """0 where the phrase names no side, 1 for one side, 2 for both."""
    text = folded(phrase).replace("双j", "").replace('双"j', "").replace("双“j", "")
    left, right = "左" in text or "os" in text, "右" in text or "od" in text
    if "双" in text or "两侧" in text or "ou" in text or (left and right):
        return 2
    return int(left or right or "单侧" in text)


def segments(phrase: str) -> tuple[str, ...]:
    """Parts of a phrase that lists several operations; one part where it lists none."""
    parts = tuple(part for part in _SPLIT.split(plain(phrase)) if len(_PUNCTUATION.sub("", part)) >= 3)
    return parts or (plain(phrase),)


def attributes(text: str) -> NDArray[np.float32]:
    """Which of `ATTRIBUTE_WORDS` stand in a canonical text, as 0 or 1, shape (words,)."""
    found = np.zeros(len(ATTRIBUTE_WORDS), dtype=np.float32)
    for length in _LENGTHS:
        for start in range(len(text) - length + 1):
            if (place := _ATTRIBUTE.get(text[start : start + length])) is not None:
                found[place] = 1
    return found


def traits(phrase: str) -> Counter[str]:
    """What the phrase is about, singly and in pairs: its attributes, its sides, whether it lists several parts."""
    here = [ATTRIBUTE_WORDS[place] for place in np.flatnonzero(attributes(canonical(phrase)))]
    here.append(f"sides {sides(phrase)}")
    if len(segments(phrase)) > 1:
        here.append("several")
    return Counter((*here, *map("|".join, combinations(here, 2))))


def plain_grams(phrase: str) -> Counter[str]:
    """Runs of characters of the plain phrase."""
    return grams(plain(phrase))


def canonical_grams(phrase: str) -> Counter[str]:
    """Runs of characters of the canonical phrase."""
    return grams(canonical(phrase))


def grams(text: str, longest: int = 3) -> Counter[str]:
    """Runs of one to `longest` characters of a text, its ends marked, with their counts."""
    marked = f"^{text}$"
    found: Counter[str] = Counter(text)
    found.update(one + other for one, other in pairwise(marked))
    for length in range(3, longest + 1):
        found.update(marked[start : start + length] for start in range(len(marked) - length + 1))
    return found
