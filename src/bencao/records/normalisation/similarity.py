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
_SILENT = frozenset(
    ["of", "the", "and", "with", "without", "unspecified", "other", "in", "to", "due", "by", "on", "or"]
)
_SHARES = (0.3, 0.7)
# Intercept, cosine, lead over the second: a logistic fit on 3,801 surgery phrases that no ranker had been trained for.
_CHANCE = (-3.45, 5.04, 5.40)
_EMPTY = re.compile(r"未特指的?|其他的?|两侧|双侧|左侧|右侧|单侧|unspecified|other|[左右的性,，、()\[\]<>;:：；.\-]")


# Words of the ward and of the classification for one thing; in both they become the second.
_MEANT = {
    **{"乳腺": "乳房", "脑梗塞": "脑梗死", "心梗": "心肌梗死", "心肌梗塞": "心肌梗死", "冠心病": "慢性缺血性心脏病"},
    **{"原发性高血压": "高血压", "特发性": "", "原发性": "", "胆石症": "胆结石", "胆囊结石": "胆结石", "食道": "食管"},
    **{"慢阻肺": "慢性阻塞性肺病", "肾衰竭": "肾衰", "肾功能衰竭": "肾衰", "心衰": "心力衰竭", "甲亢": "甲状腺毒症"},
    **{"糖尿病ii型": "2型糖尿病", "ii型糖尿病": "2型糖尿病", "非胰岛素依赖型糖尿病": "2型糖尿病", "癌": "恶性肿瘤"},
    **{"上感": "上呼吸道感染", "中风": "脑卒中", "房颤": "心房颤动", "子宫肌瘤": "子宫平滑肌瘤", "宫颈": "子宫颈"},
}
_WARD = re.compile("|".join(sorted(map(re.escape, _MEANT), key=len, reverse=True)))


def essential(term: str) -> str:
    """A term in the classification's words, without its sides, marks and words that say nothing of the disease."""
    text = _WARD.sub(lambda found: _MEANT[found[0]], folded(term).replace("子宫颈", "宫颈"))
    return _EMPTY.sub("", text) or text


def _plain(term: str) -> Counter[str]:
    return _marks(folded(term), term)


def _essential(term: str) -> Counter[str]:
    return _marks(essential(term), term)


def _marks(text: str, term: str) -> Counter[str]:
    """Runs of characters, and for a term in Latin letters its words and runs of three: single letters mean nothing."""
    if not term.isascii():
        return grams(text)
    words = [word for word in re.findall("[a-z0-9]+", term.lower()) if word not in _SILENT]
    runs = (f"^{word}$"[start : start + 3] for word in words for start in range(len(word)))
    return Counter([*(f"={word}" for word in words), *runs])


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
