"""Texts as vectors of weighted marks, so that a product of two is their cosine; marks go by their hash."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

BUCKETS = 1 << 18


@dataclass(frozen=True)
class View:
    """One way to look at a text: which marks it has, and what each weighs.

    Attributes
    ----------
    marks : callable
        Text to its marks (runs of characters, traits) with their counts.
    weights : ndarray of float32, shape (BUCKETS,)
        Inverse document frequency by the mark's hash; 0 for marks that were not seen.
    """

    marks: Callable[[str], Counter[str]]
    weights: NDArray[np.float32]

    def vectors(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Unit vectors of texts, shape (texts, BUCKETS), float32."""
        return self.weighed(self.counts(texts))

    def weighed(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        """Unit vectors of texts whose marks were counted."""
        weighted = (1 + np.log(counts.data)) * self.weights[counts.indices]
        rows = np.repeat(np.arange(counts.shape[0]), np.diff(counts.indptr))
        squares = np.bincount(rows, weighted.astype(np.float64) ** 2, minlength=counts.shape[0])
        length = np.sqrt(np.where(squares > 0, squares, 1)).astype(np.float32)
        return sparse.csr_matrix((weighted / length[rows], counts.indices, counts.indptr), shape=counts.shape)

    def counts(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """How often each mark stands in each text, shape (texts, BUCKETS), float32."""
        return _counts(self.marks, texts)


def bucket(mark: str) -> int:
    """Place of a mark among the weights."""
    return crc32(mark.encode()) & (BUCKETS - 1)


def fit_view(marks: Callable[[str], Counter[str]], texts: Sequence[str]) -> View:
    """The view whose weights are those of `texts`: ``ln((1 + n) / (1 + df)) + 1``."""
    frequency = np.bincount(_counts(marks, texts).indices, minlength=BUCKETS)
    weights = np.log((1 + len(texts)) / (1 + frequency)) + 1
    return View(marks, np.where(frequency > 0, weights, 0).astype(np.float32))


def _counts(marks: Callable[[str], Counter[str]], texts: Sequence[str]) -> sparse.csr_matrix:
    rows, columns, values = [], [], []
    for row, text in enumerate(texts):
        for mark, count in marks(text).items():
            rows.append(row)
            columns.append(bucket(mark))
            values.append(count)
    matrix = sparse.coo_matrix((values, (rows, columns)), shape=(len(texts), BUCKETS), dtype=np.float32).tocsr()
    matrix.sum_duplicates()
    return matrix
