"""Reports as sparse indicators of drugs and strata."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import polars as pl
from scipy.sparse import csc_array, hstack

from bencao.safety.errors import CountsError
from bencao.safety.signals.counts.reports import Reports

_MOST_LEVELS = 60


@dataclass(frozen=True, slots=True)
class Design:
    """What the regressions of all events share.

    Attributes
    ----------
    x : csc_array of float, shape (reports, free + drugs)
        1 in the first column, then an indicator of each level of each stratum but the most frequent, then of each drug.
    free : int
        Columns that are not drugs.
    levels : ndarray of int, shape (reports, strata)
        The level of each report, from 0.
    drugs : list of str
        Those in enough reports, sorted.
    """

    x: csc_array
    free: int
    levels: npt.NDArray[np.int64]
    drugs: list[str]


def design_of(reports: Reports, strata: Sequence[str] = (), minimum: int = 5) -> Design:
    """Lay reports out as indicators.

    Parameters
    ----------
    reports : Reports
        Its background has the columns named in `strata`.
    strata : sequence of str
        Such as sex, a class of age, a year; an empty value is a level of its own.
    minimum : int
        Reports that a drug must be in.

    Returns
    -------
    Design
        Its rows are those of the reports' background.

    Raises
    ------
    CountsError
        Where no drug is in enough reports, or a stratum has more than 60 levels.
    """
    place = reports.background.select("report").with_row_index("row")
    often = reports.drugs.group_by("drug").len().filter(pl.col("len") >= minimum).sort("drug")
    if often.is_empty():
        raise CountsError(f"no drug is in {minimum} reports", mend="lower --minimum-reports")
    cells = reports.drugs.join(place, on="report").join(often.with_row_index("column"), on="drug")
    shape = (place.height, often.height)
    rows, columns = cells["row"].to_numpy(), cells["column"].to_numpy()
    drugs = csc_array((np.ones(len(rows)), (rows, columns)), shape=shape)
    parts, levels = [csc_array(np.ones((place.height, 1)))], []
    for name in strata:
        level = reports.background[name].fill_null("").rank("dense").to_numpy().astype(np.int64) - 1
        frequency = np.bincount(level)
        if len(frequency) > _MOST_LEVELS:
            raise CountsError(
                f"{len(frequency)} values of {name}", where=name, mend="group them, such as ages, into fewer classes"
            )
        others = np.delete(np.arange(len(frequency)), int(frequency.argmax()))
        parts.append(csc_array((level[:, None] == others).astype(float)))
        levels.append(level)
    free = sum(part.shape[1] for part in parts)
    stacked = csc_array(hstack([*parts, drugs], format="csc"))
    told = np.column_stack(levels) if levels else np.zeros((place.height, 0), np.int64)
    return Design(stacked, free, told, often["drug"].to_list())


def outcomes_of(reports: Reports, minimum: int, events: Sequence[str] = ()) -> dict[str, npt.NDArray[np.int64]]:
    """Rows of the reports with each event.

    Parameters
    ----------
    reports : Reports
    minimum : int
        Reports that an event must be in.
    events : sequence of str
        Those asked for; all, if none is.

    Returns
    -------
    dict of str to ndarray
        By event, sorted.

    Raises
    ------
    CountsError
        Where an event asked for, or every event, is in too few reports.
    """
    often = reports.events.group_by("event").len().filter(pl.col("len") >= minimum)["event"]
    chosen = sorted(events) if events else sorted(often)
    if missing := sorted(set(chosen) - set(often)):
        raise CountsError(f"{missing[0]} is in fewer than {minimum} reports", mend="lower --minimum-events")
    if not chosen:
        raise CountsError(f"no event is in {minimum} reports", mend="lower --minimum-events")
    place = reports.background.select("report").with_row_index("row")
    told = reports.events.filter(pl.col("event").is_in(chosen)).join(place, on="report")
    parts = told.partition_by("event", as_dict=True)
    return {event: np.sort(parts[(event,)]["row"].to_numpy()).astype(np.int64) for event in chosen}
