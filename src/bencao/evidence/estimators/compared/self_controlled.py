"""Self-controlled case series: a person's exposed days against the same person's other days."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from bencao.evidence.errors import EstimationError, NoEvents
from bencao.evidence.estimators.data.columns import numbers, refuse_rows, require_columns
from bencao.evidence.estimators.estimate import Estimate

Floats = npt.NDArray[np.float64]


def self_controlled_case_series(
    table: Any, *, person: str, days: str, events: str, exposed: str, periods: str = ""
) -> Estimate:
    """Incidence rate ratio within persons (Farrington, Biometrics 1995, 51, 228).

    Parameters
    ----------
    table : pandas.DataFrame
        One row an interval of a person's observation.
    person, days, events, exposed : str
        Columns: the person, the interval's length in days, its events, 1 where it is exposed.
    periods : str
        Column of the age or calendar period of the interval, adjusted for; an empty name is none.

    Returns
    -------
    Estimate
        Its measure is the ``log_incidence_rate_ratio``; `n` counts persons with events.

    Raises
    ------
    NoEvents
        No person has events and both kinds of intervals.
    StudyDataError
        An interval without days, a column that is absent, or a value that is none.
    EstimationError
        Where the rate ratio is not finite: all events fall into exposed intervals, or none.
    """
    require_columns(table, (person, days, events, exposed, periods))
    length, happened, given = (numbers(table, name, mend="drop such intervals") for name in (days, events, exposed))
    refuse_rows(table, days, length <= 0, "intervals have no days", "drop them")
    refuse_rows(
        table, events, (happened < 0) | (happened % 1 != 0), "values are no count", "write whole numbers from 0"
    )
    refuse_rows(table, exposed, ~np.isin(given, (0, 1)), "values are neither 0 nor 1", "write 1 where it is exposed")
    for name in (person, periods):
        if name:
            refuse_rows(table, name, table[name].isna(), "values are missing", "drop such intervals")
    by_person = table.groupby(person)
    counted = (by_person[events].transform("sum") > 0) & (by_person[exposed].transform("nunique") > 1)
    cases = table[counted]
    if cases.empty:
        raise NoEvents(
            "no person with events was observed exposed and unexposed", where=events, mend="widen the observation"
        )
    columns = [cases[exposed].to_numpy(dtype=float)]
    if periods:
        columns += [np.asarray(cases[periods] == level, dtype=float) for level in sorted(set(cases[periods]))[1:]]
    value, error = _conditional_poisson(
        np.column_stack(columns),
        cases[events].to_numpy(dtype=float),
        np.log(cases[days].to_numpy(dtype=float)),
        np.unique(cases[person].to_numpy(), return_inverse=True)[1],
    )
    if not (np.isfinite(value) and np.isfinite(error) and 0 < error < 50):
        raise EstimationError(
            "gives no finite estimate", where=exposed, mend="events fall on one kind of interval only"
        )
    low, high = value - 1.959963984540054 * error, value + 1.959963984540054 * error
    persons = int(cases[person].nunique())
    return Estimate("self_controlled", "att", "log_incidence_rate_ratio", value, error, low, high, persons)


def _conditional_poisson(design: Floats, events: Floats, offset: Floats, person: Any) -> tuple[float, float]:
    """Log rate ratio of the first column and its standard error, given each person's number of events.

    Statsmodels' conditional regression leaves out persons whose intervals have equal counts, though with days of
    different number they say something; so it is solved here, by Newton's method.
    """
    model = np.zeros(design.shape[1])
    information = np.eye(len(model))
    totals = np.bincount(person, events)
    for _ in range(100):
        rate = np.exp(np.clip(design @ model + offset, -500, 500))
        share = rate / np.bincount(person, rate)[person]
        expected = totals[person] * share
        centre = np.column_stack([np.bincount(person, share * column) for column in design.T])
        left = design - centre[person]
        information = left.T @ (left * expected[:, None])
        if np.linalg.cond(information) > 1e12:
            return float("nan"), float("nan")
        step = np.linalg.solve(information, left.T @ (events - expected))
        model = model + step
        if np.abs(step).max() < 1e-10:
            return float(model[0]), float(np.sqrt(np.linalg.inv(information)[0, 0]))
    return float("nan"), float("nan")
