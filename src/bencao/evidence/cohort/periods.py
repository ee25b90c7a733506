"""Person-periods of a cohort in the common data model: treatment, what varies, and the outcome once it may be read."""

from __future__ import annotations

from typing import Any

import ibis
import pandas as pd

from bencao.evidence.cohort.engines import Engine
from bencao.evidence.cohort.entry import exposed, flag
from bencao.evidence.cohort.follow_up import first_outcome, followed
from bencao.evidence.cohort.model import Model
from bencao.evidence.protocol.concepts import Events
from bencao.evidence.protocol.protocol import Protocol


def read_periods(engine: Engine, protocol: Protocol, cohort: Any, events: Events | None) -> pd.DataFrame:
    """Read the periods of each person, sorted; without events no outcome is read, and nobody's rows end with it.

    A period of d days that begins on day s holds the days from s + 1 to s + d. Treatment and what varies are told on
    day s, before anything in the period happens. A person's rows end with the event, with follow-up, or, where the
    strategies are two, with the end of the exposure and its grace; a period that is left halfway counts as a whole one.

    Parameters
    ----------
    engine : Engine
    protocol : Protocol
        With `Lasting`.
    cohort : ibis expression
        As `enter` gives it.
    events : Events or None

    Returns
    -------
    pandas.DataFrame
        ``person_id``, ``period``, ``treated`` and ``event`` (1, 0), ``varying_0`` …, in the protocol's order.
    """
    model = engine.model
    plan = engine.keep("bencao_periods", periods(model, protocol, cohort, events))
    if protocol.strategies.comparator is None:
        plan = engine.keep("bencao_periods_treated", _treated(plan, model, protocol))
    varying = [one.events for one in protocol.covariates if one.varying and one.events]
    windows = [one.days for one in protocol.covariates if one.varying]
    for place, (one, days) in enumerate(zip(varying, windows, strict=True)):
        plan = flag(plan, model.events(one), days, f"varying_{place}")
    return engine.rows(plan).sort_values(["person_id", "period"], ignore_index=True)


def periods(model: Model, protocol: Protocol, cohort: Any, events: Events | None) -> Any:
    """``person_id``, ``period``, ``day`` (it begins on), ``treated`` (the arm at time zero), ``event``."""
    assert protocol.lasting
    length = protocol.lasting.period
    count = -(-protocol.follow_up.days // length)
    if events is None:
        follow = followed(model, protocol, cohort).mutate(happened=ibis.null("int64"))
    else:
        follow = first_outcome(model, protocol, cohort, events)
    arms = cohort.select("person_id", "arm")
    numbers = ibis.literal(list(range(count)), "array<int64>").unnest().name("period").as_table()
    grid = follow.inner_join(arms, "person_id").cross_join(numbers)
    grid = grid.mutate(begins=grid.day + grid.period * length)
    here = grid.filter((grid.begins < grid.until) & (grid.happened.isnull() | (grid.begins < grid.happened)))
    event = (here.happened.notnull() & (here.happened <= here.begins + length)).fill_null(False)
    return here.select("person_id", "period", day=here.begins, treated=here.arm, event=event.cast("int64"))


def _treated(plan: Any, model: Model, protocol: Protocol) -> Any:
    """Whether a supply of the treatment, with its grace, covers the day on which each period begins."""
    grace = protocol.strategies.grace
    pairs = plan.select("person_id", "day").inner_join(exposed(model, protocol), "person_id")
    covered = pairs.filter((pairs.start <= pairs.day) & (pairs.end + grace >= pairs.day))
    covered = covered.select("person_id", "day").distinct().mutate(covered=1)
    joined = plan.left_join(covered, ["person_id", "day"])
    return joined.select(*(one for one in plan.columns if one != "treated"), treated=joined.covered.fill_null(0))
