"""Cuts a text into the pieces that the network reads, and turns their characters into numbers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

PADDING, UNKNOWN = 0, 1
FEATURES = ("character", "before", "after", "shape")
SHAPES = 5  # padding, Chinese or other letter, digit, Latin letter, mark
_ENDS = "。\n"
_SHORTEST, _LONGEST = 120, 400
_LEAST_CHARACTERS, _LEAST_PAIRS = 2, 3


def pieces_of(text: str) -> Iterator[tuple[int, int]]:
    """Offsets of pieces that end with a sentence where they can; together they cover the text."""
    left = 0
    for place, character in enumerate(text, start=1):
        if place - left >= _LONGEST or (character in _ENDS and place - left >= _SHORTEST):
            yield left, place
            left = place
    if left < len(text):
        yield left, len(text)


@dataclass(frozen=True)
class Vocabulary:
    """Numbers of the characters and pairs of characters that the network knows.

    Attributes
    ----------
    characters, pairs : dict of str to int
    """

    characters: dict[str, int]
    pairs: dict[str, int]

    @classmethod
    def of(cls, texts: Iterable[str]) -> Vocabulary:
        """Characters that stand twice or more in the texts, and pairs that stand three times or more."""
        characters: Counter[str] = Counter()
        pairs: Counter[str] = Counter()
        for text in texts:
            lower = folded(text)
            characters.update(lower)
            pairs.update(map(str.__add__, f"^{lower}", f"{lower}$"))
        return cls(_numbered(characters, _LEAST_CHARACTERS), _numbered(pairs, _LEAST_PAIRS))

    def encode(self, text: str) -> NDArray[np.int64]:
        """Numbers of each character, of its pairs with the one before and after, and of its shape.

        Returns
        -------
        ndarray of int64, shape (characters, 4)
        """
        lower = folded(text)
        between = [self.pairs.get(pair, UNKNOWN) for pair in map(str.__add__, f"^{lower}", f"{lower}$")]
        numbers = np.empty((len(lower), len(FEATURES)), dtype=np.int64)
        numbers[:, 0] = [self.characters.get(character, UNKNOWN) for character in lower]
        numbers[:, 1] = between[:-1]
        numbers[:, 2] = between[1:]
        numbers[:, 3] = shapes_of(lower)
        return numbers


def folded(text: str) -> str:
    """A text in small letters, with as many characters as before."""
    lower = text.lower()
    if len(lower) == len(text):
        return lower
    # İ has a lower case of two characters; offsets must stay.
    return "".join(character.lower() if len(character.lower()) == 1 else character for character in text)


def _numbered(counts: Counter[str], least: int) -> dict[str, int]:
    return {
        name: number
        for number, name in enumerate(sorted(k for k, n in counts.items() if n >= least), start=UNKNOWN + 1)
    }


def shapes_of(text: str) -> NDArray[np.int64]:
    """What sort each character is: 1 Chinese or another letter, 2 digit, 3 Latin letter, 4 mark."""
    return np.array([_shape(character) for character in text], dtype=np.int64)


@cache
def _shape(character: str) -> int:
    if character.isdecimal():
        return 2
    if character.isascii():
        return 3 if character.isalpha() else 4
    return 1 if character.isalnum() else 4


def padded(rows: Sequence[NDArray[np.int64]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Pieces of several lengths as one array.

    Returns
    -------
    numbers : ndarray of int64, shape (pieces, longest, 4)
    lengths : ndarray of int64, shape (pieces,)
    """
    lengths = np.array([len(row) for row in rows], dtype=np.int64)
    numbers = np.zeros((len(rows), int(lengths.max(initial=0)), len(FEATURES)), dtype=np.int64)
    for place, row in enumerate(rows):
        numbers[place, : len(row)] = row
    return numbers, lengths
