"""The data of a study: once, or once for each imputation where its protocol says that values are missing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from bencao.evidence.cohort.cohort import ARM, OUTCOME, TIME, Cohort
from bencao.evidence.diagnostics.design import Balance, Design, Diagnostic, Overlap
from bencao.evidence.errors import StudyDataError
from bencao.evidence.estimators.data.columns import numbers, refuse_rows
from bencao.evidence.estimators.data.study_data import Floats, StudyData, study_data
from bencao.evidence.estimators.estimate import Estimate
from bencao.evidence.finite import Figures
from bencao.evidence.missing.chained_equations import Variable, impute
from bencao.evidence.missing.pooling import Pooled, pool
from bencao.evidence.protocol.protocol import OutcomeKind, Protocol

DataSets = tuple[StudyData, ...]


@dataclass(frozen=True)
class Imputed(Figures):
    """What was imputed, and what it cost the primary estimate.

    Attributes
    ----------
    imputations : int
    missing : tuple of (str, int)
        Covariates, perhaps the outcome, and how many persons lack it.
    missing_information : float
        Share of the primary estimate's information that is lost.
    freedom : float
        Degrees of freedom of its interval.
    shifted : tuple of (float, Estimate)
        The primary estimate were the treated's missing outcomes so much higher than what is known lets expect.
    tipping : float or None
        The smallest such shift at which the interval no longer lies on the same side of no effect, or holds it; None
        where none does.
    """

    imputations: int
    missing: tuple[tuple[str, int], ...]
    missing_information: float
    freedom: float
    shifted: tuple[tuple[float, Estimate], ...] = ()
    tipping: float | None = None


def data_sets(
    protocol: Protocol,
    cohort: Cohort,
    found: Any,
    kind: OutcomeKind,
    name: str,
    *,
    blind: bool = False,
    delta: float = 0.0,
) -> DataSets:
    """The persons of a cohort with an outcome, as estimators take them.

    Parameters
    ----------
    protocol : Protocol
    cohort : Cohort
    found : pandas.DataFrame
        As `Cohort.read` gives it.
    kind : {"binary", "continuous", "time_to_event"}
    name : str
        Of the outcome, for errors.
    blind : bool
        Impute as if there were no outcome.
    delta : float
        Shift of the treated's missing outcomes.

    Returns
    -------
    tuple of StudyData
        One, or one for each imputation.

    Raises
    ------
    StudyDataError, EmptyArm, NoEvents, SeparationError
    """
    asked = protocol.missing_data
    whole = cohort.people.assign(**{OUTCOME: found[OUTCOME].to_numpy()})
    if TIME in found:
        whole[TIME] = found[TIME].to_numpy()
    tables = [whole]
    if asked and _lacking(whole, (*asked.covariates, *([OUTCOME] if asked.outcome and not blind else []))):
        tables = _imputed(protocol, cohort, whole, kind, blind, delta)
    shown = f"outcome: {name}"
    named: dict[str, Any] = {"treatment": ARM, "outcome": shown, "kind": kind, "person": cohort.person}
    named["time"] = TIME if TIME in found else ""
    return tuple(
        study_data(one.rename(columns={OUTCOME: shown}), covariates=cohort.covariates, **named) for one in tables
    )


def _lacking(table: Any, names: Sequence[str]) -> bool:
    for name in names:
        if name not in table.columns:
            raise StudyDataError("is no covariate of the table", where=f"missing_data: {name}", mend="name one that is")
    return any(table[name].isna().any() for name in names)


def _imputed(protocol: Protocol, cohort: Cohort, whole: Any, kind: OutcomeKind, blind: bool, delta: float) -> list[Any]:
    asked = protocol.missing_data
    assert asked
    arm = numbers(whole, ARM)
    variables = [Variable(ARM, arm)]
    if not blind:
        variables += _outcome(whole, kind, asked.outcome, delta * arm)
    for name in cohort.covariates:
        if whole[name].dtype.kind not in "fiub":
            told = whole[name].astype(str)
            variables += [Variable(f"{name}={one}", np.asarray(told == one, float)) for one in sorted(set(told))[1:]]
        else:
            variables.append(
                Variable(name, _with_gaps(whole, name) if name in asked.covariates else numbers(whole, name))
            )
    places = {one.name: place for place, one in enumerate(variables)}
    filled = [name for name in (OUTCOME, *asked.covariates) if name in places]
    drawn = impute(variables, imputations=asked.imputations, iterations=asked.iterations, seed=asked.seed)
    return [whole.assign(**{name: values[:, places[name]] for name in filled}) for values in drawn]


def _outcome(whole: Any, kind: OutcomeKind, missing: bool, shift: Floats) -> list[Variable]:
    """The outcome as others are imputed from it: of a time to event the event and its cumulative hazard.

    White IR, Royston P (2009). Imputing missing covariate values for the Cox model. Stat Med 28, 1982-1998.
    """
    if kind != "time_to_event":
        values = _with_gaps(whole, OUTCOME) if missing else numbers(whole, OUTCOME)
        return [Variable(OUTCOME, values, "binary" if kind == "binary" else "normal", shift)]
    event, time = (numbers(whole, name) for name in (OUTCOME, TIME))
    ordered = np.sort(time)
    at_risk = len(time) - np.searchsorted(ordered, ordered, side="left")
    happened = (event == 1)[np.argsort(time, kind="stable")]
    hazard = np.cumsum(happened / at_risk)
    reached = hazard[np.searchsorted(ordered, time, side="right") - 1]
    return [Variable("event", (event == 1).astype(float)), Variable("hazard", reached)]


def _with_gaps(whole: Any, name: str) -> Floats:
    """A column of numbers, NaN where a value is missing."""
    known = whole[name].notna().to_numpy()
    found = np.full(len(whole), np.nan)
    found[known] = numbers(whole[known], name)
    if not known.any():
        refuse_rows(whole, name, ~known, "values are missing", "leave it out")
    return found


def over(sets: DataSets, asked: Callable[[StudyData], Estimate]) -> Estimate:
    """An estimate of each data set, put together."""
    return asked(sets[0]) if len(sets) == 1 else pooled(sets, asked).estimate


def pooled(sets: DataSets, asked: Callable[[StudyData], Estimate]) -> Pooled:
    """The same with what the imputations cost; of two data sets or more."""
    return pool([asked(one) for one in sets], sets[0].n - 2)


def mean_design(designs: Sequence[Design]) -> Design:
    """The design over imputations: means of all its figures (Granger E et al., Stat Med 2019, 38, 5120)."""
    first = designs[0]
    if len(designs) == 1:
        return first

    def mean(of: Callable[[Design], float]) -> float:
        return float(np.mean([of(one) for one in designs]))

    balance = tuple(
        Balance(
            one.covariate,
            mean(lambda design, k=k: design.balance[k].before),  # type: ignore[misc]
            mean(lambda design, k=k: design.balance[k].after),  # type: ignore[misc]
        )
        for k, one in enumerate(first.balance)
    )
    diagnostics = []
    for k, one in enumerate(first.diagnostics):
        value = mean(lambda design, k=k: design.diagnostics[k].value)  # type: ignore[misc]
        passed = value <= one.threshold if one.name == "standardised_difference" else value >= one.threshold
        diagnostics.append(Diagnostic(one.name, value, one.threshold, passed))
    overlap = tuple(
        Overlap(
            one.low,
            one.high,
            mean(lambda design, k=k: design.overlap[k].treatment),  # type: ignore[misc]
            mean(lambda design, k=k: design.overlap[k].comparator),  # type: ignore[misc]
        )
        for k, one in enumerate(first.overlap)
    )
    effective = (mean(lambda design: design.effective[0]), mean(lambda design: design.effective[1]))
    return replace(first, balance=balance, diagnostics=tuple(diagnostics), overlap=overlap, effective=effective)


def tipping_point(at_nought: Estimate, shifted: Sequence[tuple[float, Estimate]]) -> float | None:
    """The smallest shift at which the interval no longer says what it says at nought: benefit, harm, or neither."""
    for delta, one in sorted(shifted, key=lambda pair: abs(pair[0])):
        if (one.low > 0, one.high < 0) != (at_nought.low > 0, at_nought.high < 0):
            return delta
    return None
