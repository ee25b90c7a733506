"""What followed time zero: how long each person was followed, and the first outcome in that time."""

from __future__ import annotations

from typing import Any

import ibis
import pandas as pd

from bencao.evidence.cohort.engines import Engine
from bencao.evidence.cohort.entry import exposed
from bencao.evidence.cohort.model import Model
from bencao.evidence.protocol.concepts import Events
from bencao.evidence.protocol.protocol import Protocol


def followed(model: Model, protocol: Protocol, cohort: Any) -> Any:
    """How long each person is followed; no outcome is read.

    Returns
    -------
    ibis expression
        ``person_id``, ``day``, ``until``: the last day of follow-up, by the protocol's days, the end of observation,
        and, on treatment or with a comparator that lasts, the end of the first continuous exposure with its grace.
    """
    plan = cohort.select("person_id", "day", until=ibis.least(cohort.day + protocol.follow_up.days, cohort["last"]))
    per_protocol = protocol.lasting is not None and protocol.strategies.comparator is not None
    if protocol.follow_up.analysed_as == "intention_to_treat" and not per_protocol:
        return plan
    ends = exposure_ends(model, protocol, cohort)
    joined = plan.inner_join(ends, "person_id")
    return joined.select("person_id", "day", until=ibis.least(joined.until, joined.ended))


def exposure_ends(model: Model, protocol: Protocol, cohort: Any) -> Any:
    """``person_id``, ``ended``: when the exposure that began at time zero and its grace have ended.

    Exposures to the same strategy that follow within the grace are one; a switch to the other strategy ends it.
    """
    grace = protocol.strategies.grace
    pairs = cohort.select("person_id", "day", own=cohort.arm).inner_join(exposed(model, protocol), "person_id")
    later = pairs.filter(pairs.start >= pairs.day)
    same = later.filter(later.arm == later.own)
    before = ibis.window(group_by="person_id", order_by=["start", "end"], preceding=(None, 1))
    same = same.mutate(gap=(same.start - same.end.max().over(before) > grace + 1).fill_null(False).cast("int64"))
    so_far = ibis.window(group_by="person_id", order_by=["start", "end"], preceding=(None, 0))
    same = same.mutate(gaps=same.gap.sum().over(so_far))
    first = same.filter(same.gaps == 0).group_by("person_id").agg(ended=lambda rows: rows.end.max() + grace)
    other = later.filter(later.arm != later.own).group_by("person_id").agg(switched=lambda rows: rows.start.min() - 1)
    joined = first.left_join(other, "person_id")
    return joined.select("person_id", ended=ibis.least(joined.ended, joined.switched.fill_null(joined.ended)))


def first_outcome(model: Model, protocol: Protocol, cohort: Any, events: Events) -> Any:
    """``person_id``, ``day``, ``until``, ``happened``: the first event at risk and in follow-up, or null.

    Persons who leave before risk begins stay, censored on the day they leave.
    """
    plan = followed(model, protocol, cohort)
    pairs = plan.inner_join(model.events(events), "person_id")
    at_risk = pairs.filter((pairs.start >= pairs.day + protocol.follow_up.starts) & (pairs.start <= pairs.until))
    happened = at_risk.group_by("person_id").agg(happened=at_risk.start.min())
    joined = plan.left_join(happened, "person_id")
    return joined.select("person_id", "day", "until", "happened")


def share_followed(engine: Engine, protocol: Protocol, cohort: Any) -> float:
    """Share of persons who are followed to the protocol's last day; no outcome is read."""
    plan = followed(engine.model, protocol, cohort)
    whole = (plan.until - plan.day >= protocol.follow_up.days).cast("float64")
    return float(engine.rows(plan.aggregate(share=whole.mean())).iloc[0, 0])


def read_outcome(engine: Engine, protocol: Protocol, cohort: Any, events: Events) -> pd.DataFrame:
    """Read an outcome, sorted by person; to be called once the design has passed.

    Returns
    -------
    pandas.DataFrame
        ``person_id``, ``outcome`` (1 for an event), ``time`` (days to it, or to the end of follow-up).
    """
    found = engine.rows(first_outcome(engine.model, protocol, cohort, events))
    found = found.sort_values("person_id", ignore_index=True)
    event = found.happened.notna()
    ends = found.happened.where(event, found.until).astype(float)
    return pd.DataFrame(
        {"person_id": found.person_id, "outcome": event.astype(float), "time": (ends - found.day).astype(float)}
    )
