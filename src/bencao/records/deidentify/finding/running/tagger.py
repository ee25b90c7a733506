"""The small network that says of each token of a text in which class of identifier it stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from bencao.kernel.models import load
from bencao.records.deidentify.finding.lexicon import MODELS
from bencao.records.deidentify.finding.running.tokens import CLASSES, Tokens, features
from bencao.records.kept_vectors import KeptVectors

DILATIONS = (1, 2, 4, 8)
_GAP = max(DILATIONS)  # rows of nothing between texts, so that none sees another
_AT_ONCE = 2048  # rows: more leave the core's cache
_EPSILON = 1e-5  # of PyTorch's layer normalisation

Array = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Layer:
    """A dilated convolution over three tokens with a residual and a normalisation.

    Attributes
    ----------
    weights : (3, h, h) float32
    bias, scale, shift : (h,) float32
    """

    weights: Array
    bias: Array
    scale: Array
    shift: Array

    def __call__(self, rows: Array, inside: Array, dilation: int) -> Array:
        """Rows (n, h) of tokens; `inside` (n, 1) is 0 where there is none."""
        many, width = rows.shape
        around = np.zeros((many, 3 * width), np.float32)
        around[dilation:, :width] = rows[:-dilation]
        around[:, width : 2 * width] = rows
        around[:-dilation, 2 * width :] = rows[dilation:]
        new: Array = around @ self.weights.reshape(3 * width, width)
        new += self.bias
        np.maximum(new, 0, out=new)
        new += rows
        new -= (new @ np.full(width, 1 / width, np.float32))[:, None]
        variance = np.einsum("ij,ij->i", new, new)[:, None] / np.float32(width)
        new *= inside / np.sqrt(variance + np.float32(_EPSILON))
        new *= self.scale
        new += self.shift * inside
        return new


@dataclass(frozen=True)
class Tagger:
    """Its weights.

    Attributes
    ----------
    known : dict of str to int
        Rows of `own` by word or character.
    own : (v, w) float32
    flags : (FLAGS, w) float32
    trigrams : (TRIGRAMS, w) float32
    context : (CONTEXT, w) float32
    found : (c, w) float32
    bias : (w,) float32
    inward : (w, h) float32
    inward_bias : (h,) float32
    layers : tuple of Layer
    answer : (h, c) float32
    answer_bias : (c,) float32
    """

    known: dict[str, int]
    own: Array
    flags: Array
    trigrams: Array
    context: Array
    found: Array
    bias: Array
    inward: Array
    inward_bias: Array
    layers: tuple[Layer, ...]
    answer: Array
    answer_bias: Array
    seen: KeptVectors

    def vectors(self, words: Sequence[str]) -> Array:
        """Tokens as numbers, shape (n, w); each kept once worked out."""
        return self.seen.of(words, self._worked_out)

    def _worked_out(self, words: Sequence[str]) -> Array:
        return np.array([self._vector(word) for word in words], np.float32)

    def _vector(self, word: str) -> Array:
        flags, row, trigrams = features(word, self.known)
        found = self.bias + np.array(flags, np.float32) @ self.flags + self.own[row]
        if trigrams:
            found += self.trigrams[trigrams].mean(axis=0)
        return np.asarray(found, np.float32)

    def probabilities_of_each(self, texts: Sequence[Tokens]) -> list[Array]:
        """Probabilities of `CLASSES` of the tokens of several texts.

        Parameters
        ----------
        texts : sequence of Tokens

        Returns
        -------
        list of (n, c) float32
        """
        width = self.flags.shape[1]
        gap = np.zeros((_GAP, width), np.float32)
        parts, starts, length = [gap], [], _GAP
        for text in texts:
            rows = self.vectors(text.words) if text.words else gap[:0]
            parts += [rows + text.context @ self.context + self.found[text.found], gap]
            starts.append(length)
            length += len(rows) + _GAP
        inside = np.zeros((length, 1), np.float32)
        for text, start in zip(texts, starts, strict=True):
            inside[start : start + len(text.words)] = 1
        answers = self._answers(np.concatenate(parts), inside)
        return [answers[start : start + len(text.words)] for text, start in zip(texts, starts, strict=True)]

    def _answers(self, rows: Array, inside: Array) -> Array:
        """Class probabilities of rows, some thousand at once with what they see on either side."""
        reach = sum(DILATIONS)
        answers = np.zeros((len(rows), len(CLASSES)), np.float32)
        for first in range(0, len(rows), _AT_ONCE):
            begin, last = max(0, first - reach), min(len(rows), first + _AT_ONCE)
            end = min(len(rows), last + reach)
            there = inside[begin:end]
            state = np.maximum(rows[begin:end] @ self.inward + self.inward_bias, 0) * there
            for layer, dilation in zip(self.layers, DILATIONS, strict=True):
                state = layer(state, there, dilation)
            logits = state[first - begin : last - begin] @ self.answer + self.answer_bias
            logits -= logits.max(axis=1, keepdims=True)
            np.exp(logits, out=logits)
            answers[first:last] = logits / logits.sum(axis=1, keepdims=True)
        return answers


@cache
def tagger() -> Tagger:
    """The model of the package, loaded once.

    Raises
    ------
    ModelError
        Where it is absent or altered.
    """
    model = load(MODELS, "running")
    with np.load(model.path("running.npz"), allow_pickle=False) as file:
        raw = {name: file[name] for name in file.files}
    weights = {
        name: value.astype(np.float32) * raw[f"{name}_scale"].astype(np.float32)
        if value.dtype == np.int8
        else value.astype(np.float32)
        for name, value in raw.items()
        if name != "words"
    }
    return tagger_of(str(raw["words"]).split(" "), weights)


def tagger_of(words: Sequence[str], weights: dict[str, Array]) -> Tagger:
    """A tagger of given weights, for training and tests."""
    layers = tuple(
        Layer(*(weights[f"{part}{number}"] for part in ("weights", "bias", "scale", "shift")))
        for number in range(len(DILATIONS))
    )
    names = ("own", "flags", "trigrams", "context", "found", "bias", "inward", "inward_bias")
    return Tagger(
        known={word: row for row, word in enumerate(words, 1)},
        **{name: weights[name] for name in names},
        layers=layers,
        answer=weights["answer"],
        answer_bias=weights["answer_bias"],
        seen=KeptVectors(weights["flags"].shape[1]),
    )
