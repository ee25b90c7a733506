"""What characters a match of a regular expression may begin with, and what may stand before it."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from re import _constants as kind  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

import numpy as np
import numpy.typing as npt

DEPTH = 5  # characters of a match that are looked at, beside the one before it
CODES = 1 << 16  # code points that are told apart; what is beyond counts as the last
_CASED = 0x2190  # no form has letters of two cases beyond
_TELLING = [0, 10, 32, ord("0"), ord("a"), ord("A"), ord("中")]  # by which alternatives are held to begin alike
_MANY = 12  # alternatives from which they are parted further
_Set = npt.NDArray[np.bool_]


def ways(pattern: re.Pattern[str]) -> list[list[_Set]]:
    """The beginnings of a pattern's alternatives; those that begin alike are one.

    Parameters
    ----------
    pattern : re.Pattern

    Returns
    -------
    list of list of (65536,) bool
        For each way, at most eight: which characters may stand before a match, and at each of its first `DEPTH` places.
    """
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
    sets = [np.zeros(CODES, bool) for _ in range(DEPTH)]
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
    may = np.ones(CODES, bool)
    for op, value in items:
        if op in (kind.ASSERT, kind.ASSERT_NOT):
            looked = list(value[1])
            if value[0] < 0 and looked[-1][0] in (kind.LITERAL, kind.IN) and (op is kind.ASSERT or len(looked) == 1):
                chars = _chars(looked[-1][0], _hashable(looked[-1][1]), flags)
                may &= _outside(~chars) if op is kind.ASSERT_NOT else chars
        elif op is kind.AT and value is kind.AT_BOUNDARY and not (first & ~_category("WORD", False)).any():
            may &= _outside(~_category("WORD", False))
        elif op is kind.AT and value is kind.AT_BEGINNING:
            chars = np.zeros(CODES, bool)
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
    chars = np.zeros(CODES, bool)
    if op is kind.ANY:
        return ~chars
    parts, negated = list(value) if op is kind.IN else [(kind.LITERAL, value)], op is kind.NOT_LITERAL
    for part, what in parts:
        if part is kind.NEGATE:
            negated = True
        elif part is kind.LITERAL:
            chars[min(what, CODES - 1)] = True
        elif part is kind.RANGE:
            chars[min(what[0], CODES - 1) : what[1] + 1] = True
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
    chars = np.zeros(CODES, bool)
    text = "".join(map(chr, range(CODES)))
    chars[[found.start() for found in re.finditer(letter, text, re.ASCII if ascii_only else 0)]] = True
    chars = ~chars if "_NOT_" in name else chars
    chars[-1] = True
    return chars
