"""A trial beside the persons to whom its effect is to be carried: covariates of both, outcomes of the trial alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from bencao.evidence.errors import PositivityError, StudyDataError
from bencao.evidence.estimators.data.columns import called, require_columns, varies
from bencao.evidence.estimators.data.study_data import (
    StudyData,
    check_persons,
    covariate_columns,
    require_levels,
    require_whole,
    study_data,
)
from bencao.evidence.protocol.protocol import OutcomeKind

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class TrialAndTarget:
    """What is transported, and to whom.

    Attributes
    ----------
    trial : StudyData
        n persons, randomised.
    target : ndarray, shape (m, p)
        Covariates of the target's persons, coded as the trial's; nothing else of them is used.
    """

    trial: StudyData
    target: Floats

    @property
    def designs(self) -> tuple[Floats, Floats]:
        """Covariates behind a constant, in units of both together: of the trial and of the target."""
        both = np.vstack([self.trial.covariates, self.target])
        scaled = np.column_stack([np.ones(len(both)), (both - both.mean(axis=0)) / both.std(axis=0)])
        return scaled[: self.trial.n], scaled[self.trial.n :]


def trial_and_target(
    trial: Any,
    target: Any,
    *,
    treatment: str,
    outcome: str,
    covariates: Sequence[str],
    kind: OutcomeKind,
    time: str = "",
    person: str = "",
) -> TrialAndTarget:
    """Take a trial's columns, and the same covariates of a target.

    Parameters
    ----------
    trial, target : pandas.DataFrame
        One row a person; of the target only the covariates (and the person) are read.
    treatment, outcome, time, person : str
        Columns; an empty name is none.
    covariates : sequence of str
        What moves the effect and differs between trial and target.
    kind : {"binary", "continuous", "time_to_event"}

    Returns
    -------
    TrialAndTarget

    Raises
    ------
    StudyDataError
        A covariate that one of them lacks or that is not whole; and as `study_data`.
    PositivityError
        A covariate that does not vary in the trial and does in the target: nobody in the trial is like them.
    EmptyArm, NoEvents
    """
    trial, target = called(trial, "trial"), called(target, "target")
    for table in (trial, target):
        require_columns(table, covariates)
        require_whole(table, covariates)
        require_levels(table, covariates)
    if len(target) < 2:
        raise StudyDataError(f"{len(target)} persons", where="target", mend="give the persons of the target")
    if person and person in target.columns:
        check_persons(target, person)
    names = list(dict.fromkeys(covariates))
    both = covariate_columns(pd.concat([trial[names], target[names]], ignore_index=True), names)
    coded = {name: values[: len(trial)] for name, values in both.items()}
    beyond = [name for name, values in coded.items() if len(trial) and not varies(values)]
    if beyond:
        raise PositivityError(
            "does not vary in the trial, and does in the target",
            where=", ".join(beyond),
            mend="restrict the target to persons whom the trial could have taken in",
        )
    data = study_data(
        trial.assign(**coded),
        treatment=treatment,
        outcome=outcome,
        covariates=list(coded),
        kind=kind,
        time=time,
        person=person,
    )
    return TrialAndTarget(data, np.column_stack([values[len(trial) :] for values in both.values()]))
