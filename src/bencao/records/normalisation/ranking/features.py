"""Candidates of a phrase and the features by which they are ranked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process
from rapidfuzz.distance import LCSseq
from scipy import sparse

from bencao.records.normalisation.ranking.memory import Array, Memory, Names
from bencao.records.normalisation.ranking.phrases import (
    ATTRIBUTE_GROUP,
    attributes,
    canonical,
    plain,
    segments,
    sides,
    written_codes,
)
from bencao.records.normalisation.ranking.vectors import bucket

_BLOCK = 250  # queries at a time: bounds the memory to some tens of MB
_NEAREST = 40
_STRANGE = 8.0  # weight of a letter that no name has


@dataclass(frozen=True)
class Candidates:
    """What one phrase may mean.

    Attributes
    ----------
    answers : ndarray of int, shape (candidates,)
        Places in the memory's answers.
    features : ndarray of float32, shape (candidates, features)
    names : ndarray of float32, shape (names seen,)
        What the decided phrases say of each name among them.
    """

    answers: NDArray[np.int64]
    features: Array
    names: Array


@dataclass(frozen=True)
class Finder:
    """Finds candidates in a memory, with their features.

    Attributes
    ----------
    memory : Memory
    codes : tuple of tuple of str
        Codes of each name of the vocabulary.
    """

    memory: Memory
    codes: tuple[tuple[str, ...], ...]

    @cached_property
    def texts(self) -> list[str]:
        """Each answer as one text."""
        names = self.memory.names
        return [*names, *("、".join(names[one] for one in answer) for answer in self.memory.answers[len(names) :])]

    @cached_property
    def _canonical(self) -> list[str]:
        return [canonical(text) for text in self.texts]

    @cached_property
    def _vectors(self) -> tuple[sparse.csr_matrix, ...]:
        return tuple(view.vectors(self.texts).T.tocsr() for view in self.memory.views)

    @cached_property
    def seen(self) -> NDArray[np.int64]:
        """Names that a decided phrase was given."""
        return np.unique(self.memory.members.indices).astype(np.int64)

    @cached_property
    def _place(self) -> NDArray[np.int64]:
        place = np.full(len(self.memory.names), len(self.seen))
        place[self.seen] = np.arange(len(self.seen))
        return place

    @cached_property
    def _alike(self) -> Array:
        vectors = self._vectors[1]
        return np.asarray((vectors.T[self.seen] @ vectors).toarray(), dtype=np.float32)

    @cached_property
    def _seen_members(self) -> sparse.csr_matrix:
        return self.memory.members[:, self.seen]

    @cached_property
    def _decided(self) -> tuple[NDArray[np.int64], sparse.csr_matrix]:
        columns, inverse = np.unique(self.memory.decided, return_inverse=True)
        rows = np.arange(len(inverse))
        ones = np.ones(len(rows), dtype=np.float32)
        return columns, sparse.csr_matrix((ones, (rows, inverse)), shape=(len(rows), len(columns)))

    @cached_property
    def _groups(self) -> tuple[tuple[NDArray[np.int64], sparse.csr_matrix], ...]:
        """Of each name its subcategory and chapter, and which names seen are in which."""
        found = []
        for length in (4, 2):
            marks, place = np.unique([codes[-1][:length] for codes in self.codes], return_inverse=True)
            ones = np.ones(len(self.seen), dtype=np.float32)
            shape = (len(self.seen), len(marks))
            found.append((place, sparse.csr_matrix((ones, (np.arange(len(self.seen)), place[self.seen])), shape=shape)))
        return tuple(found)

    @cached_property
    def _letters(self) -> tuple[dict[str, int], Array, sparse.csr_matrix, Array]:
        view = self.memory.views[1]
        places = {letter: at for at, letter in enumerate(dict.fromkeys("".join(self._canonical)))}
        weights = view.weights[[bucket(letter) for letter in places]]
        matrix = _letters(self._canonical, places)
        return places, weights, matrix.T.tocsr(), np.asarray(matrix @ weights)

    @cached_property
    def _attributes(self) -> Array:
        return np.array([attributes(text) for text in self._canonical], dtype=np.float32)

    @cached_property
    def _own(self) -> Array:
        """Of each answer: length, names in it, side, "other" in it, how often its kind of code was meant."""
        names = len(self.memory.names)
        kinds = np.array([_kind(codes[-1]) for codes in self.codes])
        of_kind = np.bincount(kinds, minlength=7)
        meant = np.bincount(kinds, np.asarray(self.memory.members.sum(0)).ravel(), minlength=7)
        share = meant / np.maximum(of_kind, 1)
        side = [sides(text) for text in self.memory.names]
        rows = []
        for place, answer in enumerate(self.memory.answers):
            text = self.texts[place]
            side_of = side[place] if place < names else max(side[one] for one in answer)
            rows.append((len(self._canonical[place]), len(answer), side_of, "其他" in text, share[kinds[answer[0]]]))
        return np.array(rows, dtype=np.float32)

    @cached_property
    def _times(self) -> dict[Names, int]:
        return dict(Counter(self.memory.meant))

    @cached_property
    def _name_letters(self) -> list[frozenset[str]]:
        return [frozenset(text) for text in self._canonical[: len(self.memory.names)]]

    def times(self, answer: Names, own: int | None = None) -> int:
        """How many decided phrases were given this answer, the phrase `own` not counted."""
        return self._times.get(answer, 0) - (own is not None and self.memory.meant[own] == answer)

    def said(self, candidates: Candidates, name: int) -> float:
        """What the decided phrases say of a name for the phrase of these candidates."""
        place = self._place[name]
        return float(candidates.names[place]) if place < len(self.seen) else 0.0

    def letters_of(self, answer: Names) -> frozenset[str]:
        """Letters of an answer's canonical names."""
        return frozenset().union(*(self._name_letters[name] for name in answer))

    def attributes_of(self, answer: Names) -> Array:
        """Attributes that any of an answer's names has, as 0 or 1."""
        return np.asarray(self._attributes[list(answer)].max(0))

    def candidates(self, queries: Sequence[str], own: NDArray[np.int64] | None = None) -> Iterator[Candidates]:
        """Candidates of each query, in order; `own` as in `Memory.weights`."""
        for start in range(0, len(queries), _BLOCK):
            part = slice(start, start + _BLOCK)
            yield from self._block(queries[part], None if own is None else own[part])

    def _block(self, queries: Sequence[str], own: NDArray[np.int64] | None) -> Iterator[Candidates]:
        memory = self.memory
        views = [view.vectors(queries) for view in memory.views]
        weights, cosines = memory.weights(views, own)
        named = weights @ self._seen_members
        columns, decided = self._decided
        names = len(memory.names)
        scores = np.zeros((5, len(queries), len(memory.answers)), dtype=np.float32)
        scores[:3] = [(query @ own).toarray() for query, own in zip(views, self._vectors, strict=True)]
        scores[3] = named @ self._alike
        scores[4][:, columns] = weights @ decided
        groups = [np.asarray(named @ matrix) for _, matrix in self._groups]
        counts = np.bincount(memory.decided, minlength=len(memory.answers)).astype(np.float32)
        texts = [canonical(query) for query in queries]
        places, letters, of_answers, whole = self._letters
        matrix = _letters(texts, places)
        shared = (matrix.multiply(letters).tocsr() @ of_answers).toarray()
        for row, query in enumerate(queries):
            count = counts
            if own is not None:
                count = counts.copy()
                count[memory.decided[own[row]]] -= 1
            score = scores[:, row]
            score[:, names:][:, count[names:] <= 0] = -9
            nearest = _best(cosines[row], _NEAREST)
            chosen = self._choose(score, named[row])
            strange = sum(letter not in places for letter in set(texts[row]))
            own_letters = _STRANGE * strange + float(letters[matrix[row].indices].sum())
            parts = [
                score[:, chosen].T,
                self._by_names(chosen, named[row], [group[row] for group in groups], count),
                self._by_neighbours(chosen, memory.decided[nearest], cosines[row][nearest]),
                _overlap(shared[row][chosen], own_letters, whole[chosen]),
                self._by_text(chosen, query, texts[row]),
            ]
            features = np.hstack(parts).astype(np.float32)
            yield Candidates(chosen, np.hstack([features, _against(features)]), named[row])

    def _choose(self, score: Array, named: Array) -> NDArray[np.int64]:
        found = [_best(one, count) for one, count in zip(score, (12, 15, 8, 15, 15), strict=True)]
        return np.unique(np.concatenate([*found, self.seen[_best(named, 8)]]))

    def _by_names(self, chosen: NDArray[np.int64], named: Array, groups: list[Array], count: Array) -> Array:
        padded = np.append(named, np.float32(0))
        single = chosen[chosen < len(self.memory.names)]
        place = self._place[single]
        rows = np.empty((len(chosen), 7), dtype=np.float32)
        here = rows[: len(single)]
        here[:, 0] = here[:, 1] = padded[place]
        (fourth, _), (second, _) = self._groups
        here[:, 2] = here[:, 3] = groups[0][fourth[single]]
        here[:, 4] = groups[1][second[single]]
        here[:, 5] = here[:, 6] = np.log1p(count[single])
        for at, answer in enumerate(chosen[len(single) :], start=len(single)):
            members = np.array(self.memory.answers[answer])
            values, four = padded[self._place[members]], groups[0][fourth[members]]
            rows[at] = (
                *(values.min(), values.mean(), four.max(), four.min(), groups[1][second[members]].min()),
                *(np.log1p(count[answer]), np.log1p(count[members].sum())),
            )
        return rows

    def _by_neighbours(self, chosen: NDArray[np.int64], decided: NDArray[np.int64], cosines: Array) -> Array:
        same = decided[None, :] == chosen[:, None]
        weighed = np.where(same, cosines[None, :], 0)
        if not weighed.shape[1]:
            return np.zeros((len(chosen), 6), dtype=np.float32)
        ordered = -np.sort(-weighed, axis=1)
        second = ordered[:, 1] if ordered.shape[1] > 1 else np.zeros(len(chosen))
        closest = np.full(len(chosen), cosines[0])
        return np.column_stack(
            (ordered[:, 0], second, weighed.sum(1), same[:, :5].sum(1), same[:, :15].sum(1), closest)
        )

    def _by_text(self, chosen: NDArray[np.int64], query: str, text: str) -> Array:
        words = [self._canonical[one] for one in chosen]
        ratio = process.cdist([text], words, scorer=fuzz.ratio)[0]
        partial = process.cdist([text], words, scorer=fuzz.partial_ratio)[0]
        length = np.array([len(one) for one in words])
        common = process.cdist([text], words, scorer=LCSseq.similarity)[0] / np.maximum(length, 1)
        side = sides(query)
        own = self._own[chosen]
        folded = plain(query)
        same = [(text == word, folded == plain(self.texts[one])) for word, one in zip(words, chosen, strict=True)]
        quoted = written_codes(query)
        agrees = [self._quoted(one, quoted) for one in chosen] if quoted else np.zeros(len(chosen))
        constant = np.broadcast_to([len(text), len(segments(query)), bool(quoted)], (len(chosen), 3))
        left = np.column_stack((ratio, partial, common, same, agrees, own, 3 * side + own[:, 2], own[:, 2] == side))
        return np.hstack([left, constant, _agreement(attributes(text), self._attributes[chosen])])

    def _quoted(self, answer: int, quoted: tuple[str, ...]) -> float:
        codes = [code for name in self.memory.answers[answer] for code in self.codes[name]]
        return float(any(code.startswith(one) or one.startswith(code) for one in quoted for code in codes))


