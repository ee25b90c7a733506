"""Where in a text each written form may begin, told for all forms at once by the characters that they begin with."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from bencao.records.deidentify.finding.search.beginnings import CODES, DEPTH, ways

# Searching a text for some hundred regular expressions one after another costs each of them every character. What a
# match may have as its first few characters, and before it, follows from the expression; these sets are kept as bits of
# one number a character, so that a handful of array operations leave the few places at which an expression is tried.
# The finds are those of `re.Pattern.finditer`, none more and none less.
_DENSE = 3  # a form that may begin at more than one in so many characters is sought the usual way
FORMS: list[re.Pattern[str]] = []


def form(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """A regular expression that is sought by `Searched.each`.

    Parameters
    ----------
    pattern : str
    flags : int

    Returns
    -------
    re.Pattern
    """
    compiled = re.compile(pattern, flags)
    FORMS.append(compiled)
    return compiled


@dataclass(frozen=True)
class Searched:
    """A text with the places at which each form may begin.

    Attributes
    ----------
    text : str
    codes : (n,) uint32
        Its code points.
    places : dict of int to list of int
        For each form that may begin anywhere, by its identity, where.
    """

    text: str
    codes: npt.NDArray[np.uint32]
    places: dict[int, list[int]]

    def each(self, pattern: re.Pattern[str]) -> Iterable[re.Match[str]]:
        """As ``pattern.finditer(text)``, of what `form` made."""
        places = self.places.get(id(pattern))
        if places is None:
            return ()
        if len(places) * _DENSE > len(self.text):
            return pattern.finditer(self.text)
        return _matches(pattern, self.text, places)

    def has(self, pattern: re.Pattern[str]) -> bool:
        """Whether the form stands anywhere in the text."""
        return next(iter(self.each(pattern)), None) is not None


def _matches(pattern: re.Pattern[str], text: str, places: list[int]) -> Iterator[re.Match[str]]:
    reached = 0
    for place in places:
        if place >= reached and (found := pattern.match(text, place)) is not None:
            yield found
            reached = found.end()


def searched(texts: Sequence[str], codes: Sequence[npt.NDArray[np.uint32]]) -> list[Searched]:
    """Look at several texts at once.

    Parameters
    ----------
    texts : sequence of str
        In `plain` form.
    codes : sequence of (n,) uint32
        The code points of each.

    Returns
    -------
    list of Searched
    """
    gap = np.zeros(DEPTH, np.uint32)
    joined = np.concatenate([gap, *(part for one in codes for part in (one, gap))])
    starts = np.cumsum([len(gap), *(len(one) + len(gap) for one in codes)])
    held: list[dict[int, list[int]]] = [{} for _ in texts]
    for pattern, places in _bank().beginnings(np.minimum(joined, CODES - 1).astype(np.intp)):
        cuts = np.searchsorted(places, starts)
        many = np.diff(cuts)
        own = (places - np.repeat(starts[:-1], many)).tolist()
        some = np.flatnonzero(many)
        for item, first, last in zip(some.tolist(), cuts[some].tolist(), cuts[some + 1].tolist(), strict=True):
            held[item][pattern] = own[first:last]
    return [Searched(text, one, places) for text, one, places in zip(texts, codes, held, strict=True)]


@dataclass(frozen=True)
class _Bank:
    """First characters: some bits of ``tables[word, at, c]`` say that a form may have character c at that place.

    The places are the one before a match and its first `DEPTH`. A form of several alternatives has several bits.

    Attributes
    ----------
    forms : tuple of (int, int, int, int)
        Identity of a form, its word, the byte of the word, its bits in the byte.
    kinds : (65536,) intp
        Characters that are alike to every form are of one kind.
    tables : (words, DEPTH + 1, kinds) uint64
    """

    forms: tuple[tuple[int, int, int, int], ...]
    kinds: npt.NDArray[np.intp]
    tables: npt.NDArray[np.uint64]

    def beginnings(self, codes: npt.NDArray[np.intp]) -> Iterator[tuple[int, npt.NDArray[np.intp]]]:
        """Forms and the places at which they may begin; `codes` has `DEPTH` zeros at each end."""
        inner = len(codes) - 2 * DEPTH
        codes = self.kinds[codes]
        seen = []
        for tables in self.tables:
            may = tables[0].take(codes[DEPTH - 1 : DEPTH - 1 + inner])
            for at in range(DEPTH):
                may &= tables[at + 1].take(codes[DEPTH + at : DEPTH + at + inner])
            seen.append(np.ascontiguousarray(may.astype("<u8").view(np.uint8).reshape(-1, 8).T))
        for form_, word, byte, bits in self.forms:
            places = np.flatnonzero((seen[word][byte] & np.uint8(bits)) != 0)
            if len(places):
                yield form_, places + DEPTH


@cache
def _bank() -> _Bank:
    forms, shifts, used = [], [], 0
    for one in FORMS:
        own = ways(one)
        if used % 8 + len(own) > 8:
            used += 8 - used % 8
        forms.append((id(one), used // 64, used % 64 // 8, ((1 << len(own)) - 1) << used % 8))
        shifts += [(used + number, way) for number, way in enumerate(own)]
        used += len(own)
    tables = np.zeros((-(-used // 64), DEPTH + 1, CODES), np.uint64)
    for bit, way in shifts:
        for at, chars in enumerate(way):
            table = tables[bit // 64, at]
            np.bitwise_or(table, np.uint64(1 << bit % 64), out=table, where=chars)
    rows = tables.reshape(-1, CODES)
    odd = np.random.default_rng(0).integers(1 << 62, size=len(rows), dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    _, first, kinds = np.unique((rows * odd[:, None]).sum(axis=0), return_index=True, return_inverse=True)
    return _Bank(tuple(forms), kinds, np.ascontiguousarray(tables[:, :, first]))


def look(text: str) -> Searched:
    """Look at one text; see `searched`."""
    return searched([text], [code_points(text)])[0]


def code_points(text: str) -> npt.NDArray[np.uint32]:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
