"""A quick test that rules out most templates before any is compiled: pattern fingerprints."""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray
from rdkit import Chem
from rdkit.DataStructs import BitVectToBinaryText, ExplicitBitVect

SCREEN_BITS = 1_024
_DETAIL = re.compile(r";(?:H\d|D\d|\+0|-\d|\+\d)|:\d+(?=\])|@+")


def template_screen(smarts: str) -> NDArray[np.uint8]:
    """Bits that any molecule which the template fits has; shape (SCREEN_BITS / 8,).

    The product side is read without hydrogen counts, degrees, charges and stereo, so that the bits are fewer
    than could be, never more.
    """
    pattern = Chem.MolFromSmarts(_DETAIL.sub("", smarts.partition(">>")[0]).replace("/", "-").replace("\\", "-"))
    if pattern is None:
        return np.zeros(SCREEN_BITS // 8, dtype=np.uint8)
    pattern.UpdatePropertyCache(strict=False)
    Chem.FastFindRings(pattern)
    return _packed(Chem.PatternFingerprint(pattern, fpSize=SCREEN_BITS))


def molecule_screen(molecule: Chem.Mol) -> NDArray[np.uint8]:
    """Bits of a molecule; shape (SCREEN_BITS / 8,)."""
    return _packed(Chem.PatternFingerprint(molecule, fpSize=SCREEN_BITS))


def _packed(bits: ExplicitBitVect) -> NDArray[np.uint8]:
    low_first = np.frombuffer(BitVectToBinaryText(bits), dtype=np.uint8)
    return np.packbits(np.unpackbits(low_first, bitorder="little"))
