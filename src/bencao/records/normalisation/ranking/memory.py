"""What decided phrases say of a new one: kernel ridge regression, each leaving itself out in training."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.linalg import lapack

from bencao.records.normalisation.ranking.phrases import canonical_grams, plain_grams, traits
from bencao.records.normalisation.ranking.vectors import View, fit_view

Array = NDArray[np.float32]
Names = tuple[int, ...]  # places of one or several names of the vocabulary, ascending

RIDGE = 0.1
MARKS = (plain_grams, canonical_grams, traits)
_SHARES = (0.2, 0.4, 0.4)  # of the views in a cosine


@dataclass(frozen=True)
class Memory:
    """Decided phrases, as vectors, with the names they were given.

    Attributes
    ----------
    names : tuple of str
        Names of the vocabulary.
    views : tuple of View
        The phrase as it stands, made canonical, and by its traits.
    vectors : tuple of csr_matrix, each of shape (phrases, marks)
        The decided phrases in each view.
    meant : tuple of tuple of int
        Of each phrase, the places of its names.
    """

    names: tuple[str, ...]
    views: tuple[View, ...]
    vectors: tuple[sparse.csr_matrix, ...]
    meant: tuple[Names, ...]

    def joined(self, other: Memory) -> Memory:
        """Both memories of one vocabulary, in the views of this one."""
        pairs = zip(self.vectors, other.vectors, strict=True)
        vectors = tuple(sparse.vstack([own, more], format="csr") for own, more in pairs)
        return Memory(self.names, self.views, vectors, (*self.meant, *other.meant))

    @cached_property
    def answers(self) -> tuple[Names, ...]:
        """What may be answered: each name by itself, then each set of several that was decided before."""
        several = dict.fromkeys(one for one in self.meant if len(one) > 1)
        return (*((place,) for place in range(len(self.names))), *several)

    @cached_property
    def decided(self) -> NDArray[np.int64]:
        """Of each phrase, the place of its answer."""
        places = {answer: place for place, answer in enumerate(self.answers)}
        return np.array([places[one] for one in self.meant], dtype=np.int64)

    @cached_property
    def members(self) -> sparse.csr_matrix:
        """Phrases by names: 1 where the name was among those of the phrase."""
        rows = [row for row, one in enumerate(self.meant) for _ in one]
        columns = [name for one in self.meant for name in one]
        ones = np.ones(len(rows), dtype=np.float32)
        return sparse.csr_matrix((ones, (rows, columns)), shape=(len(self.meant), len(self.names)))

    @cached_property
    def _inverse(self) -> Array:
        kernel = self._cosines(self.vectors) ** 2
        kernel[np.diag_indices_from(kernel)] += RIDGE
        factor, _ = lapack.spotrf(kernel, lower=1)
        inverse, _ = lapack.spotri(factor, lower=1)
        lower = np.tril(inverse)
        return np.asarray(lower + np.tril(lower, -1).T, dtype=np.float32)

    def _cosines(self, queries: Sequence[sparse.csr_matrix]) -> Array:
        pairs = zip(_SHARES, queries, self.vectors, strict=True)
        shares = [np.float32(share) * (query @ own.T).toarray() for share, query, own in pairs]
        return np.asarray(sum(shares), dtype=np.float32)

    def weights(
        self, queries: Sequence[sparse.csr_matrix], own: NDArray[np.int64] | None = None
    ) -> tuple[Array, Array]:
        """What each decided phrase counts for each query.

        Parameters
        ----------
        queries : sequence of csr_matrix, each of shape (queries, marks)
            The queries in each view.
        own : ndarray of int, shape (queries,), optional
            In training: the decided phrase that a query is, or is a part of; the result is as if it had not been there.

        Returns
        -------
        weights, cosines : ndarray of float32, shape (queries, phrases)
            A query's score for anything is its weights times what the phrases have of it.
        """
        if not self.meant:
            empty = np.zeros((queries[0].shape[0], 0), dtype=np.float32)
            return empty, empty
        cosines = self._cosines(queries)
        weights = cosines**2 @ self._inverse
        if own is not None:
            rows = np.arange(len(own))
            share = weights[rows, own] / self._inverse[own, own]
            weights -= share[:, None] * self._inverse[own]
            weights[rows, own] = 0
            cosines[rows, own] = 0
        return weights, cosines


def fit_views(texts: Sequence[str]) -> tuple[View, ...]:
    """The views of a memory, with weights from these texts."""
    return tuple(fit_view(marks, texts) for marks in MARKS)


def remember(names: Sequence[str], pairs: Sequence[tuple[str, Names]], views: tuple[View, ...] = ()) -> Memory:
    """The memory of decided pairs (phrase, places of its names); the views are fitted to them where none are given."""
    phrases = [phrase for phrase, _ in pairs]
    views = views or fit_views([*phrases, *names])
    vectors = tuple(view.vectors(phrases) for view in views)
    return Memory(tuple(names), views, vectors, tuple(tuple(sorted(one)) for _, one in pairs))
