"""The information component: a shrunk log2 ratio of reports to those expected, with its credible interval."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.special import gammaincinv

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Component:
    """Information components.

    Attributes
    ----------
    ic : ndarray, shape (pairs,)
    low, high : ndarray, shape (pairs,)
        IC025 and IC975 at the level of 0.95.
    """

    ic: Floats
    low: Floats
    high: Floats


def information_component(
    n: npt.ArrayLike,
    expected: npt.ArrayLike,
    *,
    level: float = 0.95,
    interval: Literal["gamma", "approximate"] = "gamma",
) -> Component:
    """IC = log2((n + 1/2) / (E + 1/2)) with its credible interval.

    Parameters
    ----------
    n, expected : array-like, shape (pairs,)
        Counts and expected counts, 0 or more.
    level : float
    interval : {"gamma", "approximate"}
        Quantiles of the gamma posterior of the ratio, which has the shape n + 1/2 and the rate E + 1/2; or, at 0.95
        only, the closed form that many databases use, IC - 3.3 (n + 1/2)^(-1/2) - 2 (n + 1/2)^(-3/2) and
        IC + 2.4 (n + 1/2)^(-1/2) - 0.5 (n + 1/2)^(-3/2).

    Returns
    -------
    Component

    References
    ----------
    Bate A, Lindquist M, Edwards IR, et al. (1998). A Bayesian neural network method for adverse drug reaction signal
    generation. European Journal of Clinical Pharmacology 54, 315-321.
    Norén GN, Hopstadius J, Bate A (2013). Shrinkage observed-to-expected ratios for robust and transparent large-scale
    pattern discovery. Statistical Methods in Medical Research 22, 57-69.

    Examples
    --------
    >>> found = information_component([3], [0.25], interval="approximate")
    >>> round(float(found.ic[0]), 4), round(float(found.low[0]), 4)
    (2.2224, 0.153)
    """
    shape, rate = np.asarray(n, float) + 0.5, np.asarray(expected, float) + 0.5
    ic = np.log2(shape / rate)
    if interval == "approximate":
        if level != 0.95:
            raise ValueError("the closed form is for the level 0.95 only")
        return Component(ic, ic - 3.3 * shape**-0.5 - 2.0 * shape**-1.5, ic + 2.4 * shape**-0.5 - 0.5 * shape**-1.5)
    low, high = (np.log2(gammaincinv(shape, share) / rate) for share in (0.5 - level / 2, 0.5 + level / 2))
    return Component(ic, low, high)
