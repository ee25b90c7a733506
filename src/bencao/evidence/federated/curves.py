"""Survival by arm from counts of persons in agreed intervals, none of them of a few."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bencao.evidence.federated.study import FederatedStudy, Table

Array = NDArray[np.float64]
Counts = NDArray[np.int64]


@dataclass(frozen=True)
class Curve:
    """A site's counts; the last interval has no end.

    Attributes
    ----------
    ends : tuple of float, length k
        Ends of the intervals but the last. Of the study's horizons those with which no count is of a few persons.
    events, censored : tuple of tuple of int, 2 by k + 1
        Of the unexposed and the exposed, by the interval in which follow-up ends.
    """

    ends: tuple[float, ...]
    events: tuple[tuple[int, ...], ...]
    censored: tuple[tuple[int, ...], ...]

    def as_json(self) -> dict[str, Any]:
        """The same as plain values, for JSON."""
        return asdict(self)


@dataclass(frozen=True)
class Survival:
    """Survival of both arms over all sites.

    Attributes
    ----------
    times : tuple of float, length k
        Horizons that every site could tell of.
    survival, se : tuple of tuple of float, 2 by k
        Of the unexposed and the exposed; standard errors by Greenwood's formula.
    """

    times: tuple[float, ...]
    survival: tuple[tuple[float, ...], ...]
    se: tuple[tuple[float, ...], ...]


def site_curve(study: FederatedStudy, table: Table) -> Curve:
    """Count a site's persons by arm, interval and how follow-up ended.

    Neighbouring intervals are put together until each count is 0 or at least the study's minimum; where even all
    together have a smaller one, every count is told as 0 and there are no ends.

    Parameters
    ----------
    study : FederatedStudy
        With `horizons`.
    table : dict of str to array
        From `read_site`.

    Returns
    -------
    Curve
    """
    assert study.time is not None
    place = np.searchsorted(study.horizons, table[study.time], side="left")  # an event at a horizon is before it
    cells = [
        np.bincount(
            place[(table[study.exposure] == arm) & (table[study.outcome] == event)], minlength=len(study.horizons) + 1
        )
        for event in (1, 0)
        for arm in (0, 1)
    ]
    ends, counts = _coarsened(list(study.horizons), np.array(cells), study.minimum_count)
    told = tuple(tuple(map(int, row)) for row in counts)
    return Curve(ends, told[:2], told[2:])


def _coarsened(ends: list[float], counts: Counts, least: int) -> tuple[tuple[float, ...], Counts]:
    """Columns put together from the left until each is whole; what is left over joins those before it."""
    kept: list[float] = []
    columns: list[Counts] = []
    open_column = np.zeros(len(counts), np.int64)
    for place in range(counts.shape[1]):
        open_column = open_column + counts[:, place]
        if place == counts.shape[1] - 1 or _whole(open_column, least):
            columns.append(open_column)
            kept += ends[place : place + 1]
            open_column = np.zeros(len(counts), np.int64)
    while len(columns) > 1 and not _whole(columns[-1], least):
        columns[-2:] = [columns[-2] + columns[-1]]
        kept.pop()
    if not _whole(columns[0], least):  # all persons together: then nothing is told
        columns[0] = np.zeros_like(columns[0])
    return tuple(kept), np.column_stack(columns)


def _whole(column: Counts, least: int) -> bool:
    return bool(((column == 0) | (column >= least)).all())


def pooled_survival(curves: Sequence[Curve]) -> Survival:
    """Life table of all sites' persons.

    Parameters
    ----------
    curves : sequence of Curve

    Returns
    -------
    Survival
        Without times where the sites share none.

    References
    ----------
    Cutler SJ, Ederer F (1958). Maximum utilization of the life table method in analyzing survival. J Chronic Dis 8,
    699-712: who is censored in an interval is at risk for half of it.
    """
    times = tuple(sorted(set.intersection(*(set(one.ends) for one in curves))))
    survival, se = [], []
    for arm in (0, 1):
        events, censored = (
            np.sum([_between(one, getattr(one, name)[arm], times) for one in curves], axis=0)
            for name in ("events", "censored")
        )
        gone = np.cumsum(events + censored)
        at_risk = gone[-1] - np.concatenate([[0], gone[:-1]]) - censored / 2
        with np.errstate(divide="ignore", invalid="ignore"):
            hazard = np.where(at_risk > 0, events / at_risk, 0.0)[:-1]
            spread = np.cumsum(np.where(hazard < 1, hazard / (at_risk[:-1] * (1 - hazard)), 0.0))
        alive = np.cumprod(1 - hazard)
        survival.append(tuple(map(float, alive)))
        se.append(tuple(map(float, alive * np.sqrt(spread))))
    return Survival(times, tuple(survival), tuple(se))


def _between(curve: Curve, counts: Sequence[int], times: Sequence[float]) -> Array:
    """A site's counts in the intervals that all sites share."""
    found = np.zeros(len(times) + 1)
    np.add.at(found, np.searchsorted(times, [*curve.ends, np.inf], side="left"), counts)
    return found
