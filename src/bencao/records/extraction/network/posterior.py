"""The entities of a chain of tags that are more probable than not, by forward and backward sums."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bencao.records.extraction.entity import Span

LEAST = 0.5  # entities that exclude each other cannot both be more probable

Array = NDArray[np.float64]


def likely_spans(
    scores: NDArray[np.float32],
    lengths: NDArray[np.int64],
    transitions: NDArray[np.float32],
    first: NDArray[np.float32],
    last: NDArray[np.float32],
    labels: Sequence[str],
) -> list[list[Span]]:
    """Entities whose probability under the chain is above `LEAST`: both ends and the label together.

    The most probable sequence as a whole is another answer: where two long entities compete, it takes one of two that
    are each improbable. Sums by Rabiner, Proc IEEE 1989;77:257, scaled at each step.

    Parameters
    ----------
    scores : ndarray of float32, shape (pieces, length, tags)
        Tags in the order of `tags.tags_of`.
    lengths : ndarray of int64, shape (pieces,)
        Characters of each piece, one or more; the rest is padding.
    transitions : ndarray of float32, shape (tags, tags)
    first, last : ndarray of float32, shape (tags,)
    labels : sequence of str

    Returns
    -------
    list of list of Span
        Of each piece, in order.
    """
    weights = np.exp(scores.astype(np.float64) - scores.max(axis=2, keepdims=True))
    onward, starts, ends = (np.exp(part.astype(np.float64)) for part in (transitions, first, last))
    before, totals = _forward(weights, lengths, onward, starts)
    after = _backward(weights, lengths, onward, ends, before, totals)
    steps = weights / totals[:, :, None]
    return [
        _spans(before[row, :length], after[row, :length], steps[row, :length], onward, labels)
        for row, length in enumerate(lengths.tolist())
    ]


def _forward(weights: Array, lengths: NDArray[np.int64], onward: Array, starts: Array) -> tuple[Array, Array]:
    """Share of each tag given what stands before, and the sum that each step was divided by."""
    before, totals = np.zeros_like(weights), np.ones(weights.shape[:2])
    for step in range(weights.shape[1]):
        reached = weights[:, step] * (before[:, step - 1] @ onward if step else starts)
        inside = step < lengths
        totals[:, step] = np.where(inside, reached.sum(axis=1), 1)
        before[:, step] = reached / totals[:, step, None] * inside[:, None]
    return before, totals


def _backward(
    weights: Array, lengths: NDArray[np.int64], onward: Array, ends: Array, before: Array, totals: Array
) -> Array:
    """What each tag's share must be multiplied by, given what stands after."""
    after = np.zeros_like(weights)
    rows = np.arange(len(lengths))
    closing = ends / (before[rows, lengths - 1] @ ends)[:, None]
    back = onward.T
    for step in range(weights.shape[1] - 1, -1, -1):
        if step + 1 < weights.shape[1]:
            after[:, step] = (weights[:, step + 1] * after[:, step + 1] / totals[:, step + 1, None]) @ back
        after[:, step] = np.where((lengths == step + 1)[:, None], closing, after[:, step])
    return after


def _spans(before: Array, after: Array, steps: Array, onward: Array, labels: Sequence[str]) -> list[Span]:
    """Entities of one piece, by their beginnings."""
    shares = before * after
    found = []
    for place, tag in np.argwhere(shares > LEAST).tolist():
        label, part = divmod(tag - 1, 4)
        if tag == 0 or part in (1, 2):
            continue
        end = place + 1 if part == 3 else _end(place, tag, before, after, steps, onward)
        if end:
            found.append(Span(place, end, labels[label]))
    return found


def _end(place: int, begin: int, before: Array, after: Array, steps: Array, onward: Array) -> int:
    """Where the entity that begins here ends more probably than not; 0 where no end is."""
    reached, held = before[place, begin], begin
    for step in range(place + 1, len(before)):
        closes = reached * onward[held, begin + 2] * steps[step, begin + 2] * after[step, begin + 2]
        if closes > LEAST:
            return step + 1
        reached *= onward[held, begin + 1] * steps[step, begin + 1]
        held = begin + 1
        if reached * after[step, held] <= LEAST:
            break
    return 0
