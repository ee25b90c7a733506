"""A panel: endpoints measured on one set of substances, with the trees, held-out errors and substances they rest on."""

from __future__ import annotations

import functools
import io
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bencao.discovery.admet.trees import Forest
from bencao.discovery.similarity.tanimoto import tanimoto
from bencao.kernel import models

MODELS = Path(__file__).resolve().parents[1] / "models" / "admet"
NAME = "admet"
SHIPPED = ("solubility", "tox21")
# Nearest substances by descriptors whose mean distance tells how far a molecule lies off.
_NEIGHBOURS = 3


@dataclass(frozen=True)
class Panel:
    """Endpoints learned from one set of substances.

    Attributes
    ----------
    tasks : tuple of str
    classes : bool
        Whether the endpoints are active or inactive; else values.
    keys : ndarray of bytes, shape (substances,)
        See `Described`.
    prints : ndarray of uint64, shape (substances, 32)
    values : ndarray of float32, shape (substances, tasks)
        Measured; NaN where not.
    fold : ndarray of uint8, shape (substances,)
        Part whose model had not seen the substance.
    held : ndarray of float32, shape (substances, tasks)
        The value that this model gives for it; of classes the mean log odds of being active, by the models that lack
        its part and one more.
    forest : Forest
        Outputs: for each task, one for each part.
    table : ndarray of float32, shape (substances, 93)
        Descriptors divided by their standard deviation; without rows where the endpoints are classes.
    deviation : ndarray of float32, shape (93,)
    held_far : ndarray of float64, shape (substances, 3)
        How far each is from those outside its part, see `far`; without rows where the endpoints are classes.
    spread : ndarray of float64, shape (tasks, 4)
        Expected error: least; constant; a unit of Tanimoto distance to the nearest; a unit of descriptor distance.
    """

    tasks: tuple[str, ...]
    classes: bool
    keys: NDArray[np.bytes_]
    prints: NDArray[np.uint64]
    values: NDArray[np.float32]
    fold: NDArray[np.uint8]
    held: NDArray[np.float32]
    forest: Forest
    table: NDArray[np.float32]
    deviation: NDArray[np.float32]
    held_far: NDArray[np.float64]
    spread: NDArray[np.float64]

    @functools.cached_property
    def parts(self) -> int:
        """Number of parts."""
        return int(self.fold.max()) + 1

    @functools.cached_property
    def places(self) -> dict[bytes, int]:
        """Substance by its key."""
        return {key: place for place, key in enumerate(self.keys.tolist())}

    @functools.cached_property
    def bits(self) -> NDArray[np.uint16]:
        """Bits of each fingerprint."""
        return np.asarray(np.bitwise_count(self.prints).sum(axis=1), dtype=np.uint16)

    def similarities(self, fingerprint: NDArray[np.uint64]) -> NDArray[np.float64]:
        """Tanimoto similarity to each substance."""
        return tanimoto(self.prints, self.bits, fingerprint)

    def far(self, row: NDArray[np.float32], similarities: NDArray[np.float64], part: int) -> NDArray[np.float64]:
        """What an expected error depends on, seen from the substances outside a part.

        Parameters
        ----------
        row : ndarray of float32, shape (93,)
        similarities : ndarray, shape (substances,)
        part : int

        Returns
        -------
        ndarray of float64, shape (3,)
            One; Tanimoto distance to the nearest; mean distance in descriptors to the three nearest.
        """
        seen = self.fold != part
        off = np.abs(self.table[seen] - row / self.deviation)
        distance = np.sqrt(np.square(np.minimum(off, 10)).mean(axis=1))
        count = min(_NEIGHBOURS, len(distance))
        nearest = np.partition(distance, count - 1)[:count].mean()
        return np.array([1.0, 1.0 - similarities[seen].max(), nearest])

    def scale(self, far: NDArray[np.float64], task: int) -> float:
        """Expected error, in the endpoint's unit; `far` as above."""
        return float(max(self.spread[task, 0], self.spread[task, 1:] @ far))

    @functools.cached_property
    def errors(self) -> list[NDArray[np.float64]]:
        """Of each task the held-out errors divided by the expected; for endpoints that are values."""
        found = []
        for task in range(len(self.tasks)):
            scale = np.maximum(self.spread[task, 0], self.held_far @ self.spread[task, 1:])
            off = np.abs(self.values[:, task] - self.held[:, task]) / scale
            found.append(off[np.isfinite(off)])
        return found

    @functools.cached_property
    def scores(self) -> list[tuple[NDArray[np.float64], NDArray[np.float64]]]:
        """Of each task the sorted held-out log odds of the inactives and of the actives."""
        columns = zip(self.held.T.astype(np.float64), self.values.T, strict=True)
        return [(np.sort(held[values == 0]), np.sort(held[values == 1])) for held, values in columns]

    def packed(self) -> bytes:
        """The panel as an ``.npz`` without pickle; the same panel gives the same bytes."""
        stream = io.BytesIO()
        own = {name: getattr(self, name) for name in _ARRAYS}
        told = {"tasks": np.array(self.tasks), "classes": np.array(self.classes)}
        np.savez_compressed(stream, allow_pickle=False, **told, **own, **self.forest.arrays("tree_"))
        return stream.getvalue()


_ARRAYS = ("keys", "prints", "values", "fold", "held", "table", "deviation", "held_far", "spread")


def unpacked(path: Path) -> Panel:
    """The panel that `Panel.packed` wrote into a file."""
    with np.load(path, allow_pickle=False) as stream:
        arrays = dict(stream)
    own = {name: arrays[name] for name in _ARRAYS}
    return Panel(tuple(arrays["tasks"].tolist()), bool(arrays["classes"]), forest=Forest.of(arrays, "tree_"), **own)


def versions() -> dict[str, str]:
    """Version of the shipped panels, and each file's digest, for provenance."""
    return dict(models.load(MODELS, NAME).identity)


@functools.cache
def shipped(name: str) -> Panel:
    """A panel of the package, one of `SHIPPED`; raises `ModelError` where it is not what its card says."""
    return unpacked(models.load(MODELS, NAME).path(f"{name}.npz"))
