"""What the generator believes of molecules that have not been scored: a Gaussian process on those that have."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rdkit.Chem import rdFingerprintGenerator, rdMolDescriptors
from scipy.linalg import cholesky, solve_triangular

from bencao.discovery.design.breeding import molecule_of

# Of the descriptors' part, and of what molecules of the same features differ by; the scores' variance is 1.
_LINEAR, _NOISE = 0.1, 0.01
_REMEMBERED = 5_000
_WIDTH = 1024  # of each fingerprint
# Roots of counts in whole eighths: sums of their products are exact in single precision, whatever the order.
_ROOTS = np.minimum(np.round(8 * np.sqrt(np.arange(1024))), 255).astype(np.uint8)


class Surrogate:
    """Mean and spread of the scores of any molecule, given those of some.

    The covariance of two molecules is the Tanimoto similarity of their counts of substructures (Ralaivola et al.,
    Neural Networks 2005, 18, 1093) and a small multiple of the scalar product of their descriptors.

    Parameters
    ----------
    known : sequence of str, length k
        SMILES.
    scores : ndarray of float, shape (k,)
    before : Surrogate, optional
        One of partly the same molecules; their similarities are taken from it.
    """

    def __init__(self, known: Sequence[str], scores: NDArray[np.float64], before: Surrogate | None = None) -> None:
        self._places = {one: place for place, one in enumerate(known)}
        self._counts, self._described = _features(known)
        self._centre, spread = self._described.mean(axis=0), self._described.std(axis=0)
        self._spread = np.where(spread > 0, spread, 1)
        self._table = self._standardised(self._described)
        self._squares = _squares(self._counts)
        self._shared = self._shared_among(known, before)
        self._mean, self._scale = float(scores.mean()), float(scores.std()) or 1.0
        covariance = self._covariance(self._shared, self._squares, self._table) + _NOISE * np.eye(len(known))
        self._factor = cholesky(covariance, lower=True, overwrite_a=True, check_finite=False)
        low = solve_triangular(self._factor, (scores - self._mean) / self._scale, lower=True)
        self._weights = solve_triangular(self._factor, low, lower=True, trans=1)

    def predict(self, asked: Sequence[str]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Mean and standard deviation of the score of each molecule.

        Parameters
        ----------
        asked : sequence of str, length a
            SMILES.

        Returns
        -------
        mean, deviation : ndarray of float, shape (a,)
        """
        counts, described = _features(asked)
        table = self._standardised(described)
        columns = self._covariance(counts @ self._counts.T, _squares(counts), table)
        seen = solve_triangular(self._factor, columns.T, lower=True, check_finite=False)
        own = 1 + _LINEAR * (table**2).mean(axis=1)
        deviation = np.sqrt(np.maximum(own - (seen**2).sum(axis=0), 1e-9))
        return columns @ self._weights * self._scale + self._mean, deviation * self._scale

    def _standardised(self, table: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.clip((table - self._centre) / self._spread, -5, 5))

    def _shared_among(self, known: Sequence[str], before: Surrogate | None) -> NDArray[np.float32]:
        """Products of the counts of all pairs, those that are known from before taken over."""
        shared = np.empty((len(known), len(known)), np.float32)
        old = [place for place, one in enumerate(known) if before and one in before._places]
        new = [place for place, one in enumerate(known) if not before or one not in before._places]
        if before:
            there = [before._places[known[place]] for place in old]
            shared[np.ix_(old, old)] = before._shared[np.ix_(there, there)]
        shared[new] = self._counts[new] @ self._counts.T
        shared[:, new] = shared[new].T
        return shared

    def _covariance(
        self, shared: NDArray[np.float32], squares: NDArray[np.float64], table: NDArray[np.float64]
    ) -> NDArray[np.float64]:
        similar = shared / (squares[:, None] + self._squares[None, :] - shared)
        return np.asarray(similar + _LINEAR / table.shape[1] * (table @ self._table.T))


def _squares(counts: NDArray[np.float32]) -> NDArray[np.float64]:
    return np.asarray(np.einsum("ij,ij->i", counts, counts), np.float64)


def _features(smiles: Sequence[str]) -> tuple[NDArray[np.float32], NDArray[np.float64]]:
    """Roots of counts, in eighths, and descriptors."""
    rows = [_row(one) for one in smiles]
    return np.array([counts for counts, _ in rows], np.float32), np.array([described for _, described in rows])


@lru_cache(_REMEMBERED)
def _row(smiles: str) -> tuple[NDArray[np.uint8], NDArray[np.float64]]:
    molecule = molecule_of(smiles)
    counts = np.concatenate([generator.GetCountFingerprintAsNumPy(molecule) for generator in _generators()])
    descriptors = (
        *rdMolDescriptors.CalcCrippenDescriptors(molecule),
        rdMolDescriptors.CalcTPSA(molecule),
        rdMolDescriptors.CalcNumAromaticRings(molecule),
        *rdMolDescriptors.MQNs_(molecule),
    )
    return _ROOTS[np.minimum(counts, len(_ROOTS) - 1)], np.array(descriptors, np.float64)


@cache
def _generators() -> tuple[Any, ...]:
    """Circular environments of atoms (ECFP4) and pairs of atoms."""
    return (
        rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=_WIDTH),
        rdFingerprintGenerator.GetAtomPairGenerator(fpSize=_WIDTH, countSimulation=False),
    )
