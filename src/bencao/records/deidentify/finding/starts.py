"""Where in a text each written form may begin, told for all forms at once by the characters that they begin with.

Searching a text for some hundred regular expressions one after another costs each of them every character. What a
match may have as its first few characters, and before it, follows from the expression; these sets are kept as bits of
one number a character, so that a handful of array operations leave the few places at which an expression is tried.
The finds are those of `re.Pattern.finditer`, none more and none less.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from re import _constants as kind  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import numpy as np
import numpy.typing as npt

DEPTH = 5  # characters of a match that are looked at, beside the one before it
_CODES = 1 << 16  # what is beyond counts as the last
_CASED = 0x2190  # no form has letters of two cases beyond
_DENSE = 3  # a form that may begin at more than one in so many characters is sought the usual way
_TELLING = [0, 10, 32, ord("0"), ord("a"), ord("A"), ord("中")]  # by which alternatives are held to begin alike
_MANY = 12
_Set = npt.NDArray[np.bool_]
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
    for pattern, places in _bank().beginnings(np.minimum(joined, _CODES - 1).astype(np.intp)):
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
        ways = _ways(one)
        if used % 8 + len(ways) > 8:
            used += 8 - used % 8
        forms.append((id(one), used // 64, used % 64 // 8, ((1 << len(ways)) - 1) << used % 8))
        shifts += [(used + number, way) for number, way in enumerate(ways)]
        used += len(ways)
    tables = np.zeros((-(-used // 64), DEPTH + 1, _CODES), np.uint64)
    for bit, way in shifts:
        for at, chars in enumerate(way):
            table = tables[bit // 64, at]
            np.bitwise_or(table, np.uint64(1 << bit % 64), out=table, where=chars)
    rows = tables.reshape(-1, _CODES)
    odd = np.random.default_rng(0).integers(1 << 62, size=len(rows), dtype=np.uint64) * np.uint64(2) + np.uint64(1)
    _, one, kinds = np.unique((rows * odd[:, None]).sum(axis=0), return_index=True, return_inverse=True)
    return _Bank(tuple(forms), kinds, np.ascontiguousarray(tables[:, :, one]))


def _ways(pattern: re.Pattern[str]) -> list[list[_Set]]:
    """The beginnings of a form's alternatives; those that begin alike are one."""
    found: dict[bytes, list[_Set]] = {}
    alternatives = _alternatives(list(_parser.parse(pattern.pattern, pattern.flags)))
    for items in alternatives:
        sets = _beginning(items, pattern.flags)
        alike = np.concatenate([sets[0][_TELLING], sets[1][_TELLING]]).tobytes()
        if len(alternatives) > _MANY:  # a list of words: parted by their first letters
            alike += bytes([int(sets[1].argmax()) % 5])
        if alike in found:
            found[alike] = [one | other for one, other in zip(found[alike], sets, strict=True)]
        else:
            found[alike] = sets
    return _few(list(found.values()))


def _few(ways: list[list[_Set]]) -> list[list[_Set]]:
    """No more than a byte has bits."""
    if len(ways) <= 8:
        return ways
    rest = [np.logical_or.reduce(sets) for sets in zip(*ways[7:], strict=True)]
    return [*ways[:7], rest]


def _alternatives(items: list[Any]) -> list[list[Any]]:
    """A sequence for each alternative with which another begins."""
    for place, (op, value) in enumerate(items):
        if op is kind.BRANCH:
            each = ([*items[:place], *branch, *items[place + 1 :]] for branch in value[1])
            return [found for one in each for found in _alternatives(one)]
        if op not in (kind.AT, kind.ASSERT, kind.ASSERT_NOT):
            break
    return [items]


def _beginning(items: list[Any], flags: int) -> list[_Set]:
    """Characters that may stand before a match and at each of its first places; what may be beyond its end is any."""
    sets = [np.zeros(_CODES, bool) for _ in range(DEPTH)]
    for end in _walk(items, {0}, sets, flags):
        for at in range(end, DEPTH):
            sets[at][:] = True
    return [_before(items, flags, sets[0]), *sets]


