"""Vectors of tokens, each worked out once: most tokens of a hospital's notes come again."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

_MOST = 200_000


class KeptVectors:
    """A table of vectors that grows with the tokens that are asked for, and starts anew where there are too many.

    Parameters
    ----------
    width : int
        Of a vector.
    """

    def __init__(self, width: int) -> None:
        self._rows: dict[str, int] = {}
        self._vectors = np.zeros((0, width), np.float32)

    def of(
        self, words: Sequence[str], work_out: Callable[[list[str]], npt.NDArray[np.float32]]
    ) -> npt.NDArray[np.float32]:
        """Vectors of tokens, shape (n, width).

        Parameters
        ----------
        words : sequence of str
        work_out : callable
            Of tokens that are new, their vectors; the same at every call.
        """
        rows = self._rows
        if len(rows) > _MOST:
            rows.clear()
        new = [word for word in dict.fromkeys(words) if word not in rows]
        if new:
            for number, word in enumerate(new, len(rows)):
                rows[word] = number
            if len(rows) > len(self._vectors):
                more = np.zeros((2 * len(rows), self._vectors.shape[1]), np.float32)
                more[: len(self._vectors)] = self._vectors
                self._vectors = more
            self._vectors[len(rows) - len(new) : len(rows)] = work_out(new)
        return self._vectors[[rows[word] for word in words]]
