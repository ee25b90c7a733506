"""Flat longitudinal data: one row for each person and period of follow-up, from time zero on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bencao.evidence.errors import NoEvents, StudyDataError, TimeZeroError
from bencao.evidence.estimators.data.columns import numbers, refuse_rows, require_columns

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
_MOST_PERIODS = 10_000


@dataclass(frozen=True)
class PersonPeriods:
    """Persons followed over periods, sorted by person and period.

    Attributes
    ----------
    person : ndarray of int, shape (rows,)
        From 0.
    period : ndarray of int, shape (rows,)
        From 0, without a gap.
    treatment : ndarray, shape (rows,)
        1 where a person is treated in the period.
    event : ndarray, shape (rows,)
        1 where it happens in the period, after the treatment of that period; the person's last row.
    baseline : ndarray, shape (rows, b)
        What was known at time zero.
    varying : ndarray, shape (rows, v)
        What is known when a period begins, before its treatment.
    last : int
        Last period of the study. Who ends earlier without the event was lost.
    """

    person: Integers
    period: Integers
    treatment: Floats
    event: Floats
    baseline: Floats
    varying: Floats
    last: int

    @property
    def persons(self) -> int:
        """How many there are."""
        return int(self.person[-1]) + 1

    @property
    def starts(self) -> Integers:
        """Each person's first row."""
        return np.flatnonzero(self.period == 0)

    @property
    def before(self) -> Floats:
        """Treatment in the period before; 0 in the first."""
        shifted = np.concatenate([[0.0], self.treatment[:-1]])
        found: Floats = np.where(self.period == 0, 0.0, shifted)
        return found

    @property
    def lost(self) -> Floats:
        """1 where a row is a person's last, before the study's end and without the event."""
        ends = np.append(self.person[1:] != self.person[:-1], True)
        found: Floats = (ends & (self.event == 0) & (self.period < self.last)).astype(float)
        return found


def person_periods(
    table: Any,
    *,
    person: str,
    period: str,
    treatment: str,
    event: str,
    baseline: Sequence[str] = (),
    varying: Sequence[str] = (),
    measured_in: Mapping[str, str] | None = None,
) -> PersonPeriods:
    """Take person-periods from a table, and refuse what would make time immortal.

    Which strategy a person follows is no column: it is told by the treatment from time zero on, so that nobody is
    assigned by what happens later.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a person and period.
    person, period, treatment, event : str
        Columns; periods are whole numbers from 0.
    baseline, varying : sequence of str
        Columns of numbers; the first stay as they are at time zero, the others are known when a period begins.
    measured_in : mapping of str, optional
        For a variable the column with the period in which it was measured.

    Returns
    -------
    PersonPeriods

    Raises
    ------
    TimeZeroError
        A baseline variable that changes after time zero, a variable that was measured later than it is used, or
        persons whose follow-up begins after time zero.
    StudyDataError
        A column that is absent or no whole column of numbers; periods with a gap, or after the event.
    NoEvents
    """
    wanted = [person, period, treatment, event, *baseline, *varying, *(measured_in or {}).values()]
    require_columns(table, wanted)
    _check_roles(person, period, treatment, event, [*baseline, *varying])
    for name in wanted[1:]:
        numbers(table, name, mend="impute, or carry the last value on")
    refuse_rows(table, person, table[person].isna(), "rows are nobody's", "give each person a number")
    number = numbers(table, period)
    odd = (number < 0) | (number % 1 != 0) | (number > _MOST_PERIODS)
    refuse_rows(
        table, period, odd, f"values are no period from 0 to {_MOST_PERIODS}", "count from time zero: 0, 1, 2 …"
    )
    table = table.sort_values([person, period], kind="stable", ignore_index=True)
    codes = np.unique(table[person].to_numpy(), return_inverse=True)[1].astype(np.int64)
    found = PersonPeriods(
        codes,
        table[period].to_numpy(dtype=np.int64),
        table[treatment].to_numpy(dtype=float),
        table[event].to_numpy(dtype=float),
        table[list(baseline)].to_numpy(dtype=float).reshape(len(table), len(baseline)),
        table[list(varying)].to_numpy(dtype=float).reshape(len(table), len(varying)),
        int(table[period].max()),
    )
    _check_follow_up(found, period, treatment, event)
    for place, name in enumerate(baseline):
        if (found.baseline[:, place] != found.baseline[found.starts][found.person, place]).any():
            raise TimeZeroError(
                "changes after time zero, and is told to be known at it",
                where=name,
                mend="take its value at period 0, or list it among those that vary",
            )
    for name, column in (measured_in or {}).items():
        used = 0 if name in baseline else found.period
        late = int((table[column].to_numpy() > used).sum())
        if late:
            raise TimeZeroError(
                f"{late} values were measured in a later period than they are used in",
                where=name,
                mend="take the last value before the period begins",
            )
    return found


def _check_roles(person: str, period: str, treatment: str, event: str, covariates: Sequence[str]) -> None:
    names = [person, period, treatment, event, *covariates]
    twice = [name for name in names if names.count(name) > 1]
    if twice:
        raise StudyDataError("is told to be two things at once", where=twice[0], mend="name each column once")


def _check_follow_up(found: PersonPeriods, period: str, treatment: str, event: str) -> None:
    for name, values in ((treatment, found.treatment), (event, found.event)):
        if not set(np.unique(values)) <= {0.0, 1.0}:
            raise StudyDataError("holds other values than 0 and 1", where=name, mend="write 1 for yes")
    first = np.append(True, found.person[1:] != found.person[:-1])
    later = int((found.period[first] != 0).sum())
    if later:
        raise TimeZeroError(
            f"{later} persons are followed only from after period 0: until then they could not have had the event",
            where=period,
            mend="count each person's periods from time zero",
        )
    gaps = int((np.diff(found.period)[~first[1:]] != 1).sum())
    if gaps:
        raise StudyDataError(f"{gaps} periods are missing or stand twice", where=period, mend="give every period once")
    after = int((found.event[:-1][~first[1:]] == 1).sum())
    if after:
        raise StudyDataError(f"{after} rows follow the event", where=event, mend="end a person's rows with the event")
    if not found.event.any():
        raise NoEvents("nobody has the event", where=event, mend="check its definition, or follow persons longer")
