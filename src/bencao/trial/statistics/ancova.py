"""Analysis of covariance by least squares, as PROC GLM fits it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from math import sqrt

import numpy as np
import polars as pl
from scipy.stats import f as fisher

from bencao.trial.errors import EstimationError
from bencao.trial.statistics.design import Design, build_design
from bencao.trial.statistics.linear import Estimate, JointTest, t_estimate
from bencao.trial.statistics.samples import Floats, as_floats


@dataclass(frozen=True)
class AncovaFit:
    """A linear model fitted by least squares.

    Attributes
    ----------
    design : Design
    values : array, shape (coefficients,)
        Of the kept columns.
    covariance : array, shape (coefficients, coefficients)
    residual_variance, residual_df : float
    r_squared : float
    n : int
        Rows used.
    """

    design: Design = field(repr=False)
    values: Floats
    covariance: Floats = field(repr=False)
    residual_variance: float
    residual_df: float
    r_squared: float
    n: int

    def estimate(self, combination: Floats, confidence: float = 0.95) -> Estimate:
        """Estimate a combination of coefficients, shape (coefficients,)."""
        error = sqrt(float(combination @ self.covariance @ combination))
        return t_estimate(float(combination @ self.values), error, self.residual_df, confidence)

    def joint_test(self, combinations: Floats) -> JointTest:
        """F test of combinations, shape (tests, coefficients)."""
        size = len(combinations)
        estimates = combinations @ self.values
        variance = combinations @ self.covariance @ combinations.T
        statistic = float(estimates @ np.linalg.solve(variance, estimates)) / size
        return JointTest(size, self.residual_df, statistic, float(fisher.sf(statistic, size, self.residual_df)))


def ancova(frame: pl.DataFrame, response: str, terms: Sequence[str], classes: Sequence[str] = ()) -> AncovaFit:
    """Fit a linear model of a response.

    Parameters
    ----------
    frame : polars DataFrame
        A row an observation; rows that lack the response or a variable of the model are left out.
    response : str
    terms, classes
        See `build_design`.

    Returns
    -------
    AncovaFit
        To be asked by `coefficients`, `ls_means`, `ls_mean_difference` and `type3_tests`.

    Raises
    ------
    EstimationError
        As `build_design`, or as many coefficients as rows.

    Examples
    --------
    >>> import polars as pl
    >>> from bencao.trial.statistics.linear import ls_mean_difference
    >>> data = pl.DataFrame({"arm": ["A", "A", "B", "B"], "base": [1.0, 2.0, 1.0, 3.0], "change": [1.0, 2.1, 3.0, 4.8]})
    >>> fit = ancova(data, "change", ["arm", "base"])
    >>> round(ls_mean_difference(fit, "arm", "B", "A").estimate, 3)
    1.88
    """
    design = build_design(frame, terms, classes, needed=[response])
    outcome = as_floats(frame.filter(pl.Series(design.used))[response], response)
    matrix = design.matrix
    df = len(outcome) - matrix.shape[1]
    if df < 1:
        raise EstimationError(f"{len(outcome)} rows cannot carry {matrix.shape[1]} coefficients", where=response)
    orthogonal, triangle = np.linalg.qr(matrix)
    values = np.linalg.solve(triangle, orthogonal.T @ outcome)
    residuals = outcome - matrix @ values
    variance = float(residuals @ residuals) / df
    inverse = np.linalg.inv(triangle)
    total = float(((outcome - outcome.mean()) ** 2).sum())
    r_squared = 1 - float(residuals @ residuals) / total if total else 0.0
    return AncovaFit(design, values, variance * inverse @ inverse.T, variance, float(df), r_squared, len(outcome))
