"""Whether a translation is whole: it ends where the source ends, has its sentences, and the length it must have."""

from __future__ import annotations

import math
import re
from importlib.resources import files

from bencao.submission.quality.finding import Finding, Language

# Words of English that Chinese mostly leaves unsaid.
_FUNCTION = frozenset(
    files("bencao.submission.quality").joinpath("lexicon", "function_words.txt").read_text("utf-8").split()
)
_WORD = re.compile(r"[A-Za-z]+|\d[\d,.]*")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff]")
# Chinese characters for each number, Latin word kept, function word, name, its letter, other word, its letter:
# least squares on half of the TICO-19 development pairs (CC0), see training/submission_length.py.
_PER = (0.155, 0.354, 0.572, 1.870, 0.043, 0.646, 0.227)
# Standard deviation of the logarithm of (characters + 3) over (expected + 3), by expected characters.
_SPREAD = ((12, 0.218), (25, 0.153), (45, 0.146), (80, 0.125), (math.inf, 0.119))
# In standard deviations; a source that ends without a mark is no whole sentence, and only its length can tell.
_SHORT, _SHORT_UNMARKED, _LONG, _OMITTED = -3.3, -2.5, 4.0, -1.7
_LEAST = 6  # characters; of a few words, either language may have one for the other's three
_ENDS = re.compile(r"[.!?。！？…:：;；]+[\s\"'”’」』)\]）】*]*$")
_BRACKET = re.compile(r"[)\]）】」』]\s*$")
_LEFT_OPEN = re.compile(r"[,，、（(「『“《\-]\s*$")
_SENTENCES = {
    "en": re.compile(
        r"(?<![A-Z])(?<!\d)(?<!\b[vV]s)(?<!\bDr)(?<!\bSt)(?<!\bMr)[.!?]"
        r"(?=[\"'”’)\]]*(?:\s+[A-Z\"“(]|[A-Z][a-z]|\s*$))"
    ),
    "zh": re.compile(r"[。！？](?!\s*[”’」』）)]*[，、；])"),
}


def check_completeness(source: str, target: str, source_language: Language, target_language: Language) -> list[Finding]:
    """What is cut off, left out, added or left as it was."""
    source, target = source.strip(), target.strip()
    if not source:
        return []
    if not target:
        return [Finding("untranslated", "empty")]
    untranslated = _untranslated(source, target, target_language)
    if untranslated:
        return [untranslated]
    english, chinese = (source, target) if source_language == "en" else (target, source)
    expected, actual = expected_characters(english, chinese)
    deviation = math.log((actual + 3) / (expected + 3))
    if target_language == "en":
        deviation = -deviation
    z = deviation / next(spread for limit, spread in _SPREAD if expected < limit)
    if _ENDS.search(source):
        cut = z < 0.3 or bool(_LEFT_OPEN.search(target))
    else:  # a bracket may have moved forward with its word
        cut = z < -1 and bool(_BRACKET.search(source)) and not _BRACKET.search(target)
    if cut and not _ENDS.search(target):
        return [Finding("truncated", "cut")]
    said, told = (
        len(_SENTENCES[language].findall(text))
        for language, text in ((source_language, source), (target_language, target))
    )
    if said > told > 0 and z < _OMITTED:
        return [Finding("truncated", "sentence", str(said), str(told))]
    figures = (str(round(expected)), str(actual))
    if z < (_SHORT if _ENDS.search(source) else _SHORT_UNMARKED) and abs(expected - actual) >= _LEAST:
        return [Finding("truncated", "short", *figures)]
    if z > _LONG and actual - expected >= 3 * _LEAST:
        return [Finding("length", "long", *figures)]
    return []


def expected_characters(english: str, chinese: str) -> tuple[float, int]:
    """Chinese characters that an English text makes, and those that are there; Latin words in both are left alone."""
    counts, actual = count_words(english, chinese)
    return max(0.0, sum(count * per for count, per in zip(counts, _PER, strict=True))), actual


def count_words(english: str, chinese: str) -> tuple[list[int], int]:
    """What `_PER` speaks of, counted, and the Chinese characters."""
    kept = {word.lower() for word in _WORD.findall(chinese)}
    counts = [0] * 7
    for word in _WORD.findall(english):
        if word[0].isdigit():
            counts[0] += 1
        elif (low := word.lower()) in kept:
            counts[1] += 1
        elif low in _FUNCTION:
            counts[2] += 1
        elif word[0].isupper():
            counts[3] += 1
            counts[4] += len(word)
        else:
            counts[5] += 1
            counts[6] += len(word)
    return counts, len(_HAN.findall(chinese))


_LOWER_WORD = re.compile(r"\b[a-z]{3,}\b")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]{2,}")


def _untranslated(source: str, target: str, target_language: Language) -> Finding | None:
    if target_language == "en":
        left = _HAN_RUN.search(target)
        return Finding("untranslated", "foreign", target=left.group()) if left else None
    if not _HAN.search(target) and len(_LOWER_WORD.findall(target)) >= 2:
        return Finding("untranslated", "same" if source == target else "foreign", target=target[:60])
    words = _FOREIGN_RUN.search(target)
    if words and words.group() in source and len(_LOWER_WORD.findall(words.group())) >= 5:
        return Finding("untranslated", "foreign", target=words.group()[:60])
    return None


_FOREIGN_RUN = re.compile(r"(?:\b[A-Za-z'’-]+[ ,]+){5,}[A-Za-z'’-]+")
