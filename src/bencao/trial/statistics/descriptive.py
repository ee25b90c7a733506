"""Descriptive statistics as PROC MEANS and PROC UNIVARIATE define them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, exp, floor, sqrt

import numpy as np
import polars as pl
from scipy.stats import t as student

from bencao.trial.errors import EstimationError
from bencao.trial.statistics.samples import Floats, Sample, as_floats, require_columns


@dataclass(frozen=True)
class Summary:
    """What a table says of a continuous variable; None is what the observations do not define.

    Attributes
    ----------
    n, missing : int
        Observations that are there, and those that are not.
    mean, standard_deviation, standard_error : float or None
        With divisor n - 1.
    median, q1, q3 : float or None
        See `quantile`.
    minimum, maximum, total : float or None
    lower, upper : float or None
        Limits of the mean, by Student's t.
    geometric_mean, geometric_cv : float or None
        Defined where every value is positive; the coefficient of variation in percent, sqrt(exp(s²) - 1) of the logs.
    """

    n: int
    missing: int
    mean: float | None
    standard_deviation: float | None
    standard_error: float | None
    median: float | None
    q1: float | None
    q3: float | None
    minimum: float | None
    maximum: float | None
    total: float | None
    lower: float | None
    upper: float | None
    geometric_mean: float | None
    geometric_cv: float | None


def quantile(values: Sample, probability: float) -> float | None:
    """Quantile by the empirical distribution with averaging, SAS's default (QNTLDEF=5).

    With n values and np = j + g: the mean of the j-th and the next where g is 0, else the next.

    Parameters
    ----------
    values : numbers, missing ones left out
    probability : float
        From 0 to 1.

    Returns
    -------
    float or None
        None of no values.

    Examples
    --------
    >>> quantile([1, 2, 3, 4], 0.25), quantile([1, 2, 3, 4, 5], 0.25)
    (1.5, 2.0)
    """
    if not 0 <= probability <= 1:
        raise EstimationError(f"a probability lies between 0 and 1, found {probability}")
    floats = as_floats(values)
    return _sorted_quantile(np.sort(floats[~np.isnan(floats)]), probability)


def _sorted_quantile(ordered: Floats, probability: float) -> float | None:
    size = len(ordered)
    if not size:
        return None
    place = round(size * probability, 9)  # hides that 10 * 0.7 is not 7 in binary
    low, high = max(ceil(place), 1), min(floor(place) + 1, size)
    return float((ordered[low - 1] + ordered[high - 1]) / 2)


def describe(values: Sample, confidence: float = 0.95) -> Summary:
    """Summarise a sample.

    Parameters
    ----------
    values : numbers
        Null and NaN are missing.
    confidence : float
        Of the limits of the mean.

    Returns
    -------
    Summary

    Examples
    --------
    >>> found = describe([4.0, 8.0, None, 6.0])
    >>> found.n, found.missing, found.mean, found.standard_deviation, found.median
    (3, 1, 6.0, 2.0, 6.0)
    """
    floats = as_floats(values)
    ordered = np.sort(floats[~np.isnan(floats)])
    n, missing = len(ordered), int(np.isnan(floats).sum())
    if not n:
        return Summary(0, missing, *(None,) * 13)
    mean = float(ordered.mean())
    deviation = float(ordered.std(ddof=1)) if n > 1 else None
    error = deviation / sqrt(n) if deviation is not None else None
    half = float(student.ppf((1 + confidence) / 2, n - 1)) * error if error is not None else None
    logs = np.log(ordered) if ordered[0] > 0 else None
    return Summary(
        n=n,
        missing=missing,
        mean=mean,
        standard_deviation=deviation,
        standard_error=error,
        median=_sorted_quantile(ordered, 0.5),
        q1=_sorted_quantile(ordered, 0.25),
        q3=_sorted_quantile(ordered, 0.75),
        minimum=float(ordered[0]),
        maximum=float(ordered[-1]),
        total=float(ordered.sum()),
        lower=mean - half if half is not None else None,
        upper=mean + half if half is not None else None,
        geometric_mean=exp(float(logs.mean())) if logs is not None else None,
        geometric_cv=100 * sqrt(exp(float(logs.var(ddof=1))) - 1) if logs is not None and n > 1 else None,
    )


def describe_by(frame: pl.DataFrame, value: str, by: Sequence[str], confidence: float = 0.95) -> pl.DataFrame:
    """Summarise a column within groups.

    Parameters
    ----------
    frame : polars DataFrame
    value : str
    by : names of columns
        A missing value of one is a group of its own.
    confidence : float

    Returns
    -------
    polars DataFrame
        A row for each group that occurs, sorted, with the columns of `by` and those of `Summary`.
    """
    require_columns(frame, [value, *by])
    groups = frame.select(*by, value).partition_by(list(by), as_dict=True, maintain_order=True)
    rows = [
        dict(zip(by, key, strict=True)) | vars(describe(part.get_column(value), confidence))
        for key, part in groups.items()
    ]
    schema: dict[str, pl.DataType | type[pl.DataType]] = {name: frame.schema[name] for name in by}
    schema |= {name: pl.Int64 if name in ("n", "missing") else pl.Float64 for name in Summary.__dataclass_fields__}
    return pl.DataFrame(rows, schema=schema).sort(list(by), nulls_last=True)
