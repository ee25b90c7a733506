"""Estimates of several imputed data sets put together by Rubin's rules."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.stats import t as student

from bencao.evidence.estimators.estimate import Estimate
from bencao.evidence.finite import Figures


@dataclass(frozen=True)
class Pooled(Figures):
    """An estimate over imputations.

    Attributes
    ----------
    estimate : Estimate
        Its interval is of a t distribution.
    within, between : float
        Mean variance of the data sets, and variance of their estimates.
    freedom : float
        Degrees of freedom.
    missing_information : float
        Share of the information that is lost to what is missing.
    """

    estimate: Estimate
    within: float
    between: float
    freedom: float
    missing_information: float


def pool(estimates: Sequence[Estimate], complete: float) -> Pooled:
    """Put estimates of imputed data sets together.

    Parameters
    ----------
    estimates : sequence of Estimate
        Of one method, one for each data set; two or more.
    complete : float
        Degrees of freedom that there would be were nothing missing.

    Returns
    -------
    Pooled

    References
    ----------
    Rubin DB (1987). Multiple imputation for nonresponse in surveys. Barnard J, Rubin DB (1999). Small-sample degrees of
    freedom with multiple imputation. Biometrika 86, 948-955.
    """
    count = len(estimates)
    values = np.array([one.value for one in estimates])
    within = float(np.mean([one.standard_error**2 for one in estimates]))
    between = float(values.var(ddof=1))
    extra = (1 + 1 / count) * between
    total = within + extra
    share = extra / total
    observed = (complete + 1) / (complete + 3) * complete * (1 - share)
    freedom = observed if share == 0 else 1 / (1 / observed + share**2 / (count - 1))
    ratio = extra / within
    lost = (ratio + 2 / (freedom + 3)) / (ratio + 1)
    value, error = float(values.mean()), math.sqrt(total)
    half = float(student.ppf(0.975, freedom)) * error
    n = min(one.n for one in estimates)
    whole = replace(estimates[0], value=value, standard_error=error, low=value - half, high=value + half, n=n)
    return Pooled(whole, within, between, freedom, lost)
