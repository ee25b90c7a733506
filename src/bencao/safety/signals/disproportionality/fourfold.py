"""PRR, ROR, relative reporting ratio and chi-squared of fourfold tables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.special import ndtri

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Fourfold:
    """Fourfold tables of reports, one a pair.

    Attributes
    ----------
    a, b, c, d : ndarray, shape (pairs,)
        Reports with drug and event, with the drug only, with the event only, with neither.
    """

    a: Floats
    b: Floats
    c: Floats
    d: Floats

    @classmethod
    def of(cls, counts: pl.DataFrame) -> Fourfold:
        """The tables of counts: columns ``n``, ``n_drug``, ``n_event``, ``total``."""
        n, drug, event, total = (
            counts[name].cast(pl.Float64).to_numpy() for name in ("n", "n_drug", "n_event", "total")
        )
        return cls(n, drug - n, event - n, total - drug - event + n)


@dataclass(frozen=True, slots=True)
class Ratio:
    """A ratio and its confidence interval.

    Attributes
    ----------
    estimate : ndarray, shape (pairs,)
        Infinite where only the denominator is 0, not a number where both are.
    low, high : ndarray, shape (pairs,)
        Not a number where a cell that the standard error needs is 0.
    standard_error : ndarray, shape (pairs,)
        Of the logarithm.
    """

    estimate: Floats
    low: Floats
    high: Floats
    standard_error: Floats


def prr(table: Fourfold, level: float = 0.95) -> Ratio:
    """Proportional reporting ratio: the event's share among reports of the drug over its share among all others.

    Parameters
    ----------
    table : Fourfold
    level : float
        Of the interval, which is symmetric on the logarithm.

    Returns
    -------
    Ratio

    References
    ----------
    Evans SJW, Waller PC, Davis S (2001). Use of proportional reporting ratios (PRRs) for signal generation from
    spontaneous adverse drug reaction reports. Pharmacoepidemiology and Drug Safety 10, 483-486.

    Examples
    --------
    >>> found = prr(Fourfold(*(np.array([cell]) for cell in (20.0, 80.0, 100.0, 1800.0))))
    >>> round(float(found.estimate[0]), 4)
    3.8
    """
    a, b, c, d = table.a, table.b, table.c, table.d
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = (a / (a + b)) / (c / (c + d))
        error = np.sqrt(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d))
    return _interval(estimate, error, level)


def ror(table: Fourfold, level: float = 0.95) -> Ratio:
    """Reporting odds ratio, with the interval of Woolf.

    Parameters, returns as `prr`.

    References
    ----------
    van Puijenbroek EP, Bate A, Leufkens HGM, et al. (2002). A comparison of measures of disproportionality for signal
    detection in spontaneous reporting systems. Pharmacoepidemiology and Drug Safety 11, 3-10.

    Examples
    --------
    >>> found = ror(Fourfold(*(np.array([cell]) for cell in (20.0, 80.0, 100.0, 1800.0))))
    >>> round(float(found.estimate[0]), 4)
    4.5
    """
    a, b, c, d = table.a, table.b, table.c, table.d
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate = (a * d) / (b * c)
        error = np.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    return _interval(estimate, error, level)


def rrr(n: Floats, expected: Floats) -> Floats:
    """Relative reporting ratio: reports over what is expected; infinite where nothing is."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(n / expected)


def chi_squared(table: Fourfold) -> Floats:
    """Pearson's chi-squared with the correction of Yates, which never turns a difference round.

    Parameters
    ----------
    table : Fourfold

    Returns
    -------
    ndarray, shape (pairs,)
        Not a number where a margin is 0.

    References
    ----------
    Yates F (1934). Contingency tables involving small numbers and the chi-squared test. Supplement to the Journal of
    the Royal Statistical Society 1, 217-235.
    """
    a, b, c, d = table.a, table.b, table.c, table.d
    total = a + b + c + d
    apart = np.maximum(np.abs(a * d - b * c) - total / 2, 0.0)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(total * apart**2 / ((a + b) * (c + d) * (a + c) * (b + d)))


def _interval(estimate: Floats, error: Floats, level: float) -> Ratio:
    with np.errstate(divide="ignore", invalid="ignore"):
        error = np.where(np.isfinite(error), error, np.nan)
        width = float(ndtri(0.5 + level / 2)) * error
        return Ratio(estimate, np.exp(np.log(estimate) - width), np.exp(np.log(estimate) + width), error)
