"""Words of names, and how rare they are."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Read:
    """A folded text with its words, and how rare they are in all."""

    text: str
    words: frozenset[str]
    rarity: float


class Words:
    """How rare the words of a vocabulary's names are: the logarithm of how few names have each.

    Parameters
    ----------
    names : sequence of str
        Folded.
    """

    def __init__(self, names: Sequence[str]) -> None:
        stemmed = [stems(name) for name in names]
        having = Counter(word for words in stemmed for word in words)
        total = max(len(names), 1)
        self._unknown = math.log(1 + total)
        self._rarity = {word: math.log((1 + total) / (1 + count)) for word, count in having.items()}
        self.names = [Read(name, words, self._sum(words)) for name, words in zip(names, stemmed, strict=True)]

    def read(self, text: str) -> Read:
        """A folded text with its words."""
        words = stems(text)
        return Read(text, words, self._sum(words))

    def rarest(self, words: Iterable[str]) -> float:
        """The largest rarity among words; 0 of none."""
        return max((self._rarity.get(word, self._unknown) for word in words), default=0.0)

    def weighed(self, parts: Iterable[tuple[str, float]]) -> float:
        """Sum of the rarity of words, each times a share."""
        return math.fsum(self._rarity.get(word, self._unknown) * share for word, share in parts if share)

    def _sum(self, words: Iterable[str]) -> float:
        return math.fsum(self._rarity.get(word, self._unknown) for word in words)

    def shared(self, one: Read, other: Read) -> tuple[frozenset[str], float]:
        """Words that both have, and their rarity."""
        words = one.words & other.words
        return words, self._sum(words) if words else 0.0


def stems(text: str) -> frozenset[str]:
    """Words without a plural's ending; each sign of a Chinese text."""
    stems: list[str] = []
    for word in text.split():
        if word >= "\u3400":
            stems += word
        elif len(word) > 4 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
            stems.append(word[:-3] + "y" if word.endswith("ies") else word[:-1])
        else:
            stems.append(word)
    return frozenset(stems)
