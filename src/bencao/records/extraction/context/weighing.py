"""A linear model that weighs the clues about a finding into its status."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bencao.kernel.models import load

MODELS = Path(__file__).resolve().parents[2] / "models" / "assertion"


@dataclass(frozen=True)
class Weights:
    """What each clue adds to each status.

    Attributes
    ----------
    statuses : tuple of str
    places : dict of str to int
        Row of each clue that is known.
    values : int8 array of shape (clues, statuses)
        Log odds in units of `step`.
    step : float
    """

    statuses: tuple[str, ...]
    places: dict[str, int]
    values: NDArray[np.int8]
    step: float

    def odds(self, clues: Iterable[str]) -> NDArray[np.float32]:
        """Log odds of the statuses, up to a constant, where these clues hold."""
        rows = [place for place in map(self.places.get, clues) if place is not None]
        total = self.values[rows].sum(axis=0, dtype=np.int64)
        return np.asarray(total * self.step, np.float32)


@cache
def weights() -> Weights:
    """The model of the package, loaded once.

    Raises
    ------
    ModelError
        Where it is absent or altered.
    """
    with np.load(load(MODELS, "assertion").path("assertion.npz"), allow_pickle=False) as file:
        names = file["clues"].tobytes().decode("utf-8").split("\n")
        return Weights(
            statuses=tuple(str(file["statuses"]).split()),
            places={name: place for place, name in enumerate(names)},
            values=file["values"],
            step=float(file["step"]),
        )
