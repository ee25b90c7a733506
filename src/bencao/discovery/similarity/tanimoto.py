"""Tanimoto similarity of one fingerprint to many, counted 64 bits at a time."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem
from rdkit.Chem import rdFingerprintGenerator
from rdkit.DataStructs import BitVectToBinaryText

BITS = 2048
WORDS = BITS // 64

_EVEN_BYTES = np.uint64(0x00FF00FF00FF00FF)
_FOUR_ONES = np.uint64(0x0001000100010001)
_BYTE, _THREE_PAIRS = np.uint64(8), np.uint64(48)
# Rows whose scratch space stays in the processor's second cache.
_ROWS = 8192


@functools.cache
def _generator() -> Any:
    return rdFingerprintGenerator.GetMorganGenerator(radius=2, fpSize=BITS)


def fingerprint(molecule: Chem.Mol) -> NDArray[np.uint64]:
    """ECFP4 of a molecule (Rogers and Hahn, J. Chem. Inf. Model. 2010, 50, 742), shape (32,), 2,048 bits."""
    return np.frombuffer(BitVectToBinaryText(_generator().GetFingerprint(molecule)), dtype="<u8")


def common_bits(fingerprints: NDArray[np.uint64], query: NDArray[np.uint64]) -> NDArray[np.uint16]:
    """Number of bits that each fingerprint has in common with the query.

    Parameters
    ----------
    fingerprints : ndarray of uint64, shape (molecules, 32)
    query : ndarray of uint64, shape (32,)

    Returns
    -------
    ndarray of uint16, shape (molecules,)
    """
    found = np.empty(len(fingerprints), dtype=np.uint16)
    for part, common in _blocks(fingerprints, query):
        found[part] = common
    return found


def _blocks(fingerprints: NDArray[np.uint64], query: NDArray[np.uint64]) -> Iterator[tuple[slice, NDArray[np.uint64]]]:
    """Bits in common, for one block of rows after the other."""
    shared, counts = np.empty((_ROWS, WORDS), dtype=np.uint64), np.empty((_ROWS, WORDS), dtype=np.uint8)
    for start in range(0, len(fingerprints), _ROWS):
        block = fingerprints[start : start + _ROWS]
        size = len(block)
        np.bitwise_and(block, query, out=shared[:size])
        np.bitwise_count(shared[:size], out=counts[:size])
        # Eight counts lie in a word: two words are added as they stand (a byte holds 2 x 64), then in pairs of bytes.
        words = counts[:size].view(np.uint64)
        one, other = words[:, 0] + words[:, 1], words[:, 2] + words[:, 3]
        pairs = (one & _EVEN_BYTES) + ((one >> _BYTE) & _EVEN_BYTES)
        pairs += (other & _EVEN_BYTES) + ((other >> _BYTE) & _EVEN_BYTES)
        pairs *= _FOUR_ONES
        yield slice(start, start + size), pairs >> _THREE_PAIRS


def tanimoto(
    fingerprints: NDArray[np.uint64], bits: NDArray[np.uint16], query: NDArray[np.uint64]
) -> NDArray[np.float64]:
    """Tanimoto similarity of each fingerprint to the query, to the last digit what RDKit gives.

    Parameters
    ----------
    fingerprints : ndarray of uint64, shape (molecules, 32)
    bits : ndarray of uint16, shape (molecules,)
        Number of bits set in each.
    query : ndarray of uint64, shape (32,)

    Returns
    -------
    ndarray of float, shape (molecules,)
        0 where neither has a bit.
    """
    found = np.empty(len(fingerprints))
    wanted = int(np.bitwise_count(query).sum())
    for part, common in _blocks(fingerprints, query):
        either = bits[part] + np.uint64(wanted) - common
        np.divide(common, np.maximum(either, 1), out=found[part])
    return found