def _walk(items: list[Any], begun: set[int], sets: list[_Set], flags: int) -> set[int]:
    """Put what a sequence may match into the sets; where it may end, from where it may have begun."""
    for op, value in items:
        if op in (kind.AT, kind.ASSERT, kind.ASSERT_NOT):
            continue
        if op in (kind.LITERAL, kind.NOT_LITERAL, kind.IN, kind.ANY):
            for at in begun:
                if at < DEPTH:
                    sets[at] |= _chars(op, _hashable(value), flags)
            begun = {min(at + 1, DEPTH) for at in begun}
        elif op is kind.SUBPATTERN:
            begun = _walk(list(value[3]), begun, sets, (flags | value[1]) & ~value[2])
        elif op is kind.ATOMIC_GROUP:
            begun = _walk(list(value), begun, sets, flags)
        elif op is kind.BRANCH:
            begun = set().union(*(_walk(list(branch), begun, sets, flags) for branch in value[1]))
        elif op in (kind.MAX_REPEAT, kind.MIN_REPEAT, kind.POSSESSIVE_REPEAT):
            begun = _repeated(value[0], value[1], value[2], begun, sets, flags)
        else:  # a group again, or one of two ways: it may be anything
            for at in range(min(begun), DEPTH):
                sets[at][:] = True
            begun = set(range(min(begun), DEPTH + 1))
    return begun


def _repeated(least: int, most: int, items: Any, begun: set[int], sets: list[_Set], flags: int) -> set[int]:
    ends: set[int] = set() if least else set(begun)
    for time in range(1, min(int(most), least + DEPTH) + 1):
        begun = _walk(list(items), begun, sets, flags)
        if time >= least:
            ends |= begun
        if begun == {DEPTH}:
            return ends | begun
    return ends


def _before(items: list[Any], flags: int, first: _Set) -> _Set:
    """Characters that may stand before what begins with some; 0 stands for the beginning of the text."""
    may = np.ones(_CODES, bool)
    for op, value in items:
        if op in (kind.ASSERT, kind.ASSERT_NOT):
            looked = list(value[1])
            if value[0] < 0 and looked[-1][0] in (kind.LITERAL, kind.IN) and (op is kind.ASSERT or len(looked) == 1):
                chars = _chars(looked[-1][0], _hashable(looked[-1][1]), flags)
                may &= _outside(~chars) if op is kind.ASSERT_NOT else chars
        elif op is kind.AT and value is kind.AT_BOUNDARY and not (first & ~_category("WORD", False)).any():
            may &= _outside(~_category("WORD", False))
        elif op is kind.AT and value is kind.AT_BEGINNING:
            chars = np.zeros(_CODES, bool)
            chars[[0, 10] if flags & re.MULTILINE else [0]] = True
            may &= chars
        elif op is kind.SUBPATTERN:
            return may & _before(list(value[3]), (flags | value[1]) & ~value[2], first)
        elif op is kind.BRANCH:
            either: _Set = np.logical_or.reduce([_before(list(branch), flags, first) for branch in value[1]])
            return may & either
        elif op is not kind.AT:
            return may
    return may


def _outside(chars: _Set) -> _Set:
    chars[0] = True
    return chars


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


@lru_cache(maxsize=4096)
def _chars(op: Any, value: Any, flags: int) -> _Set:
    """The characters of one element."""
    chars = np.zeros(_CODES, bool)
    if op is kind.ANY:
        return ~chars
    parts, negated = list(value) if op is kind.IN else [(kind.LITERAL, value)], op is kind.NOT_LITERAL
    for part, what in parts:
        if part is kind.NEGATE:
            negated = True
        elif part is kind.LITERAL:
            chars[min(what, _CODES - 1)] = True
        elif part is kind.RANGE:
            chars[min(what[0], _CODES - 1) : what[1] + 1] = True
        else:
            chars |= _category(str(what), bool(flags & re.ASCII))
    if flags & re.IGNORECASE:
        cased = chars[:_CASED]
        chars[:_CASED] = np.logical_or.reduce([cased, *(cased[other] for other in _cases())])
    if negated:
        chars = ~chars
        chars[-1] = True
    return chars


@cache
def _cases() -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The lower and the upper case of each code point, itself where it has none of one character."""
    both = tuple(np.arange(_CASED) for _ in range(2))
    for code in range(_CASED):
        for cases, other in zip(both, (chr(code).lower(), chr(code).upper()), strict=True):
            if len(other) == 1 and ord(other) < _CASED:
                cases[code] = ord(other)
    return both[0], both[1]


@cache
def _category(name: str, ascii_only: bool) -> _Set:
    letter = {"DIGIT": r"\d", "SPACE": r"\s", "WORD": r"\w"}[name.rpartition("_")[2]]
    chars = np.zeros(_CODES, bool)
    text = "".join(map(chr, range(_CODES)))
    chars[[found.start() for found in re.finditer(letter, text, re.ASCII if ascii_only else 0)]] = True
    chars = ~chars if "_NOT_" in name else chars
    chars[-1] = True
    return chars


def look(text: str) -> Searched:
    """Look at one text; see `searched`."""
    return searched([text], [code_points(text)])[0]


def code_points(text: str) -> npt.NDArray[np.uint32]:
    """The code points of a text."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
