"""Observations as arrays: null and NaN are missing, and only numbers are numbers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bencao.trial.errors import EstimationError

Floats = NDArray[np.floating[Any]]
Integers = NDArray[np.int64]
Sample = pl.Series | NDArray[np.floating[Any]] | NDArray[np.integer[Any]] | Sequence[float | None]


def as_floats(values: Sample, name: str = "values") -> Floats:
    """Values as floats of the same length, NaN where one is missing.

    Raises
    ------
    EstimationError
        The values are no numbers, or one of them is infinite.
    """
    series = values if isinstance(values, pl.Series) else pl.Series(name, np.asarray(values, dtype=np.float64))
    if not (series.dtype.is_numeric() or series.dtype in (pl.Boolean, pl.Null)):
        raise EstimationError(f"numbers were expected, found {series.dtype}", where=series.name or name)
    floats = series.cast(pl.Float64).fill_null(float("nan")).to_numpy().astype(np.float64)
    if np.isinf(floats).any():
        raise EstimationError("a value is infinite", where=series.name or name)
    return floats


def observed(values: Sample, name: str = "values") -> Floats:
    """The values that are not missing, in their order."""
    floats = as_floats(values, name)
    return floats[~np.isnan(floats)]


def require_columns(frame: pl.DataFrame, names: Sequence[str]) -> None:
    """Say which of the columns asked for a frame has not.

    Raises
    ------
    EstimationError
        Such a column is absent.
    """
    absent = [name for name in names if name not in frame.columns]
    if absent:
        raise EstimationError(f"no column {', '.join(absent)}", mend=f"the columns are {', '.join(frame.columns[:30])}")


def levels_of(series: pl.Series) -> list[object]:
    """Distinct values that are not missing: an Enum's in its order, others ascending, as SAS's CLASS has them."""
    present = series.drop_nulls().unique()
    if isinstance(series.dtype, pl.Enum):
        found = set(present.to_list())
        return [level for level in series.dtype.categories.to_list() if level in found]
    return list(present.sort().to_list()) if series.dtype != pl.Categorical else sorted(present.to_list())


def codes_of(series: pl.Series, levels: Sequence[object]) -> Integers:
    """Position of each value in `levels`, -1 where it is missing."""
    places = {level: place for place, level in enumerate(levels)}
    return np.array([places.get(value, -1) for value in series.to_list()], dtype=np.int64)
