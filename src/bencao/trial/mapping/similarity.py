"""How near a name or a question is to known ones: shared n-grams, and whether the name abbreviates the phrase."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from zlib import crc32

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

_BUCKETS = 1 << 16
_IDLE = {
    "a", "an", "the", "of", "or", "and", "to", "in", "for", "was", "were", "is", "are", "this", "that", "what", "did",
    "any", "with", "by", "on", "as", "at", "subject", "s",
}  # fmt: skip

Scores = npt.NDArray[np.float64]


def words_of(text: str) -> tuple[str, ...]:
    """Words of a phrase in lower case, without those that say nothing."""
    return tuple(word for word in re.findall(r"[a-z0-9]+", text.lower()) if word not in _IDLE)


def phrase_grams(text: str) -> list[str]:
    """Words of a phrase, and their pieces of four letters."""
    words = words_of(text)
    return [f"w:{word}" for word in words] + [
        f"g:{piece}" for word in words for piece in _pieces(f" {word} ", 4) if len(word) > 3
    ]


def name_grams(name: str) -> list[str]:
    """Pieces of two and three letters of a variable's name, its ends marked."""
    marked = f"^{name}$"
    return _pieces(marked, 2) + _pieces(marked, 3)


def _pieces(text: str, size: int) -> list[str]:
    return [text[place : place + size] for place in range(len(text) - size + 1)]


class Vectors:
    """Texts as weighted bags of n-grams, of length 1, so that a product is a cosine.

    Parameters
    ----------
    texts : sequence of sequences of str
        Known ones, as n-grams; rare n-grams weigh more.
    """

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        counts = _counted(texts)
        seen = np.asarray((counts > 0).sum(axis=0)).ravel()
        self._weights = np.log((1 + len(texts)) / (1 + seen)) + 1
        self._known = self._scaled(counts)

    def _scaled(self, counts: csr_matrix) -> csr_matrix:
        weighted = counts.multiply(self._weights).tocsr()
        lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
        return weighted.multiply(1 / np.where(lengths > 0, lengths, 1)[:, None]).tocsr()

    def cosines(self, texts: Sequence[Sequence[str]]) -> Scores:
        """Cosines of new texts with the known ones, shape (texts, known)."""
        result: Scores = (self._scaled(_counted(texts)) @ self._known.T).toarray()
        return result


def _counted(texts: Sequence[Sequence[str]]) -> csr_matrix:
    rows = [row for row, grams in enumerate(texts) for _ in grams]
    columns = [crc32(gram.encode()) % _BUCKETS for grams in texts for gram in grams]
    return csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(texts), _BUCKETS))


@lru_cache(maxsize=1 << 18)
def abbreviates(name: str, phrase: str) -> float:
    """How much of a phrase a name stands for: DOSFM of "dose form", all of it.

    Parameters
    ----------
    name : str
        Capitals.
    phrase : str

    Returns
    -------
    float
        Share of the phrase's words that the name takes letters from, each from its first on, in order; 0 where a
        letter of the name is left over.

    Examples
    --------
    >>> abbreviates("DOSFM", "Dose Form"), abbreviates("FRQ", "Dose Frequency"), abbreviates("XYZ", "Dose")
    (1.0, 0.5, 0.0)
    """
    words = words_of(phrase)
    if len(name) < 2 or not words:
        return 0.0
    used = _words_used(name.lower(), words)
    return max(used, 0) / len(words)


def _words_used(letters: str, words: tuple[str, ...]) -> int:
    """Most words that the letters are taken from; -1 where they cannot all be."""
    best = [-1] * len(letters) + [0]
    for word in reversed(words):
        after = best[:]
        for start, letter in enumerate(letters):
            if letter != word[0]:
                continue
            place, end = 1, start + 1
            while True:
                if after[end] >= 0:
                    best[start] = max(best[start], after[end] + 1)
                if end == len(letters):
                    break
                place = word.find(letters[end], place) + 1
                if place == 0:
                    break
                end += 1
    return best[0]
