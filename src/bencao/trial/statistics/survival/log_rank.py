"""Log-rank and Wilcoxon tests of survival in several groups, stratified where there are strata."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import chi2

from bencao.trial.errors import EstimationError
from bencao.trial.statistics.samples import Floats, Integers, codes_of, levels_of, require_columns
from bencao.trial.statistics.survival.times import read_times, risk_table

RankWeights = Literal["log-rank", "wilcoxon"]


@dataclass(frozen=True)
class SurvivalComparison:
    """A test of equal survival.

    Attributes
    ----------
    groups : tuple
        Levels, ascending.
    observed, expected : tuple of float
        Events of each group, and those that equal survival would give (weighted by those at risk for Wilcoxon).
    statistic, df, p_value
        Chi-square.
    """

    groups: tuple[object, ...]
    observed: tuple[float, ...]
    expected: tuple[float, ...]
    statistic: float
    df: int
    p_value: float


def log_rank(
    frame: pl.DataFrame,
    time: str,
    event: str,
    group: str,
    strata: Sequence[str] = (),
    weights: RankWeights = "log-rank",
) -> SurvivalComparison:
    """Test whether survival is the same in all groups.

    Parameters
    ----------
    frame : polars DataFrame
        A row a subject; those that lack one of the variables are left out.
    time, event, group : names of columns
        The event is 1 where it happened, 0 where the time is censored.
    strata : names of columns
        Differences and their variances are summed over them.
    weights : {"log-rank", "wilcoxon"}
        Wilcoxon is Gehan's: each time is weighted by those at risk.

    Returns
    -------
    SurvivalComparison

    Raises
    ------
    EstimationError
        There are less than two groups, or no event.
    """
    require_columns(frame, [time, event, group, *strata])
    complete = frame.select(time, event, group, *strata).drop_nulls()
    groups = levels_of(complete[group])
    if len(groups) < 2:
        raise EstimationError(f"one group at most, {groups}, has a time and an event", where=group)
    parts = complete.partition_by(list(strata)) if strata else [complete]
    observed, expected, covariance = np.zeros(len(groups)), np.zeros(len(groups)), np.zeros((len(groups),) * 2)
    for part in parts:
        seen = read_times(part[time], part[event])
        codes = codes_of(part[group], groups)[seen.kept]
        found = _moments(seen.times, seen.events, codes, len(groups), weights)
        observed, expected, covariance = observed + found[0], expected + found[1], covariance + found[2]
    if not np.abs(covariance).max() > 0:
        raise EstimationError("no time of an event has subjects of two groups at risk", where=event)
    difference = observed - expected
    df = int(np.linalg.matrix_rank(covariance, tol=1e-10 * float(np.abs(covariance).max())))
    statistic = float(difference @ np.linalg.pinv(covariance, rcond=1e-10) @ difference)
    return SurvivalComparison(
        tuple(groups),
        tuple(observed.tolist()),
        tuple(expected.tolist()),
        statistic,
        df,
        float(chi2.sf(statistic, df)),
    )


def _moments(
    times: Floats, events: NDArray[np.bool_], codes: Integers, groups: int, weights: RankWeights
) -> tuple[Floats, Floats, Floats]:
    """Weighted events, their expectation, and the covariance by the hypergeometric law with ties."""
    distinct, at_risk, deaths = risk_table(times, events)
    by_group = np.zeros((groups, len(distinct)))
    happened = np.zeros((groups, len(distinct)))
    for group in range(groups):
        own = codes == group
        by_group[group] = own.sum() - np.searchsorted(np.sort(times[own]), distinct, side="left")
        happened[group] = np.bincount(np.searchsorted(distinct, times[own & events]), minlength=len(distinct))
    weight = at_risk.astype(float) if weights == "wilcoxon" else np.ones(len(distinct))
    share = by_group / at_risk
    tied = np.where(at_risk > 1, deaths * (at_risk - deaths) / np.maximum(at_risk - 1, 1), 0.0) * weight**2
    covariance = np.diag((share * tied).sum(axis=1)) - (share * tied) @ share.T
    return (happened * weight).sum(axis=1), (share * deaths * weight).sum(axis=1), covariance
