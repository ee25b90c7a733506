"""Names ranked for a term without training: cosines of runs of characters, to names and to decided terms."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from bencao.records.normalisation.ranking.phrases import folded, grams
from bencao.records.normalisation.ranking.vectors import View, fit_view

_BLOCK = 250
_KEPT = 10
_SHARES = (0.3, 0.7)
# Intercept, cosine, lead over the second: a logistic fit on 3,801 surgery phrases that no ranker had been trained for.
_CHANCE = (-3.45, 5.04, 5.40)
_EMPTY = re.compile(r"未特指的?|其他的?|两侧|双侧|左侧|右侧|单侧|unspecified|other|[左右的性,，、()\[\]<>;:：；.\-]")


def essential(term: str) -> str:
    """A term without its sides, its marks and the words that say nothing of the disease."""
    text = folded(term)
    return _EMPTY.sub("", text) or text


def _plain(term: str) -> Counter[str]:
    return grams(folded(term))


def _essential(term: str) -> Counter[str]:
    return grams(essential(term))


@dataclass(frozen=True)
class Similarity:
    """Names, and terms that were given them.

    Attributes
    ----------
    names : tuple of str
    aliases : tuple of (str, int)
        Decided terms with the place of their name.
    """

    names: tuple[str, ...]
    aliases: tuple[tuple[str, int], ...] = ()

    @cached_property
    def _views(self) -> tuple[View, ...]:
        return tuple(fit_view(marks, self._texts) for marks in (_plain, _essential))

    @property
    def _texts(self) -> list[str]:
        return [*self.names, *(term for term, _ in self.aliases)]

    @cached_property
    def _vectors(self) -> tuple[sparse.csr_matrix, ...]:
        return tuple(view.vectors(self._texts).T.tocsr() for view in self._views)

    def rank(self, terms: Sequence[str]) -> Iterator[list[tuple[int, float]]]:
        """Places of the most similar names of each term, each with the probability that it is meant."""
        for start in range(0, len(terms), _BLOCK):
            for cosines in self.cosines(terms[start : start + _BLOCK]):
                yield _ranked(cosines)

    def cosines(self, terms: Sequence[str]) -> NDArray[np.float32]:
        """Cosine of each term with each name or, where that is nearer, one of its aliases, shape (terms, names)."""
        pairs = zip(_SHARES, self._views, self._vectors, strict=True)
        whole = sum(np.float32(share) * (view.vectors(terms) @ own).toarray() for share, view, own in pairs)
        found = np.asarray(whole[:, : len(self.names)], dtype=np.float32)
        for place, (_, name) in enumerate(self.aliases, start=len(self.names)):
            found[:, name] = np.maximum(found[:, name], whole[:, place])
        return found


def chance_of(cosine: float, lead: float) -> float:
    """Probability that the nearest name is meant, by its cosine and its lead over the second."""
    one, other, third = _CHANCE
    return float(1 / (1 + np.exp(-(one + other * cosine + third * lead))))


def _ranked(cosines: NDArray[np.float32]) -> list[tuple[int, float]]:
    order = np.argsort(-cosines, kind="stable")[:_KEPT]
    best = cosines[order]
    if not len(best) or best[0] <= 0:
        return []
    top = chance_of(float(best[0]), float(best[0] - best[1]) if len(best) > 1 else float(best[0]))
    rest = np.exp(12 * (best[1:] - best[0]))  # what is left goes to the others by how near they come
    shares = (1 - top) * rest / (1 + rest.sum())
    return [(int(place), float(chance)) for place, chance in zip(order, (top, *np.minimum(shares, top)), strict=True)]
