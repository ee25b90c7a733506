"""What the generator believes of molecules that have not been scored: a Gaussian process on those that have."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray
from rdkit.Chem import rdFingerprintGenerator, rdMolDescriptors
from scipy.linalg import cholesky, solve_triangular

from bencao.discovery.design.breeding import molecule_of

# Of the descriptors' part, and of what molecules of the same features differ by; the scores' variance is 1.
_LINEAR, _NOISE = 0.1, 0.01
_REMEMBERED = 10_000
# Identifiers of the fingerprints are folded into one space, wide enough that few of them meet.
_WIDTH = 1 << 16


class Surrogate:
    """Mean and spread of the scores of any molecule, given those of some.

    The covariance of two molecules is the Tanimoto similarity of their counts of substructures (Ralaivola et al.,
    Neural Networks 2005, 18, 1093) and a small multiple of the scalar product of their descriptors.

    Parameters
    ----------
    known : sequence of str, length k
        SMILES.
    scores : ndarray of float, shape (k,)
    """

    def __init__(self, known: Sequence[str], scores: NDArray[np.float64]) -> None:
        self._counts, table = _described(known)
        self._centre, spread = table.mean(axis=0), table.std(axis=0)
        self._spread = np.where(spread > 0, spread, 1)
        self._table = self._standardised(table)
        self._squares = _squares(self._counts)
        self._mean, self._scale = float(scores.mean()), float(scores.std()) or 1.0
        covariance = self._covariance(self._counts, self._table) + _NOISE * np.eye(len(known))
        self._factor = cholesky(covariance, lower=True)
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
        counts, table = _described(asked)
        table = self._standardised(table)
        columns = self._covariance(counts, table)
        seen = solve_triangular(self._factor, columns.T, lower=True)
        own = 1 + _LINEAR * (table**2).mean(axis=1)
        deviation = np.sqrt(np.maximum(own - (seen**2).sum(axis=0), 1e-9))
        return columns @ self._weights * self._scale + self._mean, deviation * self._scale

    def _standardised(self, table: NDArray[np.float64]) -> NDArray[np.float64]:
        return np.asarray(np.clip((table - self._centre) / self._spread, -5, 5))

    def _covariance(self, counts: Any, table: NDArray[np.float64]) -> NDArray[np.float64]:
        shared = (counts @ self._counts.T).toarray()
        similar = shared / (_squares(counts)[:, None] + self._squares[None, :] - shared)
        return np.asarray(similar + _LINEAR / table.shape[1] * (table @ self._table.T))


@dataclass(frozen=True)
class _Row:
    """Columns and values of a molecule's counts, and its descriptors."""

    columns: NDArray[np.uint16]
    values: NDArray[np.float64]
    descriptors: NDArray[np.float64]


def _squares(counts: Any) -> NDArray[np.float64]:
    return np.asarray(counts.multiply(counts).sum(axis=1)).ravel()


def _described(smiles: Sequence[str]) -> tuple[Any, NDArray[np.float64]]:
    rows = [_row(one) for one in smiles]
    ends = np.cumsum([0, *(len(row.columns) for row in rows)])
    values = np.concatenate([row.values for row in rows])
    columns = np.concatenate([row.columns for row in rows])
    counts = sparse.csr_matrix((values, columns, ends), shape=(len(rows), _WIDTH))
    return counts, np.array([row.descriptors for row in rows])


@lru_cache(_REMEMBERED)
def _row(smiles: str) -> _Row:
    molecule = molecule_of(smiles)
    columns, values = [], []
    for number, generator in enumerate(_generators()):
        found = generator.GetCountFingerprint(molecule).GetNonzeroElements()
        columns.append(np.fromiter(found.keys(), np.int32, len(found)) + number * (_WIDTH // 2))
        values.append(np.fromiter(found.values(), np.float64, len(found)))
    descriptors = (
        *rdMolDescriptors.CalcCrippenDescriptors(molecule),
        rdMolDescriptors.CalcTPSA(molecule),
        rdMolDescriptors.CalcNumAromaticRings(molecule),
        *rdMolDescriptors.MQNs_(molecule),
    )
    return _Row(np.concatenate(columns), np.sqrt(np.concatenate(values)), np.array(descriptors, np.float64))


@cache
def _generators() -> tuple[Any, ...]:
    """Circular environments of atoms (ECFP4) and pairs of atoms."""
    size = _WIDTH // 2
    return (
        rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=size),
        rdFingerprintGenerator.GetAtomPairGenerator(fpSize=size, countSimulation=False),
    )
