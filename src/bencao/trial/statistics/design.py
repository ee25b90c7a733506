"""The design matrix of a linear model, built and made full rank as SAS's CLASS and MODEL statements do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

import numpy as np
import polars as pl
from numpy.typing import NDArray

from bencao.trial.errors import EstimationError
from bencao.trial.statistics.samples import Floats, Integers, as_floats, codes_of, levels_of, require_columns

# SAS's SINGULAR= criterion of PROC GLM and PROC MIXED for a column that others determine.
_SINGULAR = 1e-8


@dataclass(frozen=True)
class Column:
    """A column of the over-parameterised matrix.

    Attributes
    ----------
    term : tuple of str
        Variables of the effect; empty for the intercept.
    levels : tuple of (variable, level)
        Of its class variables.
    covariates : tuple of str
    """

    term: tuple[str, ...]
    levels: tuple[tuple[str, object], ...]
    covariates: tuple[str, ...]


@dataclass(frozen=True)
class Design:
    """A model's matrix.

    Attributes
    ----------
    columns : tuple of Column
        All of them, an indicator for every level, in SAS's order.
    kept : array of int
        Columns that those before them do not determine: the last level of a factor is the reference.
    matrix : array, shape (rows, kept)
    alias : array, shape (kept, columns)
        Every column as a combination of the kept ones.
    levels : mapping of str to tuple
        Of each class variable, ascending.
    codes : mapping of str to array of int, shape (rows,)
        Position of each row's level.
    means : mapping of str to float
        Of each covariate over the rows used.
    used : array of bool
        Which rows of the frame are complete.
    """

    columns: tuple[Column, ...]
    kept: Integers
    matrix: Floats
    alias: Floats
    levels: Mapping[str, tuple[object, ...]]
    codes: Mapping[str, Integers]
    means: Mapping[str, float]
    used: NDArray[np.bool_]

    @property
    def terms(self) -> tuple[tuple[str, ...], ...]:
        """Effects in the order of the model, the intercept left out."""
        return tuple(dict.fromkeys(column.term for column in self.columns if column.term))


def is_class(series: pl.Series) -> bool:
    """Whether a variable's type alone makes it a class variable."""
    return series.dtype in (pl.String, pl.Categorical, pl.Boolean) or isinstance(series.dtype, pl.Enum)


def build_design(
    frame: pl.DataFrame, terms: Sequence[str], classes: Sequence[str] = (), needed: Sequence[str] = ()
) -> Design:
    """Build the matrix of an intercept and effects.

    Parameters
    ----------
    frame : polars DataFrame
    terms : names of effects
        A variable, or several joined by ``*``, such as ``TRTPN*AVISITN``.
    classes : names of variables
        Numbers to be taken for class variables; text, Enum and Boolean are without being named.
    needed : names of further columns
        A row that lacks one of them is left out, as one that lacks a variable of an effect.

    Returns
    -------
    Design

    Raises
    ------
    EstimationError
        A column is absent, a class variable has one level, or no row is complete.
    """
    parts = [tuple(name.strip() for name in term.split("*")) for term in terms]
    variables = list(dict.fromkeys(name for part in parts for name in part))
    require_columns(frame, [*variables, *classes, *needed])
    factors = [name for name in variables if name in classes or is_class(frame[name])]
    used = np.ones(frame.height, dtype=bool)
    for name in dict.fromkeys([*variables, *needed]):
        used &= ~_missing(frame[name])
    if not used.any():
        raise EstimationError("no row has every variable of the model", mend=f"it needs {', '.join(variables)}")
    rows = frame.filter(pl.Series(used))
    levels = {name: tuple(levels_of(rows[name])) for name in factors}
    codes = {name: codes_of(rows[name], levels[name]) for name in factors}
    covariates = {name: as_floats(rows[name], name) for name in variables if name not in levels}
    for name in factors:
        if len(levels[name]) < 2:
            raise EstimationError(f"the class variable {name} has one level, {levels[name][0]}", mend="leave it out")
    columns, full = _full_matrix(parts, levels, codes, covariates, rows.height)
    kept, alias = _full_rank(full)
    means = {name: float(values.mean()) for name, values in covariates.items()}
    return Design(columns, kept, full[:, kept], alias, levels, codes, means, used)


def _missing(series: pl.Series) -> NDArray[np.bool_]:
    missing = series.is_null()
    if series.dtype.is_float():
        missing = missing | series.is_nan().fill_null(True)
    return missing.to_numpy()


def _full_matrix(
    parts: Sequence[tuple[str, ...]],
    levels: Mapping[str, tuple[object, ...]],
    codes: Mapping[str, Integers],
    covariates: Mapping[str, Floats],
    height: int,
) -> tuple[tuple[Column, ...], Floats]:
    columns, values = [Column((), (), ())], [np.ones(height)]
    for part in parts:
        factors = [name for name in part if name in levels]
        slopes = tuple(name for name in part if name in covariates)
        base = np.prod([covariates[name] for name in slopes], axis=0) if slopes else np.ones(height)
        for combination in product(*(range(len(levels[name])) for name in factors)):
            picked = np.ones(height, dtype=bool)
            for name, code in zip(factors, combination, strict=True):
                picked &= codes[name] == code
            named = tuple((name, levels[name][code]) for name, code in zip(factors, combination, strict=True))
            columns.append(Column(part, named, slopes))
            values.append(base * picked)
    return tuple(columns), np.column_stack(values)


def _full_rank(full: Floats) -> tuple[Integers, Floats]:
    """Columns that those before them do not determine, and every column in terms of them."""
    basis = np.empty((full.shape[0], 0))
    kept = []
    for place, column in enumerate(full.T):
        rest = column - basis @ (basis.T @ column)
        rest -= basis @ (basis.T @ rest)  # once more, for what rounding left
        size = float(np.linalg.norm(rest))
        if size > _SINGULAR * float(np.linalg.norm(column)) and size > 0:
            basis = np.column_stack([basis, rest / size])
            kept.append(place)
    alias = np.linalg.lstsq(full[:, kept], full, rcond=None)[0]
    alias[:, kept] = np.eye(len(kept))
    return np.array(kept, dtype=np.int64), alias
