"""Vectors of characters that come with the room, from which the network's tables start."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bencao.kernel import models

_FOLDER = Path(__file__).resolve().parents[3] / "models" / "characters"
_SPREAD = 0.3

Array = NDArray[np.float32]


@dataclass(frozen=True)
class Characters:
    """Characters and their vectors, dimensions in order of the variance they hold.

    Attributes
    ----------
    places : dict of str to int
    vectors : ndarray of float32, shape (characters, 64)
    """

    places: dict[str, int]
    vectors: Array

    def fill(self, table: Array, numbers: dict[str, int]) -> None:
        """Write the vector of each known character over its random row of `table`."""
        width = table.shape[1]
        scaled = self.vectors[:, :width] * (_SPREAD / self.vectors[:, :width].std())
        for character, number in numbers.items():
            if character in self.places:
                table[number] = scaled[self.places[character]]

    def fill_pairs(self, table: Array, numbers: dict[str, int]) -> None:
        """Write over each pair's row the halves of its characters' vectors; zero for one that is not known."""
        half = table.shape[1] // 2
        scaled = self.vectors[:, :half] * (_SPREAD / self.vectors[:, :half].std())
        scaled = np.concatenate([scaled, np.zeros((1, half), dtype=np.float32)])
        for pair, number in numbers.items():
            first, second = (self.places.get(character, -1) for character in pair)
            table[number] = np.concatenate([scaled[first], scaled[second]])


@cache
def shipped_characters() -> Characters:
    """The vectors of the package, made by ``training/records_vectors.py``.

    Raises
    ------
    ModelError
        Where the file is not what its card says.
    """
    model = models.load(_FOLDER, "records-characters")
    with np.load(model.path("characters.npz"), allow_pickle=False) as held:
        places = {character: number for number, character in enumerate(str(held["characters"]))}
        return Characters(places, held["vectors"].astype(np.float32) * held["steps"])
