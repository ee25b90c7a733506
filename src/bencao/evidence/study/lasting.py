"""A study of strategies that last, over a database: its design first, then risks period by period."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from bencao.evidence.cohort.baseline import read_baseline
from bencao.evidence.cohort.engines import Engine
from bencao.evidence.cohort.entry import enter
from bencao.evidence.cohort.periods import read_periods
from bencao.evidence.diagnostics.design import Design, Diagnostic, examine_design
from bencao.evidence.errors import EmptyArm, EstimationError
from bencao.evidence.estimators.data.study_data import Floats, covariate_columns
from bencao.evidence.estimators.estimate import Estimate
from bencao.evidence.longitudinal.emulation import Emulation, Strategy, clones, trials
from bencao.evidence.longitudinal.person_periods import PersonPeriods
from bencao.evidence.longitudinal.risks import Risks, effective_at_end, risks
from bencao.evidence.protocol.concepts import Events
from bencao.evidence.protocol.protocol import Protocol
from bencao.evidence.study.controls import estimate_controls
from bencao.evidence.study.estimating import AsRatio, told_enough
from bencao.evidence.study.steps import Steps, Tell, tell_nobody
from bencao.evidence.study.study import Study


def run_lasting(protocol: Protocol, engine: Engine, *, despite: str = "", tell: Tell = tell_nobody) -> Study:
    """Run a protocol with `Lasting`: per-protocol risks, by inverse probability of following each strategy.

    Two strategies that are exposures are compared from the day on which they start until they end; one against none by
    clones or by trials in sequence. No outcome is read until the design passes.

    Parameters
    ----------
    protocol : Protocol
    engine : Engine
    despite : str
        Why results are shown though diagnostics do not pass.
    tell : callable
        Told how far it is, see `Steps`.

    Returns
    -------
    Study
        Estimates are differences of risks, weighted and crude.

    Raises
    ------
    EmptyArm, NoEvents, StudyDataError, SeparationError, PositivityError, EstimationError
    """
    steps = Steps(4 + len(protocol.negative_controls), tell)
    steps.begin("cohort")
    entered, attrition = enter(engine, protocol)
    people, names = read_baseline(engine, protocol, entered)
    steps.begin("design")
    columns = covariate_columns(people, names)
    baseline = np.column_stack(list(columns.values()))
    last = -(-protocol.follow_up.days // _length(protocol)) - 1
    blind = _person_periods(read_periods(engine, protocol, entered, None), people, baseline, last)
    design = _examined(protocol, blind, people, baseline, tuple(columns))
    if not despite and not all(one.passed for one in design.diagnostics):
        return Study(protocol, attrition, design, design.diagnostics)
    steps.begin("outcome")
    data = _person_periods(read_periods(engine, protocol, entered, protocol.outcome.events), people, baseline, last)
    events, least = int(data.event.sum()), protocol.thresholds.events
    diagnostics = (*design.diagnostics, Diagnostic("events", events, least, events >= least))
    if events < least and not despite:
        return Study(protocol, attrition, design, diagnostics)

    def of_control(one: Events) -> tuple[Estimate, Callable[[], Estimate]]:
        told = _risks(protocol, _person_periods(read_periods(engine, protocol, entered, one), people, baseline, last))
        return told.difference, lambda: _ratio(told)

    controls = estimate_controls(protocol, of_control, steps)
    diagnostics = (*diagnostics, *controls.diagnostics(protocol.thresholds.systematic_error))
    whole = Study(protocol, attrition, design, diagnostics, controls=controls)
    if whole.failed and not despite:
        return whole
    steps.begin("estimates")
    found, crude = _risks(protocol, data), _risks(protocol, _bare(data), "crude")
    whole = replace(
        whole,
        estimates=(found.difference, crude.difference),
        despite=despite,
        curves=(found.treatment, found.comparator),
    )
    try:
        return replace(whole, ratio=AsRatio(_ratio(found)))
    except EstimationError as error:
        return replace(whole, no_ratio=f"{error.kind}: {error.cause}")


def _ratio(found: Risks) -> Estimate:
    if found.ratio is None:
        raise EstimationError("a risk of 0 has no ratio", where="outcome", mend="follow persons longer")
    return told_enough(found.ratio)


def _length(protocol: Protocol) -> int:
    assert protocol.lasting
    return protocol.lasting.period


def _person_periods(rows: pd.DataFrame, people: pd.DataFrame, baseline: Floats, last: int) -> PersonPeriods:
    """Rows of persons with a day of follow-up at least, their baseline beside them."""
    if rows.empty:
        raise EmptyArm("nobody is followed for a day", where="follow_up", mend="see the periods of observation")
    person = np.unique(rows.person_id.to_numpy(), return_inverse=True)[1].astype(np.int64)
    place = people.person_id.searchsorted(rows.person_id)
    varying = [name for name in rows.columns if name.startswith("varying_")]
    return PersonPeriods(
        person,
        rows.period.to_numpy(dtype=np.int64),
        rows.treated.to_numpy(dtype=float),
        rows.event.to_numpy(dtype=float),
        baseline[place],
        rows[varying].to_numpy(dtype=float).reshape(len(rows), len(varying)),
        last,
    )


def _examined(
    protocol: Protocol, blind: PersonPeriods, people: pd.DataFrame, baseline: Floats, names: tuple[str, ...]
) -> Design:
    """Balance of the arms at time zero, where there are any, and how many follow each to the end."""
    thresholds = protocol.thresholds
    effective = effective_at_end(blind, _emulation(protocol, blind), blind.last + 1)
    least = min(effective)
    at_end = Diagnostic("effective_at_end", least, thresholds.effective_at_end, least >= thresholds.effective_at_end)
    if protocol.strategies.comparator is None:
        return Design((), (at_end,), effective, (blind.persons, blind.persons))
    arms: Any = people.arm.to_numpy(dtype=float)
    design = examine_design(baseline, arms, names, protocol.analysis, thresholds)
    return replace(design, diagnostics=(*design.diagnostics, at_end))


def _emulation(protocol: Protocol, data: PersonPeriods) -> Emulation:
    assert protocol.lasting
    if protocol.lasting.emulation == "trials":
        return trials(data)
    strategies = protocol.strategies
    return clones(
        data,
        Strategy(strategies.treatment.name, True, protocol.lasting.grace),
        Strategy(strategies.comparator_name, False),
    )


def _risks(protocol: Protocol, data: PersonPeriods, method: str = "") -> Risks:
    return risks(data, _emulation(protocol, data), periods=data.last + 1, method=method or protocol.method)


def _bare(data: PersonPeriods) -> PersonPeriods:
    """Without covariates: what following each strategy shows unweighted."""
    return replace(data, baseline=data.baseline[:, :0], varying=data.varying[:, :0])
