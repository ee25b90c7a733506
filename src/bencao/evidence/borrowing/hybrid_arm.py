"""A trial's effect with controls from outside beside its own: power prior, commensurate, propensity-integrated."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, get_args

import numpy as np
import numpy.typing as npt
import pandas as pd

from bencao.evidence.borrowing.lending import lend
from bencao.evidence.borrowing.limits import Rule, commensurate, power_prior
from bencao.evidence.borrowing.strata import Means, by_propensity
from bencao.evidence.errors import StudyDataError
from bencao.evidence.estimators.data.columns import called, require_columns
from bencao.evidence.estimators.data.study_data import (
    StudyData,
    check_persons,
    covariate_columns,
    require_whole,
    study_data,
)
from bencao.evidence.estimators.estimate import Estimate, whole_estimate
from bencao.evidence.finite import Figures, reckoned
from bencao.evidence.protocol.protocol import OutcomeKind
from bencao.kernel.errors import InputError

Floats = npt.NDArray[np.float64]
Method = Literal["power_prior", "commensurate", "propensity"]
METHODS: tuple[Method, ...] = get_args(Method)
RULES: dict[Method, Rule] = {"power_prior": power_prior, "commensurate": commensurate, "propensity": power_prior}


@dataclass(frozen=True)
class HybridData:
    """A trial, and external controls with the same outcome and covariates.

    Attributes
    ----------
    trial : StudyData
    external : ndarray, shape (m,)
        Their outcome.
    covariates : ndarray, shape (m, p)
        Theirs, coded as the trial's.
    """

    trial: StudyData
    external: Floats
    covariates: Floats


@dataclass(frozen=True)
class Hybrid(Figures):
    """A trial's effect with borrowed controls.

    Attributes
    ----------
    estimate : Estimate
    alone : Estimate
        The trial by itself.
    share : float
        Of the external persons, the most that may be counted for the type-1 error to stay within the limit.
    borrowed : float
        Persons by which the control arm has grown in effect.
    conflict : float
        External minus own control mean, in standard errors.
    type_1, drift : float
        The largest type-1 error at that share, and the drift at which it is so.
    """

    estimate: Estimate
    alone: Estimate
    share: float
    borrowed: float
    conflict: float
    type_1: float
    drift: float

    def as_json(self) -> dict[str, Any]:
        """The same as plain values, for JSON."""
        return asdict(self)


@reckoned()
def hybrid_data(
    trial: Any,
    external: Any,
    *,
    treatment: str,
    outcome: str,
    covariates: Sequence[str],
    kind: OutcomeKind,
    time: str = "",
    person: str = "",
    measure: str = "risk_difference",
    horizon: float | None = None,
) -> HybridData:
    """Take the columns of a trial and of external controls.

    Parameters
    ----------
    trial, external : pandas.DataFrame
        One row a person; of the external ones the column of treatment is not read.
    treatment, outcome, time, person : str
        Columns; an empty name is none.
    covariates : sequence of str
    kind : {"binary", "continuous", "time_to_event"}
    measure, horizon
        Of a time to event: ``risk_difference`` or ``rmst_difference`` up to a day.

    Returns
    -------
    HybridData

    Raises
    ------
    StudyDataError, EmptyArm, NoEvents
        As `study_data`, for both.
    """
    trial, external = called(trial, "trial"), called(external, "external")
    if len(external) < 2:
        raise StudyDataError(f"{len(external)} external controls", where="external", mend="give more, or none")
    wanted = [name for name in (outcome, time, *covariates) if name]
    for table in (trial, external):
        require_columns(table, wanted)
        require_whole(table, covariates)
    names = list(dict.fromkeys(covariates))
    both = covariate_columns(pd.concat([trial[names], external[names]], ignore_index=True), names)
    coded = {name: values[: len(trial)] for name, values in both.items() if np.ptp(values[: len(trial)]) > 0}
    named: dict[str, Any] = {"treatment": treatment, "outcome": outcome, "kind": kind, "time": time, "person": person}
    data = study_data(trial.assign(**coded), covariates=list(coded), **named)
    lent = external.assign(**{name: values[len(trial) :] for name, values in both.items()}, **{treatment: 0})
    treated = trial.assign(**coded)[trial[treatment] == 1]
    # The treated stand in as the other arm, so that the external rows meet every check of a study's.
    stand_in = pd.concat([treated, lent], ignore_index=True)
    if person and person in external.columns:
        check_persons(external, person)
    outside = study_data(stand_in, covariates=list(coded), **{**named, "person": ""})
    if kind == "time_to_event":
        from bencao.evidence.estimators.survival.pseudo_observations import pseudo_observations

        horizon = horizon or min(
            float(one.time[one.treatment == arm].max())
            for one in (data, outside)
            for arm in (0, 1)
            if one.time is not None
        )
        data, outside = (
            one.with_outcome(pseudo_observations(one, measure, horizon), "continuous") for one in (data, outside)
        )
    rows = outside.treatment == 0
    return HybridData(replace(data, time=None), outside.outcome[rows], outside.covariates[rows])


@reckoned()
def borrow(
    data: HybridData, method: Method = "power_prior", *, level: float = 0.05, limit: float = 0.07, strata: int = 5
) -> Hybrid:
    """Estimate a difference of means or risks with external controls, borrowing no more than a limit allows.

    Parameters
    ----------
    data : HybridData
    method : {"power_prior", "commensurate", "propensity"}
        The last compares like with like: strata of the chance of being in the trial, the external persons outside its
        range left out, then a power prior (Wang et al. 2019).
    level, limit : float
        Of the test without borrowing, and what its type-1 error may become at whatever drift of the external controls.
    strata : int
        Of the propensity; fewer are used where one would lack persons.

    Returns
    -------
    Hybrid
        Means are taken as normal. ``share`` says how much was let in before the data themselves were asked;
        ``borrowed`` what they then took.

    Raises
    ------
    StudyDataError, EstimationError, SeparationError, InputError

    References
    ----------
    Wang C, Li H, Chen W-C, et al. (2019). Propensity score-integrated power prior approach for incorporating real-world
    evidence in single-arm clinical studies. Journal of Biopharmaceutical Statistics 29, 731-748.
    """
    means = arm_means(data, method, strata)
    lending = lend(means, RULES[method], level=level, limit=limit)
    difference = means.external[0] - means.own[0]
    shown = "risk_difference" if data.trial.kind == "binary" else "difference"
    persons, controls = data.trial.n, int((data.trial.treatment == 0).sum())
    error = float(np.sqrt(means.treated[1] + means.own[1]))
    alone = whole_estimate("trial_alone", "trial", shown, means.treated[0] - means.own[0], error, persons)
    conflict = float(difference / np.sqrt(means.own[1] + means.external[1]))
    if lending.share == 0:
        return Hybrid(replace(alone, method=method), alone, 0.0, 0.0, conflict, level, 0.0)
    weight, variance = (float(one.item()) for one in lending.weigh(np.array([difference])))
    control = means.own[0] + weight * difference
    error = float(np.sqrt(means.treated[1] + variance))
    count = persons + len(data.external)
    found = whole_estimate(method, "trial", shown, means.treated[0] - control, error, count)
    grown = max(0.0, controls * (means.own[1] / variance - 1))
    return Hybrid(found, alone, lending.share, grown, conflict, lending.worst.type_1, lending.worst.drift)


def arm_means(data: HybridData, method: Method, strata: int = 5) -> Means:
    """Means of the arms and of the external controls, and how much of the latter a method would count at all.

    Parameters
    ----------
    data, method, strata
        As `borrow`.

    Returns
    -------
    Means

    Raises
    ------
    StudyDataError, PositivityError, SeparationError, InputError
    """
    if method not in METHODS:
        raise InputError(f"no method {method}", where="method", mend=f"give one of {', '.join(METHODS)}")
    trial = data.trial
    arms = [trial.outcome[trial.treatment == arm] for arm in (1, 0)]
    if min(len(arm) for arm in (*arms, data.external)) < 2:
        raise StudyDataError("an arm has one person only", where="treatment", mend="give at least two of each")
    if method == "propensity":
        means = by_propensity(trial, data.external, data.covariates, strata)
    else:
        means = Means.plain(arms[0], arms[1], data.external)
    if not min(means.treated[1], means.own[1], means.external[1]) > 0:
        raise StudyDataError("does not vary in an arm", where="outcome", mend="follow persons longer, or widen the arm")
    return means
