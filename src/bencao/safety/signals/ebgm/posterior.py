"""Scores of MGPS: the geometric mean and the quantiles of each pair's posterior reporting ratio."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import digamma, expit, gammainc, gammaincinv

from bencao.safety.signals.ebgm.likelihood import Floats, log_negative_binomial
from bencao.safety.signals.ebgm.prior import Prior

_STEPS = 200
_CLOSE = 1e-13  # relative width at which a quantile is found


def posterior_weight(prior: Prior, n: npt.ArrayLike, expected: npt.ArrayLike) -> Floats:
    """Probability that a pair's ratio comes from the first component, given its count (DuMouchel 1999, eq. 6).

    Parameters
    ----------
    prior : Prior
    n, expected : array-like, shape (pairs,)

    Returns
    -------
    ndarray, shape (pairs,)
    """
    counts, means = np.asarray(n, float), np.asarray(expected, float)
    first = log_negative_binomial(prior.alpha1, prior.beta1, counts, means) + np.log(prior.weight)
    second = log_negative_binomial(prior.alpha2, prior.beta2, counts, means) + np.log1p(-prior.weight)
    return np.asarray(expit(first - second))


def ebgm(prior: Prior, n: npt.ArrayLike, expected: npt.ArrayLike) -> Floats:
    """Empirical Bayes geometric mean: 2 to the posterior mean of log2 of the ratio (DuMouchel 1999, eq. 9 to 11).

    Parameters
    ----------
    prior : Prior
    n, expected : array-like, shape (pairs,)

    Returns
    -------
    ndarray, shape (pairs,)

    Examples
    --------
    With one gamma component of shape and rate 1, a count of 3 where 1 is expected has the posterior gamma(4, 2), and
    the mean of its logarithm is digamma(4) - log 2:

    >>> round(float(ebgm(Prior(1.0, 1.0, 1.0, 1.0, 0.5), [3.0], [1.0])[0]), 6)
    1.755881
    """
    counts, means = np.asarray(n, float), np.asarray(expected, float)
    share = posterior_weight(prior, counts, means)
    first = digamma(prior.alpha1 + counts) - np.log(prior.beta1 + means)
    second = digamma(prior.alpha2 + counts) - np.log(prior.beta2 + means)
    return np.asarray(np.exp(share * first + (1.0 - share) * second))


def quantile(prior: Prior, n: npt.ArrayLike, expected: npt.ArrayLike, probability: float) -> Floats:
    """Quantile of the posterior ratio, such as EB05 at 0.05, not rounded.

    Parameters
    ----------
    prior : Prior
    n, expected : array-like, shape (pairs,)
    probability : float
        Between 0 and 1.

    Returns
    -------
    ndarray, shape (pairs,)
    """
    pairs = np.column_stack([np.asarray(n, float), np.asarray(expected, float)])
    unique, inverse = np.unique(pairs, axis=0, return_inverse=True)
    counts, means = unique[:, 0], unique[:, 1]
    share = posterior_weight(prior, counts, means)
    shape1, rate1 = prior.alpha1 + counts, prior.beta1 + means
    shape2, rate2 = prior.alpha2 + counts, prior.beta2 + means
    # The quantile of a mixture lies between those of its components.
    one = gammaincinv(shape1, probability) / rate1
    other = gammaincinv(shape2, probability) / rate2
    low, high = np.minimum(one, other), np.maximum(one, other)
    for _ in range(_STEPS):
        if np.all(high - low <= _CLOSE * high):
            break
        middle = 0.5 * (low + high)
        below = share * gammainc(shape1, rate1 * middle) + (1.0 - share) * gammainc(shape2, rate2 * middle)
        under = below < probability
        low, high = np.where(under, middle, low), np.where(under, high, middle)
    return np.asarray(0.5 * (low + high))[inverse.ravel()]
