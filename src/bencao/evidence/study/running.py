"""Run a protocol over its cohort: attrition, diagnostics, and, if they pass, the estimates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd

from bencao.evidence.cohort.building import build_cohort
from bencao.evidence.cohort.cohort import OUTCOME, Cohort
from bencao.evidence.cohort.flat import flat_cohort
from bencao.evidence.diagnostics.design import Design, Diagnostic, examine_design
from bencao.evidence.diagnostics.power import detectable
from bencao.evidence.errors import ProtocolError
from bencao.evidence.estimators.estimate import Estimate
from bencao.evidence.protocol.concepts import Events
from bencao.evidence.protocol.protocol import Protocol
from bencao.evidence.study.controls import estimate_controls
from bencao.evidence.study.estimating import as_ratio, by_method, estimated
from bencao.evidence.study.imputing import DataSets, Imputed, data_sets, mean_design, pooled, tipping_point
from bencao.evidence.study.lasting import run_lasting
from bencao.evidence.study.sensitivity import bias_analyses
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
    sets = _data(protocol, cohort, protocol.outcome.events)
    outcome = sets[0]
    diagnostics, least_effect = design.diagnostics, detectable(outcome, design.effective)
    if outcome.kind != "continuous":
        events, least = int((outcome.outcome == 1).sum()), protocol.thresholds.events
        diagnostics = (*diagnostics, Diagnostic("events", events, least, events >= least))
        if events < least and not despite:
            return Study(protocol, cohort.attrition, design, diagnostics, detectable=least_effect)

    def of_control(one: Events) -> tuple[Estimate, Callable[[], Estimate]]:
        data = _data(protocol, cohort, one, control=True)
        return estimated(protocol, data, protocol.analysis.primary), lambda: as_ratio(protocol, data).estimate

    controls = estimate_controls(protocol, of_control, steps)
    diagnostics = (*diagnostics, *controls.diagnostics(protocol.thresholds.systematic_error))
    whole = Study(protocol, cohort.attrition, design, diagnostics, controls=controls, detectable=least_effect)
    return whole if whole.failed and not despite else _answered(whole, cohort, sets, despite, steps)


def _answered(study: Study, cohort: Cohort, sets: DataSets, despite: str, steps: Steps) -> Study:
    """The study with its estimates."""
    protocol, found = study.protocol, []
    for method in _methods(protocol):
        steps.begin("estimates")
        found.append(estimated(protocol, sets, method))
    whole = replace(study, estimates=tuple(found), despite=despite, imputed=_missing(study, cohort, sets))
    try:
        ratio = as_ratio(protocol, sets)
        biases = bias_analyses(protocol.sensitivity, ratio.estimate, sets[0])
        return replace(whole, ratio=ratio, sensitivity=biases)
    except BencaoError as error:  # what has no ratio has a difference still
        return replace(whole, no_ratio=f"{error.kind}: {error.cause}")


def _methods(protocol: Protocol) -> tuple[str, ...]:
    return tuple(dict.fromkeys((protocol.analysis.primary, *protocol.analysis.others)))


def _examined(protocol: Protocol, cohort: Cohort) -> Design:
    """The design, from persons whose outcome is not there."""
    blind = pd.DataFrame({OUTCOME: 0.0}, index=cohort.people.index)
    sets = data_sets(protocol, cohort, blind, "continuous", "nothing", blind=True)
    analysis, thresholds = protocol.analysis, protocol.thresholds
    designs = [examine_design(one.covariates, one.treatment, one.names, analysis, thresholds) for one in sets]
    design = mean_design(designs)
    if cohort.followed is None or protocol.outcome.kind != "binary":
        return design
    # A risk counts who leaves early as without the event.
    told = Diagnostic("followed", cohort.followed, thresholds.followed, cohort.followed >= thresholds.followed)
    return replace(design, diagnostics=(*design.diagnostics, told))


def _data(protocol: Protocol, cohort: Cohort, events: Events, control: bool = False, delta: float = 0.0) -> DataSets:
    return data_sets(protocol, cohort, *cohort.read(events, control), events.name, delta=delta)


def _missing(study: Study, cohort: Cohort, sets: DataSets) -> Imputed | None:
    """What was imputed, what it cost, and what other beliefs of the missing outcomes would say."""
    protocol = study.protocol
    asked = protocol.missing_data
    if asked is None or len(sets) == 1:
        return None
    events = protocol.outcome.events
    table = cohort.people.assign(**{events.column: cohort.read(events, False)[0][OUTCOME].to_numpy()})
    names = (*asked.covariates, *([events.column] if asked.outcome else []))
    lacking = tuple((name, int(table[name].isna().sum())) for name in names)
    primary: Any = protocol.analysis.primary
    whole = pooled(sets, by_method(protocol, sets, primary))
    shifted = tuple(
        (delta, estimated(protocol, _data(protocol, cohort, events, delta=delta), primary)) for delta in asked.deltas
    )
    lost, tipping = whole.missing_information, tipping_point(whole.estimate, shifted)
    return Imputed(len(sets), lacking, lost, whole.freedom, shifted, tipping)
