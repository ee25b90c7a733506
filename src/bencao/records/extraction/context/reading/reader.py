"""The small network that reads the tokens about findings: convolutions that halve the window down to the finding."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from bencao.records.extraction.context.reading.tokens import Vectors
from bencao.records.extraction.context.reading.window import SIDE, Window
from bencao.records.kept_vectors import KeptVectors

LENGTH = 2 * SIDE + 1  # tokens, the finding in the middle
LAYERS = 4  # 31 places become 15, 7, 3, 1
_EPSILON = np.float32(1e-5)  # of PyTorch's layer normalisation
Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Layer:
    """Every second place with its two neighbours, as one, with a residual and a normalisation.

    Attributes
    ----------
    weights : (3 h, h) float32
    bias, scale, shift : (h,) float32
    """

    weights: Array
    bias: Array
    scale: Array
    shift: Array

    def __call__(self, state: Array) -> Array:
        """State (n, 2 m + 1, h) to (n, m, h)."""
        many, length, width = state.shape
        triples = np.concatenate([state[:, :-2:2], state[:, 1:-1:2], state[:, 2::2]], axis=2).reshape(-1, 3 * width)
        new: Array = triples @ self.weights
        new += self.bias
        np.maximum(new, 0, out=new)
        new += triples[:, width : 2 * width]
        new -= new.mean(axis=1, keepdims=True)
        variance = np.einsum("ij,ij->i", new, new)[:, None] / np.float32(width)
        new *= self.scale / np.sqrt(variance + _EPSILON)
        new += self.shift
        return new.reshape(many, length // 2, width)


@dataclass(frozen=True)
class Batch:
    """Windows put side by side, `LENGTH` slots for each.

    Attributes
    ----------
    words : list of str
        Of all windows.
    slots, places, clauses : (words,) int
        Where each stands; how far from its finding, in which clause.
    marks : (words, kinds) float32
    findings : (windows,) int
        Slots of the findings.
    names : list of str
        Words of the findings.
    operations : (windows,) bool
    told : (windows,) int
        What the rules say of each finding.
    """

    words: list[str]
    slots: npt.NDArray[np.intp]
    places: npt.NDArray[np.intp]
    clauses: npt.NDArray[np.intp]
    marks: Array
    findings: npt.NDArray[np.intp]
    names: list[str]
    operations: npt.NDArray[np.bool_]
    told: npt.NDArray[np.intp]


def batch_of(windows: Sequence[Window], told: Sequence[int]) -> Batch:
    """Windows as readers take them, and what the rules say of each finding."""
    return Batch(
        [word for window in windows for word in window.words],
        np.concatenate(
            [np.arange(len(one.words)) + (number * LENGTH + SIDE - one.finding) for number, one in enumerate(windows)]
        ),
        np.concatenate([window.places for window in windows]),
        np.concatenate([window.clauses for window in windows]),
        np.concatenate([window.marks for window in windows]).astype(np.float32),
        np.arange(len(windows)) * LENGTH + SIDE,
        [window.words[window.finding] for window in windows],
        np.array([window.operation for window in windows]),
        np.asarray(told, np.intp),
    )


@dataclass(frozen=True)
class Reader:
    """Its weights.

    Attributes
    ----------
    vectors : Vectors
    known : dict of str to int
        Rows of `own`, from 1 on.
    own : (n, w) float32
        What a frequent word adds.
    static : (STATIC, w) float32
        Of what is known of a word wherever it stands.
    bias : (w,) float32
    places : (PLACES, w) float32
    clauses : (CLAUSES, w) float32
    marks : (kinds, w) float32
    finding : (1 + statuses, w) float32
        Added to the finding itself: that it is named like an operation, what the rules say of it.
    inward : (w, h) float32
    inward_bias : (h,) float32
    layers : tuple of Layer
    answer : (h + statuses, statuses) float32
    answer_bias : (statuses,) float32
    """

    vectors: Vectors
    known: dict[str, int]
    own: Array
    static: Array
    bias: Array
    places: Array
    clauses: Array
    marks: Array
    finding: Array
    inward: Array
    inward_bias: Array
    layers: tuple[Layer, ...]
    answer: Array
    answer_bias: Array
    seen: KeptVectors = field(compare=False)

    def _worked_out(self, words: Sequence[str]) -> Array:
        known = np.array([self.vectors.of(word) for word in words], np.float32)
        own = self.own[[self.known.get(word, 0) for word in words]]
        return np.asarray(known @ self.static + self.bias + own, np.float32)

    def answers(self, batch: Batch) -> Array:
        """Log odds of the statuses, up to a constant for each finding; shape (windows, statuses)."""
        many, width = len(batch.names), self.bias.shape[0]
        rows, inside = np.zeros((many * LENGTH, width), np.float32), np.zeros((many * LENGTH, 1), np.float32)
        filled = self.seen.of(batch.words, self._worked_out)
        filled += self.places[batch.places]
        filled += self.clauses[batch.clauses]
        filled += batch.marks @ self.marks
        rows[batch.slots], inside[batch.slots] = filled, 1
        rows[batch.findings] += self.own[0] - self.own[[self.known.get(name, 0) for name in batch.names]]
        rows[batch.findings] += self.finding[1 + batch.told]
        rows[batch.findings[batch.operations]] += self.finding[0]
        state = (np.maximum(rows @ self.inward + self.inward_bias, 0) * inside).reshape(many, LENGTH, -1)
        for layer in self.layers:
            state = layer(state)
        rule = np.eye(self.answer.shape[1], dtype=np.float32)[batch.told]
        return np.asarray(np.concatenate([state[:, 0], rule], axis=1) @ self.answer + self.answer_bias)


def reader_of(vectors: Vectors, words: Sequence[str], weights: dict[str, Array]) -> Reader:
    """A reader of given weights, for loading, training and tests."""
    layers = tuple(
        Layer(*(weights[f"{part}{number}"] for part in ("weights", "bias", "scale", "shift")))
        for number in range(LAYERS)
    )
    names = ("own", "static", "bias", "places", "clauses", "marks", "finding", "inward", "inward_bias")
    return Reader(
        vectors,
        {word: row for row, word in enumerate(words, 1)},
        **{name: weights[name] for name in names},
        layers=layers,
        answer=weights["answer"],
        answer_bias=weights["answer_bias"],
        seen=KeptVectors(weights["bias"].shape[0]),
    )
