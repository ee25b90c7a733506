"""Intervals of risks of which few persons of great weight tell, and of their contrast."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit
from scipy.stats import t

Floats = npt.NDArray[np.float64]
_LEVEL = 0.95


def contrast_interval(risks: tuple[float, float], influence: Floats, *, log: bool = False) -> tuple[float, float]:
    """95 % interval of the first risk less the second, or of the log of their ratio.

    A normal interval misses on one side only where weights are great: when those whom they belong to happened not to
    have the event, risk and standard error are both too small. So each risk has its interval on the logit scale, with
    the quantile of a t distribution for the persons who in effect tell of the variance, and both are put together.

    Parameters
    ----------
    risks : (float, float)
    influence : ndarray, shape (n, 2)
        What each person adds to each risk; their squares sum to its variance.
    log : bool
        Of the log ratio; both risks are above 0.

    Returns
    -------
    float, float
        Low and high.

    References
    ----------
    Satterthwaite FE (1946). An approximate distribution of estimates of variance components. Biometrics Bulletin 2,
    110-114: degrees of freedom, here from the fourth powers of the influences. Zou GY, Donner A (2008). Construction of
    confidence limits about effect measures. Stat Med 27, 1693-1702: limits of a difference from those of its parts.
    """
    limits = [_limits(risk, column) for risk, column in zip(risks, influence.T, strict=True)]
    (one_low, one, one_high), (other_low, other, other_high) = np.log(limits) if log else np.array(limits)
    together = influence.T @ influence
    spread = np.sqrt(together[0, 0] * together[1, 1])
    correlation = float(together[0, 1] / spread) if spread > 0 else 0.0

    def reach(first: float, second: float) -> float:
        return float(np.sqrt(max(first**2 + second**2 - 2 * correlation * first * second, 0.0)))

    low = float(one - other) - reach(one - one_low, other_high - other)
    return low, float(one - other) + reach(one_high - one, other - other_low)


def _limits(risk: float, influence: Floats) -> tuple[float, float, float]:
    """Low, the risk itself, high."""
    variance = float((influence**2).sum())
    if variance == 0 or not 0 < risk < 1:  # nobody has the event, or all: the other arm alone tells
        return risk, risk, risk
    half = quantile(influence) * np.sqrt(variance) / (risk * (1 - risk))
    return float(expit(logit(risk) - half)), risk, float(expit(logit(risk) + half))


def quantile(influence: Floats) -> float:
    """How many standard errors a 95 % interval reaches: of a t distribution, by how many persons tell of the variance.

    Parameters
    ----------
    influence : ndarray, shape (n,)
        What each person adds to an estimate, not all 0.

    Returns
    -------
    float
        1.96 where all tell alike; degrees of freedom by Satterthwaite (1946), as in `contrast_interval`.
    """
    freedom = max(1.0, 2 * float((influence**2).sum()) ** 2 / float((influence**4).sum()))
    return float(t.ppf((1 + _LEVEL) / 2, freedom))
