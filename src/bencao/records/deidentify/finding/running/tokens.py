"""The words, numbers, Han characters and signs of a text, and what is known of each beside its neighbours."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from bencao.records.deidentify.finding.latin_words import Read
from bencao.records.deidentify.finding.lexicon import ordinary, pair_levels, places, wide
from bencao.records.deidentify.finding.names import latin_model
from bencao.records.deidentify.finding.names.model import name_model
from bencao.records.deidentify.finding.search.starts import Searched
from bencao.records.deidentify.span import Span

CLASSES = ("other", "name", "date", "number", "account", "address", "hospital", "age")
CLASS_OF = {
    "name": 1,
    "date": 2,
    "id": 3,
    "number": 3,
    "phone": 3,
    "plate": 3,
    "email": 4,
    "url": 4,
    "account": 4,
    "address": 5,
    "hospital": 6,
    "organisation": 6,
    "age": 7,
}
_LETTER = "A-Za-z\u00c0-\u024f\u1e00-\u1eff"
_KINDS = (re.compile(r"\s"), re.compile(f"[{_LETTER}]"), re.compile(r"\d"))
_ALONE = len(_KINDS)  # any other sign, and the end of a line, is a token by itself
_NUMBER, _SIGN = latin_model.FLAGS, latin_model.FLAGS + 28  # where flags of numbers and of the others begin
FLAGS = _SIGN + 9
CONTEXT = 12  # floats that depend on where a token stands
_LONGEST = 14  # digits


@dataclass(frozen=True)
class Tokens:
    """The tokens of a text.

    Attributes
    ----------
    starts, ends : (n,) int
    words : list of str
    context : (n, CONTEXT) float32
        White space before it; how likely a name begins at it and covers it; whether a listed place or an ordinary
        word has it; how frequent in words it is with the character before and with the one after; the
        probabilities of a word in Latin letters to be of a name, a place, an institution; the score of the span found
        before.
    found : (n,) int
        The class of the span found before, as a place in `CLASSES`.
    """

    starts: npt.NDArray[np.intp]
    ends: npt.NDArray[np.intp]
    words: list[str]
    context: npt.NDArray[np.float32]
    found: npt.NDArray[np.intp]


def tokens_of(
    seen: Searched,
    names: tuple[npt.NDArray[np.intp], npt.NDArray[np.float32]] | None,
    words: Read,
    spans: Sequence[Span],
) -> Tokens:
    """Cut a text into tokens.

    Parameters
    ----------
    seen : Searched
        In `plain` form.
    names : tuple of arrays, optional
        What `NameModel.scores` says of the text, where it has Han characters.
    words : Read
        What is known of its words in Latin letters.
    spans : sequence of Span
        What was found before.

    Returns
    -------
    Tokens
    """
    starts, ends = _bounds(seen.codes)
    cut = [seen.text[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
    gap = starts - np.concatenate([[0], ends[:-1]])[: len(starts)]
    signs = np.zeros((len(seen.text) + 1, CONTEXT - 2), np.float32)
    if names is not None:
        _mark_names(signs, seen.text, *names)
        for start, end in places().hits(seen.text, seen.codes):
            signs[start:end, 2] = 1
        levels = pair_levels(seen.codes)
        signs[1 : len(seen.codes), 4] = levels
        signs[: len(levels), 5] = levels
    for start, end, likely in zip(words.starts.tolist(), words.ends.tolist(), words.likely, strict=True):
        signs[start:end, 6:9] = likely
    found = np.zeros(len(seen.text) + 1, np.intp)
    for span in spans:
        found[span.start : span.end] = CLASS_OF.get(span.category, 0)
        signs[span.start : span.end, -1] = span.score
    context = np.concatenate([(gap > 0)[:, None], (gap > 1)[:, None], signs[starts]], axis=1, dtype=np.float32)
    return Tokens(starts, ends, cut, context, found[starts])


def _bounds(codes: npt.NDArray[np.uint32]) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Starts and ends of runs of letters, of runs of digits and of single signs."""
    kinds = np.zeros(len(codes) + 2, np.uint8)
    kinds[1:-1] = _kinds()[np.minimum(codes, 0xFFFF)]
    edge = (kinds[1:] != kinds[:-1]) | (kinds[1:] == _ALONE) | (kinds[:-1] == _ALONE)
    return np.flatnonzero(edge[:-1] & (kinds[1:-1] > 0)), np.flatnonzero(edge[1:] & (kinds[1:-1] > 0)) + 1


