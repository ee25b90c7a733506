"""The marginal likelihood of counts under the prior of MGPS, with its gradient."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import digamma, gammaln, xlogy

from bencao.safety.signals.ebgm.prior import Prior

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Points:
    """Counts to fit: equal ones once, with their number.

    Attributes
    ----------
    n : ndarray, shape (points,)
        Counts.
    expected : ndarray, shape (points,)
        Expected counts, above 0.
    weights : ndarray, shape (points,)
        How many pairs a point stands for.
    counts : ndarray, shape (kinds,)
        The different counts, rising.
    kind : ndarray of int, shape (points,)
        Place of each point's count in `counts`: the gamma functions are computed once for each.
    truncated : bool
        Pairs that were never reported are absent, so each component is divided by its probability of one or more.
    """

    n: Floats
    expected: Floats
    weights: Floats
    counts: Floats
    kind: npt.NDArray[np.intp]
    truncated: bool


def gather(n: npt.ArrayLike, expected: npt.ArrayLike, weights: npt.ArrayLike | None, truncated: bool) -> Points:
    """Put equal points together; the likelihood stays the same."""
    pairs = np.column_stack([np.asarray(n, float), np.asarray(expected, float)])
    mass = np.ones(len(pairs)) if weights is None else np.asarray(weights, float)
    unique, inverse = np.unique(pairs, axis=0, return_inverse=True)
    counts, kind = np.unique(unique[:, 0], return_inverse=True)
    summed = np.bincount(inverse.ravel(), weights=mass, minlength=len(unique))
    return Points(unique[:, 0], unique[:, 1], summed.astype(float), counts, kind.ravel(), truncated)


def negative_log_likelihood(
    prior: Prior,
    n: npt.ArrayLike,
    expected: npt.ArrayLike,
    weights: npt.ArrayLike | None = None,
    *,
    truncated: bool = True,
) -> float:
    """Minus the log likelihood of counts, the quantity that `fit_prior` makes small.

    Parameters
    ----------
    prior : Prior
    n, expected : array-like, shape (pairs,)
        Counts and expected counts.
    weights : array-like, shape (pairs,), optional
        How many pairs each stands for; 1 where not given.
    truncated : bool
        Each component is a negative binomial cut below 1, divided by its own probability of 1 or more; else the
        pairs with a count of 0 are among those given.

    Returns
    -------
    float

    References
    ----------
    DuMouchel W, Pregibon D (2001). Empirical Bayes screening for multi-item associations. KDD '01, 67-76.

    Examples
    --------
    A count of 1 has the probability 1 where nothing but 1 can be, so a mixture of nearly no spread gives nearly 0:

    >>> tiny = Prior(1.0, 1e9, 1.0, 1e9, 0.5)
    >>> abs(round(negative_log_likelihood(tiny, [1.0], [1.0]), 6))
    0.0
    """
    return evaluate(prior, gather(n, expected, weights, truncated))[0]


def evaluate(prior: Prior, points: Points) -> tuple[float, Floats]:
    """Minus the log likelihood, and its gradient with respect to (log alpha1, log beta1, ..., logit weight)."""
    alpha1, beta1, alpha2, beta2, weight = prior.values()
    first, slopes1 = _component(alpha1, beta1, points)
    second, slopes2 = _component(alpha2, beta2, points)
    first, second = first + np.log(weight), second + np.log1p(-weight)
    total = np.logaddexp(first, second)
    share = np.exp(first - total) * points.weights
    rest = points.weights - share
    gradient = np.array(
        [
            alpha1 * (share @ slopes1[0]),
            beta1 * (share @ slopes1[1]),
            alpha2 * (rest @ slopes2[0]),
            beta2 * (rest @ slopes2[1]),
            share.sum() * (1.0 - weight) - rest.sum() * weight,
        ]
    )
    return -float(points.weights @ total), -gradient


def log_negative_binomial(alpha: float, beta: float, n: Floats, expected: Floats) -> Floats:
    """Log probability of counts whose mean is gamma distributed times what is expected (DuMouchel 1999, eq. 5)."""
    none = -np.log1p(expected / beta)
    # xlogy: no report where none is expected is certain, and 0 times infinity is not a number.
    some = xlogy(n, expected / (beta + expected))
    return np.asarray(gammaln(alpha + n) - gammaln(alpha) - gammaln(n + 1.0) + alpha * none + some)


def _component(alpha: float, beta: float, points: Points) -> tuple[Floats, tuple[Floats, Floats]]:
    """Log density of a component, and its slopes in alpha and beta."""
    constant = gammaln(alpha + points.counts) - gammaln(alpha) - gammaln(points.counts + 1.0)
    risen = digamma(alpha + points.counts) - digamma(alpha)
    log_none = -np.log1p(points.expected / beta)  # log of beta / (beta + E)
    value = constant[points.kind] + alpha * log_none - points.n * np.log1p(beta / points.expected)
    held = np.ones_like(log_none)
    if points.truncated:
        none = -np.expm1(alpha * log_none)  # probability of one or more
        value = value - np.log(none)
        held = 1.0 / none
    by_alpha = risen[points.kind] + log_none * held
    spread = beta + points.expected
    by_beta = alpha * points.expected / (beta * spread) * held - points.n / spread
    return value, (by_alpha, by_beta)
