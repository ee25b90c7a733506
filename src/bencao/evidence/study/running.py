"""Run a protocol over a flat table: attrition, diagnostics, and, if they pass, the estimates."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from bencao.evidence.diagnostics.design import Design, Diagnostic, examine_design
from bencao.evidence.errors import EmptyArm, ProtocolError, TimeZeroError
from bencao.evidence.estimators.data.study_data import study_data
from bencao.evidence.estimators.estimate import Estimate, Settings, estimate
from bencao.evidence.protocol.concepts import Events
from bencao.evidence.protocol.protocol import Eligibility, Protocol

_ARM = "__arm__"
_NOTHING = "__nothing__"


@dataclass(frozen=True)
class Study:
    """What a protocol gave.

    Attributes
    ----------
    protocol : Protocol
    attrition : tuple of (str, int)
        Each step, and how many persons are left after it.
    design : Design
    diagnostics : tuple of Diagnostic
        The design's, and the number of events.
    estimates : tuple of Estimate
        The primary first; empty while diagnostics do not pass and no reason is given.
    despite : str
        Why results are shown though diagnostics do not pass.
    controls : tuple of (str, Estimate)
        The negative controls by the primary estimator; their true effect is 0.
    """

    protocol: Protocol
    attrition: tuple[tuple[str, int], ...]
    design: Design
    diagnostics: tuple[Diagnostic, ...]
    estimates: tuple[Estimate, ...]
    despite: str
    controls: tuple[tuple[str, Estimate], ...] = ()

    @property
    def hidden(self) -> bool:
        """Whether the results are kept back."""
        return not self.estimates

    def as_json(self) -> dict[str, Any]:
        """The study as JSON holds it."""
        return {
            "study": self.protocol.study,
            "protocol_sha256": self.protocol.digest,
            "protocol": self.protocol.model_dump(mode="json"),
            "attrition": [{"step": step, "persons": persons} for step, persons in self.attrition],
            "balance": [asdict(one) for one in self.design.balance],
            "effective_sizes": list(self.design.effective),
            "diagnostics": [asdict(one) for one in self.diagnostics],
            "hidden": self.hidden,
            "despite": self.despite,
            "estimates": [asdict(one) for one in self.estimates],
            "negative_controls": [{"name": name, **asdict(one)} for name, one in self.controls],
        }


def run_study(protocol: Protocol, table: Any, *, despite: str = "") -> Study:
    """Run a protocol whose data are one row a person.

    The design is examined before the outcome is looked at; results are kept back until it passes.

    Parameters
    ----------
    protocol : Protocol
    table : pandas.DataFrame
    despite : str
        Why results are to be shown though diagnostics do not pass.

    Returns
    -------
    Study

    Raises
    ------
    ProtocolError
        A protocol that asks for what a flat table cannot give.
    TimeZeroError
        A covariate that was measured after time zero.
    EmptyArm, NoEvents, StudyDataError, SeparationError, PositivityError
    """
    if protocol.data != "table":
        raise ProtocolError("needs data: table", where="data", mend="give one row a person, with columns for events")
    if protocol.outcome.washed_out or protocol.follow_up.analysed_as == "on_treatment":
        raise ProtocolError(
            "a flat table tells neither earlier outcomes nor the end of exposure",
            where="outcome.washed_out, follow_up.analysed_as",
            mend="exclude: by a column, and end times in the table",
        )
    unused = sorted(protocol.strategies.model_fields_set & {"washout", "grace"})
    if unused:
        raise ProtocolError(
            "a flat table does not tell supplies day by day",
            where=", ".join(f"strategies.{one}" for one in unused),
            mend="leave it out, and let the table hold new users only",
        )
    chosen, attrition = _cohort(protocol, table)
    covariates = [one.name for one in protocol.covariates]
    blind = chosen.drop(columns=[protocol.outcome.events.column], errors="ignore").assign(**{_NOTHING: 0.0})
    person = protocol.person
    before = study_data(
        blind, treatment=_ARM, outcome=_NOTHING, covariates=covariates, kind="continuous", person=person
    )
    design = examine_design(before.covariates, before.treatment, before.names, protocol.analysis, protocol.thresholds)
    if not despite and not all(one.passed for one in design.diagnostics):
        return Study(protocol, attrition, design, design.diagnostics, (), "")
    outcome = protocol.outcome
    data = study_data(
        chosen,
        treatment=_ARM,
        outcome=outcome.events.column,
        covariates=covariates,
        kind=outcome.kind,
        time=outcome.time,
        person=person,
    )
    diagnostics = design.diagnostics
    if outcome.kind != "continuous":
        events, least = int((data.outcome == 1).sum()), protocol.thresholds.events
        diagnostics = (*diagnostics, Diagnostic("events", events, least, events >= least))
        if events < least and not despite:
            return Study(protocol, attrition, design, diagnostics, (), "")
    analysis = protocol.analysis
    settings = Settings(analysis.estimand, analysis.trim, folds=analysis.folds, seed=analysis.seed)
    methods = dict.fromkeys((analysis.primary, *analysis.others))
    horizon = float(protocol.follow_up.days) if outcome.kind == "time_to_event" else None
    found = tuple(estimate(data, method, settings, horizon=horizon) for method in methods)
    controls = tuple(
        (
            one.name,
            estimate(data.with_outcome(_has(chosen, one).to_numpy(dtype=float), "binary"), analysis.primary, settings),
        )
        for one in protocol.negative_controls
    )
    return Study(protocol, attrition, design, diagnostics, found, despite, controls)


def _cohort(protocol: Protocol, table: Any) -> tuple[Any, tuple[tuple[str, int], ...]]:
    """The persons who enter, with their arm, and how many each step left."""
    asked = protocol.eligibility
    if (asked.ages, asked.prior_observation, asked.dates) != (Eligibility().ages, 0, Eligibility().dates):
        raise ProtocolError(
            "cannot be told from a flat table", where="eligibility", mend="write require: and exclude: with columns"
        )
    left = table
    steps = [("all", len(left))]
    for kind, rules in (("require", asked.require), ("exclude", asked.exclude)):
        for rule in rules:
            has = _has(left, rule.events)
            left = left[has if kind == "require" else ~has]
            steps.append((f"{kind} {rule.events.name}", len(left)))
    treated, compared = (_has(left, one) for one in (protocol.strategies.treatment, protocol.strategies.comparator))
    left = left.assign(**{_ARM: treated.astype(float)})[treated ^ compared]
    steps.append(("one strategy", len(left)))
    if left.empty:
        raise EmptyArm("nobody is left", where=steps[-1][0], mend="widen eligibility, or check the strategies")
    for covariate in protocol.covariates:
        later = covariate.measured_on and int((_column(left, covariate.measured_on) > 0).sum())
        if later:
            raise TimeZeroError(
                f"{later} values were measured after time zero",
                where=covariate.name,
                mend="take the last value at or before it",
            )
    return left, tuple(steps)


def _column(table: Any, name: str) -> Any:
    if name not in table.columns:
        raise ProtocolError(
            "is no column of the table", where=name, mend=f"it has {', '.join(map(str, table.columns))}"
        )
    return table[name]


def _has(table: Any, events: Events) -> pd.Series:
    if not events.column:
        raise ProtocolError("needs a column", where=events.name, mend="give column: and value:")
    found: pd.Series = _column(table, events.column) == (1 if events.value is None else events.value)
    return found
