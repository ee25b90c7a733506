"""Boosted regression trees as arrays, so that a fitted model is a few small tables and needs NumPy alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class Forest:
    """Sums of trees, one sum an output.

    Attributes
    ----------
    feature : ndarray of uint8, shape (nodes,)
        Column that a node asks for; nodes of a tree stand together.
    threshold : ndarray of float32, shape (nodes,)
        A molecule goes left where its value is at most that.
    left, right : ndarray of uint8, shape (nodes,)
        Next node, counted from the tree's root; a leaf's is the leaf.
    value : ndarray of float32, shape (nodes,)
        What a leaf adds.
    root : ndarray of int32, shape (trees,)
    first : ndarray of int32, shape (outputs,)
        First tree of each output; those of an output stand together.
    start : ndarray of float64, shape (outputs,)
        What each sum begins with.
    """

    feature: NDArray[np.uint8]
    threshold: NDArray[np.float32]
    left: NDArray[np.uint8]
    right: NDArray[np.uint8]
    value: NDArray[np.float32]
    root: NDArray[np.int32]
    first: NDArray[np.int32]
    start: NDArray[np.float64]

    def outputs(self, table: NDArray[np.float32]) -> NDArray[np.float64]:
        """The sums for each molecule.

        Parameters
        ----------
        table : ndarray of float32, shape (molecules, columns)

        Returns
        -------
        ndarray of float64, shape (molecules, outputs)
        """
        found = np.empty((len(table), len(self.start)))
        for place, row in enumerate(table):
            below = np.zeros(len(self.root), dtype=np.uint8)
            while True:
                node = self.root + below
                low = row[self.feature[node]] <= self.threshold[node]
                after = np.where(low, self.left[node], self.right[node])
                if np.array_equal(after, below):
                    break
                below = after
            found[place] = np.add.reduceat(self.value[node].astype(np.float64), self.first)
        return found + self.start

    def arrays(self, prefix: str) -> dict[str, NDArray[np.generic]]:
        """Its arrays by name, for a file."""
        return {f"{prefix}{one.name}": getattr(self, one.name) for one in fields(self)}

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[np.generic]], prefix: str) -> Forest:
        """The forest whose arrays a file holds; raises `KeyError` where it lacks one."""
        return cls(**{one.name: arrays[f"{prefix}{one.name}"] for one in fields(cls)})  # type: ignore[arg-type]
