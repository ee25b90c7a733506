"""How much may be borrowed: the type-1 error of a trial with borrowed controls, whatever their drift."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import brentq
from scipy.special import ndtr, ndtri

from bencao.evidence.errors import StudyDataError
from bencao.evidence.finite import Figures

Floats = npt.NDArray[np.float64]

# From external minus own control mean, their variances and the share of the external precision that may be counted at
# most: the weight of the external mean and the posterior variance.
Rule = Callable[[Floats, float, float, float], tuple[Floats, Floats]]
# In standard errors of the difference; beyond such drifts every rule lets go.
_DRIFTS, _DIFFERENCES = np.linspace(0.0, 8.0, 33), np.linspace(-7.0, 15.0, 221)
_MASS = np.exp(-0.5 * (_DIFFERENCES - _DRIFTS[:, None]) ** 2)
_MASS /= _MASS.sum(axis=1, keepdims=True)
_FINEST = 1e-3


def power_prior(difference: Floats, own: float, external: float, share: float = 1.0) -> tuple[Floats, Floats]:
    """Power prior whose power is the likeliest one for the difference seen, times a share.

    Parameters
    ----------
    difference : ndarray
        External minus own control mean.
    own, external : float
        Variances of both means.
    share : float
        From 0 to 1. Conflict is judged by the whole external mean, so that a small share lets go no later.

    Returns
    -------
    weight, variance : ndarray
        Of the external mean, and of the control mean afterwards.

    References
    ----------
    Gravestock I, Held L (2017). Adaptive power priors with empirical Bayes for clinical trials. Pharmaceutical
    Statistics 16, 349-360: the power that maximises the marginal likelihood of normal means.
    """
    excess = np.maximum(np.asarray(difference, float) ** 2 - own, 1e-300)
    precision = share * np.minimum(1.0, external / excess) / external
    variance = 1 / (1 / own + precision)
    return precision * variance, variance


def commensurate(difference: Floats, own: float, external: float, share: float = 1.0) -> tuple[Floats, Floats]:
    """Commensurate prior: both means differ by a normal deviate whose spread is half-Cauchy, integrated out.

    The half-Cauchy has the standard error of the difference as its scale. Parameters, returns as `power_prior`.

    References
    ----------
    Hobbs BP, Carlin BP, Mandrekar SJ, Sargent DJ (2011). Hierarchical commensurate and power prior models for adaptive
    incorporation of historical information in clinical trials. Biometrics 67, 1047-1056.
    """
    d = np.atleast_1d(np.asarray(difference, float))[:, None]
    spread = (own + external) * np.tan(np.pi / 2 * (np.arange(200) + 0.5) / 200) ** 2
    marginal = own + external + spread
    likelihood = -0.5 * (np.log(marginal) + d**2 / marginal)
    chance = np.exp(likelihood - likelihood.max(axis=1, keepdims=True))
    chance /= chance.sum(axis=1, keepdims=True)
    precision = share / (external + spread)
    variance = 1 / (1 / own + precision)
    weights = precision * variance
    weight = chance @ weights
    moment = (chance * (variance + (weights * d) ** 2)).sum(axis=1)
    return weight, moment - (weight * d[:, 0]) ** 2


@dataclass(frozen=True)
class Worst(Figures):
    """The largest type-1 error over drifts.

    Attributes
    ----------
    type_1 : float
    drift : float
        Of the external mean, in the outcome's unit, at which it is so.
    """

    type_1: float
    drift: float


def worst_type_1(
    rule: Rule, treated: float, own: float, external: float, share: float = 1.0, *, level: float = 0.05
) -> Worst:
    """Type-1 error of the two-sided test of no effect, for the drift that is worst.

    Parameters
    ----------
    rule : callable
        `power_prior` or `commensurate`.
    treated, own, external : float
        Variances of the means of the treated, the trial's controls and the external ones.
    share : float
        Of the external precision.
    level : float
        Of the test without borrowing.

    Returns
    -------
    Worst

    Notes
    -----
    The pooled control mean is independent of the difference d of both, and given d the test statistic is normal, so
    that the error is one integral over d; no drawing is used. Means are taken as normal, variances as known.
    """
    pooled = 1 / (1 / own + 1 / external)
    fixed, error, critical = pooled / external, np.sqrt(own + external), -ndtri(level / 2)
    d = error * _DIFFERENCES
    weight, variance = rule(d, own, external, share)
    middle = -fixed * error * _DRIFTS[:, None] - (weight - fixed) * d
    bound, spread = critical * np.sqrt(treated + variance), np.sqrt(treated + pooled)
    rejected = ndtr((middle - bound) / spread) + ndtr((-bound - middle) / spread)
    found = (_MASS * rejected).sum(axis=1)
    place = int(np.argmax(found))
    return Worst(float(found[place]), float(_DRIFTS[place] * error))


def largest_share(
    rule: Rule,
    treated: float,
    own: float,
    external: float,
    *,
    level: float = 0.05,
    most: float = 0.07,
    lent: float = 1.0,
) -> float:
    """The largest share of the external precision with which the type-1 error stays within a limit at any drift.

    Parameters
    ----------
    rule, treated, own, external, level
        As `worst_type_1`.
    most : float
        The limit, above the level.
    lent : float
        The greatest share that is asked for.

    Returns
    -------
    float
        From 0, where nothing may be borrowed, to `lent`.

    Raises
    ------
    StudyDataError
        A limit that is not above the level.
    """
    if not 0 < level < most < 1:
        raise StudyDataError(f"{most} is not above the level {level}", where="limit", mend="give a higher limit")

    def excess(share: float) -> float:
        return worst_type_1(rule, treated, own, external, share, level=level).type_1 - most

    if excess(lent) <= 0:
        return lent
    share = float(brentq(excess, 0.0, lent, xtol=_FINEST * lent))
    while share > 0 and excess(share) > 0:  # the root is told to within a step, and the limit is kept
        share = max(0.0, share - _FINEST * lent)
    return share
