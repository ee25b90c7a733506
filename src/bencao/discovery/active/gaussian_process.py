"""A Gaussian process over a whole library that learns batch by batch and computes nothing twice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cholesky, solve_triangular

from bencao.discovery.active.features import Features

# Chosen on the docking scores of MolPAL's Enamine 10k library, never on those it is reported for.
LINEAR = 0.075
NOISE = 0.15

# Share of the molecules above which a substructure is kept dense.
_MANY = 0.1


class GaussianProcess:
    """Mean and spread of the scores of every molecule, given those of some.

    The covariance of two molecules is the Tanimoto similarity of their counts (Ralaivola et al., Neural Networks 2005,
    18, 1093) and a small multiple of the scalar product of their descriptors. The Cholesky factor grows by a block for
    each batch, so a round costs its own columns only (Rasmussen and Williams, Gaussian Processes for Machine Learning,
    2006, ch. 2).

    Parameters
    ----------
    features : Features
        Of the library.
    most : int
        Molecules that will be learned from at most; memory is 4 bytes for each of them and each of the library.
    """

    def __init__(self, features: Features, most: int) -> None:
        self._features = features
        self._squares = np.asarray(features.counts.multiply(features.counts).sum(axis=1), dtype=np.float32).ravel()
        self._frequent, self._rare = _by_frequency(features.counts)
        self._weight = LINEAR / max(1, features.descriptors.shape[1])
        self._left = 1 + self._weight * (features.descriptors**2).sum(axis=1)
        self._factor = np.zeros((most, most), dtype=np.float64)
        self._projected = np.zeros((len(features), most), dtype=np.float32)
        self._scores = np.zeros(0)

    def learn(self, indices: Sequence[int], scores: NDArray[np.float64]) -> None:
        """Take in the scores of a batch of molecules.

        Parameters
        ----------
        indices : sequence of int, length b
        scores : ndarray of float, shape (b,)
            Finite.
        """
        if not len(indices):
            return
        old, new = len(self._scores), len(self._scores) + len(indices)
        columns = self._covariance(indices)
        low = self._projected[indices, :old].astype(np.float64)
        block = columns[indices].astype(np.float64) - low @ low.T + NOISE * np.eye(len(indices))
        root = cholesky((block + block.T) / 2, lower=True)
        self._factor[old:new, :old], self._factor[old:new, old:new] = low, root
        columns -= self._projected[:, :old] @ low.T.astype(np.float32)
        inverse = solve_triangular(root, np.eye(len(indices)), lower=True).astype(np.float32)
        self._projected[:, old:new] = columns @ inverse.T
        self._left = self._left - (self._projected[:, old:new] ** 2).sum(axis=1)
        self._scores = np.concatenate([self._scores, scores])

    def predict(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Mean and standard deviation of the score of each molecule of the library, in the scores' unit.

        Returns
        -------
        mean, deviation : ndarray of float, shape (molecules,)
        """
        count = len(self._scores)
        centre, spread = self._scores.mean(), max(float(self._scores.std()), 1e-9)
        weights = solve_triangular(self._factor[:count, :count], (self._scores - centre) / spread, lower=True)
        mean = self._projected[:, :count] @ weights.astype(np.float32)
        deviation = np.sqrt(np.maximum(self._left, 1e-6) + NOISE)
        return mean.astype(np.float64) * spread + centre, deviation.astype(np.float64) * spread

    def left_out(self) -> NDArray[np.float64]:
        """How far scores lie from what all the others predict for them, in deviations (Rasmussen and Williams, 5.4.2).

        Returns
        -------
        ndarray of float, shape (scores,)
        """
        learned = len(self._scores)
        centre, spread = self._scores.mean(), max(float(self._scores.std()), 1e-9)
        factor = self._factor[:learned, :learned]
        columns = solve_triangular(factor, np.eye(learned), lower=True)
        weights = solve_triangular(factor, (self._scores - centre) / spread, lower=True)
        # Both are rows of the inverse covariance: of its diagonal, and of its product with the scores.
        return np.asarray((columns.T @ weights) / np.linalg.norm(columns, axis=0))

    def _covariance(self, indices: Sequence[int]) -> NDArray[np.float32]:
        """Columns of the covariance, shape (molecules, b)."""
        shared = self._frequent @ self._frequent[indices].T
        shared += self._rare @ np.ascontiguousarray(self._rare[indices].toarray().T)
        similar = shared / (self._squares[:, None] + self._squares[indices][None, :] - shared)
        table = self._features.descriptors
        return np.asarray(similar + self._weight * (table @ table[indices].T), dtype=np.float32)


def _by_frequency(counts: Any) -> tuple[NDArray[np.float32], Any]:
    """Counts of the substructures that many molecules have, dense, and of the others, the commoner first.

    A product with the others then reads mostly the same few rows, which stay in the processor's cache: a round takes a
    third of the time.
    """
    size, width = counts.shape
    frequency = np.bincount(counts.indices, minlength=width)
    order = np.argsort(-frequency, kind="stable")
    many, some = int((frequency > _MANY * size).sum()), int((frequency > 0).sum())
    rare = counts[:, order[many:some]]
    rare.sort_indices()
    return np.asarray(counts[:, order[:many]].toarray()), rare
