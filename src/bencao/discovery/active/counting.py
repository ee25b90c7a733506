"""Count by audits how much of the best of a library has been found, with a bound that rests on no surrogate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from bencao.discovery.active.audit import Audit
from bencao.discovery.active.recovery import estimated_recovery

Numbers = NDArray[np.float64]

# One-sided, of the lower bound.
CONFIDENCE = 0.9


@dataclass(frozen=True)
class Recovery:
    """Share of the best that has been found.

    Attributes
    ----------
    estimate : float
    low : float
        At least so much, with a confidence of 90 %; 0 where no audit says anything.
    """

    estimate: float
    low: float


def audited_recovery(
    scores: Numbers,
    audits: Sequence[Audit],
    mean: Numbers,
    deviation: Numbers,
    count: int,
) -> Recovery:
    """Share of the best `count` that has been found, with a lower bound that does not rest on the surrogate.

    Of each score t, an audit says without bias how many molecules of the library reach it: those that were scored
    before, and each drawn one divided by its probability (Horvitz and Thompson, J. Am. Stat. Assoc. 1952, 47, 663).
    The audits are averaged by their expected precision. The upper end of that number is a score interval (Wilson, J.
    Am. Stat. Assoc. 1927, 22, 209) whose variance goes with the hits that were drawn and, as one hit more, with what
    the design leads to expect; so it also holds where no hit was drawn. Where the upper end is `count`, at most so few
    molecules reach t: what was found at t is the lower bound of what was found of the best.

    The estimate weighs the same count with the surrogate's own, which is held to err by all that is missed.

    Parameters
    ----------
    scores : ndarray of float, shape (scored molecules,)
        In the order of scoring, not finite where it failed.
    audits : sequence of Audit
    mean, deviation : ndarray of float, shape (molecules not scored,)
        Of the predicted scores; the deviations as far as they are trusted.
    count : int

    Returns
    -------
    Recovery
    """
    if not len(mean):
        return Recovery(1.0, 1.0)
    found = np.sort(scores[np.isfinite(scores)])
    levels = np.unique(found)
    reached = np.searchsorted(found, levels, side="right").astype(np.float64)
    if not audits:
        return Recovery(estimated_recovery(found, mean, deviation, count), 0.0)
    audited = _Audited.of(scores, audits, levels, reached, count)
    low = _recovered(audited.highest(), reached, count)
    return Recovery(max(low, _estimate(audited, levels, mean, deviation, count)), low)


@dataclass(frozen=True)
class _Audited:
    """By level of score: molecules scored, molecules of the library by the audits, and what their variance is made of.

    The variance of `total` is `burden` for each molecule beyond `known`, the mean over the audits of those that had
    been scored before them.
    """

    reached: Numbers
    total: Numbers
    known: Numbers
    burden: Numbers

    @classmethod
    def of(
        cls,
        scores: Numbers,
        audits: Sequence[Audit],
        levels: Numbers,
        reached: Numbers,
        count: int,
    ) -> _Audited:
        known = np.array([_below(scores[: one.before], np.ones(one.before), levels) for one in audits])
        drawn = [1 / one.drawn.probabilities for one in audits]
        hits = np.array([_below(one.scores, each, levels) for one, each in zip(audits, drawn, strict=True)])
        squares = np.array([_below(one.scores, each**2, levels) for one, each in zip(audits, drawn, strict=True)])
        burden = np.array([[max(one.drawn.burden, 1e-9)] for one in audits])
        weight = 1 / (burden * np.maximum(count - known, 1))
        weight /= weight.sum(axis=0)
        expected = (weight**2 * burden).sum(axis=0)
        of_hits = (expected**2 + (weight**2 * squares).sum(axis=0)) / (expected + (weight * hits).sum(axis=0))
        total = np.maximum((weight * (known + hits)).sum(axis=0), reached)
        return cls(reached, total, (weight * known).sum(axis=0), of_hits)

    def highest(self) -> Numbers:
        """Upper end of the molecules of the library at each level."""
        z = float(ndtri(CONFIDENCE))
        beyond, half = np.maximum(self.total - self.known, 0), z**2 * self.burden / 2
        return self.total + half + np.sqrt(z**2 * self.burden * beyond + half**2)


def _below(scores: Numbers, weights: Numbers, levels: Numbers) -> Numbers:
    """Sum of the weights of the scores at or below each level."""
    values = np.where(np.isfinite(scores), scores, np.inf)
    order = np.argsort(values, kind="stable")
    sums = np.concatenate([[0.0], np.cumsum(weights[order])])
    return np.asarray(sums[np.searchsorted(values[order], levels, side="right")])


def _estimate(
    audited: _Audited,
    levels: Numbers,
    mean: Numbers,
    deviation: Numbers,
    count: int,
) -> float:
    def total(level: int) -> float:
        missed = audited.total[level] - audited.reached[level]
        guess = float(ndtr((levels[level] - mean) / deviation).sum())
        most = max(audited.total[level] - audited.known[level], guess, 1.0)
        noise, doubt = max(audited.burden[level] * most, 1e-9), most**2
        return float(audited.reached[level] + (missed / noise + guess / doubt) / (1 / noise + 1 / doubt))

    first, last = -1, len(levels) - 1
    if total(last) < count:
        return float(audited.reached[last] / count)
    while last - first > 1:
        middle = (first + last) // 2
        first, last = (middle, last) if total(middle) < count else (first, middle)
    ends = [first, last] if first >= 0 else [last]
    return _recovered(np.array([total(end) for end in ends]), audited.reached[ends], count)


def _recovered(total: Numbers, reached: Numbers, count: int) -> float:
    """What was found where the total is `count`; ties at a level count in proportion."""
    rising = np.concatenate([[0.0], np.maximum.accumulate(total)])
    return float(min(1.0, np.interp(count, rising, np.concatenate([[0.0], reached])) / count))
