"""Self-controlled case series: a person's exposed days against the same person's other days."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from statsmodels.discrete.conditional_models import ConditionalPoisson

from bencao.evidence.errors import EstimationError, NoEvents, StudyDataError
from bencao.evidence.estimators.estimate import Estimate


def self_controlled_case_series(
    table: Any, *, person: str, days: str, events: str, exposed: str, periods: str = ""
) -> Estimate:
    """Incidence rate ratio within persons (Farrington, Biometrics 1995, 51, 228).

    Parameters
    ----------
    table : pandas.DataFrame
        One row an interval of a person's observation.
    person, days, events, exposed : str
        Columns: the person, the interval's length, its events, 1 where it is exposed.
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
        An interval without days, or a column that is absent.
    EstimationError
    """
    for name in (person, days, events, exposed, periods):
        if name and name not in table.columns:
            raise StudyDataError("is absent", where=name, mend=f"the columns are {', '.join(map(str, table.columns))}")
    if (table[days] <= 0).any():
        raise StudyDataError(f"{int((table[days] <= 0).sum())} intervals have no days", where=days, mend="drop them")
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
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        model = ConditionalPoisson(
            cases[events].to_numpy(dtype=float),
            np.column_stack(columns),
            groups=cases[person].to_numpy(),
            offset=np.log(cases[days].to_numpy(dtype=float)),
        )
        fit = model.fit(disp=0)
    value, error = float(fit.params[0]), float(fit.bse[0])
    if not (np.isfinite(value) and np.isfinite(error) and 0 < error < 50):
        raise EstimationError(
            "gives no finite estimate", where=exposed, mend="events fall on one kind of interval only"
        )
    low, high = value - 1.959963984540054 * error, value + 1.959963984540054 * error
    persons = int(cases[person].nunique())
    return Estimate("self_controlled", "att", "log_incidence_rate_ratio", value, error, low, high, persons)
