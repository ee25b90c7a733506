"""One row a person: treatment, outcome, covariates at time zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bencao.evidence.errors import EmptyArm, NoEvents, StudyDataError
from bencao.evidence.protocol.protocol import OutcomeKind

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class StudyData:
    """What an estimator is given.

    Attributes
    ----------
    treatment : ndarray, shape (n,)
        1 for the treatment, 0 for the comparator.
    outcome : ndarray, shape (n,)
        A measure; 1 or 0; or, with time, 1 for the event, 2 for a competing one, 0 for censored.
    covariates : ndarray, shape (n, p)
    names : tuple of str
        Of the covariates.
    kind : {"binary", "continuous", "time_to_event"}
    time : ndarray, shape (n,), optional
        Days to event or censoring.
    instrument : ndarray, shape (n,), optional
    before : ndarray, shape (n,), optional
        The outcome as it was before time zero.
    """

    treatment: Floats
    outcome: Floats
    covariates: Floats
    names: tuple[str, ...]
    kind: OutcomeKind
    time: Floats | None = None
    instrument: Floats | None = None
    before: Floats | None = None

    @property
    def n(self) -> int:
        """Persons."""
        return len(self.treatment)

    @property
    def design(self) -> Floats:
        """Covariates in standard units behind a constant, shape (n, p + 1)."""
        spread = self.covariates.std(axis=0)
        return np.column_stack([np.ones(self.n), (self.covariates - self.covariates.mean(axis=0)) / spread])

    def with_outcome(self, outcome: Floats, kind: OutcomeKind) -> StudyData:
        """The same persons with another outcome."""
        return StudyData(
            self.treatment, outcome, self.covariates, self.names, kind, instrument=self.instrument, before=self.before
        )


def study_data(
    table: Any,
    *,
    treatment: str,
    outcome: str,
    covariates: Sequence[str],
    kind: OutcomeKind,
    time: str = "",
    instrument: str = "",
    before: str = "",
    person: str = "",
) -> StudyData:
    """Take the columns of a study from a table, and refuse what no estimator can use.

    Parameters
    ----------
    table : pandas.DataFrame
        One row a person.
    treatment, outcome, time, instrument, before, person : str
        Columns; an empty name is none.
    covariates : sequence of str
        Numbers, or text, which becomes one column a level but the first.
    kind : {"binary", "continuous", "time_to_event"}

    Returns
    -------
    StudyData

    Raises
    ------
    StudyDataError
        A column that is absent, not whole, constant; a person who stands twice; a time that is negative.
    EmptyArm, NoEvents
    """
    wanted = [name for name in (treatment, outcome, time, instrument, before, person, *covariates) if name]
    absent = [name for name in wanted if name not in table.columns]
    if absent:
        raise StudyDataError("is absent", where=absent[0], mend=f"the columns are {', '.join(map(str, table.columns))}")
    if person and table[person].duplicated().any():
        twice = int(table[person].duplicated().sum())
        raise StudyDataError(f"{twice} persons stand more than once", where=person, mend="keep one row a person")
    columns = covariate_columns(table, covariates)
    data = StudyData(
        _numbers(table, treatment),
        _numbers(table, outcome),
        np.column_stack(list(columns.values())),
        tuple(columns),
        kind,
        *(_numbers(table, name) if name else None for name in (time, instrument, before)),
    )
    _check(data, treatment, outcome, time)
    return data


def _numbers(table: Any, name: str) -> Floats:
    try:
        values = np.asarray(table[name].to_numpy(dtype=float), dtype=float)
    except (TypeError, ValueError):
        raise StudyDataError("is no column of numbers", where=name, mend="write numbers, with a point") from None
    missing = int((~np.isfinite(values)).sum())
    if missing:
        raise StudyDataError(
            f"{missing} of {len(values)} values are missing", where=name, mend="impute them, or leave the rows out"
        )
    return values


def covariate_columns(table: Any, names: Sequence[str]) -> dict[str, Floats]:
    """Covariates as columns of numbers, a text as one column a level but the first; raises StudyDataError."""
    found: dict[str, Floats] = {}
    for name in names:
        if table[name].dtype.kind in "fiub":
            found[name] = _numbers(table, name)
            continue
        if table[name].isna().any():
            raise StudyDataError("has missing values", where=name, mend="give them a level of their own")
        for level in sorted(set(table[name].astype(str)))[1:]:
            found[f"{name}={level}"] = np.asarray(table[name].astype(str) == level, dtype=float)
    for name, values in found.items():
        if np.ptp(values) == 0:
            raise StudyDataError("is the same for everybody", where=name, mend="leave the covariate out")
    if not found:
        raise StudyDataError("no covariate varies", where="covariates", mend="give one that does")
    return found


def _check(data: StudyData, treatment: str, outcome: str, time: str) -> None:
    arms = np.unique(data.treatment)
    if not set(arms) <= {0.0, 1.0}:
        raise StudyDataError("holds more than 0 and 1", where=treatment, mend="write 1 for the treatment, 0 for others")
    if len(arms) < 2:
        raise EmptyArm(
            f"all {data.n} persons have {arms[0]:g}" if data.n else "nobody is left",
            where=treatment,
            mend="widen eligibility, or check the strategies",
        )
    if data.kind == "continuous":
        return
    if not set(np.unique(data.outcome)) <= ({0.0, 1.0, 2.0} if data.kind == "time_to_event" else {0.0, 1.0}):
        raise StudyDataError("holds other values than 0 and 1", where=outcome, mend="write 1 for the event")
    events = int((data.outcome == 1).sum())
    if events in (0, data.n):
        who = "nobody has the event" if not events else "everybody has the event"
        raise NoEvents(who, where=outcome, mend="check its definition, or follow persons longer")
    if data.kind == "time_to_event":
        if data.time is None:
            raise StudyDataError("needs a column of times", where=outcome, mend="give time:")
        negative = int((data.time < 0).sum())
        if negative:
            raise StudyDataError(f"{negative} times are negative", where=time, mend="count them from time zero")
