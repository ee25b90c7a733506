"""Counts of sets by key, packed, and probabilities that back off from the narrow keys to the wide ones."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class CountTable:
    """How often each set was reported under each key.

    Attributes
    ----------
    keys : ndarray of uint32, shape (keys,)
        Sorted.
    starts : ndarray of int64, shape (keys + 1,)
        Where the entries of each key begin.
    members : ndarray of uint16, shape (entries,)
        Index of the set.
    times : ndarray of uint16, shape (entries,)
    size : int
        Number of sets.
    """

    keys: NDArray[np.uint32]
    starts: NDArray[np.int64]
    members: NDArray[np.uint16]
    times: NDArray[np.uint16]
    size: int

    @classmethod
    def count(cls, pairs: Iterable[tuple[int, int]], size: int, least: int = 1) -> CountTable:
        """Count (key, set) pairs; a key with under `least` of them is left out."""
        found: dict[int, Counter[int]] = defaultdict(Counter)
        for key, member in pairs:
            found[key][member] += 1
        kept = sorted(key for key, counts in found.items() if counts.total() >= least)
        entries = [entry for key in kept for entry in sorted(found[key].items())]
        return cls(
            keys=np.array(kept, dtype=np.uint32),
            starts=np.cumsum([0, *(len(found[key]) for key in kept)]),
            members=np.array([member for member, _ in entries], dtype=np.uint16),
            times=np.array([min(times, 65_535) for _, times in entries], dtype=np.uint16),
            size=size,
        )

    def packed(self, name: str) -> dict[str, NDArray[np.generic]]:
        """The arrays under names that begin with `name`, as `read` takes them: differences pack smaller."""
        return {
            f"{name}_keys": np.diff(self.keys, prepend=self.keys.dtype.type(0)),
            f"{name}_lengths": np.diff(self.starts).astype(np.uint16),
            f"{name}_members": self.members,
            f"{name}_times": self.times,
        }

    @classmethod
    def read(cls, arrays: Mapping[str, NDArray[np.uint32]], name: str, size: int) -> CountTable:
        """The table that was packed under a name."""
        return cls(
            keys=np.cumsum(arrays[f"{name}_keys"], dtype=np.uint32),
            starts=np.concatenate([[0], np.cumsum(arrays[f"{name}_lengths"], dtype=np.int64)]),
            members=arrays[f"{name}_members"].astype(np.uint16),
            times=arrays[f"{name}_times"].astype(np.uint16),
            size=size,
        )

    def counts(self, key: int) -> tuple[Floats, float]:
        """How often each set was reported under a key, shape (size,), and their sum."""
        counts = np.zeros(self.size)
        place = int(np.searchsorted(self.keys, np.uint32(key)))
        if place < len(self.keys) and self.keys[place] == key:
            part = slice(self.starts[place], self.starts[place + 1])
            counts[self.members[part]] = self.times[part]
        return counts, float(counts.sum())


def backed_off(overall: Floats, tables: Sequence[CountTable], keys: Sequence[int], strength: Sequence[float]) -> Floats:
    """Probability of each set, from all reactions to those most alike.

    At each level the counts are smoothed towards the level before by as much as they are spread (Witten and Bell, IEEE
    Trans. Inf. Theory 1991, 37, 1085).

    Parameters
    ----------
    overall : ndarray, shape (sets,)
        Counts in all reactions.
    tables, keys, strength : sequences of equal length
        Widest level first; `strength` is the weight of the wider level for each different set of the narrower.

    Returns
    -------
    ndarray, shape (sets,)
        Sums to 1, none 0.
    """
    shares: Floats = (overall + 0.01) / (overall + 0.01).sum()
    for table, key, each in zip(tables, keys, strength, strict=True):
        counts, total = table.counts(key)
        if total:
            wider = each * np.count_nonzero(counts)
            shares = (counts + wider * shares) / (total + wider)
    return shares
