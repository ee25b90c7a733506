"""Names near a text, by the character n-grams that they share."""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bencao.safety.coding.vocabulary import Vocabulary, folded

_SIZES = (3, 4)
_BUCKETS = 2**18
_BATCH = 256


@dataclass(frozen=True)
class Near:
    """Names near a text, nearest first.

    Attributes
    ----------
    places : ndarray of int64, shape (k,)
        Of the names in the vocabulary.
    cosines : ndarray of float64, shape (k,)
        Of the weighted n-grams, in [0, 1].
    meant : ndarray of float32, shape (k,), or None
        Cosines of the sentence vectors, where there are some.
    """

    places: NDArray[np.int64]
    cosines: NDArray[np.float64]
    meant: NDArray[np.float32] | None = None

    def kept(self, keep: NDArray[np.bool_]) -> Near:
        """Those of the names that are to be kept."""
        return Near(self.places[keep], self.cosines[keep], None if self.meant is None else self.meant[keep])

    def joined(self, other: Near, most: int) -> Near:
        """With the names near another spelling of the text, each by the larger of its cosines."""
        places = np.concatenate([self.places, other.places])
        cosines = np.concatenate([self.cosines, other.cosines])
        order = np.lexsort((places, -cosines))
        _, first = np.unique(places[order], return_index=True)
        kept = order[np.sort(first)][:most]
        return Near(places[kept], cosines[kept])

    def with_meant(self, cosines: NDArray[np.float32], most: int) -> Near:
        """The same with the sentence vectors' cosines, and up to `most` names that are nearest by those.

        Parameters
        ----------
        cosines : ndarray of float32, shape (names,)
            For every name of the vocabulary.
        most : int
        """
        nearest = np.argpartition(cosines, -min(most, len(cosines)))[-most:]
        nearest = nearest[np.lexsort((nearest, -cosines[nearest]))]
        fresh = nearest[~np.isin(nearest, self.places)].astype(np.int64)
        places = np.concatenate([self.places, fresh])
        return Near(places, np.concatenate([self.cosines, np.zeros(len(fresh))]), cosines[places])


class NgramIndex:
    """Every name of a vocabulary as a vector of weighted character n-grams.

    An n-gram's weight is its count, damped, times the logarithm of how few names have it (Salton and Buckley, Inf.
    Process. Manag. 1988, 24, 513).

    Parameters
    ----------
    vocabulary : Vocabulary
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary
        self.folded = [folded(name.text) for name in vocabulary.names]
        counts = _count(self.folded)
        names = max(len(self.folded), 1)
        having = np.bincount(counts.indices, minlength=_BUCKETS)
        self._weight = np.log((1 + names) / (1 + having)).astype(np.float32)
        weighted = _normed(counts.multiply(self._weight).tocsr())
        self._postings = weighted.T.tocsr()

    def near(self, texts: Sequence[str], most: int) -> list[Near]:
        """The nearest names of each text, up to `most`; ties go to the earlier name."""
        found: list[Near] = []
        for start in range(0, len(texts), _BATCH):
            asked = _normed(
                _count([folded(text) for text in texts[start : start + _BATCH]]).multiply(self._weight).tocsr()
            )
            scores = (asked @ self._postings).tocsr()
            for row in range(scores.shape[0]):
                part = slice(scores.indptr[row], scores.indptr[row + 1])
                found.append(_best(scores.indices[part], scores.data[part], most))
        return found


def _best(places: NDArray[np.int32], cosines: NDArray[np.float32], most: int) -> Near:
    if len(places) > most:
        # A name that ties with the last one kept must not depend on how the scores lie in memory.
        least = np.partition(cosines, len(cosines) - most)[len(cosines) - most]
        kept = cosines >= least
        places, cosines = places[kept], cosines[kept]
    order = np.lexsort((places, -cosines))[:most]
    return Near(places[order].astype(np.int64), cosines[order].astype(np.float64))


def _count(texts: Sequence[str]) -> sparse.csr_matrix:
    """Damped counts of n-grams; shape (texts, buckets)."""
    starts, columns, values = [0], list[int](), list[int]()
    for text in texts:
        counted = Counter(ngrams(text))
        columns += counted.keys()
        values += counted.values()
        starts.append(len(columns))
    data = 1 + np.log(np.array(values, dtype=np.float32))
    shape = (len(texts), _BUCKETS)
    return sparse.csr_matrix((data, np.array(columns, dtype=np.int32), np.array(starts, dtype=np.int64)), shape=shape)


def ngrams(text: str) -> list[int]:
    """Buckets of the n-grams of a folded text, word by word; a Chinese text has no words and shorter n-grams."""
    found = []
    for word in text.split():
        if word >= "\u3400":
            found += [_bucket(sign) for sign in word]
        padded = f"^{word}$"
        found += [_bucket(padded[at : at + size]) for size in _SIZES for at in range(len(padded) - size + 1)]
    return found


def _bucket(ngram: str) -> int:
    return zlib.crc32(ngram.encode()) % _BUCKETS


def _normed(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    lengths[lengths == 0] = 1
    return (sparse.diags(1 / lengths) @ matrix).tocsr().astype(np.float32)
