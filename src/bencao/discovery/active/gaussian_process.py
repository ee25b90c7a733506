"""A Gaussian process over a whole library that learns batch by batch and computes nothing twice."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cholesky, solve_triangular

from bencao.discovery.active.features import Features

# Chosen on the docking scores of MolPAL's Enamine 10k library, never on those it is reported for.
LINEAR = 0.075
NOISE = 0.15


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
        self._transposed = features.counts.T.tocsc()
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

    def left_out(self, count: int | None = None) -> NDArray[np.float64]:
        """How far scores lie from what all the others predict for them, in deviations (Rasmussen and Williams, 5.4.2).

        Parameters
        ----------
        count : int, optional
            Only of the first so many that were learned from; of all where not given.

        Returns
        -------
        ndarray of float, shape (count,)
        """
        learned = len(self._scores)
        count = learned if count is None else min(count, learned)
        centre, spread = self._scores.mean(), max(float(self._scores.std()), 1e-9)
        factor = self._factor[:learned, :learned]
        columns = solve_triangular(factor, np.eye(learned, count), lower=True)
        weights = solve_triangular(factor, (self._scores - centre) / spread, lower=True)
        # Both are rows of the inverse covariance: of its diagonal, and of its product with the scores.
        return np.asarray((columns.T @ weights) / np.linalg.norm(columns, axis=0))

    def _covariance(self, indices: Sequence[int]) -> NDArray[np.float32]:
        """Columns of the covariance, shape (molecules, b)."""
        chosen = self._transposed[:, indices].toarray()
        shared = self._features.counts @ chosen
        similar = shared / (self._squares[:, None] + self._squares[indices][None, :] - shared)
        table = self._features.descriptors
        return np.asarray(similar + self._weight * (table @ table[indices].T), dtype=np.float32)
