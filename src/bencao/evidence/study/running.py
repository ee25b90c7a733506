"""Run a protocol over its cohort: attrition, diagnostics, and, if they pass, the estimates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd

from bencao.evidence.cohort.building import build_cohort
from bencao.evidence.cohort.cohort import ARM, OUTCOME, TIME, Cohort
from bencao.evidence.cohort.flat import flat_cohort
from bencao.evidence.diagnostics.design import Design, Diagnostic, examine_design
from bencao.evidence.diagnostics.power import detectable
from bencao.evidence.errors import ProtocolError
from bencao.evidence.estimators.data.study_data import StudyData, study_data
from bencao.evidence.estimators.estimate import Estimate
from bencao.evidence.protocol.concepts import Events
from bencao.evidence.protocol.protocol import OutcomeKind, Protocol
from bencao.evidence.study.controls import estimate_controls
from bencao.evidence.study.estimating import as_ratio, estimated
from bencao.evidence.study.lasting import run_lasting
from bencao.evidence.study.steps import Steps, Tell, tell_nobody
from bencao.evidence.study.study import Study
from bencao.kernel.errors import BencaoError


def run_study(protocol: Protocol, data: Any, *, despite: str = "", tell: Tell = tell_nobody) -> Study:
    """Run a protocol over one row a person, or over a database in the common data model.

    The design is examined before the outcome is looked at; results are kept back until it passes.

    Parameters
    ----------
    protocol : Protocol
    data : pandas.DataFrame or Engine
        As the protocol's ``data:`` says; an engine from `bencao.evidence.cohort.engines.open_engine`.
    despite : str
        Why results are to be shown though diagnostics do not pass.
    tell : callable
        Told how far it is, see `Steps`.

    Returns
    -------
    Study

    Raises
    ------
    ProtocolError
        A protocol that asks for what the data cannot give.
    TimeZeroError
        A covariate that was measured after time zero.
    EmptyArm, NoEvents, StudyDataError, SeparationError, PositivityError
    """
    if (protocol.data == "table") != isinstance(data, pd.DataFrame):
        wanted = "one row a person" if protocol.data == "table" else "a database in the common data model"
        raise ProtocolError(f"asks for {wanted}", where="data", mend="give that, or change data:")
    if protocol.lasting:
        return run_lasting(protocol, data, despite=despite, tell=tell)
    steps = Steps(3 + len(protocol.negative_controls) + len(_methods(protocol)), tell)
    steps.begin("cohort")
    cohort = flat_cohort(protocol, data) if protocol.data == "table" else build_cohort(protocol, data)
    return _run(protocol, cohort, despite, steps)


def _run(protocol: Protocol, cohort: Cohort, despite: str, steps: Steps) -> Study:
    """Go on only as far as diagnostics pass: design, events, negative controls, estimates."""
    steps.begin("design")
    design = _examined(protocol, cohort)
    if not despite and not all(one.passed for one in design.diagnostics):
        return Study(protocol, cohort.attrition, design, design.diagnostics)
    steps.begin("outcome")
    outcome = _data(cohort, protocol.outcome.events)
    diagnostics, least_effect = design.diagnostics, detectable(outcome, design.effective)
    if outcome.kind != "continuous":
        events, least = int((outcome.outcome == 1).sum()), protocol.thresholds.events
        diagnostics = (*diagnostics, Diagnostic("events", events, least, events >= least))
        if events < least and not despite:
            return Study(protocol, cohort.attrition, design, diagnostics, detectable=least_effect)

    def of_control(one: Events) -> tuple[Estimate, Callable[[], Estimate]]:
        steps.begin("controls")
        data = _data(cohort, one, control=True)
        return estimated(protocol, data, protocol.analysis.primary), lambda: as_ratio(protocol, data).estimate

    controls = estimate_controls(protocol, of_control)
    diagnostics = (*diagnostics, *controls.diagnostics(protocol.thresholds.systematic_error))
    whole = Study(protocol, cohort.attrition, design, diagnostics, controls=controls, detectable=least_effect)
    return whole if whole.failed and not despite else _answered(whole, outcome, despite, steps)


def _answered(study: Study, outcome: StudyData, despite: str, steps: Steps) -> Study:
    """The study with its estimates."""
    protocol, found = study.protocol, []
    for method in _methods(protocol):
        steps.begin("estimates")
        found.append(estimated(protocol, outcome, method))
    whole = replace(study, estimates=tuple(found), despite=despite)
    try:
        return replace(whole, ratio=as_ratio(protocol, outcome))
    except BencaoError as error:  # what has no ratio has a difference still
        return replace(whole, no_ratio=f"{error.kind}: {error.cause}")


def _methods(protocol: Protocol) -> tuple[str, ...]:
    return tuple(dict.fromkeys((protocol.analysis.primary, *protocol.analysis.others)))


def _examined(protocol: Protocol, cohort: Cohort) -> Design:
    """The design, from persons whose outcome is not there."""
    blind = pd.DataFrame({OUTCOME: 0.0}, index=cohort.people.index)
    data = _with(cohort, blind, "continuous", "nothing")
    analysis, thresholds = protocol.analysis, protocol.thresholds
    design = examine_design(data.covariates, data.treatment, data.names, analysis, thresholds)
    if cohort.followed is None or protocol.outcome.kind != "binary":
        return design
    # A risk counts who leaves early as without the event.
    told = Diagnostic("followed", cohort.followed, thresholds.followed, cohort.followed >= thresholds.followed)
    return replace(design, diagnostics=(*design.diagnostics, told))


def _data(cohort: Cohort, events: Events, control: bool = False) -> StudyData:
    return _with(cohort, *cohort.read(events, control), events.name)


def _with(cohort: Cohort, found: Any, kind: OutcomeKind, name: str) -> StudyData:
    shown = f"outcome: {name}"
    timed = {TIME: found[TIME].to_numpy()} if TIME in found else {}
    return study_data(
        cohort.people.assign(**{shown: found[OUTCOME].to_numpy(), **timed}),
        treatment=ARM,
        outcome=shown,
        covariates=cohort.covariates,
        kind=kind,
        time=TIME if timed else "",
        person=cohort.person,
    )