def _kind(code: str) -> int:
    if len(code) <= 4:
        return int(len(code) > 2)
    return 2 + code.endswith("00") + 2 * ("x" in code)


def _letters(texts: Sequence[str], places: dict[str, int]) -> sparse.csr_matrix:
    pairs = [(row, places[one]) for row, text in enumerate(texts) for one in sorted(set(text)) if one in places]
    rows, columns = np.array(pairs, dtype=np.int64).reshape(-1, 2).T
    ones = np.ones(len(rows), dtype=np.float32)
    return sparse.csr_matrix((ones, (rows, columns)), shape=(len(texts), len(places)))


def _best(scores: Array, count: int) -> NDArray[np.int64]:
    """Places of the highest scores, highest first; of equal ones the first."""
    if len(scores) > count:
        floor = -np.partition(-scores, count - 1)[count - 1]
        above = np.flatnonzero(scores >= floor)
    else:
        above = np.arange(len(scores))
    return above[np.argsort(-scores[above], kind="stable")][:count]


def _overlap(shared: Array, query: float, answer: Array) -> Array:
    return np.column_stack(
        (shared / max(query, 1e-6), shared / np.maximum(answer, 1e-6), query - shared, answer - shared)
    )


def _agreement(query: Array, answers: Array) -> Array:
    """By group of attributes: how many both have, only the query, only the answer."""
    groups = [np.flatnonzero(group == ATTRIBUTE_GROUP) for group in range(int(ATTRIBUTE_GROUP.max()) + 1)]
    columns = []
    for group in groups:
        one, other = query[group], answers[:, group]
        both = other @ one
        columns += [both, one.sum() - both, other.sum(1) - both]
    return np.column_stack(columns)


def _against(features: Array) -> Array:
    """How far each candidate is behind the best, and how many are before it."""
    columns = []
    for one in (*range(6), 8, 12, 14, 18, 19, 20, 21, 22, 23, 24):
        values = features[:, one]
        columns += [values - values.max(), (values[None, :] > values[:, None]).sum(1)]
    score = np.sort(features[:, 4])
    gap = score[-1] - score[-2] if len(score) > 1 else score[-1]
    return np.column_stack((*columns, np.full(len(features), gap))).astype(np.float32)
