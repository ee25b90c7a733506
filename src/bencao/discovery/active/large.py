"""The surrogates of a library of millions, which see little of each molecule and keep nothing of those they predict."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem
from rdkit.Chem import rdMolDescriptors
from scipy.linalg import cholesky, solve_triangular

from bencao.discovery.active.gaussian_process import LINEAR, NOISE
from bencao.discovery.molecules.lipophilicity import logp_and_refractivity
from bencao.discovery.molecules.reading import LibraryRow
from bencao.discovery.similarity.tanimoto import WORDS, fingerprint, tanimoto

# Molecules that are predicted together.
_BLOCK = 8192
DESCRIPTORS = 11


@dataclass(frozen=True)
class Prints:
    """What is seen of each molecule of a very large library: 300 bytes.

    Attributes
    ----------
    bits : ndarray of uint64, shape (molecules, 32)
        ECFP4.
    descriptors : ndarray of float32, shape (molecules, 11)
    """

    bits: NDArray[np.uint64]
    descriptors: NDArray[np.float32]

    @classmethod
    def of(cls, packed: Sequence[bytes]) -> Prints:
        """Of what `describe_row` or `describe_molecule` gives."""
        return cls.of_bytes(b"".join(packed))

    @classmethod
    def of_bytes(cls, packed: bytes | bytearray) -> Prints:
        """Of the same, one after the other."""
        table = np.frombuffer(packed, dtype=np.uint8).reshape(-1, 8 * WORDS + 4 * DESCRIPTORS)
        bits, descriptors = np.ascontiguousarray(table[:, : 8 * WORDS]), np.ascontiguousarray(table[:, 8 * WORDS :])
        return cls(bits.view(np.uint64), descriptors.view(np.float32))

    def __len__(self) -> int:
        return len(self.bits)

    def of_places(self, places: slice | Sequence[int]) -> Prints:
        """Of some of the molecules."""
        return Prints(self.bits[places], self.descriptors[places])


def describe_row(row: LibraryRow) -> bytes:
    """Fingerprint and descriptors of a row's molecule, packed; raises `MoleculeError`."""
    return describe_molecule(row.molecule())


def describe_molecule(molecule: Chem.Mol) -> bytes:
    """Fingerprint and descriptors of a molecule, packed."""
    return pack(molecule, described(molecule))


def pack(molecule: Chem.Mol, values: Sequence[float]) -> bytes:
    """The same where its descriptors are known."""
    return fingerprint(molecule).tobytes() + np.array(values, dtype=np.float32).tobytes()


def described(molecule: Chem.Mol) -> list[float]:
    """Weight, logP, refractivity, polar surface, and seven counts, of which the third is of bonds that turn at all."""
    of, loosely = rdMolDescriptors, rdMolDescriptors.NumRotatableBondsOptions.NonStrict  # at a quarter of the cost
    return [
        *(of._CalcMolWt(molecule), *logp_and_refractivity(molecule), of.CalcTPSA(molecule)),
        *(
            of.CalcNumLipinskiHBD(molecule),
            of.CalcNumLipinskiHBA(molecule),
            of.CalcNumRotatableBonds(molecule, loosely),
        ),
        *(molecule.GetNumHeavyAtoms(), of.CalcFractionCSP3(molecule)),
        *(of.CalcNumRings(molecule), of.CalcNumAromaticRings(molecule)),
    ]


class PrintProcess:
    """A Gaussian process on `Prints` that keeps nothing of the molecules it predicts.

    The covariance is that of `GaussianProcess`, on one fingerprint's bits instead of the counts of four.

    Parameters
    ----------
    scored : Prints
    scores : ndarray of float, shape (scored,)
        Finite.
    """

    def __init__(self, scored: Prints, scores: NDArray[np.float64]) -> None:
        table = scored.descriptors.astype(np.float64)
        self._middle, self._width = table.mean(axis=0), np.where(table.std(axis=0) > 0, table.std(axis=0), np.inf)
        self._scored, self._table = scored, self._standardised(scored)
        self._centre, self._spread = float(scores.mean()), max(float(scores.std()), 1e-9)
        covariance = self._covariance(scored).astype(np.float64)
        self._factor = cholesky((covariance + covariance.T) / 2 + NOISE * np.eye(len(scored)), lower=True)
        self._solved = solve_triangular(self._factor, (scores - self._centre) / self._spread, lower=True)
        self._inverse = solve_triangular(self._factor, np.eye(len(scored)), lower=True)

    def predict(self, prints: Prints) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Mean and standard deviation of the score of each molecule.

        Parameters
        ----------
        prints : Prints

        Returns
        -------
        mean, deviation : ndarray of float, shape (molecules,)
        """
        parts = [self._predict(prints.of_places(part)) for part in _blocks(len(prints))]
        mean, deviation = (np.concatenate(column) for column in zip(*parts, strict=True))
        return mean, deviation

    def left_out(self) -> NDArray[np.float64]:
        """As `GaussianProcess.left_out`."""
        columns = self._inverse
        return np.asarray((columns.T @ self._solved) / np.linalg.norm(columns, axis=0))

    def _predict(self, prints: Prints) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        table = self._standardised(prints)
        low = self._covariance(prints) @ self._inverse.T.astype(np.float32)
        left = 1 + self._weight * (table**2).sum(axis=1) - (low**2).sum(axis=1)
        deviation = np.sqrt(np.maximum(left, 1e-6) + NOISE)
        mean = low @ self._solved.astype(np.float32)
        return mean.astype(np.float64) * self._spread + self._centre, deviation.astype(np.float64) * self._spread

    @property
    def _weight(self) -> float:
        return LINEAR / int(self._scored.descriptors.shape[1])

    def _standardised(self, prints: Prints) -> NDArray[np.float32]:
        table = (prints.descriptors - self._middle) / self._width
        return np.asarray(np.clip(np.nan_to_num(table), -5, 5), dtype=np.float32)

    def _covariance(self, prints: Prints) -> NDArray[np.float32]:
        """With the scored molecules, shape (molecules, scored)."""
        counts = np.bitwise_count(prints.bits).sum(axis=1, dtype=np.uint16)
        found = np.empty((len(self._scored), len(prints)), dtype=np.float32)
        for place, query in enumerate(self._scored.bits):
            found[place] = tanimoto(prints.bits, counts, query)
        return np.asarray(found.T + self._weight * (self._standardised(prints) @ self._table.T), dtype=np.float32)


class LeanProcess:
    """`PrintProcess` over a whole library, learning batch by batch as `GaussianProcess` does.

    Parameters
    ----------
    prints : Prints
        Of the library.
    """

    def __init__(self, prints: Prints) -> None:
        self._prints, self._places, self._scores = prints, list[int](), np.zeros(0)
        self._process: PrintProcess | None = None

    def learn(self, indices: Sequence[int], scores: NDArray[np.float64]) -> None:
        """As `GaussianProcess.learn`."""
        if len(indices):
            self._places += indices
            self._scores = np.concatenate([self._scores, scores])
            self._process = PrintProcess(self._prints.of_places(self._places), self._scores)

    def predict(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """As `GaussianProcess.predict`."""
        if self._process is None:
            raise ValueError("nothing has been learned yet")
        return self._process.predict(self._prints)


def _blocks(size: int) -> Iterator[slice]:
    yield from itertools.starmap(slice, itertools.pairwise([*range(0, size, _BLOCK), size]))
