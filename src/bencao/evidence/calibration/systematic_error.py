"""The error that is left when chance is taken away: its mean and spread over estimates whose truth is known."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.stats import t as student

from bencao.evidence.errors import StudyDataError
from bencao.evidence.finite import Figures, reckoned

Vector = NDArray[np.float64]
FEWEST = 5  # estimates below which a spread cannot be told from chance


@dataclass(frozen=True)
class SystematicError(Figures):
    """A normal distribution of error, on the scale of log ratios.

    Attributes
    ----------
    mean, spread : float
        Mean and standard deviation of the error.
    mean_se : float
        Standard error of the mean.
    n : int
        Estimates that it was learnt from.
    """

    mean: float
    spread: float
    mean_se: float
    n: int

    @property
    def expected(self) -> float:
        """Mean of the absolute error: that of a folded normal distribution, as OHDSI's diagnostics use it."""
        if self.spread == 0:
            return abs(self.mean)
        shift = self.mean / self.spread
        near = self.spread * math.sqrt(2 / math.pi) * math.exp(-(shift**2) / 2)
        return near + self.mean * math.erf(shift / math.sqrt(2))

    def predictive_se(self, se: float) -> float:
        """Standard deviation of a new estimate about its truth, its own standard error `se` among it."""
        return math.sqrt(se**2 + self.spread**2 + self.mean_se**2)

    def quantile(self, level: float = 0.95) -> float:
        """Half width of the central `level` of the predictive distribution, in its standard deviations."""
        return float(student.ppf(0.5 + level / 2, self.n - 2))

    def interval(self, estimate: float, se: float, level: float = 0.95) -> tuple[float, float, float]:
        """The truth behind a new estimate: middle, low and high, on the log scale."""
        middle, half = estimate - self.mean, self.quantile(level) * self.predictive_se(se)
        return middle, middle - half, middle + half

    def p_value(self, estimate: float, se: float) -> float:
        """Two-sided p value of no effect, the error's own distribution in place of none."""
        return float(2 * student.sf(abs(estimate - self.mean) / self.predictive_se(se), self.n - 2))


@reckoned()
def fit_error(errors: Any, se: Any) -> SystematicError:
    """Distribution of systematic error behind estimates whose truth is known, by restricted maximum likelihood.

    Parameters
    ----------
    errors : array of float, shape (n,)
        Estimate minus truth, log scale.
    se : array of float, shape (n,)
        Standard errors, above 0.

    Returns
    -------
    SystematicError

    Raises
    ------
    StudyDataError
        Where there are fewer than five, or one is not finite.

    References
    ----------
    Schuemie MJ, Ryan PB, DuMouchel W, Suchard MA, Madigan D (2014). Interpreting observational studies: why empirical
    calibration is needed to correct p-values. Statistics in Medicine 33, 209-218: the empirical null.
    Higgins JPT, Thompson SG, Spiegelhalter DJ (2009). A re-evaluation of random-effects meta-analysis. Journal of the
    Royal Statistical Society A 172, 137-159: the t distribution with n - 2 degrees of freedom of a new value.

    Examples
    --------
    >>> found = fit_error([0.1, 0.3, 0.2, 0.0, 0.4], [0.01, 0.01, 0.01, 0.01, 0.01])
    >>> round(found.mean, 3), round(found.spread, 3)
    (0.2, 0.158)
    """
    errors, variance = np.asarray(errors, float), np.asarray(se, float) ** 2
    if len(errors) < FEWEST:
        raise StudyDataError(
            f"{len(errors)} estimates of known truth; at least {FEWEST} are needed", mend="add negative controls"
        )
    if not (np.isfinite(errors).all() and np.isfinite(variance).all() and (variance > 0).all()):
        raise StudyDataError("an estimate or standard error that is not finite, or not above 0", mend="leave it out")

    def deviance(spread: float) -> float:
        weights = 1 / (variance + spread**2)
        mean = weights @ errors / weights.sum()
        return float(-np.log(weights).sum() + weights @ (errors - mean) ** 2 + math.log(weights.sum()))

    widest = float(errors.max() - errors.min()) + float(np.sqrt(variance.max()))
    found = minimize_scalar(deviance, bounds=(0.0, widest), method="bounded", options={"xatol": 1e-10})
    spread = float(found.x) if found.fun < deviance(0.0) else 0.0
    weights = 1 / (variance + spread**2)
    return SystematicError(float(weights @ errors / weights.sum()), spread, float(weights.sum() ** -0.5), len(errors))


def left_out(errors: Any, se: Any, groups: Any = None) -> tuple[SystematicError, ...]:
    """For each estimate the error learnt from all others (of its group, where groups are given).

    Parameters, raises as `fit_error`; `groups` has shape (n,).
    """
    errors, se = np.asarray(errors, float), np.asarray(se, float)
    groups = np.zeros(len(errors)) if groups is None else np.asarray(groups)
    found = []
    for index in range(len(errors)):
        others = groups == groups[index]
        others[index] = False
        found.append(fit_error(errors[others], se[others]))
    return tuple(found)
