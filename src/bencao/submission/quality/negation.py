"""Negations of a text against those of its translation: one dropped or added turns a sentence round."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib.resources import files


def _pattern(language: str, *strengths: str) -> re.Pattern[str]:
    """Words of a language by strength, the first that fits; see ``negations.tsv``."""
    text = files("bencao.submission.quality").joinpath("lexicon", "negations.tsv").read_text(encoding="utf-8")
    rows = [line.split("\t") for line in text.splitlines()[1:]]
    groups = {
        strength: "|".join(pattern for code, its, pattern in rows if (code, its) == (language, strength))
        for strength in strengths
    }
    named = (f"(?P<{strength}>{pattern})" for strength, pattern in groups.items())
    return re.compile("|".join(named), re.IGNORECASE)


# strong: negates by itself. weak: holds a negation (unknown, 无症状). free, loose: may be told without one (不适 is
# malaise), and may tell one. neutral: no negation at all (不同, 非常).
_ENGLISH = _pattern("en", "strong", "weak")
_PAIRS = [
    tuple(map(re.compile, line.split("\t")))
    for line in files("bencao.submission.quality")
    .joinpath("lexicon", "negation_pairs.tsv")
    .read_text("utf-8")
    .splitlines()[1:]
]
_CHINESE = _pattern("zh", "neutral", "free", "weak", "strong", "loose")


@dataclass(frozen=True, slots=True)
class Negations:
    """How often a text negates: by a word of its own, within another word, and by one that need not be a negation."""

    strong: int
    weak: int
    free: int


def english_negations(text: str) -> Negations:
    """Count the negations of an English text."""
    return _count(_ENGLISH, text)


def chinese_negations(text: str) -> Negations:
    """Count the negations of a Chinese text, simplified or traditional."""
    return _count(_CHINESE, text)


def _count(pattern: re.Pattern[str], text: str) -> Negations:
    strong = weak = free = 0
    for cue in pattern.finditer(text):
        strong += cue.lastgroup == "strong"
        weak += cue.lastgroup == "weak"
        free += cue.lastgroup in ("free", "loose")
    return Negations(strong, weak, free)


def negation_difference(english: str, chinese: str) -> int:
    """How many negations Chinese has too many (below zero: too few) for what English says.

    A negation of one side must be met by one of the other: strong by strong or weak; a weak one of English may stand
    alone (*unknown* 陌生), and so may a free one of Chinese (不适 *malaise*). A weak one whose own translation is
    there, *asymptomatic* with 无症状, meets no other.
    """
    said, told = english_negations(english), chinese_negations(chinese)
    extra = told.strong - said.strong
    if extra > 0:
        weak = said.weak - _translated(english, chinese) if said.weak else 0
        return max(0, extra - max(0, weak))
    return min(0, told.strong + told.weak + told.free - said.strong)


def _translated(english: str, chinese: str) -> int:
    """How many words of English that hold a negation have their own translation."""
    low = english.lower()
    return sum(min(len(one.findall(low)), len(two.findall(chinese))) for one, two in _PAIRS)
