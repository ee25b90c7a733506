"""From scores of tags to spans, each with the probability that it is there exactly.

A linear-chain conditional random field (Lafferty et al. 2001), summed over all ways that have a span."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from bencao.safety.intake.extraction.tagging import BEGIN, INSIDE, MAY_FOLLOW, MAY_START, OUTSIDE, spans_of

Array = npt.NDArray[np.float64]
Words = tuple[tuple[int, int], ...]
# Low enough that no barred way is ever taken, and no infinity to spoil sums.
BARRED = -1e4
_FIRST = np.where(np.array(MAY_START), 0.0, BARRED)
_NEXT = np.where(np.array(MAY_FOLLOW), 0.0, BARRED)


def best_tags(scores: npt.NDArray[np.floating], moves: npt.NDArray[np.floating]) -> npt.NDArray[np.intp]:
    """Best tags of every role.

    Parameters
    ----------
    scores : array, shape (words, roles, tags)
    moves : array, shape (roles, tags, tags)
        Score of each tag (last axis) after each other.

    Returns
    -------
    array of int, shape (words, roles)
    """
    allowed = moves + _NEXT
    best = scores[0] + _FIRST
    back = []
    for row in scores[1:]:
        ways = best[:, :, None] + allowed
        back.append(ways.argmax(1))
        best = ways.max(1) + row
    tags = [best.argmax(1)]
    for step in reversed(back):
        tags.append(np.take_along_axis(step, tags[-1][:, None], 1)[:, 0])
    return np.array(tags[::-1])


def spans_with_probability(
    scores: npt.NDArray[np.floating], moves: npt.NDArray[np.floating], least: float
) -> list[list[tuple[Words, float]]]:
    """Spans of every role that do not overlap within it, the most probable first.

    The best way through the layer is not what makes F1 largest: a span is taken where its own probability is high
    enough. Every span of one piece is weighed; of those of several pieces only the ones on the best way.

    Parameters
    ----------
    scores, moves
        As `best_tags`.
    least : float
        Probability that a span must have.

    Returns
    -------
    list of list of (tuple of (int, int), float)
        For each role its spans: first word and the word after the last, of each piece, with the probability.
    """
    weights: Array = scores.astype(np.float64)
    allowed: Array = moves.astype(np.float64) + _NEXT
    forward, total = _forward(weights, allowed)
    ending = _ending(weights, allowed, _backward(weights, allowed))
    single = np.exp(_single(weights, allowed, forward, ending) - total[:, None, None])
    tags = best_tags(scores, moves)
    chosen = []
    for role in range(scores.shape[1]):
        found: list[tuple[Words, float]] = [
            (((int(start), int(stop) + 1),), float(single[role, start, stop]))
            for start, stop in np.argwhere(single[role] >= least)
        ]
        found += [
            (span, float(np.exp(weight - total[role])))
            for span, weight in _apart(
                tags[:, role], weights[:, role], allowed[role], forward[:, role], ending[:, role]
            )
        ]
        chosen.append(_apart_from_each_other([one for one in found if one[1] >= least]))
    return chosen


def _forward(scores: Array, allowed: Array) -> tuple[Array, Array]:
    """Weight of all ways up to each word, (words, roles, tags), and of all ways, (roles,); logarithms all."""
    rows = [scores[0] + _FIRST]
    for row in scores[1:]:
        rows.append(np.logaddexp.reduce(rows[-1][:, :, None] + allowed, axis=1) + row)
    return np.array(rows), np.logaddexp.reduce(rows[-1], axis=1)


def _backward(scores: Array, allowed: Array) -> Array:
    """Weight of all ways after each word, (words, roles, tags)."""
    rows = [np.zeros_like(scores[0])]
    for row in scores[:0:-1]:
        rows.append(np.logaddexp.reduce(allowed + (row + rows[-1])[:, None, :], axis=2))
    return np.array(rows[::-1])


def _ending(scores: Array, allowed: Array, backward: Array) -> Array:
    """Weight of the ways after each word on which the span that ends there gets no more pieces, (words, roles, tags).

    The next word is outside, and then no piece is added before another span begins; or another span begins at once.
    """
    rows = [np.zeros_like(scores[0])]
    for place in range(len(scores) - 1, 0, -1):
        outside = allowed[:, :, OUTSIDE] + (scores[place, :, OUTSIDE] + rows[-1][:, OUTSIDE])[:, None]
        begins = allowed[:, :, BEGIN] + (scores[place, :, BEGIN] + backward[place, :, BEGIN])[:, None]
        rows.append(np.logaddexp(outside, begins))
    return np.array(rows[::-1])


def _single(scores: Array, allowed: Array, forward: Array, ending: Array) -> Array:
    """Weight of the ways that have a span of one piece from word to word, (roles, words, words)."""
    words, roles, _ = scores.shape
    begin = forward[:, :, BEGIN].T
    weights = np.full((roles, words, words), -np.inf)
    weights[:, range(words), range(words)] = begin + ending[:, :, BEGIN].T
    # Words inside, summed from the start of the sentence: a stretch is a difference of two sums.
    inside = np.cumsum(scores[:, :, INSIDE] + allowed[:, INSIDE, INSIDE], axis=0).T
    entry = begin + (allowed[:, BEGIN, INSIDE] - allowed[:, INSIDE, INSIDE])[:, None]
    stretch = entry[:, :, None] + inside[:, None, :] - inside[:, :, None] + ending[:, :, INSIDE].T[:, None, :]
    longer = np.triu(np.ones((words, words), dtype=bool), 1)
    weights[:, longer] = stretch[:, longer]
    return weights


def _apart(
    tags: npt.NDArray[np.intp], scores: Array, allowed: Array, forward: Array, ending: Array
) -> list[tuple[Words, float]]:
    """Spans of several pieces on the best way of one role, with the weight of the ways that have them."""
    places = [(place, place + 1) for place in range(len(tags))]
    found = []
    for span in spans_of(places, tags.tolist()):
        if len(span) > 1:
            start, stop = span[0][0], span[-1][1]
            steps = range(start + 1, stop)
            inside = sum(float(allowed[tags[place - 1], tags[place]] + scores[place, tags[place]]) for place in steps)
            found.append((span, float(forward[start, BEGIN] + inside + ending[stop - 1, tags[stop - 1]])))
    return found


def _apart_from_each_other(found: Sequence[tuple[Words, float]]) -> list[tuple[Words, float]]:
    taken: set[int] = set()
    kept = []
    for span, probability in sorted(found, key=lambda one: (-one[1], one[0])):
        words = {word for start, stop in span for word in range(start, stop)}
        if not words & taken:
            taken |= words
            kept.append((span, probability))
    return kept
