"""What the surrogate sees of a molecule: counts of substructures, and descriptors."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray
from rdkit import Chem
from rdkit.Chem import rdFingerprintGenerator

from bencao.discovery.molecules.descriptors import descriptors

# Identifiers of all four fingerprints are folded into one space, wide enough that few of them meet.
_WIDTH = 1 << 16
_KNUTH = np.uint64(11400714819323198485)

# Columns and square roots of counts, and descriptors of a molecule.
Seen = tuple[NDArray[np.int32], NDArray[np.float32], Sequence[float]]


@dataclass(frozen=True)
class Features:
    """Features of the molecules of a library.

    Attributes
    ----------
    counts : csr_matrix of float32, shape (molecules, 65536)
        Square roots of counts.
    descriptors : ndarray of float32, shape (molecules, descriptors)
        Standardised over the library, cut off at five standard deviations.
    """

    counts: Any
    descriptors: NDArray[np.float32]

    def __len__(self) -> int:
        return int(self.counts.shape[0])


def describe(molecules: Iterable[Chem.Mol]) -> Features:
    """Count substructures of each molecule and compute its descriptors.

    The counts are of circular environments of atoms up to two bonds away, by elements and by pharmacophoric roles
    (ECFP4, FCFP4; Rogers and Hahn, J. Chem. Inf. Model. 2010, 50, 742), of atom pairs (Carhart et al., J. Chem. Inf.
    Comput. Sci. 1985, 25, 64) and of topological torsions.

    Parameters
    ----------
    molecules : iterable of Mol

    Returns
    -------
    Features
    """
    return features_of(map(seen, molecules))


def seen(molecule: Chem.Mol) -> Seen:
    """What `describe` looks at in one molecule."""
    return (*_counts(molecule), descriptors(molecule))


def features_of(molecules: Iterable[Seen]) -> Features:
    """Features of a library from what was seen of each of its molecules."""
    columns, values, described = zip(*molecules, strict=True)
    ends = np.cumsum([0, *map(len, columns)])
    shape = (len(columns), _WIDTH)
    counts = sparse.csr_matrix((np.concatenate(values), np.concatenate(columns), ends), shape=shape)
    counts.sum_duplicates()
    return Features(counts, _standardised(np.array(described, dtype=np.float64)))


@cache
def _generators() -> tuple[Any, ...]:
    roles = rdFingerprintGenerator.GetMorganFeatureAtomInvGen()
    return (
        rdFingerprintGenerator.GetMorganGenerator(radius=2),
        rdFingerprintGenerator.GetMorganGenerator(radius=2, atomInvariantsGenerator=roles),
        rdFingerprintGenerator.GetAtomPairGenerator(),
        rdFingerprintGenerator.GetTopologicalTorsionGenerator(),
    )


def _counts(molecule: Chem.Mol) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    columns, values = [], []
    for number, generator in enumerate(_generators(), start=1):
        found = generator.GetSparseCountFingerprint(molecule).GetNonzeroElements()
        keys = np.fromiter(found.keys(), dtype=np.uint64, count=len(found))
        mixed = (keys * np.uint64(2) + np.uint64(number)) * _KNUTH  # wraps round on purpose
        columns.append((mixed >> np.uint64(48)).astype(np.int32))
        values.append(np.sqrt(np.fromiter(found.values(), dtype=np.float32, count=len(found))))
    return np.concatenate(columns), np.concatenate(values)


def _standardised(table: NDArray[np.float64]) -> NDArray[np.float32]:
    table = np.nan_to_num(table, posinf=0.0, neginf=0.0)
    spread = table.std(axis=0)
    table = table[:, spread > 0]
    return np.asarray(np.clip((table - table.mean(axis=0)) / spread[spread > 0], -5, 5), dtype=np.float32)
