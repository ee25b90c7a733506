"""Numbers for the runs of characters around each character, and what a fitted chain scores them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bencao.records.extraction.network.pieces import folded, shapes_of

_AROUND = 3
# Where the characters of each run stand, counted from the character that is read.
_PLACES = (
    *((place,) for place in range(-3, 4)),
    (-2, -1),
    (-1, 0),
    (0, 1),
    (1, 2),
    (-1, 1),
    (-2, -1, 0),
    (-1, 0, 1),
    (0, 1, 2),
    (-2, -1, 0, 1),
    (-1, 0, 1, 2),
)
_MULTIPLIER = np.uint64(0x9E3779B97F4A7C15)  # odd, so that no two characters are mixed up

Numbers = NDArray[np.uint64]


def runs_around(text: str) -> Numbers:
    """Numbers of the runs around each character, and of the shapes of the character and its neighbours.

    Runs that differ in place or characters have other numbers, but for a chance of one in 10^19 for a pair.

    Returns
    -------
    ndarray of uint64, shape (characters, 18)
    """
    lower = folded(text)
    codes = np.frombuffer(lower.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    wide = np.pad(codes.astype(np.uint64) + np.uint64(1), _AROUND)
    shapes = np.pad(shapes_of(lower).astype(np.uint64), _AROUND)
    columns = [_mixed(number, wide, places) for number, places in enumerate(_PLACES, start=1)]
    columns.append(_mixed(len(_PLACES) + 1, shapes, (-1, 0, 1)))
    return np.stack(columns, axis=1)


def _mixed(number: int, codes: Numbers, places: tuple[int, ...]) -> Numbers:
    count = len(codes) - 2 * _AROUND
    mixed = np.full(count, number, dtype=np.uint64)
    for place in places:
        mixed = (mixed ^ (mixed >> np.uint64(31))) * _MULTIPLIER + codes[_AROUND + place : _AROUND + place + count]
    return mixed


@dataclass(frozen=True)
class RunScores:
    """What each known run adds to the score of each tag.

    Attributes
    ----------
    numbers : ndarray of uint64, shape (runs + 1,)
        Sorted, but for one more at the end that stands for all runs that are not known.
    weights : ndarray of float32, shape (runs + 1, tags)
        The last row is zero.
    """

    numbers: Numbers
    weights: NDArray[np.float32]

    @classmethod
    def of(
        cls, numbers: Numbers, rows: NDArray[np.int32], tags: NDArray[np.uint8], values: NDArray[np.float16], count: int
    ) -> RunScores:
        """From the weights that are not zero: `values` of runs (`rows` of `numbers`) and `tags`, of `count` tags."""
        weights = np.zeros((len(numbers) + 1, count), dtype=np.float32)
        weights[rows, tags] = values
        return cls(np.append(numbers, np.uint64(0)), weights)

    def scores(self, text: str) -> NDArray[np.float32]:
        """Score of each tag for each character.

        Returns
        -------
        ndarray of float32, shape (characters, tags)
        """
        asked = runs_around(text)
        unknown = len(self.numbers) - 1
        at = np.searchsorted(self.numbers[:unknown], asked)
        known = np.where(self.numbers[at] == asked, at, unknown)
        total = self.weights[known[:, 0]]
        for column in range(1, known.shape[1]):
            total += self.weights[known[:, column]]
        return total
