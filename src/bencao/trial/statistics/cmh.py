"""Cochran-Mantel-Haenszel statistics over strata, the three that PROC FREQ gives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray
from scipy.stats import chi2

from bencao.trial.errors import EstimationError
from bencao.trial.statistics.proportions import ChiSquare
from bencao.trial.statistics.samples import Floats, as_floats, codes_of, levels_of, require_columns

Scores = Literal["table", "rank", "modridit"]


@dataclass(frozen=True)
class CochranMantelHaenszel:
    """The three statistics; each controls for the strata.

    Attributes
    ----------
    nonzero_correlation : ChiSquare
        Rows and columns both scored.
    row_means_differ : ChiSquare
        Columns scored, rows not.
    general_association : ChiSquare
        Neither scored.
    n : int
        Observations in strata that count, those with more than one.
    """

    nonzero_correlation: ChiSquare
    row_means_differ: ChiSquare
    general_association: ChiSquare
    n: int


def cmh(
    frame: pl.DataFrame, row: str, column: str, strata: Sequence[str] = (), scores: Scores = "table"
) -> CochranMantelHaenszel:
    """Test two variables for association within strata.

    Parameters
    ----------
    frame : polars DataFrame
        A row an observation; those that lack one of the variables are left out.
    row, column : names of columns
        Levels stand in ascending order, an Enum's in its own.
    strata : names of columns
    scores : {"table", "rank", "modridit"}
        See `cmh_of_counts`.

    Returns
    -------
    CochranMantelHaenszel
    """
    require_columns(frame, [row, column, *strata])
    complete = frame.select(row, column, *strata).drop_nulls()
    rows, columns = levels_of(complete[row]), levels_of(complete[column])
    stratum = (
        complete.select(pl.struct(strata).rank("dense")).to_series().to_numpy().astype(np.int64) - 1
        if strata
        else np.zeros(complete.height, dtype=np.int64)
    )
    counts = np.zeros((int(stratum.max(initial=0)) + 1, len(rows), len(columns)), dtype=np.int64)
    np.add.at(counts, (stratum, codes_of(complete[row], rows), codes_of(complete[column], columns)), 1)
    return cmh_of_counts(counts, scores, _table_scores(complete[row], rows), _table_scores(complete[column], columns))


def _table_scores(series: pl.Series, levels: Sequence[object]) -> Floats:
    if series.dtype.is_numeric():
        return as_floats(pl.Series(levels, dtype=series.dtype))
    return np.arange(1.0, len(levels) + 1)


def cmh_of_counts(
    counts: NDArray[np.integer],
    scores: Scores = "table",
    row_scores: ArrayLike | None = None,
    column_scores: ArrayLike | None = None,
) -> CochranMantelHaenszel:
    """The same of a table of counts.

    Parameters
    ----------
    counts : array of int, shape (strata, rows, columns)
    scores : {"table", "rank", "modridit"}
        Table scores are the values of a numeric variable, or 1, 2, 3 …; rank scores are mid-ranks within each
        stratum, and modified ridits are these over the stratum's size plus one, which makes the row means statistic
        van Elteren's test.
    row_scores, column_scores : array of float, optional
        Table scores; 1, 2, 3 … by default.

    Returns
    -------
    CochranMantelHaenszel

    Raises
    ------
    EstimationError
        Less than two rows or columns hold a count.

    References
    ----------
    Landis, Heyman and Koch, Int. Stat. Rev. 1978, 46, 237; SAS/STAT User's Guide, PROC FREQ, CMH statistics.
    """
    tables = np.asarray(counts, dtype=np.float64)
    if tables.ndim != 3:
        raise EstimationError("counts of strata, rows and columns were expected")
    table_rows = np.arange(1.0, tables.shape[1] + 1) if row_scores is None else np.asarray(row_scores, dtype=float)
    table_columns = (
        np.arange(1.0, tables.shape[2] + 1) if column_scores is None else np.asarray(column_scores, dtype=float)
    )
    tables = tables[tables.sum(axis=(1, 2)) > 1]
    held_rows, held_columns = tables.sum(axis=(0, 2)) > 0, tables.sum(axis=(0, 1)) > 0
    if held_rows.sum() < 2 or held_columns.sum() < 2:
        raise EstimationError("less than two rows or two columns hold a count in strata of more than one observation")
    tables = tables[:, held_rows][:, :, held_columns]
    table_rows, table_columns = table_rows[held_rows], table_columns[held_columns]
    n_rows, n_columns = tables.shape[1:]
    parts: list[list[tuple[Floats, Floats]]] = [[], [], []]
    for table in tables:
        rows = table_rows if scores == "table" else _rank_scores(table.sum(axis=1), scores)
        columns = table_columns if scores == "table" else _rank_scores(table.sum(axis=0), scores)
        every_row, every_column = np.eye(n_rows)[:-1], np.eye(n_columns)[:-1]
        parts[0].append(_moments(table, rows[None], columns[None]))
        parts[1].append(_moments(table, every_row, columns[None]))
        parts[2].append(_moments(table, every_row, every_column))
    correlation, row_means, association = (_quadratic(part) for part in parts)
    return CochranMantelHaenszel(correlation, row_means, association, n=int(tables.sum()))


def _rank_scores(margin: Floats, scores: Scores) -> Floats:
    ranks = np.cumsum(margin) - margin / 2 + 0.5
    return ranks / (margin.sum() + 1) if scores == "modridit" else ranks


def _moments(table: Floats, rows: Floats, columns: Floats) -> tuple[Floats, Floats]:
    """Weighted differences of observed and expected counts, and their covariance by the hypergeometric law."""
    total = table.sum()
    row_shares, column_shares = table.sum(axis=1) / total, table.sum(axis=0) / total
    weights = np.kron(rows, columns)
    difference = table.ravel() - total * np.kron(row_shares, column_shares)
    row_part = rows @ (np.diag(row_shares) - np.outer(row_shares, row_shares)) @ rows.T
    column_part = columns @ (np.diag(column_shares) - np.outer(column_shares, column_shares)) @ columns.T
    return weights @ difference, total**2 / (total - 1) * np.kron(row_part, column_part)


def _quadratic(parts: Sequence[tuple[Floats, Floats]]) -> ChiSquare:
    """Sum over strata as one quadratic form; its degrees of freedom are the rank of the covariance."""
    difference = np.sum([part for part, _ in parts], axis=0)
    covariance = np.sum([part for _, part in parts], axis=0)
    df = int(np.linalg.matrix_rank(covariance, tol=1e-10 * max(float(np.abs(covariance).max()), 1e-300)))
    if df == 0:
        return ChiSquare(float("nan"), 0, float("nan"))
    statistic = float(difference @ np.linalg.pinv(covariance, rcond=1e-10) @ difference)
    return ChiSquare(statistic, df, float(chi2.sf(statistic, df)))
