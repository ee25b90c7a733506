"""One row a person: treatment, outcome, covariates at time zero."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from bencao.evidence.errors import EmptyArm, NoEvents, StudyDataError
from bencao.evidence.estimators.data.columns import named, numbers, refuse_rows, require_columns, varies
from bencao.evidence.protocol.protocol import OutcomeKind

Floats = npt.NDArray[np.float64]
_MOST_LEVELS = 200  # of a text; more are a number of the person rather than a covariate


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

    def rows(self, kept: npt.NDArray[np.bool_]) -> StudyData:
        """Some of the persons, without covariates that no longer vary among them."""
        columns = [place for place, one in enumerate(self.covariates[kept].T) if varies(one)]
        time, instrument, before = (
            None if one is None else one[kept] for one in (self.time, self.instrument, self.before)
        )
        names = tuple(self.names[place] for place in columns)
        covariates = self.covariates[kept][:, columns]
        return StudyData(
            self.treatment[kept], self.outcome[kept], covariates, names, self.kind, time, instrument, before
        )

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
    roles = {"treatment": treatment, "outcome": outcome, "time": time, "instrument": instrument, "person": person}
    require_columns(table, [*roles.values(), before, *covariates])
    for role, name in roles.items():
        if name and name in covariates:
            raise StudyDataError(
                f"is {role} and covariate at once", where=named(table, name), mend="leave it out of one"
            )
    twice = [name for name in covariates if list(covariates).count(name) > 1]
    if twice:
        raise StudyDataError("stands twice among the covariates", where=named(table, twice[0]), mend="name it once")
    if person:
        check_persons(table, person)
    columns = covariate_columns(table, covariates)
    data = StudyData(
        numbers(table, treatment),
        numbers(table, outcome),
        np.column_stack(list(columns.values())),
        tuple(columns),
        kind,
        *(numbers(table, name) if name else None for name in (time, instrument, before)),
    )
    _check(table, data, treatment, outcome, time)
    return data


def check_persons(table: Any, person: str) -> None:
    """Refuse rows of nobody, and persons who stand more than once."""
    refuse_rows(table, person, table[person].isna(), "rows are nobody's", "give each person a number")
    twice = table[person].duplicated()
    refuse_rows(table, person, twice, "persons stand more than once", "keep one row a person")


def require_whole(table: Any, names: Sequence[str]) -> None:
    """Refuse covariates with values that are missing, infinite or absurd; raises StudyDataError."""
    for name in names:
        if table[name].dtype.kind in "fiub":
            numbers(table, name)
        else:
            refuse_rows(table, name, table[name].isna(), "values are missing", "give them a level of their own")


def covariate_columns(table: Any, names: Sequence[str]) -> dict[str, Floats]:
    """Covariates as columns of numbers, a text as one column a level but the first; raises StudyDataError."""
    found: dict[str, Floats] = {}
    for name in names:
        if table[name].dtype.kind in "fiub":
            found[name] = numbers(table, name)
            continue
        require_whole(table, [name])
        require_levels(table, [name])
        told = table[name].astype(str)
        levels = sorted(set(told))
        found |= {f"{name}={level}": np.asarray(told == level, dtype=float) for level in levels[1:] or levels}
    for name, values in found.items():
        if len(table) and not varies(values):
            raise StudyDataError("is the same for everybody", where=named(table, name), mend="leave the covariate out")
    if not found:
        raise StudyDataError("no covariate varies", where="covariates", mend="give one that does")
    return found


def require_levels(table: Any, names: Sequence[str]) -> None:
    """Refuse texts of too many levels; where most are numbers, it names the first row that holds none."""
    import pandas as pd

    for name in names:
        if table[name].dtype.kind in "fiub" or (count := table[name].astype(str).nunique()) <= _MOST_LEVELS:
            continue
        words = pd.to_numeric(table[name], errors="coerce").isna()
        if 2 * words.sum() < len(table):
            refuse_rows(table, name, words, "values are no numbers", "write numbers, with a point")
        raise StudyDataError(
            f"is a text of {count} levels", where=named(table, name), mend="join levels, or leave it out"
        )


def _check(table: Any, data: StudyData, treatment: str, outcome: str, time: str) -> None:
    arms = np.unique(data.treatment)
    others = ~np.isin(data.treatment, (0.0, 1.0))
    refuse_rows(table, treatment, others, "values are neither 0 nor 1", "write 1 for the treatment, 0 for others")
    smaller = int(min(data.treatment.sum(), data.n - data.treatment.sum()))
    if smaller == 1:
        raise EmptyArm("an arm has one person only", where=named(table, treatment), mend="give at least two of each")
    if len(arms) < 2:
        raise EmptyArm(
            f"all {data.n} persons have {arms[0]:g}" if data.n else "nobody is left",
            where=named(table, treatment),
            mend="widen eligibility, or check the strategies",
        )
    if len(data.names) + 2 > data.n:
        raise StudyDataError(
            f"{len(data.names)} of {data.n} persons", where="covariates", mend="give fewer covariates, or join levels"
        )
    if data.kind == "continuous":
        return
    known = (0.0, 1.0, 2.0) if data.kind == "time_to_event" else (0.0, 1.0)
    others = ~np.isin(data.outcome, known)
    refuse_rows(table, outcome, others, "values are neither 0 nor 1", "write 1 for the event")
    events = int((data.outcome == 1).sum())
    if events in (0, data.n):
        who = "nobody has the event" if not events else "everybody has the event"
        raise NoEvents(who, where=named(table, outcome), mend="check its definition, or follow persons longer")
    if data.kind == "time_to_event":
        if data.time is None:
            raise StudyDataError("needs a column of times", where=named(table, outcome), mend="give time:")
        refuse_rows(table, time, data.time < 0, "times are negative", "count them from time zero")