@cache
def _kinds() -> npt.NDArray[np.uint8]:
    """Of each code point, its place in `_KINDS` or `_ALONE`."""
    every = "".join(map(chr, range(0x10000)))
    found = np.full(0x10000, _ALONE, np.uint8)
    for kind, pattern in enumerate(_KINDS):
        found[[match.start() for match in pattern.finditer(every)]] = kind
    found[ord("\n")] = _ALONE
    return found


def _mark_names(
    signs: npt.NDArray[np.float32], text: str, places_: npt.NDArray[np.intp], scores: npt.NDArray[np.float32]
) -> None:
    likely, lengths = (1 - scores[:, 0]).tolist(), (scores[:, 1:].argmax(axis=1) + 2).tolist()
    known = ordinary()
    for start, chance, length in zip(places_.tolist(), likely, lengths, strict=True):
        signs[start, 0] = chance
        if chance > 0.01:
            covered = signs[start : start + length, 1]
            np.maximum(covered, chance, out=covered)
        if text[start : start + 3] in known:
            signs[start : start + 3, 3] = 1
        elif text[start : start + 2] in known:
            signs[start : start + 2, 3] = 1


def features(word: str, known: Mapping[str, int]) -> tuple[list[bool], int, list[int]]:
    """What is known of a token wherever it stands.

    Parameters
    ----------
    word : str
    known : mapping of str to int
        Rows of the words that have a vector of their own, from 1 on.

    Returns
    -------
    flags : list of bool
        `FLAGS` of them: its shape, its lists, its size.
    row : int
        Of its vector; 0 where it has none.
    trigrams : list of int
        Buckets of its runs of three letters.
    """
    if word.isdecimal():
        return [False] * _NUMBER + _of_number(word) + [False] * (FLAGS - _SIGN), 0, []
    if "\u4e00" <= word[0] <= "\u9fff":
        row = known.get(word, 0)
        own = [True, word in name_model().surnames, False, False, False, row == 0, False, False, False]
        return [False] * _SIGN + own, row, []
    if word[0].isalpha():
        flags, _, trigrams = latin_model.features(word)
        bare = word.lower()
        row = known.get(bare, 0) or known.get(bare.removesuffix("s"), 0)
        own = [False, False, bare in wide("given"), bare in wide("family"), row == 0, False, False, False, False]
        return [*flags, *[False] * (_SIGN - _NUMBER), *own], row, trigrams
    own = [False, False, False, False, False, False, False, word == "\n", True]
    return [False] * _SIGN + own, known.get(word, 0), []


def _of_number(word: str) -> list[bool]:
    size, value = len(word), int(word) if len(word) < 5 else -1
    flags = [False] * (_SIGN - _NUMBER)
    flags[min(size, _LONGEST)] = True
    if size <= 2:
        flags[15 + sum(value > most for most in (0, 12, 31, 59, 89))] = True
        flags[21] = word[0] == "0"
    elif size == 3:
        flags[22 if 90 <= value <= 125 else 23] = True
    elif size == 4:
        flags[24 if 1900 <= value <= 1999 else 25 if 2000 <= value <= 2035 else 26] = True
    elif size == 8:
        flags[27] = word[:2] in ("19", "20") and "01" <= word[4:6] <= "12"
    elif size == 11:
        flags[27] = word[0] == "1"
    return flags
