"""Pool estimates of several imputations by Rubin's rules."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, sqrt

import numpy as np

from bencao.trial.errors import EstimationError
from bencao.trial.statistics.linear import Estimate, t_estimate


@dataclass(frozen=True)
class PooledEstimate:
    """An estimate over imputations.

    Attributes
    ----------
    value : Estimate
        With the pooled standard error and its degrees of freedom.
    within, between : float
        Mean of the variances, and variance of the estimates.
    missing_information : float
        Share of the information that is missing, for these degrees of freedom.
    imputations : int
    """

    value: Estimate
    within: float
    between: float
    missing_information: float
    imputations: int


def pool(
    estimates: Sequence[float],
    standard_errors: Sequence[float],
    complete_df: float | None = None,
    confidence: float = 0.95,
) -> PooledEstimate:
    """Pool estimates and their standard errors.

    Parameters
    ----------
    estimates, standard_errors : numbers
        One for each imputation.
    complete_df : float, optional
        Degrees of freedom that the complete data would have (PROC MIANALYZE's EDF), for Barnard and Rubin's; without
        them, Rubin's of infinitely many.
    confidence : float

    Returns
    -------
    PooledEstimate

    Raises
    ------
    EstimationError
        There are less than two imputations, or not as many errors as estimates.

    References
    ----------
    Rubin, Multiple Imputation for Nonresponse in Surveys (1987), section 3.1; Barnard and Rubin, Biometrika 1999, 86,
    948.

    Examples
    --------
    >>> found = pool([1.0, 2.0, 3.0], [1.0, 1.0, 1.0])
    >>> found.value.estimate, round(found.value.standard_error, 4), round(found.value.df, 4)
    (2.0, 1.5275, 6.125)
    """
    number = len(estimates)
    if number < 2 or len(standard_errors) != number:
        raise EstimationError(f"{number} estimates and {len(standard_errors)} standard errors cannot be pooled")
    within = float(np.mean(np.square(standard_errors)))
    between = float(np.var(estimates, ddof=1))
    extra = (1 + 1 / number) * between
    total = within + extra
    df = (number - 1) * (total / extra) ** 2 if extra > 0 else inf
    if complete_df is not None:
        observed = (complete_df + 1) / (complete_df + 3) * complete_df * within / total
        df = 1 / (1 / df + 1 / observed)
    increase = extra / within
    missing = (increase + 2 / (df + 3)) / (increase + 1)
    value = t_estimate(float(np.mean(estimates)), sqrt(total), df, confidence)
    return PooledEstimate(value, within, between, missing, number)
