"""Persons known again by keyed fingerprints, so that a site's memory holds nobody's identity."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

Persons = NDArray[np.uint64]


def fingerprints(rows: Iterable[str], secret: bytes) -> Persons:
    """Fingerprints of persons, shape (n,), sorted.

    Parameters
    ----------
    rows : iterable of str
        What tells a person: an identifier, or the whole row. Equal ones are numbered, so that each counts.
    secret : bytes
        The site's own, at most 64 bytes; without it nobody finds a person by trying.
    """
    seen: dict[str, int] = {}
    found = []
    for row in rows:
        seen[row] = seen.get(row, 0) + 1
        told = hashlib.blake2b(f"{seen[row]}\n{row}".encode(), digest_size=8, key=secret).digest()
        found.append(int.from_bytes(told, "big"))
    return np.sort(np.array(found, np.uint64))
