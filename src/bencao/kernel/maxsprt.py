"""The maximised sequential probability ratio test of Poisson counts, with exact critical values."""

from __future__ import annotations

from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import lambertw

Floats = npt.NDArray[np.float64]
_NOTHING = 1e-15
_HIGHEST = 25.0  # a critical value that no level above 1e-9 needs


def poisson_log_likelihood_ratio(n: npt.ArrayLike, expected: npt.ArrayLike) -> Floats:
    """Log likelihood ratio of the best relative risk above 1 against 1.

    Parameters
    ----------
    n, expected : array-like
        Counts so far and the counts expected so far.

    Returns
    -------
    ndarray
        n log(n / expected) - n + expected where n is above expected, else 0.

    Examples
    --------
    >>> round(float(poisson_log_likelihood_ratio(6, 2)), 6)
    2.591674
    """
    counts, mean = np.asarray(n, float), np.asarray(expected, float)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = counts * np.log(counts / mean) - counts + mean
    return np.where(counts > mean, ratio, 0.0)


def chance_of_signal(critical: float, upper_limit: float, minimum: int = 1) -> float:
    """Chance that the ratio ever reaches a critical value although the relative risk is 1.

    Parameters
    ----------
    critical : float
        Above 0.
    upper_limit : float
        Expected count at which watching ends.
    minimum : int
        Events without which nothing is signalled.

    Returns
    -------
    float

    Notes
    -----
    Between events the ratio falls, so it is reached by the c-th event or not at all, namely where that event comes
    before the expected count m(c) at which c events have just this ratio: m(c) = -c W(-exp(-1 - critical / c)), W being
    Lambert's function. The number of events is followed from one m(c) to the next as a Markov chain whose paths with c
    events or more end there; no drawing and no large-sample limit is used.
    """
    state, least, kept, now, count = np.ones(1), 0, 0.0, 0.0, minimum
    while True:
        boundary = float(-count * lambertw(-np.exp(-1.0 - critical / count)).real)
        then = min(boundary, upper_limit)
        state = np.convolve(state, _arrivals(then - now, count))[: count - least]
        if boundary >= upper_limit:
            return float(1.0 - kept - state.sum())
        # Counts so low that their chance is nothing would never reach a boundary again; they are let go as unsignalled.
        skipped = int(np.searchsorted(np.cumsum(state), _NOTHING))
        kept, state, least = kept + float(state[:skipped].sum()), state[skipped:], least + skipped
        now, count = then, count + 1


def _arrivals(mean: float, most: int) -> Floats:
    """Chances of 0, 1, ... events, fewer than `most` and no more than could ever be."""
    followed = min(most, int(mean + 12.0 * mean**0.5) + 30)
    steps = np.cumprod(mean / np.arange(1, followed))
    return np.asarray(np.exp(-mean) * np.concatenate([[1.0], steps]), float)


@cache
def critical_value(upper_limit: float, alpha: float = 0.05, minimum: int = 1) -> float:
    """The log likelihood ratio from which on to signal, watched without a pause.

    Parameters
    ----------
    upper_limit : float
        Expected count at which watching ends.
    alpha : float
        Chance of any false signal until then.
    minimum : int
        Events without which nothing is signalled.

    Returns
    -------
    float
        0 where so little is watched that even the first excess keeps the level. For looks now and then, not after
        each event, it is on the safe side.

    References
    ----------
    Kulldorff M, Davis RL, Kolczak M, et al. (2011). A maximized sequential probability ratio test for drug and vaccine
    safety surveillance. Sequential Analysis 30, 58-78; its table 1 has 3.467952 for 10 expected at 0.05.
    Kulldorff M, Silva IR (2015). Continuous post-market sequential safety surveillance with minimum events to signal.

    Examples
    --------
    >>> round(critical_value(10.0), 6), round(critical_value(10.0, minimum=4), 6)
    (3.467952, 2.921561)
    """
    if not (upper_limit > 0 and 0 < alpha < 1 and minimum >= 1):
        raise ValueError("the upper limit must be above 0, alpha between 0 and 1, and one event at least be needed")
    least = 1e-6
    if chance_of_signal(least, upper_limit, minimum) <= alpha:
        return 0.0
    return float(
        brentq(lambda value: chance_of_signal(value, upper_limit, minimum) - alpha, least, _HIGHEST, xtol=1e-10)
    )
