"""When a pair's reporting changed: one change-point in counts of periods, with its p value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Change:
    """The likeliest change of a ratio of reports to those expected.

    Attributes
    ----------
    at : int
        Number of the first period after it; 0 where no change is more likely than none.
    before, after : float
        Reports over those expected, on either side.
    llr : float
        Log likelihood ratio against no change.
    p : float
        Chance of so large a ratio, wherever the change is put, if there is none.
    """

    at: int
    before: float
    after: float
    llr: float
    p: float


def change_point(
    n: npt.ArrayLike, expected: npt.ArrayLike, *, draws: int = 999, seed: int | Sequence[int] = 0
) -> Change:
    """Find the period from which on a pair is reported at another ratio than before.

    Parameters
    ----------
    n, expected : array-like, shape (periods,)
        Counts, and counts expected.
    draws : int
        Series drawn without a change.
    seed : int, or several

    Returns
    -------
    Change

    Notes
    -----
    Given how many there are in all, counts without a change are a multinomial draw with the shares of what was
    expected: the test needs no estimate and holds for small counts. The largest ratio over all places is compared, so
    that p is right for looking at each of them.
    """
    counts, mean = np.asarray(n, float), np.asarray(expected, float)
    total = counts.sum()
    if len(counts) < 2 or not total or not (mean > 0).sum() > 1:
        ratio = float(total / mean.sum()) if mean.sum() else float("nan")
        return Change(0, ratio, ratio, 0.0, 1.0)
    share = mean / mean.sum()
    ratios = _ratios(counts, share)
    at = int(np.argmax(ratios))
    if ratios[at] <= 0:
        ratio = float(total / mean.sum())
        return Change(0, ratio, ratio, 0.0, 1.0)
    random = np.random.default_rng(seed)
    drawn = _ratios(random.multinomial(int(total), share, size=draws).astype(float), share).max(axis=1)
    reached = int((drawn >= ratios[at] * (1 - 1e-12)).sum())
    before = float(counts[: at + 1].sum() / mean[: at + 1].sum())
    after = float(counts[at + 1 :].sum() / mean[at + 1 :].sum())
    return Change(at + 1, before, after, float(ratios[at]), (1 + reached) / (1 + draws))


def _ratios(counts: Floats, share: Floats) -> Floats:
    """Log likelihood ratio of a change after each period but the last, shape (..., periods - 1)."""
    total = counts.sum(axis=-1, keepdims=True)
    early = np.cumsum(counts, axis=-1)[..., :-1]
    portion = np.cumsum(share)[:-1]
    inside = (portion > 0) & (portion < 1 - 1e-12)
    with np.errstate(divide="ignore", invalid="ignore"):
        left = np.where(early > 0, early * np.log(early / (total * portion)), 0.0)
        late = total - early
        right = np.where(late > 0, late * np.log(late / (total * (1 - portion))), 0.0)
    return np.where(inside, left + right, 0.0)
