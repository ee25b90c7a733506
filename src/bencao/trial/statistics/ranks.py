"""Tests by ranks: Wilcoxon's of two samples and of pairs, Kruskal and Wallis's of several samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import floor, sqrt

import numpy as np
from scipy.stats import chi2, norm, rankdata
from scipy.stats import t as student

from bencao.trial.errors import EstimationError
from bencao.trial.statistics.proportions import ChiSquare
from bencao.trial.statistics.samples import Floats, Integers, Sample, observed

# PROC UNIVARIATE counts all signs up to this many pairs, and takes a t distribution above.
_MOST_COUNTED_PAIRS = 20
# Cells of the table that counts all ways to draw one sample's ranks.
_MOST_CELLS = 200_000_000


@dataclass(frozen=True)
class RankSum:
    """Wilcoxon's test of two samples, as PROC NPAR1WAY gives it.

    Attributes
    ----------
    statistic : float
        Sum of the first sample's ranks, mid-ranks where values are tied.
    expected, standard_deviation : float
        Under equal distributions.
    z, p_value : float
        Normal approximation, with a continuity correction of one half; two-sided.
    exact_p_value : float or None
        Share of all ways to draw the first sample's ranks whose sum is as far from its expectation; None if not asked
        for.
    shift, lower, upper : float
        Hodges and Lehmann's estimate of first less second, with Moses's limits.
    """

    statistic: float
    expected: float
    standard_deviation: float
    z: float
    p_value: float
    exact_p_value: float | None
    shift: float
    lower: float
    upper: float


@dataclass(frozen=True)
class SignedRank:
    """Wilcoxon's test of pairs, as PROC UNIVARIATE gives it.

    Attributes
    ----------
    n : int
        Differences that are not zero.
    statistic : float
        Sum of the positive differences' ranks less its expectation, S.
    p_value : float
        Two-sided; by counting all signs up to 20 differences, by Student's t above.
    """

    n: int
    statistic: float
    p_value: float


def wilcoxon_rank_sum(first: Sample, second: Sample, confidence: float = 0.95, *, exact: bool = False) -> RankSum:
    """Test whether one of two samples tends to larger values.

    Parameters
    ----------
    first, second : numbers, missing ones left out
    confidence : float
        Of the shift's limits.
    exact : bool
        Count the exact p-value too, ties included.

    Returns
    -------
    RankSum

    Raises
    ------
    EstimationError
        A sample is empty, all values are equal, or the samples are too large to be counted.

    References
    ----------
    SAS/STAT User's Guide, PROC NPAR1WAY; Hollander and Wolfe, Nonparametric Statistical Methods (1999), section 4.3.
    """
    one, other = observed(first, "first"), observed(second, "second")
    if not len(one) or not len(other):
        raise EstimationError("a sample is empty")
    ranks = rankdata(np.concatenate([one, other]))
    n1, n2 = len(one), len(other)
    n = n1 + n2
    statistic, expected = float(ranks[:n1].sum()), n1 * (n + 1) / 2
    deviation = sqrt(n1 * n2 / (n * (n - 1)) * float(((ranks - (n + 1) / 2) ** 2).sum()))
    if deviation == 0:
        raise EstimationError("all values are equal")
    distance = statistic - expected
    z = np.sign(distance) * max(abs(distance) - 0.5, 0) / deviation
    differences = np.sort(np.subtract.outer(one, other).ravel())
    half = norm.ppf((1 + confidence) / 2) * sqrt(n1 * n2 * (n + 1) / 12)
    place = max(floor(n1 * n2 / 2 - half), 1)
    return RankSum(
        statistic,
        expected,
        deviation,
        float(z),
        2 * float(norm.sf(abs(z))),
        _exact_rank_sum(ranks, n1) if exact else None,
        float(np.median(differences)),
        float(differences[place - 1]),
        float(differences[n1 * n2 - place]),
    )


def _exact_rank_sum(ranks: Floats, size: int) -> float:
    doubled = np.rint(2 * ranks).astype(np.int64)  # mid-ranks are halves at most
    total = int(doubled.sum())
    if (size + 1) * (total + 1) > _MOST_CELLS:
        raise EstimationError("the samples are too large for an exact test", mend="use the normal approximation")
    ways = np.zeros((size + 1, total + 1))
    ways[0, 0] = 1
    for rank in doubled:
        ways[1:, rank:] += ways[:-1, : total + 1 - rank]
    expected = size * (len(ranks) + 1)
    distance = abs(int(doubled[:size].sum()) - expected)
    sums = np.arange(total + 1)
    return float(ways[size, np.abs(sums - expected) >= distance].sum() / ways[size].sum())


def wilcoxon_signed_rank(differences: Sample) -> SignedRank:
    """Test whether differences lie about zero.

    Parameters
    ----------
    differences : numbers
        Zeros are left out, as missing ones are.

    Returns
    -------
    SignedRank

    Raises
    ------
    EstimationError
        No difference is other than zero.

    References
    ----------
    Base SAS Procedures Guide, PROC UNIVARIATE, tests for location.
    """
    values = observed(differences, "differences")
    values = values[values != 0]
    n = len(values)
    if not n:
        raise EstimationError("no difference is other than zero")
    ranks = rankdata(np.abs(values))
    statistic = float(ranks[values > 0].sum()) - n * (n + 1) / 4
    if n <= _MOST_COUNTED_PAIRS:
        return SignedRank(n, statistic, _exact_signed_rank(np.rint(2 * ranks).astype(np.int64), statistic))
    _, tied = np.unique(ranks, return_counts=True)
    variance = n * (n + 1) * (2 * n + 1) / 24 - float((tied * (tied + 1) * (tied - 1)).sum()) / 48
    ratio = statistic * sqrt(n - 1) / sqrt(n * variance - statistic**2)
    return SignedRank(n, statistic, 2 * float(student.sf(abs(ratio), n - 1)))


def _exact_signed_rank(doubled: Integers, statistic: float) -> float:
    total = int(doubled.sum())
    ways = np.zeros(total + 1)
    ways[0] = 1
    for rank in doubled:
        ways[rank:] = ways[rank:] + np.r_[ways[: total + 1 - rank]]
    distance = np.abs(np.arange(total + 1) - total / 2)
    return float(ways[distance >= abs(2 * statistic) - 1e-9].sum() / ways.sum())


def kruskal_wallis(samples: Sequence[Sample]) -> ChiSquare:
    """Test whether several samples have the same distribution, with the correction for ties.

    Raises
    ------
    EstimationError
        Less than two samples hold a value, or all values are equal.
    """
    arrays = [values for values in (observed(sample) for sample in samples) if len(values)]
    if len(arrays) < 2:
        raise EstimationError("less than two samples hold a value")
    ranks = rankdata(np.concatenate(arrays))
    n = len(ranks)
    spread = float(((ranks - (n + 1) / 2) ** 2).sum()) / (n - 1)
    if spread == 0:
        raise EstimationError("all values are equal")
    parts = np.split(ranks, np.cumsum([len(array) for array in arrays])[:-1])
    statistic = sum(len(part) * (float(part.mean()) - (n + 1) / 2) ** 2 for part in parts) / spread
    df = len(arrays) - 1
    return ChiSquare(statistic, df, float(chi2.sf(statistic, df)))
